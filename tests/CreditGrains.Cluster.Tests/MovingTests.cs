using System.Collections.Concurrent;
using Orleans.TestingHost;

namespace CreditGrains.Cluster.Tests;

/// <summary>Silos come and go while callers record and read.</summary>
public sealed class MovingTests : IAsyncLifetime
{
    private const int Callers = 12;
    private const int EntriesBetweenMoves = 25;

    private LedgerCluster _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerCluster.StartAsync(responseTimeout: TimeSpan.FromSeconds(3));

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_silos_join_leave_and_die()
    {
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(number => new Caller(_ledger, number)).ToArray();
        var calling = callers.Select(caller => Task.Run(() => caller.CallAsync(stop.Token))).ToArray();
        await Advance(callers, calling);

        await _ledger.Orleans.StartAdditionalSiloAsync();
        await Advance(callers, calling);

        await _ledger.Orleans.StopSiloAsync(_ledger.Orleans.Silos[1], CancellationToken.None);
        await Advance(callers, calling);

        await KillAsync(_ledger.Orleans.Silos[1]);
        await Advance(callers, calling);

        await _ledger.Orleans.StartAdditionalSiloAsync();
        await Advance(callers, calling);

        await stop.CancelAsync();
        await Task.WhenAll(calling);

        var tally = new Tally();
        foreach (var caller in callers) tally.Count(caller.Acknowledged);
        await _ledger.AssertHoldsExactly(tally);
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

    /// <summary>Waits until every caller has had so many more acknowledgements.</summary>
    private static async Task Advance(Caller[] callers, Task[] calling)
    {
        var all = Task.WhenAll(callers.Select(caller => caller.HasAcknowledgedMore(EntriesBetweenMoves)));
        var first = await Task.WhenAny([all, .. calling]);
        await first;
        Assert.Same(all, first);
    }

    /// <summary>Records and reads without end, and notes what was acknowledged. Knows its citizens alone.</summary>
    private sealed class Caller(LedgerCluster ledger, int number)
    {
        private readonly ConcurrentQueue<(int Count, TaskCompletionSource Reached)> _milestones = new();
        private readonly List<Entry> _acknowledged = [];

        internal IReadOnlyList<Entry> Acknowledged => _acknowledged;

        internal Task HasAcknowledgedMore(int entries)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _milestones.Enqueue((_acknowledged.Count + entries, reached));
            return reached.Task;
        }

        internal async Task CallAsync(CancellationToken stop)
        {
            // Calls are never cancelled, so that each one's end is known.
            for (var place = 0; !stop.IsCancellationRequested; place++)
            {
                var citizen = Made.Citizen((number + (place * Callers)) % Made.Partitions, number + 1);
                var entry = Made.Payment(citizen, place);
                var outcome = await ledger.Client.RecordAsync(entry, CancellationToken.None);
                while (outcome.MayRetry) outcome = await ledger.Client.RecordAsync(entry, CancellationToken.None);
                Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded, $"{outcome}");
                _acknowledged.Add(entry);

                var file = await ledger.Client.ReadFileAsync(citizen, cancellation: CancellationToken.None);
                Assert.True(file.Status is ReadStatus.Answered or ReadStatus.Unavailable);
                if (file.Value is { } known) Assert.Equal(_acknowledged.Count(mine => mine.Citizen == citizen), known.Entries);

                if (_milestones.TryPeek(out var next) && _acknowledged.Count >= next.Count && _milestones.TryDequeue(out next)) next.Reached.SetResult();
            }
        }
    }
}
