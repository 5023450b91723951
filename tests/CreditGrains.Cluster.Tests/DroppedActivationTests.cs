using System.Collections.Immutable;
using CreditGrains.Grains.Citizens;

namespace CreditGrains.Cluster.Tests;

/// <summary>Activations that the runtime drops before they are through: nobody may see two truths about one citizen.</summary>
public sealed class DroppedActivationTests : IAsyncLifetime
{
    private const int Partition = 16;

    private readonly CitizenId _citizen = Made.Citizen(Partition);
    private LedgerCluster _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerCluster.StartAsync(silos: 1, options: new(), lifecycleTimeout: TimeSpan.FromSeconds(1));

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task While_a_record_of_a_dropped_activation_is_on_its_way_nothing_is_answered_and_nothing_recorded()
    {
        var grain = _ledger.Grain(_citizen);
        Assert.Equal(RecordStatus.Recorded, Assert.Single(await RoundAsync("first")).Status);
        var held = _ledger.StoreOf(_citizen).Next(Fault.Hold);
        var round = RoundAsync("round");
        await held.Reached;

        Assert.True(_ledger.Orleans.TryGetGrainContext(grain.GetGrainId(), out var dropped));
        dropped!.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "as the collector of idle grains does"), TestContext.Current.CancellationToken);
        await dropped.Deactivated;
        Assert.Equal(ReadStatus.Unavailable, (await grain.ReadFile(new())).Status);
        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await grain.Record(Made.Payment(_citizen, "meanwhile")));

        held.Release();
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), Assert.Single(await round));
        Assert.Equal(2, (await _ledger.FileAsync(_citizen)).Entries);
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 3), await grain.Record(Made.Payment(_citizen, "next")));
        await _ledger.AssertSound();
    }

    [Fact]
    public async Task An_activation_that_was_dropped_before_it_was_whole_takes_nothing_from_the_intake()
    {
        var grain = _ledger.Grain(_citizen);
        var active = LedgerCluster.Service<ActiveCitizens>(_ledger.OwnerOf(_citizen));
        Assert.Equal(RecordStatus.Recorded, Assert.Single(await RoundAsync("first")).Status);
        await _ledger.Orleans.DeactivateAsync(grain);

        var reads = _ledger.StoreOf(_citizen).HoldReads();
        var call = grain.ReadFile(new()).AsTask();
        await reads.Reached;
        Assert.True(_ledger.Orleans.TryGetGrainContext(grain.GetGrainId(), out var dropped));
        await dropped!.Deactivated;
        reads.Release();
        await Task.WhenAny(call); // however it ended

        Assert.Equal(1, (await _ledger.FileAsync(_citizen)).Entries);
        Assert.NotSame(dropped.GrainInstance, active.Find(Partition, _citizen));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), Assert.Single(await RoundAsync("round")));
        Assert.Equal(2, (await _ledger.FileAsync(_citizen)).Entries);
        await _ledger.Orleans.DeactivateAsync(grain);
        Assert.Null(active.Find(Partition, _citizen));
    }

    private async Task<ImmutableArray<RecordOutcome>> RoundAsync(string reference) =>
        await _ledger.Orleans.Client.GetGrain<IPartitionGrain>(GrainTypes.PartitionKey(Partition, Made.Partitions)).RecordMany([Made.Payment(_citizen, reference)]);
}
