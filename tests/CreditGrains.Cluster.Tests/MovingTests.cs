using Orleans.TestingHost;

namespace CreditGrains.Cluster.Tests;

/// <summary>Silos come and go while callers record and read.</summary>
public sealed class MovingTests : IAsyncLifetime
{
    private const int EntriesBetweenMoves = 25;

    private LedgerCluster _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerCluster.StartAsync(responseTimeout: TimeSpan.FromSeconds(3));

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_silos_join_leave_and_die()
    {
        using var callers = new Callers(_ledger);
        await callers.AdvanceAsync(EntriesBetweenMoves);

        await _ledger.Orleans.StartAdditionalSiloAsync();
        await callers.AdvanceAsync(EntriesBetweenMoves);

        await _ledger.Orleans.StopSiloAsync(_ledger.Orleans.Silos[1], CancellationToken.None);
        await callers.AdvanceAsync(EntriesBetweenMoves);

        await KillAsync(_ledger.Orleans.Silos[1]);
        await callers.AdvanceAsync(EntriesBetweenMoves);

        await _ledger.Orleans.StartAdditionalSiloAsync();
        await callers.AdvanceAsync(EntriesBetweenMoves);

        await _ledger.AssertHoldsExactly(await callers.StopAsync());
    }

    [Fact]
    public async Task A_partition_of_a_silo_that_left_in_good_order_is_taken_over_at_once_and_one_of_a_dead_silo_after_its_lease()
    {
        var entries = Enumerable.Range(0, Made.Partitions).Select(partition => Made.Payment(Made.Citizen(partition), partition)).ToList();
        foreach (var entry in entries) Assert.Equal(RecordStatus.Recorded, (await _ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);

        await _ledger.Orleans.StopSiloAsync(_ledger.Orleans.Silos[1], CancellationToken.None);
        await _ledger.AssertHoldsExactly(new Tally().Count(entries));
        await KillAsync(_ledger.Orleans.Silos[1]);
        await _ledger.AssertHoldsExactly(new Tally().Count(entries));
    }

    /// <summary>Kills a silo as a power cut does: first the store is out of its reach, so that its dying changes nothing there.</summary>
    private async Task KillAsync(InProcessSiloHandle silo)
    {
        _ledger.StoreOf(silo).Cut();
        await _ledger.Orleans.KillSiloAsync(silo, CancellationToken.None);
    }
}
