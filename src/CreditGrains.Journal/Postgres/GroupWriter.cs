namespace CreditGrains.Journal.Postgres;

/// <summary>Gathers the sets that wait for one database and sends them in groups, some groups at once, no two with sets of one partition.</summary>
/// <remarks>
/// A set that finds a connection idle goes at once, and what comes while it is on its way goes with the next: no set waits for company.
/// Sets of one partition go one after another, in the order they came.
/// </remarks>
internal sealed class GroupWriter
{
    private readonly PostgresStoreOptions _options;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly Queue<WriteRequest> _ready = new();
    private readonly Dictionary<int, Queue<WriteRequest>?> _engaged = []; // partitions with a set ready or on its way, and what waits behind it
    private readonly Stack<GroupSession> _idle = new();
    private readonly int _sessionCount;
    private int _unanswered; // groups on their way to their callers
    private long _waitingBytes;
    private bool _isStopping;

    internal GroupWriter(IEnumerable<GroupSession> sessions, PostgresStoreOptions options)
    {
        _options = options;
        foreach (var session in sessions) _idle.Push(session);
        _sessionCount = _idle.Count;
    }

    /// <summary>Makes the connections ready. Before the first set.</summary>
    internal Task RehearseAsync() => Task.WhenAll(_idle.Select(session => session.RehearseAsync()));

    internal Task<InsertOutcome> Submit(WriteRequest request, CancellationToken cancellation)
    {
        request.GiveUpOn(cancellation);
        string? refusal = null;
        GroupSession? session = null;
        lock (_gate)
        {
            if (_isStopping) refusal = "The store is closed.";
            else if (_waitingBytes + request.Bytes > _options.MaxQueuedBytes) refusal = "Too much is waiting to be written; try later.";
            else
            {
                _waitingBytes += request.Bytes;
                Enqueue(request);
                if (_ready.Count > 0) _idle.TryPop(out session);
            }
        }

        if (refusal is not null)
        {
            request.Found = new(InsertVerdict.NotWritten, refusal);
            request.Answer();
        }

        // Not on the caller's thread, and a moment later: what others submit meanwhile goes with it.
        if (session is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Writer.RunAsync(work.Session), (Writer: this, Session: session), preferLocal: false);
        return request.Task;
    }

    /// <summary>Completes once all that was submitted before is written and answered, and the connections are closed.</summary>
    internal async Task StopAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
            EndIfOver();
        }

        await _stopped.Task.ConfigureAwait(false);
        foreach (var session in _idle) await session.DisposeAsync().ConfigureAwait(false);
    }

    private void Enqueue(WriteRequest request)
    {
        if (_engaged.TryAdd(request.Partition, null)) _ready.Enqueue(request);
        else (_engaged[request.Partition] ??= new()).Enqueue(request);
    }

    /// <summary>Sends group after group until nothing is ready.</summary>
    private async Task RunAsync(GroupSession session)
    {
        var group = new List<WriteRequest>();
        while (TakeGroup(group, session))
        {
            await session.WriteAsync(group).ConfigureAwait(false); // never faults: it answers every set, be it that nothing is known
            Release(group);
            lock (_gate) _unanswered++;
            new Answers([.. group], AnsweredGroup).Give();
            group.Clear();
        }
    }

    private bool TakeGroup(List<WriteRequest> group, GroupSession session)
    {
        lock (_gate)
        {
            var rows = 0;
            var bytes = 0L;
            while (_ready.TryPeek(out var next)
                && (group.Count == 0 || rows + next.Rows.Count <= _options.MaxGroupRows && bytes + next.Bytes <= _options.MaxGroupBytes))
            {
                group.Add(_ready.Dequeue());
                rows += next.Rows.Count;
                bytes += next.Bytes;
            }

            _waitingBytes -= bytes;
            if (group.Count > 0) return true;

            _idle.Push(session);
            EndIfOver();
            return false;
        }
    }

    private void AnsweredGroup()
    {
        lock (_gate)
        {
            _unanswered--;
            EndIfOver();
        }
    }

    /// <summary>Tells that the writer has stopped, once nothing is on its way to the database or back to a caller. Under the gate.</summary>
    private void EndIfOver()
    {
        if (_isStopping && _idle.Count == _sessionCount && _unanswered == 0) _stopped.TrySetResult();
    }

    /// <summary>Lets the sets come up that waited for the partitions of a group. Whoever has sent it takes them with the next.</summary>
    private void Release(List<WriteRequest> group)
    {
        lock (_gate)
        {
            foreach (var request in group)
            {
                if (_engaged[request.Partition] is { Count: > 0 } behind) _ready.Enqueue(behind.Dequeue());
                else _engaged.Remove(request.Partition);
            }
        }
    }
}
