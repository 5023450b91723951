namespace CreditGrains.Chaos;

/// <summary>What was acknowledged to the one caller who records of a citizen.</summary>
internal sealed class Witness(int number)
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _acknowledged = [];
    private readonly List<(int From, TaskCompletionSource Answered)> _awaited = [];
    private long _minorUnits;

    /// <summary>Gets the citizen: over all partitions, whatever their number.</summary>
    internal CitizenId Citizen { get; } = new(unchecked((ulong)number * 0x9E37_79B9_7F4A_7C15), (ulong)number + 1);

    /// <summary>Gets how many entries were sent.</summary>
    internal int Sent { get; private set; }

    /// <summary>Gets how many entries were acknowledged, and what they sum to.</summary>
    internal (int Entries, long MinorUnits) Acknowledged
    {
        get
        {
            lock (_gate) return (_acknowledged.Count, _minorUnits);
        }
    }

    /// <summary>Tells whether the n-th entry was acknowledged.</summary>
    internal bool WasAcknowledged(int entry)
    {
        lock (_gate) return _acknowledged.Contains(entry);
    }

    internal void Sending()
    {
        lock (_gate) Sent++;
    }

    internal void Acknowledge(int entry, long minorUnits)
    {
        lock (_gate)
        {
            _acknowledged.Add(entry);
            _minorUnits += minorUnits;
            foreach (var awaited in _awaited.Where(awaited => awaited.From <= entry)) awaited.Answered.TrySetResult();
            _awaited.RemoveAll(awaited => awaited.From <= entry);
        }
    }

    /// <summary>Waits until an entry that is sent from now on is acknowledged.</summary>
    internal Task NextAsync()
    {
        lock (_gate)
        {
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((Sent + 1, answered));
            return answered.Task;
        }
    }
}
