namespace CreditGrains.Journal;

/// <summary>Restores one partition from its segments.</summary>
internal sealed class PartitionRestore
{
    // Ours: a set that a store takes in one go, and that is worth a sync, without holding up what waits behind it.
    private const int MaxSetBytes = 4 * 1024 * 1024;

    private readonly IBackupFiles _files;
    private readonly SegmentChain _chain;
    private readonly int _partition;
    private IReadOnlySet<(JournalId Journal, ulong Number)> _later = new HashSet<(JournalId Journal, ulong Number)>();
    private HashSet<(JournalId Journal, ulong Number)> _there = [];

    internal PartitionRestore(IBackupFiles files, SegmentChain chain)
    {
        _files = files;
        _chain = chain;
        _partition = chain.Scan.Header.Partition;
    }

    /// <summary>Gets how many batches there are.</summary>
    internal ulong Batches => _chain.LastBatch;

    /// <summary>Gets how many rows there are, each counted once; known when the backup has been checked.</summary>
    internal long Rows { get; private set; }

    /// <summary>Checks the backup, to the last byte.</summary>
    /// <exception cref="BackupDamagedException">It is damaged.</exception>
    /// <exception cref="BackupRefusedException">A row is too large for the store.</exception>
    internal async ValueTask CheckAsync(StoreLimits limits, RestoreCounter counter, CancellationToken cancellation)
    {
        RowKey? tooLarge = null;
        _later = await SegmentChainCheck.RunAsync(
            _files,
            _chain,
            row =>
            {
                Rows++;
                counter.CountRow(row);
                if (RowKey.Length + row.Value.Length > limits.MaxBytes) tooLarge ??= row.Key;
            },
            cancellation).ConfigureAwait(false);
        if (tooLarge is { } key)
        {
            throw new BackupRefusedException(
                BackupRefusal.RowTooLarge,
                $"Partition {key.Partition}, {key.Journal.Space} row {key.Number} has more than the {limits.MaxBytes} bytes that this store takes. Restore into another kind of store.");
        }

        counter.CountPartition();
    }

    /// <summary>Notes which rows an interrupted restore left in the store, and refuses any other.</summary>
    /// <remarks>Memory: about 100 bytes a row of the partition, and only if the store holds some of it.</remarks>
    /// <exception cref="BackupRefusedException">The store holds a row that is not of this backup.</exception>
    internal async ValueTask CompareAsync(IJournalStore store, CancellationToken cancellation)
    {
        var from = new RowKey(_partition, new(Space.Batch, 0), 0);
        var to = new RowKey(_partition, new((Space)byte.MaxValue, UInt128.MaxValue), ulong.MaxValue);
        Dictionary<(JournalId Journal, ulong Number), RecordHash>? wanted = null;
        await foreach (var row in store.ReadAsync(from, to, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
        {
            wanted ??= await WantedAsync(cancellation).ConfigureAwait(false);
            var place = (row.Key.Journal, row.Key.Number);
            if (!wanted.TryGetValue(place, out var hash) || hash != RecordHash.Of(row.Value.Span)) throw RowInserter.OtherRows(row.Key);
            _there.Add(place);
        }
    }

    /// <summary>Inserts what the store has not, each batch row after its records.</summary>
    internal async ValueTask InsertAsync(IJournalStore store, RestoreOptions options, RestoreCounter counter, CancellationToken cancellation)
    {
        var inserter = new RowInserter(store, options);
        var maxBytes = Math.Min(store.Limits.MaxBytes, MaxSetBytes);
        var set = new List<Row>();
        var bytes = 0L;
        await foreach (var row in RowsAsync(cancellation).ConfigureAwait(false))
        {
            if (_there.Contains((row.Key.Journal, row.Key.Number))) continue;
            var rowBytes = RowKey.Length + row.Value.Length;
            if (set.Count == store.Limits.MaxRows || (set.Count > 0 && bytes + rowBytes > maxBytes)) await FlushAsync().ConfigureAwait(false);
            set.Add(row);
            bytes += rowBytes;
        }

        await FlushAsync().ConfigureAwait(false);
        _there = [];
        counter.CountPartition();

        async ValueTask FlushAsync()
        {
            if (set.Count == 0) return;
            await inserter.InsertAsync(set, cancellation).ConfigureAwait(false);
            foreach (var row in set) counter.CountRow(row);
            set = []; // a store that did not answer may be reading the old one still
            bytes = 0;
        }
    }

    /// <summary>Audits what the store holds now, and compares its extent with the backup's.</summary>
    internal async ValueTask<AuditReport> AuditAsync(IJournalStore store, ICipherKeys keys, RestoreCounter counter, CancellationToken cancellation)
    {
        var report = await PartitionAudit.RunAsync(store, _partition, keys, null, null, cancellation).ConfigureAwait(false);
        if (report.BatchesRead + report.RecordsRead != Rows)
        {
            throw new StoreUnavailableException(
                $"Partition {_partition} holds {report.BatchesRead + report.RecordsRead} rows after {Rows} were restored: the store lost some, or somebody else writes to it.");
        }

        counter.CountPartition(report.BatchesRead + report.RecordsRead);
        return report;
    }

    private async ValueTask<Dictionary<(JournalId Journal, ulong Number), RecordHash>> WantedAsync(CancellationToken cancellation)
    {
        var wanted = new Dictionary<(JournalId Journal, ulong Number), RecordHash>();
        await foreach (var row in RowsAsync(cancellation).ConfigureAwait(false)) wanted.Add((row.Key.Journal, row.Key.Number), RecordHash.Of(row.Value.Span));
        return wanted;
    }

    private async IAsyncEnumerable<Row> RowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var segment in _chain.Segments)
        {
            await foreach (var row in SegmentReader.ReadAsync(_files, segment, cancellation).ConfigureAwait(false))
            {
                if (segment.Header.Kind == SegmentKind.Log || !_later.Contains((row.Key.Journal, row.Key.Number))) yield return row;
            }
        }
    }
}
