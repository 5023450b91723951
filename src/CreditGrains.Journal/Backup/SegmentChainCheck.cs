namespace CreditGrains.Journal;

/// <summary>Reads a partition's segments whole and finds out whether they are what they say, without a store and without keys.</summary>
/// <remarks>
/// <para>
/// Every checksum is computed again. Batch numbers must have no gap, each log's records must be those that their batch row lists, and the
/// records of the scan as a whole those that its batch rows list. For the latter the hashes of (key, record hash) are added up on both sides, so
/// that the memory does not grow with the partition: only the keys written while the scan went on are held.
/// </para>
/// <para>That records follow each other, and that bodies match their digests, is for the audit of the restored partition to say.</para>
/// </remarks>
internal sealed class SegmentChainCheck
{
    private readonly IBackupFiles _files;
    private readonly SegmentChain _chain;
    private readonly Action<Row>? _rowRead;
    private readonly HashSet<(JournalId Journal, ulong Number)> _later = [];

    private SegmentChainCheck(IBackupFiles files, SegmentChain chain, Action<Row>? rowRead)
    {
        _files = files;
        _chain = chain;
        _rowRead = rowRead;
    }

    /// <summary>Checks a chain.</summary>
    /// <param name="files">The files.</param>
    /// <param name="chain">The segments.</param>
    /// <param name="rowRead">Who sees each row that counts, if anybody: in no useful order.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <returns>The records of the scan that the log has again, and that must be taken from there.</returns>
    /// <exception cref="BackupDamagedException">Something is wrong; the first that was found.</exception>
    internal static async ValueTask<IReadOnlySet<(JournalId Journal, ulong Number)>> RunAsync(
        IBackupFiles files, SegmentChain chain, Action<Row>? rowRead, CancellationToken cancellation)
    {
        var check = new SegmentChainCheck(files, chain, rowRead);

        // The logs first: they tell which records the scan may have met early.
        foreach (var log in chain.Segments.Skip(1)) await check.ReadLogAsync(log, cancellation).ConfigureAwait(false);
        await check.ReadScanAsync(cancellation).ConfigureAwait(false);
        return check._later;
    }

    private async ValueTask ReadLogAsync(Segment log, CancellationToken cancellation)
    {
        var next = log.Header.FirstBatch;
        var records = new List<Row>();
        await foreach (var row in SegmentReader.ReadAsync(_files, log, cancellation).ConfigureAwait(false))
        {
            _rowRead?.Invoke(row);
            if (row.Key.Journal != BatchRow.Journal)
            {
                records.Add(row);
                continue;
            }

            if (row.Key.Number != next) throw Damaged(log, BackupFault.BatchMissing, next);
            if (BatchRowFormat.TryDecode(row, out var batch) is not null) throw Damaged(log, BackupFault.Undecodable, next);
            if (records.Count > batch!.Entries.Length) throw Damaged(log, BackupFault.RecordUnlisted, next);
            for (var i = 0; i < batch.Entries.Length; i++)
            {
                if (i == records.Count || !Is(records[i], batch.Entries[i])) throw Damaged(log, BackupFault.RecordMissing, next);
            }

            if (next <= _chain.Scan.Tail.Reach)
            {
                foreach (var entry in batch.Entries) _later.Add((entry.Journal, entry.Number));
            }

            records.Clear();
            next++;
        }

        if (next <= log.Header.LastBatch) throw Damaged(log, BackupFault.BatchMissing, next);
        if (records.Count > 0) throw Damaged(log, BackupFault.RecordUnlisted, log.Header.LastBatch);
    }

    private async ValueTask ReadScanAsync(CancellationToken cancellation)
    {
        var scan = _chain.Scan;
        var next = 1UL;
        RowKey? last = null;
        var (read, listed) = (new RecordSum(), new RecordSum());
        await foreach (var row in SegmentReader.ReadAsync(_files, scan, cancellation).ConfigureAwait(false))
        {
            if (row.Key.Journal != BatchRow.Journal)
            {
                if (next > 1 || (last is { } before && before.CompareTo(row.Key) >= 0)) throw Damaged(scan, BackupFault.Undecodable, 1);
                last = row.Key;
                if (_later.Contains((row.Key.Journal, row.Key.Number))) continue;
                if (!RecordFrame.TryHash(row, out var hash)) throw Damaged(scan, BackupFault.Undecodable, 1);
                read.Add(row.Key.Journal, row.Key.Number, hash);
                _rowRead?.Invoke(row);
                continue;
            }

            if (row.Key.Number != next) throw Damaged(scan, BackupFault.BatchMissing, next);
            if (BatchRowFormat.TryDecode(row, out var batch) is not null) throw Damaged(scan, BackupFault.Undecodable, next);
            foreach (var entry in batch!.Entries) listed.Add(entry.Journal, entry.Number, entry.Hash);
            _rowRead?.Invoke(row);
            next++;
        }

        if (next != scan.Header.LastBatch + 1) throw Damaged(scan, BackupFault.BatchMissing, next);
        if (!read.Matches(listed)) throw Damaged(scan, read.Count > listed.Count ? BackupFault.RecordUnlisted : BackupFault.RecordMissing, 1);
    }

    private static bool Is(in Row row, in BatchEntry entry) =>
        row.Key.Journal == entry.Journal && row.Key.Number == entry.Number && RecordFrame.TryHash(row, out var hash) && hash == entry.Hash;

    private static BackupDamagedException Damaged(Segment segment, BackupFault fault, ulong batch) => new(segment.Damage(fault, batch));

    /// <summary>Tells whether two sets of records are the same, whatever order they come in.</summary>
    /// <remarks>The sum of 256 bits, by four words that wrap, of the hashes of what is added. It finds accidents; who could choose records to cancel out could as well write a backup of his own.</remarks>
    private sealed class RecordSum
    {
        private readonly ulong[] _words = new ulong[RecordHash.Length / sizeof(ulong)];

        internal long Count { get; private set; }

        internal void Add(JournalId journal, ulong number, RecordHash hash)
        {
            Span<byte> bytes = stackalloc byte[RowKey.Length + RecordHash.Length];
            new RowKey(0, journal, number).Write(bytes);
            hash.Write(bytes[RowKey.Length..]);
            var sum = RecordHash.Of(bytes);
            var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>((ReadOnlySpan<byte>)sum);
            for (var i = 0; i < _words.Length; i++) _words[i] = unchecked(_words[i] + words[i]);
            Count++;
        }

        internal bool Matches(RecordSum other) => Count == other.Count && _words.AsSpan().SequenceEqual(other._words);
    }
}
