using System.Runtime.CompilerServices;

namespace CreditGrains.Journal.AzureTables;

/// <summary>Reads a range of rows in key order, either way, from a table in which each journal lies newest first.</summary>
/// <remarks>
/// <para>Newest first within a journal is one range query, whose pages grow: who stops early has cost little.</para>
/// <para>
/// Oldest first within a journal reads windows of numbers, each turned around in memory. Numbers are dense in practice, so a
/// window is one page of as many rows; where they are sparse, windows grow until they hold something. The first, small page already answers
/// a short journal, and tells the newest number of a long one.
/// </para>
/// <para>
/// Across journals, upwards is one range query too, with each journal turned around in memory; one that is too long for that is read by windows.
/// Downwards across journals nobody reads but tests: pieces are halved until they fit.
/// </para>
/// </remarks>
internal static class TableReads
{
    internal static async IAsyncEnumerable<Row> ReadAsync(
        TableAccount account, RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from.CompareTo(to) > 0) yield break;

        var pieces = Pieces(from, to);
        if (direction == ReadDirection.Descending) pieces.Reverse();
        foreach (var piece in pieces)
        {
            var rows = (piece.IsOneJournal, direction) switch
            {
                (true, ReadDirection.Descending) => LyingAsync(account, piece, FirstPageOf(piece), cancellation),
                (true, _) => JournalUpAsync(account, piece, cancellation),
                (false, ReadDirection.Descending) => JournalsDownAsync(account, piece, cancellation),
                (false, _) => JournalsUpAsync(account, piece, cancellation),
            };
            await foreach (var row in rows.ConfigureAwait(false)) yield return row;
        }
    }

    /// <summary>Cuts a range into runs that lie together: a journal of which some numbers are wanted lies apart from those wanted whole.</summary>
    private static List<Piece> Pieces(RowKey from, RowKey to)
    {
        if (from.Journal == to.Journal) return [new(from.Partition, from.Journal, to.Journal, from.Number, to.Number)];

        var pieces = new List<Piece>(3);
        if (from.Number > 0) pieces.Add(new(from.Partition, from.Journal, from.Journal, from.Number, ulong.MaxValue));
        var first = from.Number > 0 ? Next(from.Journal) : from.Journal;
        var last = to.Number < ulong.MaxValue ? Previous(to.Journal) : to.Journal;
        if (Compare(first, last) <= 0) pieces.Add(new(from.Partition, first, last, 0, ulong.MaxValue));
        if (to.Number < ulong.MaxValue) pieces.Add(new(from.Partition, to.Journal, to.Journal, 0, to.Number));
        return pieces;
    }

    /// <summary>Reads rows as they lie: journals upwards, each newest first.</summary>
    private static async IAsyncEnumerable<Row> LyingAsync(
        TableAccount account, Piece piece, int firstPage, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = firstPage;
        string? continuation = null;
        do
        {
            (var rows, continuation) = await PageAsync(account, piece, size, continuation, cancellation).ConfigureAwait(false);
            foreach (var row in rows) yield return row;
            size = Math.Min(size * AzureTablesLimits.PageGrowth, AzureTablesLimits.MaxPageRows);
        }
        while (continuation is not null);
    }

    private static async IAsyncEnumerable<Row> JournalUpAsync(
        TableAccount account, Piece piece, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (rows, isAll) = await GatherAsync(account, piece, AzureTablesLimits.FirstPageRows, cancellation).ConfigureAwait(false);
        if (isAll)
        {
            for (var i = rows.Count - 1; i >= 0; i--) yield return rows[i];
            yield break;
        }

        await foreach (var row in WindowsUpAsync(account, piece with { High = rows[0].Key.Number }, cancellation).ConfigureAwait(false)) yield return row;
    }

    /// <summary>Reads a journal upwards, window after window, to a number known to be there.</summary>
    private static async IAsyncEnumerable<Row> WindowsUpAsync(
        TableAccount account, Piece piece, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const ulong Full = AzureTablesLimits.MaxPageRows;
        ulong width = AzureTablesLimits.FirstPageRows;
        var low = piece.Low;
        while (true)
        {
            var high = piece.High - low < width ? piece.High : low + (width - 1);
            var (rows, isAll) = await GatherAsync(
                account, piece with { Low = low, High = high }, AzureTablesLimits.MaxPageRows, cancellation).ConfigureAwait(false);
            if (!isAll)
            {
                width = (high - low + 1) / 2; // never zero: one row is always all
                continue;
            }

            for (var i = rows.Count - 1; i >= 0; i--) yield return rows[i];
            if (high == piece.High) yield break;

            low = high + 1;
            if (2 * Bytes(rows) > AzureTablesLimits.MaxTurnedBytes) continue;
            if (width < Full) width = Math.Min(2 * width, Full);
            else if ((ulong)rows.Count <= Full / 2) width = width > ulong.MaxValue / 2 ? ulong.MaxValue : 2 * width;
        }
    }

    private static async IAsyncEnumerable<Row> JournalsUpAsync(
        TableAccount account, Piece piece, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var journal = new List<Row>();
        while (true)
        {
            long bytes = 0;
            var isTooLong = false;
            journal.Clear();
            await foreach (var row in LyingAsync(account, piece, AzureTablesLimits.FirstPageRows, cancellation).ConfigureAwait(false))
            {
                if (journal.Count > 0 && journal[0].Key.Journal != row.Key.Journal)
                {
                    for (var i = journal.Count - 1; i >= 0; i--) yield return journal[i];
                    journal.Clear();
                    bytes = 0;
                }

                journal.Add(row);
                bytes += row.Value.Length;
                isTooLong = journal.Count > AzureTablesLimits.MaxPageRows || bytes > AzureTablesLimits.MaxTurnedBytes;
                if (isTooLong) break;
            }

            if (!isTooLong)
            {
                for (var i = journal.Count - 1; i >= 0; i--) yield return journal[i];
                yield break;
            }

            var newest = journal[0].Key;
            journal.Clear();
            var whole = new Piece(piece.Partition, newest.Journal, newest.Journal, 0, newest.Number);
            await foreach (var row in WindowsUpAsync(account, whole, cancellation).ConfigureAwait(false)) yield return row;
            if (newest.Journal == piece.Last) yield break;
            piece = piece with { First = Next(newest.Journal) };
        }
    }

    private static async IAsyncEnumerable<Row> JournalsDownAsync(
        TableAccount account, Piece piece, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = new Stack<Piece>([piece]);
        while (waiting.TryPop(out var next))
        {
            if (next.IsOneJournal)
            {
                await foreach (var row in LyingAsync(account, next, AzureTablesLimits.MaxPageRows, cancellation).ConfigureAwait(false)) yield return row;
                continue;
            }

            var (rows, isAll) = await GatherAsync(account, next, AzureTablesLimits.MaxPageRows, cancellation).ConfigureAwait(false);
            if (isAll)
            {
                rows.Sort(static (left, right) => right.Key.CompareTo(left.Key));
                foreach (var row in rows) yield return row;
                continue;
            }

            var middle = Middle(next.First, next.Last);
            waiting.Push(next with { Last = middle });
            waiting.Push(next with { First = Next(middle) }); // on top: the upper half comes first
        }
    }

    /// <summary>Reads a piece as it lies, unless it is more than a number of rows or than memory should hold.</summary>
    /// <returns>The rows, and whether they are all. At least one row if they are not.</returns>
    private static async ValueTask<(List<Row> Rows, bool IsAll)> GatherAsync(
        TableAccount account, Piece piece, int maxRows, CancellationToken cancellation)
    {
        var (rows, continuation) = await PageAsync(account, piece, maxRows, null, cancellation).ConfigureAwait(false);
        while (continuation is not null)
        {
            // The service may end a page early, be it empty.
            if (rows.Count >= maxRows || (rows.Count > 1 && Bytes(rows) > AzureTablesLimits.MaxTurnedBytes)) return (rows, false);
            (var more, continuation) = await PageAsync(account, piece, maxRows, continuation, cancellation).ConfigureAwait(false);
            rows.AddRange(more);
        }

        return (rows, true);
    }

    private static ValueTask<(List<Row> Rows, string? Continuation)> PageAsync(
        TableAccount account, Piece piece, int size, string? continuation, CancellationToken cancellation) => account.ReadPageAsync(
            piece.Partition, TableRows.RowKey(piece.First, piece.High), TableRows.RowKey(piece.Last, piece.Low), size, continuation, cancellation);

    private static long Bytes(List<Row> rows)
    {
        var bytes = 0L;
        foreach (var row in rows) bytes += row.Value.Length;
        return bytes;
    }

    // Batch rows are read newest first for the head alone.
    private static int FirstPageOf(Piece piece) =>
        piece.First.Space == Space.Batch ? AzureTablesLimits.HeadPageRows : AzureTablesLimits.FirstPageRows;

    private static int Compare(JournalId left, JournalId right)
    {
        var order = left.Space.CompareTo(right.Space);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }

    private static JournalId Next(JournalId journal) =>
        journal.Id < UInt128.MaxValue ? journal with { Id = journal.Id + 1 } : new(journal.Space + 1, 0);

    private static JournalId Previous(JournalId journal) =>
        journal.Id > 0 ? journal with { Id = journal.Id - 1 } : new(journal.Space - 1, UInt128.MaxValue);

    /// <summary>A journal at or above the first and below the last.</summary>
    private static JournalId Middle(JournalId first, JournalId last) => first.Space == last.Space
        ? first with { Id = first.Id + ((last.Id - first.Id) / 2) }
        : new((Space)(((byte)first.Space + (byte)last.Space) / 2), UInt128.MaxValue);

    /// <summary>A run of rows that lie together: some numbers of one journal, or journals as a whole.</summary>
    private readonly record struct Piece(int Partition, JournalId First, JournalId Last, ulong Low, ulong High)
    {
        internal bool IsOneJournal => First == Last;
    }
}
