namespace CreditGrains.Journal.Postgres;

/// <summary>One set to insert, answered elsewhere (<see cref="Answers"/>): who waits goes on from there.</summary>
internal sealed class WriteRequest : TaskCompletionSource<InsertOutcome>
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int GivenUp = 2;

    private int _state;
    private CancellationTokenRegistration _registration;

    internal WriteRequest(IReadOnlyList<Row> rows)
    {
        Rows = rows;
        Partition = rows[0].Key.Partition;
        var bytes = 0L;
        for (var i = 0; i < rows.Count; i++)
        {
            bytes += RowKey.Length + rows[i].Value.Length;
            if (rows[i].Key.CompareTo(rows[Lead].Key) < 0) Lead = i;
        }

        Bytes = bytes;
    }

    internal IReadOnlyList<Row> Rows { get; }

    internal int Partition { get; }

    /// <summary>Gets the bytes of keys and values.</summary>
    internal long Bytes { get; }

    /// <summary>Gets which row has the smallest key. In a batch that is the batch row, which another writer of the same batch has as well.</summary>
    internal int Lead { get; }

    /// <summary>Gets or sets what became of the set.</summary>
    internal InsertOutcome Found { get; set; }

    internal void GiveUpOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled) _registration = cancellation.UnsafeRegister(static request => ((WriteRequest)request!).GiveUp(), this);
    }

    /// <summary>Begins the write, unless the caller gave up first.</summary>
    internal bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    /// <summary>Gives the answer that was found.</summary>
    internal void Answer()
    {
        _registration.Dispose();
        TrySetResult(Found);
    }

    private void GiveUp() => TrySetResult(Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting
        ? new(InsertVerdict.NotWritten, "The wait was cancelled before the write began.")
        : new(InsertVerdict.Unknown, "The wait was cancelled during the write."));
}

/// <summary>Answers the sets of a group on pool threads, some with each work item: a work item for each would cost as much as what it does.</summary>
internal sealed class Answers(WriteRequest[] group, int from, int count) : IThreadPoolWorkItem
{
    private const int MinRequests = 16;

    internal static void Give(List<WriteRequest> answered)
    {
        var group = answered.ToArray();
        var each = Math.Max(MinRequests, (group.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (var from = 0; from < group.Length; from += each)
            ThreadPool.UnsafeQueueUserWorkItem(new Answers(group, from, Math.Min(each, group.Length - from)), preferLocal: false);
    }

    public void Execute()
    {
        foreach (var request in group.AsSpan(from, count)) request.Answer();
    }
}
