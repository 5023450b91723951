namespace CreditGrains.Journal;

/// <summary>Walks one partition of a store and reports everything that is broken.</summary>
/// <remarks>
/// <para>
/// It relies on nothing but the store's reads, and needs no ownership. First it follows the partition log: numbers without a gap, epochs
/// and times that rise, frontiers computed again from the listed hashes. Then it walks all other rows: each must be listed with the hash
/// it has, follow the record before it, and match its digests. What is listed and was not met is missing.
/// </para>
/// <para>
/// So a changed byte, a missing record, a journal cut short, a journal gone and a missing batch row are each found and named. Damage is
/// reported and never thrown; after it the walk goes on with what can be told. The partition may be written to meanwhile: what is met that the
/// log did not list when it was followed is looked for in the batches since. Memory: about 120 bytes a record of the partition.
/// </para>
/// </remarks>
public sealed class PartitionAudit
{
    /// <summary>How many findings a report carries: enough to see what happened, whatever happened.</summary>
    public const int MaxFindings = 10_000;

    private const int ProgressEvery = 10_000;

    private readonly IJournalStore _store;
    private readonly int _partition;
    private readonly ICipherKeys _keys;
    private readonly IAuditVisitor? _visitor;
    private readonly IProgress<AuditProgress>? _progress;

    private readonly Dictionary<(JournalId Journal, ulong Number), Listed> _listed = [];
    private readonly Dictionary<(JournalId Journal, ulong Number), RecordHash?> _unlisted = []; // met in no batch so far, with their hash if they could be read
    private readonly List<AuditFinding> _findings = [];
    private long _findingsTotal;
    private long _batches;
    private long _records;
    private long _journals;
    private RecordHash _root = new MerkleFrontier().Root();

    private PartitionAudit(IJournalStore store, int partition, ICipherKeys keys, IAuditVisitor? visitor, IProgress<AuditProgress>? progress)
    {
        _store = store;
        _partition = partition;
        _keys = keys;
        _visitor = visitor;
        _progress = progress;
    }

    /// <summary>Audits a partition.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="keys">The keys. Records whose key is gone are checked as far as digests and chains go.</param>
    /// <param name="visitor">Who sees the opened records, if anybody.</param>
    /// <param name="progress">Who hears how far the audit has come, if anybody; every 10,000 rows.</param>
    /// <param name="cancellation">Ends the audit without a report.</param>
    public static async ValueTask<AuditReport> RunAsync(
        IJournalStore store, int partition, ICipherKeys keys, IAuditVisitor? visitor, IProgress<AuditProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        var audit = new PartitionAudit(store, partition, keys, visitor, progress);
        var next = await audit.FollowBatchesAsync(cancellation).ConfigureAwait(false);
        await audit.WalkJournalsAsync(cancellation).ConfigureAwait(false);
        if (audit._unlisted.Count > 0) await audit.FindInBatchesSinceAsync(next, cancellation).ConfigureAwait(false);
        audit.ReportUnmet();
        return new(
            partition, audit._batches, audit._records, audit._journals, audit._root, [.. audit._findings], audit._findingsTotal);
    }

    /// <summary>Follows the partition log to its end, and gives the number that comes next.</summary>
    private async ValueTask<ulong> FollowBatchesAsync(CancellationToken cancellation)
    {
        var from = BatchRow.KeyOf(_partition, 0);
        var to = new RowKey(_partition, new(Space.Batch, UInt128.MaxValue), ulong.MaxValue);
        var follower = new BatchFollower(this);
        try
        {
            await foreach (var row in _store.ReadAsync(from, to, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
            {
                _batches++;
                follower.Follow(row);
                ReportProgress();
            }
        }
        catch (StoreUnavailableException)
        {
            Report(BatchRow.Journal, follower.Next, JournalDamage.Unread);
        }

        return follower.Next;
    }

    /// <summary>
    /// Looks into the batches that were committed while the journals were walked. A record and the batch that lists it are written together, so what was
    /// met and is in none of them by now is in none at all. What else they list came too late to be met, and is the next audit's.
    /// </summary>
    private async ValueTask FindInBatchesSinceAsync(ulong next, CancellationToken cancellation)
    {
        try
        {
            await foreach (var row in _store.ReadAsync(BatchRow.KeyOf(_partition, next), BatchRow.KeyOf(_partition, ulong.MaxValue), ReadDirection.Ascending, cancellation).ConfigureAwait(false))
            {
                if (BatchRowFormat.TryDecode(row, out var batch) is { } damage)
                {
                    Report(BatchRow.Journal, row.Key.Number, damage, row.Value.IsEmpty ? 0 : row.Value.Span[0]);
                    continue;
                }

                foreach (var entry in batch!.Entries)
                {
                    if (_unlisted.Remove((entry.Journal, entry.Number), out var hash) && hash is { } met && met != entry.Hash)
                        Report(entry.Journal, entry.Number, JournalDamage.RecordHashMismatch);
                }
            }
        }
        catch (StoreUnavailableException)
        {
            Report(BatchRow.Journal, next, JournalDamage.Unread);
        }

        foreach (var (journal, number) in _unlisted.Keys.OrderBy(key => new RowKey(_partition, key.Journal, key.Number))) Report(journal, number, JournalDamage.UnlistedRow);
    }

    private async ValueTask WalkJournalsAsync(CancellationToken cancellation)
    {
        var from = new RowKey(_partition, new(Space.Citizen, 0), 0);
        var to = new RowKey(_partition, new((Space)byte.MaxValue, UInt128.MaxValue), ulong.MaxValue);
        JournalWalk? walk = null;
        try
        {
            await foreach (var row in _store.ReadAsync(from, to, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
            {
                _records++;
                ReportProgress();
                if (_partition == 0 && row.Key.Journal == LedgerManifest.Journal)
                {
                    var damage = LedgerManifest.TryDecode(row, out _, out var format);
                    if (damage is null && format > LedgerFormats.NewestKnown) damage = JournalDamage.FormatTooNew;
                    if (damage is { } found) Report(row.Key.Journal, row.Key.Number, found, format);
                    continue;
                }

                if (walk is null || walk.Journal != row.Key.Journal)
                {
                    walk?.Leave();
                    walk = new(this, row.Key.Journal);
                    _journals++;
                }

                walk.Meet(row);
            }

            walk?.Leave();
        }
        catch (StoreUnavailableException)
        {
            Report(walk?.Journal ?? new(Space.Citizen, 0), walk?.Next ?? 1, JournalDamage.Unread);
        }
    }

    private void ReportUnmet()
    {
        foreach (var (journal, number) in _listed.Keys.OrderBy(key => new RowKey(_partition, key.Journal, key.Number)))
            Report(journal, number, JournalDamage.ListedRecordMissing);
    }

    private void Report(JournalId journal, ulong number, JournalDamage damage, int format = 0)
    {
        _findingsTotal++;
        if (_findings.Count < MaxFindings)
            _findings.Add(new(_partition, journal, number, damage) { Format = damage == JournalDamage.FormatTooNew ? format : 0 });
    }

    private void ReportProgress()
    {
        if ((_batches + _records) % ProgressEvery == 0) _progress?.Report(new(_partition, _batches, _records, _findingsTotal));
    }

    /// <summary>What a batch says of one record.</summary>
    private readonly record struct Listed(RecordHash Hash, long HighestRecordedAt);

    /// <summary>Follows the partition log upward. After damage it takes the next sound row's word for what it could not compute.</summary>
    private sealed class BatchFollower(PartitionAudit audit)
    {
        private readonly MerkleFrontier _frontier = new();
        private bool _isFrontierKnown = true;
        private BatchRow? _previous;

        internal ulong Next { get; private set; } = 1;

        internal void Follow(in Row row)
        {
            var damage = BatchRowFormat.TryDecode(row, out var batch);
            if (row.Key.Journal != BatchRow.Journal)
            {
                audit.Report(row.Key.Journal, row.Key.Number, JournalDamage.Misplaced);
                return;
            }

            for (; Next < row.Key.Number; Next++)
            {
                Report(JournalDamage.BatchMissing);
                _isFrontierKnown = false;
                if (row.Key.Number - Next <= MaxFindings) continue;
                Next = row.Key.Number - 1; // a number gone wild is one finding, not a million
            }

            if (damage is { } unreadable)
            {
                Report(unreadable, row.Value.IsEmpty ? 0 : row.Value.Span[0]);
                _isFrontierKnown = false;
                _previous = null;
            }
            else
            {
                Check(batch!);
                List(batch!);
                CheckFrontier(batch!);
                _previous = batch;
            }

            Next = row.Key.Number + 1;
        }

        private void Check(BatchRow batch)
        {
            if (Next == 1 && batch.Epoch != 1) Report(JournalDamage.EpochFellBack);
            if (_previous is not { } previous || previous.Number + 1 != batch.Number) return;

            var isClaim = batch.Flags.HasFlag(BatchFlags.Claim);
            if (batch.Epoch != (isClaim ? previous.Epoch + 1 : previous.Epoch)) Report(JournalDamage.EpochFellBack);
            if (batch.MembershipVersion < previous.MembershipVersion) Report(JournalDamage.MembershipFellBack);
            if (batch.HighestRecordedAt < previous.HighestRecordedAt) Report(JournalDamage.RecordedAtFellBack);
        }

        private void List(BatchRow batch)
        {
            foreach (var entry in batch.Entries)
            {
                if (!audit._listed.TryAdd((entry.Journal, entry.Number), new(entry.Hash, batch.HighestRecordedAt)))
                    audit.Report(entry.Journal, entry.Number, JournalDamage.ListedTwice);
            }
        }

        private void CheckFrontier(BatchRow batch)
        {
            foreach (var entry in batch.Entries) _frontier.Append(entry.Hash);
            if (_isFrontierKnown && !_frontier.Matches(batch.Frontier)) Report(JournalDamage.FrontierMismatch);
            _frontier.CopyFrom(batch.Frontier);
            _isFrontierKnown = true;
            audit._root = batch.Frontier.Root();
        }

        private void Report(JournalDamage damage, int format = 0) => audit.Report(BatchRow.Journal, Next, damage, format);
    }

    /// <summary>Walks one journal's records in order.</summary>
    private sealed class JournalWalk(PartitionAudit audit, JournalId journal)
    {
        private RecordTail? _tail = default(RecordTail);
        private bool _isSound = true;

        internal JournalId Journal => journal;

        internal ulong Next { get; private set; } = 1;

        internal void Meet(in Row row)
        {
            var number = row.Key.Number;
            var isListed = audit._listed.Remove((journal, number), out var listed);
            if (number != Next)
            {
                // If it was listed, it is named as such at the end; here the hole itself.
                Report(Next, JournalDamage.RecordMissing);
                _tail = null;
            }

            Next = number == ulong.MaxValue ? number : number + 1;
            if (!isListed) audit._unlisted.Add((journal, number), null);

            if (RecordFrame.TryOpen(row, audit._keys, LedgerFormats.NewestKnown, out var record) is { } damage)
            {
                Report(number, damage, row.Value.IsEmpty ? 0 : row.Value.Span[0]);
                _tail = isListed ? new(number, listed.Hash) : null; // what its batch says that it was
                return;
            }

            if (!isListed) audit._unlisted[(journal, number)] = record!.Hash;
            if (isListed && record!.Hash != listed.Hash) Report(number, JournalDamage.RecordHashMismatch);
            if (isListed && record!.Header.RecordedAt > listed.HighestRecordedAt) Report(number, JournalDamage.RecordedAtFellBack);
            if (record!.IsSnapshotBroken) Report(number, JournalDamage.SnapshotBroken);
            if (_tail is { } tail && !record.Header.Follows(tail) && !IsUnchained(record.Header)) Report(number, JournalDamage.ChainBroken);

            _tail = isListed ? new(number, listed.Hash) : record.Tail;
            audit._visitor?.Visit(record);
        }

        internal void Leave() => audit._visitor?.Leave(journal, _isSound);

        /// <summary>Outside the citizens' space a journal may go without a chain: pages and checkpoints stand alone.</summary>
        private static bool IsUnchained(in RecordHeader header) => header.Journal.Space != Space.Citizen && header.Previous.IsNone;

        private void Report(ulong number, JournalDamage damage, int format = 0)
        {
            _isSound = false;
            audit.Report(journal, number, damage, format);
        }
    }
}
