namespace CreditGrains.Journal;

/// <summary>Something that a store's writer gathers into a group, and answers elsewhere (<see cref="Answers"/>): who waits goes on from there.</summary>
internal abstract class GroupRequest : TaskCompletionSource<InsertOutcome>
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int GivenUp = 2;

    private int _state;
    private CancellationTokenRegistration _registration;

    /// <summary>Gets the bytes of keys and values.</summary>
    internal abstract long Bytes { get; }

    /// <summary>Gets or sets what the writer found, to be answered once that holds.</summary>
    internal InsertOutcome Found { get; set; }

    internal void GiveUpOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled) _registration = cancellation.UnsafeRegister(static request => ((GroupRequest)request!).GiveUp(), this);
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

/// <summary>Answers the requests of a group on pool threads.</summary>
/// <remarks>
/// A group has a request for each partition that committed, often a hundred. A work item for each costs as much as what it then does, so there
/// are as many as processors, and each takes the next request until none is left.
/// </remarks>
internal sealed class Answers(GroupRequest[] group, Action answered) : IThreadPoolWorkItem
{
    private const int RequestsAnItem = 4;

    private int _next = -1;
    private int _left = group.Length;

    internal void Give()
    {
        var items = Math.Min(Environment.ProcessorCount, (group.Length + RequestsAnItem - 1) / RequestsAnItem);
        for (var item = 0; item < items; item++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        for (int next; (next = Interlocked.Increment(ref _next)) < group.Length;)
        {
            group[next].Answer();
            if (Interlocked.Decrement(ref _left) == 0) answered();
        }
    }
}
