namespace CreditGrains.Journal;

/// <summary>One append that waits for its verdict. Its continuations run on whichever thread the store answered on, so that the log adds no hops of its own.</summary>
internal sealed class PendingAppend : TaskCompletionSource<CommitVerdict>
{
    private readonly AppendRow _only;
    private readonly ReadOnlyMemory<AppendRow> _several;

    internal PendingAppend(in AppendRow row, long recordedAt)
    {
        _only = row;
        Count = 1;
        RecordedAt = recordedAt;
        Bytes = RowBytes(row);
    }

    internal PendingAppend(ReadOnlyMemory<AppendRow> rows, long recordedAt)
    {
        _several = rows;
        Count = rows.Length;
        RecordedAt = recordedAt;
        foreach (ref readonly var row in rows.Span) Bytes += RowBytes(row);
    }

    internal int Count { get; }

    /// <summary>Gets the bytes of the rows' keys and values and of their places in the batch row, at most.</summary>
    internal int Bytes { get; }

    internal long RecordedAt { get; }

    internal ReadOnlySpan<AppendRow> Rows => _several.IsEmpty ? new(in _only) : _several.Span;

    private static int RowBytes(in AppendRow row) => RowKey.Length + row.Value.Length + BatchRowFormat.MaxEntryBytes;
}
