namespace CreditGrains.Journal;

/// <summary>Sealed records to append, all or none, and who hears what became of them. Submitted once.</summary>
/// <remarks>
/// Whoever appends a great many derives from this: one object then holds what is appended and takes the verdict, and no task, no
/// continuation and no change of thread lies between the store's answer and it. Others call <see cref="PartitionLog.AppendAsync(in AppendRow, long)"/>.
/// </remarks>
public abstract class AppendRequest
{
    private AppendRow _only;
    private ReadOnlyMemory<AppendRow> _several;

    internal int Count { get; private set; }

    /// <summary>Gets the bytes of the rows' keys and values and of their places in the batch row, at most.</summary>
    internal int Bytes { get; private set; }

    internal long RecordedAt { get; private set; }

    internal ReadOnlySpan<AppendRow> Rows => _several.IsEmpty ? new(in _only) : _several.Span;

    /// <summary>Sets the one record to append.</summary>
    /// <param name="row">The record. Its journal must have no other append outstanding: a record must not outlive one it follows.</param>
    /// <param name="recordedAt">What it was sealed with, from <see cref="PartitionLog.NextRecordedAt"/>.</param>
    protected void Hold(in AppendRow row, long recordedAt)
    {
        _only = row;
        Count = 1;
        Bytes = RowBytes(row);
        RecordedAt = recordedAt;
    }

    /// <summary>Sets the records to append, which go into one batch.</summary>
    /// <param name="rows">One or more records, in order. The memory is the log's until the verdict. Their journals must have no other append outstanding.</param>
    /// <param name="recordedAt">The highest that any of them was sealed with, from <see cref="PartitionLog.NextRecordedAt"/>.</param>
    protected void Hold(ReadOnlyMemory<AppendRow> rows, long recordedAt)
    {
        _several = rows;
        Count = rows.Length;
        Bytes = 0;
        foreach (ref readonly var row in rows.Span) Bytes += RowBytes(row);
        RecordedAt = recordedAt;
    }

    /// <summary>Gets how many entries the records hold, as whoever made them counts. The log only adds it up.</summary>
    protected internal virtual int EntryCount => Count;

    /// <summary>Takes the verdict, once, on whichever thread the store answered on. Must not throw, and must not wait.</summary>
    /// <param name="verdict">What became of the records; given only when that is certain, or the deadline has passed.</param>
    protected internal abstract void Answer(CommitVerdict verdict);

    private static int RowBytes(in AppendRow row) => RowKey.Length + row.Value.Length + BatchRowFormat.MaxEntryBytes;
}

/// <summary>An append that is awaited. Its continuations run on whichever thread the store answered on, so that the log adds no hops of its own.</summary>
internal sealed class AwaitedAppend : AppendRequest
{
    private readonly TaskCompletionSource<CommitVerdict> _verdict = new();

    internal AwaitedAppend(in AppendRow row, long recordedAt) => Hold(row, recordedAt);

    internal AwaitedAppend(ReadOnlyMemory<AppendRow> rows, long recordedAt) => Hold(rows, recordedAt);

    internal Task<CommitVerdict> Verdict => _verdict.Task;

    protected internal override void Answer(CommitVerdict verdict) => _verdict.TrySetResult(verdict);
}
