using CreditGrains.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Cluster.Tests;

/// <summary>Two owners of one partition: whatever either believes, the store lets only one write, and only one answer.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly CitizenId _citizen = Made.Citizen(7);
    private LedgerCluster _ledger = null!;

    public async ValueTask InitializeAsync() =>
        _ledger = await LedgerCluster.StartAsync(silos: 2, new() { Lease = Lease, ReleaseWait = TimeSpan.Zero }, ownClock: true);

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task The_older_owner_cannot_record_and_the_next_call_is_right()
    {
        var (first, second, third) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2), Made.Payment(_citizen, 3));
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(first)).Status);
        var other = await ClaimAsync(Version);
        await RecordBehindTheGrainAsync(other, second);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.Grain(_citizen).Record(third));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 3), await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(third, TestContext.Current.CancellationToken)));
        Assert.Equal(RecordStatus.AlreadyRecorded, (await _ledger.Grain(_citizen).Record(second)).Status);
        await _ledger.AssertHoldsExactly(new Tally().Count(first, second, third));
    }

    [Fact]
    public async Task A_lost_fence_is_told_as_not_written_the_grain_goes_and_the_entry_sent_again_is_recorded_once()
    {
        var (first, second) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2));
        var grain = _ledger.Grain(_citizen);
        Assert.Equal(RecordStatus.Recorded, (await grain.Record(first)).Status);
        Assert.True(_ledger.Orleans.TryGetGrainContext(grain.GetGrainId(), out var older));
        await ClaimAsync(Version);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await grain.Record(second));
        await older!.Deactivated;
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(second, TestContext.Current.CancellationToken)));
        Assert.Equal(new RecordOutcome(RecordStatus.AlreadyRecorded, 2), await grain.Record(second));
        await _ledger.AssertHoldsExactly(new Tally().Count(first, second));
    }

    [Fact]
    public async Task A_round_of_the_older_owners_intake_is_not_written_and_its_citizens_go()
    {
        var (first, second) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2));
        var grain = _ledger.Grain(_citizen);
        var intake = _ledger.Orleans.Client.GetGrain<IPartitionGrain>(GrainTypes.PartitionKey(7, Made.Partitions));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), Assert.Single(await intake.RecordMany([first])));
        Assert.True(_ledger.Orleans.TryGetGrainContext(grain.GetGrainId(), out var older));
        await ClaimAsync(Version);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), Assert.Single(await intake.RecordMany([second])));
        await older!.Deactivated;
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(second, TestContext.Current.CancellationToken)));
        await _ledger.AssertHoldsExactly(new Tally().Count(first, second));
    }

    [Fact]
    public async Task The_older_owner_answers_nothing_from_memory_once_its_lease_is_over()
    {
        var (first, second) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2));
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(first)).Status);
        Assert.Equal(1, (await _ledger.FileAsync(_citizen)).Entries);

        // The claim comes back only when the older owner's lease is over: from then on nobody may be told of one entry.
        var other = await ClaimAsync(Version);
        await RecordBehindTheGrainAsync(other, second);
        Assert.Equal(ReadStatus.Unavailable, (await _ledger.Grain(_citizen).ReadFile(new())).Status);

        var file = await _ledger.PassTimeUntil(_ledger.FileAsync(_citizen));
        Assert.Equal(2, file.Entries);
        new Tally().Count(first, second).AssertFile(_citizen, file);
    }

    [Fact]
    public async Task A_silo_whose_view_of_the_cluster_is_older_takes_nothing_until_its_view_is_new()
    {
        var (first, second) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2));
        var grain = _ledger.Grain(_citizen);
        Assert.Equal(RecordStatus.Recorded, (await grain.Record(first)).Status);
        await ClaimAsync(Version + 1);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await grain.Record(second));
        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await grain.Record(second));
        Assert.Equal(ReadStatus.Unavailable, (await grain.ReadFile(new())).Status);

        await _ledger.Orleans.StartAdditionalSiloAsync();
        await _ledger.Orleans.WaitForClusterManifestToStabilizeAsync();
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(second, TestContext.Current.CancellationToken)));
        await _ledger.AssertHoldsExactly(new Tally().Count(first, second));
    }

    private long Version => LedgerCluster.Service<IClusterMembershipService>(_ledger.OwnerOf(_citizen)).CurrentSnapshot.Version.Value;

    /// <summary>Takes the citizen's partition as another silo would that believes another map.</summary>
    private async Task<PartitionLog> ClaimAsync(long membershipVersion)
    {
        var outcome = await _ledger.PassTimeUntil(PartitionLog.ClaimAsync(
            _ledger.Shared, _citizen.PartitionOf(Made.Partitions), "another", membershipVersion, _ledger.Clock!, _ledger.Options, NullLogger.Instance,
            TestContext.Current.CancellationToken).AsTask());
        Assert.Null(outcome.Refusal);
        return outcome.Log!;
    }

    /// <summary>Appends a citizen's record through another owner's log, as a grain of that owner would.</summary>
    private async Task RecordBehindTheGrainAsync(PartitionLog log, Entry entry)
    {
        var journal = new JournalId(Space.Citizen, _citizen.Value);
        RecordTail tail = default;
        await foreach (var row in log.ReadJournal(journal, 1, ulong.MaxValue, ReadDirection.Descending, TestContext.Current.CancellationToken))
        {
            tail = RecordFrame.Open(row, _ledger.Keys).Tail;
            break;
        }

        var recordedAt = log.NextRecordedAt();
        var body = new byte[Ledger.EntryCodec.MaxBodyBytes];
        var length = Ledger.EntryCodec.Encode(entry, null, body);
        var record = RecordFrame.Seal(
            new RecordDraft { Format = LedgerFormats.NewestKnown, Journal = journal, After = tail, RecordedAt = recordedAt, Kind = 1, RetentionClass = 1, Bodies = new ReadOnlyMemory<byte>[] { body.AsMemory(0, length) } },
            _ledger.Keys.Current(journal));
        Assert.Equal(CommitVerdict.Durable, await log.AppendAsync(new AppendRow(journal, tail.Sequence + 1, record.Value, record.Hash), recordedAt));
    }
}
