using System.Runtime.CompilerServices;

namespace CreditGrains.Journal;

/// <summary>Ways to read a store that need no ownership.</summary>
public static class JournalReads
{
    /// <summary>Reads the rows of one journal.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="from">The smallest number.</param>
    /// <param name="to">The largest number, included.</param>
    /// <param name="direction">Which end comes first.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static IAsyncEnumerable<Row> ReadJournal(
        this IJournalStore store, int partition, JournalId journal, ulong from, ulong to, ReadDirection direction, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ReadAsync(new(partition, journal, from), new(partition, journal, to), direction, cancellation);
    }

    /// <summary>Reads a partition's batch rows upward: the partition log.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="from">The first number.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <returns>The batches, without a gap, up to the newest.</returns>
    /// <exception cref="JournalBrokenException">A batch row is missing, or is not one.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async IAsyncEnumerable<BatchRow> ReadBatches(
        this IJournalStore store, int partition, ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var next = Math.Max(from, 1);
        await foreach (var row in store.ReadJournal(partition, BatchRow.Journal, next, ulong.MaxValue, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
        {
            if (row.Key.Number != next) throw new JournalBrokenException(BatchRow.KeyOf(partition, next), JournalDamage.BatchMissing);
            yield return BatchRow.Decode(row);
            next++;
        }
    }

    /// <summary>Reads a partition's newest batch row: its head.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The head; null while nobody has claimed the partition.</returns>
    /// <exception cref="JournalBrokenException">The newest batch row is not one.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static ValueTask<BatchRow?> ReadHeadAsync(this IJournalStore store, int partition, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        return FirstBatchAsync(store, BatchRow.KeyOf(partition, 0), BatchRow.KeyOf(partition, ulong.MaxValue), cancellation);
    }

    /// <summary>Reads one batch row; null if it is not there.</summary>
    internal static ValueTask<BatchRow?> ReadBatchAsync(this IJournalStore store, int partition, ulong number, CancellationToken cancellation) =>
        FirstBatchAsync(store, BatchRow.KeyOf(partition, number), BatchRow.KeyOf(partition, number), cancellation);

    private static async ValueTask<BatchRow?> FirstBatchAsync(IJournalStore store, RowKey from, RowKey to, CancellationToken cancellation)
    {
        await foreach (var row in store.ReadAsync(from, to, ReadDirection.Descending, cancellation).ConfigureAwait(false))
            return BatchRow.Decode(row);

        return null;
    }
}
