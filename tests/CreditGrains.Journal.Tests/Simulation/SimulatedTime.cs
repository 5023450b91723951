namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>One thread, one clock, one order of events: all that happens in a simulation happens from here.</summary>
internal sealed class Scheduler
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>Gets the time since the start, in 100 ns.</summary>
    internal long Now { get; private set; }

    internal int EventsRun { get; private set; }

    internal void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + Math.Max(0, delay.Ticks), _order++));

    /// <summary>Runs what is due until nothing is left, or the time is up.</summary>
    internal void Run(TimeSpan until)
    {
        while (_events.TryPeek(out _, out var due) && due.At <= until.Ticks)
        {
            var action = _events.Dequeue();
            Now = Math.Max(Now, due.At);
            EventsRun++;
            action();
        }

        Now = Math.Max(Now, until.Ticks);
    }
}

/// <summary>One process: what it does can be stopped, resumed and ended. Its wall clock may be wrong; its monotonic one is the world's.</summary>
internal sealed class SimulatedProcess(Scheduler scheduler, TimeSpan clockError) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Queue<Action> _heldBack = new();
    private bool _isFrozen;

    internal bool IsDead { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Runs something in this process: now, after it resumes, or never.</summary>
    internal void Run(Action action)
    {
        if (IsDead) return;
        if (_isFrozen) _heldBack.Enqueue(action);
        else action();
    }

    internal void Freeze() => _isFrozen = true;

    internal void Resume()
    {
        _isFrozen = false;
        while (!_isFrozen && !IsDead && _heldBack.TryDequeue(out var action)) action();
    }

    internal void Crash() => IsDead = true;

    public override long GetTimestamp() => scheduler.Now;

    public override DateTimeOffset GetUtcNow() => Start + clockError + TimeSpan.FromTicks(scheduler.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedProcess process, Scheduler scheduler, TimerCallback callback, object? state) : ITimer
    {
        private int _version; // a timer changed or disposed of leaves its old event in the queue, and that finds a newer version

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                scheduler.After(dueTime, () => process.Run(() =>
                {
                    if (version == _version) callback(state);
                }));
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
