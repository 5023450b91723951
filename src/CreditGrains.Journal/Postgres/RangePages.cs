using System.Runtime.CompilerServices;

namespace CreditGrains.Journal.Postgres;

/// <summary>Reads a range page by page; each page begins where the one before it ended. No connection is held while the caller looks at a page.</summary>
internal static class RangePages
{
    /// <summary>Of batch rows mostly the newest is wanted, alone.</summary>
    private const int FirstBatchRows = 1;

    /// <summary>Of records mostly as many are wanted as lead to the newest snapshot: with one in every 32 a first page holds one.</summary>
    private const int FirstRows = 32;

    private const int MaxRows = 512;

    /// <summary>How many bytes a further page should hold, going by the rows before it.</summary>
    private const int WantedPageBytes = 1024 * 1024;

    internal static async IAsyncEnumerable<Row> ReadAsync(
        PostgresDatabase database, RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = direction == ReadDirection.Descending && from.Journal == to.Journal && from.Journal.Space == Space.Batch ? FirstBatchRows : FirstRows;
        if (from == to) rows = 1;
        var page = new List<Row>(rows);
        while (from.CompareTo(to) <= 0)
        {
            cancellation.ThrowIfCancellationRequested();
            page.Clear();
            await database.ReadPageAsync(from, to, direction, rows, page, cancellation).ConfigureAwait(false);
            foreach (var row in page) yield return row;

            if (page.Count < rows) yield break;
            var last = page[^1].Key;
            if (last == (direction == ReadDirection.Ascending ? to : from)) yield break;
            if (direction == ReadDirection.Ascending) from = After(last);
            else to = Before(last);
            rows = Next(rows, page);
        }
    }

    /// <summary>The next page has more rows, as long as they are not large.</summary>
    private static int Next(int rows, List<Row> page)
    {
        var bytes = 0L;
        foreach (var row in page) bytes += row.Value.Length;
        var fitting = WantedPageBytes / Math.Max(1, bytes / page.Count);
        return (int)Math.Clamp(fitting, 1, Math.Min(Math.Max(FirstRows, 4 * rows), MaxRows));
    }

    /// <summary>Gives the smallest key above one that is not the largest of its partition.</summary>
    private static RowKey After(RowKey key)
    {
        if (key.Number != ulong.MaxValue) return key with { Number = key.Number + 1 };
        return key.Journal.Id != UInt128.MaxValue
            ? new(key.Partition, key.Journal with { Id = key.Journal.Id + 1 }, 0)
            : new(key.Partition, new(checked(key.Journal.Space + 1), 0), 0);
    }

    /// <summary>Gives the largest key below one that is not the smallest of its partition.</summary>
    private static RowKey Before(RowKey key)
    {
        if (key.Number != 0) return key with { Number = key.Number - 1 };
        return key.Journal.Id != 0
            ? new(key.Partition, key.Journal with { Id = key.Journal.Id - 1 }, ulong.MaxValue)
            : new(key.Partition, new(checked(key.Journal.Space - 1), UInt128.MaxValue), ulong.MaxValue);
    }
}
