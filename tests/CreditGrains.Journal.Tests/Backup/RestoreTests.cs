using CreditGrains.Journal.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Journal.Tests.Backup;

/// <summary>Does a restore give the ledger back or nothing, whatever happens to the store on the way?</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RestoreOptions OneByOne = new() { PartitionsAtOnce = 1, FirstPause = TimeSpan.Zero };

    private readonly MemoryFiles _files = new();
    private LivingLedger _ledger = null!;
    private ulong[] _heads = [];

    public async ValueTask InitializeAsync()
    {
        _ledger = await LivingLedger.CreateAsync(21);
        await _ledger.StepsAsync(80);
        await LedgerBackup.RunAsync(new InterruptedStore(_ledger.Store, new(3), _ledger.StepAsync), _files, new() { PartitionsAtOnce = 1 }, null, None);
        await _ledger.StepsAsync(30);
        await LedgerBackup.RunAsync(_ledger.Store, _files, new(), null, None);
        _heads = await LivingLedger.HeadsAsync(_ledger.Store);
    }

    public ValueTask DisposeAsync() => _ledger.Store.DisposeAsync();

    [Theory]
    [InlineData(StoreFault.StopBefore)]
    [InlineData(StoreFault.StopAfter)]
    [InlineData(StoreFault.Refuse)]
    [InlineData(StoreFault.LoseRequest)]
    [InlineData(StoreFault.LoseReply)]
    public async Task Cut_off_or_disturbed_at_any_insertion_it_ends_with_the_whole_ledger(StoreFault fault)
    {
        for (var at = 0; ; at++)
        {
            await using var rows = new InMemoryStore(new(5, 64 * 1024));
            var store = new FaultyTarget(rows, at, fault);
            var isCutOff = false;
            try
            {
                Assert.True((await Restore(store)).IsRestored);
            }
            catch (MachineStoppedException)
            {
                isCutOff = true;
                var wasLast = fault == StoreFault.StopAfter && await LedgerManifest.ReadAsync(rows, None) is not null;
                if (!wasLast)
                {
                    // A run with sets of other sizes, as another build might make them, continues all the same.
                    Assert.True((await Restore(new FaultyTarget(rows, -1, fault, new(3, 64 * 1024)))).IsRestored);
                }
            }

            await _ledger.AssertIsPastAsync(rows, _heads);
            Assert.Equal(LivingLedger.Manifest() with { Era = 2 }, await LedgerManifest.ReadAsync(rows, None));
            if (!isCutOff && !store.IsFaultOver) break;
        }
    }

    [Fact]
    public async Task Until_the_end_there_is_no_ledger_and_none_can_be_made_over_it()
    {
        await using var rows = new InMemoryStore();
        var store = new FaultyTarget(rows, LivingLedger.Partitions, StoreFault.StopBefore); // all but the manifest
        await Assert.ThrowsAsync<MachineStoppedException>(async () => await Restore(store));

        Assert.Null(await LedgerManifest.ReadAsync(rows, None));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await LedgerManifest.CreateIfAbsentAsync(rows, LivingLedger.Manifest(9), None));
    }

    [Fact]
    public async Task A_store_that_never_answers_is_given_up_after_growing_pauses()
    {
        var time = new FakeTimeProvider();
        var store = new FaultyTarget(new InMemoryStore(), 0, StoreFault.LoseRequest, isLasting: true);
        var restore = LedgerRestore.RunAsync(store, _files, LivingLedger.Keys, new() { PartitionsAtOnce = 1, Time = time, Attempts = 4 }, null, None).AsTask();
        while (!restore.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => restore);
        Assert.Equal(4, store.Insertions);
    }

    [Fact]
    public async Task The_restored_ledger_is_claimed_and_written_to_by_a_new_cluster()
    {
        await using var store = new InMemoryStore();
        var summary = await Restore(store);
        Assert.Equal(2, summary.Ledger.Era);
        Assert.Equal(_heads.Aggregate(0UL, (sum, head) => sum + head), summary.Batches);

        // The new cluster's membership begins at 1; the journals say that the old one was at some dozens.
        var options = new PartitionLogOptions { IsStoreExclusive = true };
        var old = await PartitionLog.ClaimAsync(store, 0, "c", LedgerManifest.ClaimVersion(1, 1), TimeProvider.System, options, NullLogger.Instance, None);
        var fresh = await PartitionLog.ClaimAsync(store, 0, "c", LedgerManifest.ClaimVersion(summary.Ledger.Era, 1), TimeProvider.System, options, NullLogger.Instance, None);

        Assert.Equal(ClaimRefusal.MembershipOutdated, old.Refusal);
        Assert.True(await fresh.Log!.ReleaseAsync());
    }

    [Fact]
    public async Task The_restored_ledger_goes_on_into_the_same_backup()
    {
        await using var store = new InMemoryStore();
        await Restore(store);
        var claim = await PartitionLog.ClaimAsync(
            store, 2, "c", LedgerManifest.ClaimVersion(2, 1), TimeProvider.System, new() { IsStoreExclusive = true }, NullLogger.Instance, None);
        Assert.True(await claim.Log!.ReleaseAsync());

        Assert.Equal(2, (await LedgerBackup.RunAsync(store, _files, new(), null, None)).RowsWritten);

        await using var again = new InMemoryStore();
        Assert.Equal(3, (await Restore(again)).Ledger.Era);
        Assert.Equal(_heads[2] + 2, (await LivingLedger.HeadsAsync(again))[2]);
    }

    [Fact]
    public async Task Every_manifest_of_the_ledger_is_carried()
    {
        var changed = LivingLedger.Manifest() with { FormatVersion = 2 };
        Assert.True(await LedgerManifest.ReplaceAsync(_ledger.Store, LivingLedger.Manifest(), changed, None));
        await LedgerBackup.RunAsync(_ledger.Store, _files, new(), null, None);

        await using var store = new InMemoryStore();
        await Restore(store);

        var rows = new List<Row>();
        await foreach (var row in store.ReadJournal(0, LedgerManifest.Journal, 1, 99, ReadDirection.Ascending, None)) rows.Add(row);
        Assert.Equal([1UL, 2UL, 3UL], rows.Select(row => row.Key.Number));
        Assert.Equal(changed with { Era = 2 }, await LedgerManifest.ReadAsync(store, None));
    }

    [Fact]
    public async Task A_source_with_a_body_that_is_not_its_digests_is_restored_and_not_opened()
    {
        // The one damage that a backup carries along: it is sound as far as can be told without opening bodies.
        var source = (InMemoryStore)_ledger.Store;
        var row = (await LivingLedger.RowsAsync(source, 1)).First(row => row.Key.Journal.Space == Space.Citizen);
        source.Damage(row.Key, Damage.Flip(row.Value.ToArray(), FrameHeader.StoredBytes(row.Value.Span[0]) + (2 * RecordHash.Length) + 5));
        var files = new MemoryFiles();
        await LedgerBackup.RunAsync(source, files, new(), null, None);

        await using var store = new InMemoryStore();
        var summary = await LedgerRestore.RunAsync(store, files, LivingLedger.Keys, new(), null, None);

        Assert.False(summary.IsRestored);
        Assert.Equal([(1, JournalDamage.BodyDigestMismatch)], summary.Unsound.SelectMany(report => report.Findings).Select(finding => (finding.Partition, finding.Damage)));
        Assert.Null(await LedgerManifest.ReadAsync(store, None));
    }

    [Fact]
    public async Task Progress_goes_through_all_stages()
    {
        var heard = new Heard<RestoreProgress>();
        await using var store = new InMemoryStore();

        var summary = await LedgerRestore.RunAsync(store, _files, LivingLedger.Keys, OneByOne, heard, None);

        foreach (var stage in Enum.GetValues<RestoreStage>())
        {
            var last = heard.All.Last(progress => progress.Stage == stage);
            Assert.Equal((LivingLedger.Partitions, summary.Rows), (last.PartitionsDone, last.Rows));
        }
    }

    private ValueTask<RestoreSummary> Restore(IJournalStore store) => LedgerRestore.RunAsync(store, _files, LivingLedger.Keys, OneByOne, null, None);
}

/// <summary>What goes wrong with one insertion.</summary>
public enum StoreFault
{
    /// <summary>The machine stops before it.</summary>
    StopBefore = 1,

    /// <summary>The machine stops when the store has the rows.</summary>
    StopAfter = 2,

    /// <summary>The store refuses.</summary>
    Refuse = 3,

    /// <summary>The request is lost on its way.</summary>
    LoseRequest = 4,

    /// <summary>The rows are there, and the answer is lost.</summary>
    LoseReply = 5,
}

/// <summary>A store to restore into whose n-th insertion, from 0, goes wrong.</summary>
internal sealed class FaultyTarget(IJournalStore store, int at, StoreFault fault, StoreLimits? limits = null, bool isLasting = false) : IJournalStore
{
    internal int Insertions { get; private set; }

    internal bool IsFaultOver { get; private set; }

    public StoreLimits Limits => limits ?? store.Limits;

    public async ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        if (Insertions++ != at && !isLasting) return await store.InsertAsync(rows, cancellation);
        IsFaultOver = true;
        if (fault is StoreFault.StopAfter or StoreFault.LoseReply) await store.InsertAsync(rows, cancellation);
        return fault switch
        {
            StoreFault.StopBefore or StoreFault.StopAfter => throw new MachineStoppedException(),
            StoreFault.Refuse => new(InsertVerdict.NotWritten, "disk full"),
            _ => new(InsertVerdict.Unknown, "connection reset"),
        };
    }

    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation) =>
        store.ReadAsync(from, to, direction, cancellation);

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        store.RedactAsync(key, expected, redacted, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
