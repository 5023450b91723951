using System.Runtime.CompilerServices;

namespace CreditGrains.Journal.InMemory;

/// <summary>A store in memory: for tests and trials, shared between the silos of a test cluster. It keeps nothing when the process ends.</summary>
/// <remarks>Answers on the caller's thread, at once. Keeps copies, so nobody's later change of a buffer reaches it.</remarks>
public sealed class InMemoryStore : IJournalStore
{
    private const int FirstPageRows = 16;
    private const int MaxPageRows = 256;

    private static readonly Comparer<Row> ByKey = Comparer<Row>.Create((left, right) => left.Key.CompareTo(right.Key));

    private readonly Lock _gate = new();
    private readonly Dictionary<int, SortedSet<Row>> _partitions = [];
    private bool _isDisposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="limits">The limits to state and to hold callers to; by default as generous as the embedded store's.</param>
    public InMemoryStore(StoreLimits? limits = null) => Limits = limits ?? new(4096, 32 * 1024 * 1024);

    /// <inheritdoc/>
    public StoreLimits Limits { get; }

    /// <inheritdoc/>
    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        StoreRequests.Check(rows, Limits);
        if (cancellation.IsCancellationRequested) return new(new InsertOutcome(InsertVerdict.NotWritten, "The wait was cancelled before the write began."));

        lock (_gate)
        {
            if (_isDisposed) return new(new InsertOutcome(InsertVerdict.NotWritten, "The store is closed."));
            var partition = _partitions.TryGetValue(rows[0].Key.Partition, out var known) ? known : _partitions[rows[0].Key.Partition] = new(ByKey);
            var inserted = 0;
            while (inserted < rows.Count && partition.Add(new(rows[inserted].Key, rows[inserted].Value.ToArray()))) inserted++;
            if (inserted == rows.Count) return new(new InsertOutcome(InsertVerdict.Inserted));

            while (inserted-- > 0) partition.Remove(rows[inserted]);
            return new(new InsertOutcome(InsertVerdict.KeyExists));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    {
        StoreRequests.Check(from, to);
        return ReadPagesAsync(from, to, direction, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (!_partitions.TryGetValue(key.Partition, out var partition)
                || !partition.TryGetValue(new(key, default), out var row)
                || !row.Value.Span.SequenceEqual(expected.Span)) return new(false);

            partition.Remove(row);
            partition.Add(new(key, redacted.ToArray()));
            return new(true);
        }
    }

    /// <summary>Refuses everything from now on. Other references to the store find it closed.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts any bytes under a key, or removes the row: damage for tests of audits.</summary>
    internal void Damage(RowKey key, byte[]? value)
    {
        lock (_gate)
        {
            var partition = _partitions[key.Partition];
            partition.Remove(new(key, default));
            if (value is not null) partition.Add(new(key, value));
        }
    }

    private async IAsyncEnumerable<Row> ReadPagesAsync(
        RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = new List<Row>(FirstPageRows);
        var pageRows = FirstPageRows;
        RowKey? last = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            page.Clear();
            ReadPage(from, to, direction, last, pageRows, page);
            foreach (var row in page)
            {
                last = row.Key;
                yield return row;
            }

            if (page.Count < pageRows) yield break;
            pageRows = Math.Min(2 * pageRows, MaxPageRows);
            await ValueTask.CompletedTask.ConfigureAwait(false); // the interface is asynchronous, memory is not
        }
        while (true);
    }

    /// <summary>Copies the next rows, so that neither a lock nor a tree being changed is held across a caller's await.</summary>
    private void ReadPage(RowKey from, RowKey to, ReadDirection direction, RowKey? last, int maxRows, List<Row> page)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (!_partitions.TryGetValue(from.Partition, out var partition)) return;

            var lower = direction == ReadDirection.Ascending && last is { } low ? low : from;
            var upper = direction == ReadDirection.Descending && last is { } high ? high : to;
            if (lower.CompareTo(upper) > 0) return;

            var view = partition.GetViewBetween(new(lower, default), new(upper, default));
            foreach (var row in direction == ReadDirection.Ascending ? view : view.Reverse())
            {
                if (row.Key == last) continue; // both ends of a view are included
                page.Add(new(row.Key, row.Value.ToArray()));
                if (page.Count == maxRows) return;
            }
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed) throw new StoreUnavailableException("The store is closed.");
    }
}
