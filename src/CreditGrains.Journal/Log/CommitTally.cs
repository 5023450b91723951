using System.Numerics;

namespace CreditGrains.Journal;

/// <summary>What the partition logs of one silo have committed, lately and in all. Logs count into it; anybody may read it.</summary>
/// <remarks>
/// Counting is a lock that partitions rarely share and a few additions: nothing is allocated, and no call leaves the processor. It is kept apart
/// from the meters, which only tell whoever listened from the start, and which several silos of one process share.
/// </remarks>
public sealed class CommitTally
{
    /// <summary>How far back "lately" reaches, in seconds: the present one, as far as it has gone, and the nine before it.</summary>
    public const int WindowSeconds = 10;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Stripe[] _stripes;
    private long _fenceLosses;
    private long _overloads;

    /// <summary>Begins to count.</summary>
    /// <param name="time">The clock of the logs that count into it.</param>
    public CommitTally(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _started = time.GetTimestamp();

        // As many as may commit at once, within reason: each takes some 14 KB.
        _stripes = new Stripe[BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16))];
        for (var place = 0; place < _stripes.Length; place++) _stripes[place] = new();
    }

    /// <summary>Sums what was counted.</summary>
    public CommitSummary Read()
    {
        var elapsed = _time.GetElapsedTime(_started);
        var second = (long)elapsed.TotalSeconds;
        var (total, recent) = (default(Counts), default(Counts));
        var latencies = new long[LatencyScale.Steps];
        foreach (var stripe in _stripes) stripe.AddTo(ref total, ref recent, latencies, second);

        // The window is as long as the present second has gone; one that has just begun would make much of little.
        var seconds = Math.Max(1, Math.Min(elapsed.TotalSeconds, WindowSeconds - 1 + (elapsed.TotalSeconds - second)));
        return new()
        {
            Entries = total.Entries,
            Records = total.Records,
            Commits = total.Commits,
            EntriesPerSecond = recent.Entries / seconds,
            CommitsPerSecond = recent.Commits / seconds,
            RecordsPerCommit = recent.Commits == 0 ? 0 : (double)recent.Records / recent.Commits,
            LatencyP50 = Percentile(latencies, 50),
            LatencyP99 = Percentile(latencies, 99),
            FenceLosses = Interlocked.Read(ref _fenceLosses),
            Overloads = Interlocked.Read(ref _overloads),
        };
    }

    internal void CountCommit(int partition, bool isDurable, int entries, int records, long started, long ended)
    {
        var second = _time.GetElapsedTime(_started, ended).Ticks / TimeSpan.TicksPerSecond;
        var step = LatencyScale.StepOf(_time.GetElapsedTime(started, ended));
        _stripes[partition & (_stripes.Length - 1)].Count(second, step, isDurable ? new(1, records, entries) : default);
    }

    internal void CountFenceLoss() => Interlocked.Increment(ref _fenceLosses);

    internal void CountOverload() => Interlocked.Increment(ref _overloads);

    private static TimeSpan? Percentile(long[] latencies, int percent)
    {
        var rank = (latencies.Sum() * percent + 99) / 100;
        if (rank == 0) return null;
        var step = 0;
        for (var seen = latencies[0]; seen < rank; seen += latencies[step]) step++;
        return LatencyScale.LongestOf(step);
    }

    private readonly record struct Counts(long Commits, long Records, long Entries)
    {
        public static Counts operator +(Counts one, Counts other) =>
            new(one.Commits + other.Commits, one.Records + other.Records, one.Entries + other.Entries);
    }

    /// <summary>What the partitions of some numbers count into: a ring of seconds, and the sum of all.</summary>
    private sealed class Stripe
    {
        private const int Seconds = 16; // more than the window, and a power of two

        private readonly Lock _gate = new();
        private readonly Second[] _ring = new Second[Seconds];
        private Counts _total;

        internal Stripe()
        {
            for (var place = 0; place < Seconds; place++) _ring[place] = new();
        }

        internal void Count(long second, int step, Counts counts)
        {
            lock (_gate)
            {
                var slot = _ring[second & (Seconds - 1)];
                if (slot.Number != second) slot.Begin(second);
                slot.Counts += counts;
                slot.Latencies[step]++;
                _total += counts;
            }
        }

        internal void AddTo(ref Counts total, ref Counts recent, long[] latencies, long now)
        {
            lock (_gate)
            {
                total += _total;
                foreach (var slot in _ring)
                {
                    if (slot.Number <= now - WindowSeconds || slot.Number > now) continue;
                    recent += slot.Counts;
                    for (var step = 0; step < latencies.Length; step++) latencies[step] += slot.Latencies[step];
                }
            }
        }
    }

    private sealed class Second
    {
        internal long Number { get; private set; } = long.MinValue;

        internal Counts Counts { get; set; }

        internal int[] Latencies { get; } = new int[LatencyScale.Steps];

        internal void Begin(long number)
        {
            // A commit that began to count a turn of the ring ago comes too late to matter.
            if (number < Number) return;
            Number = number;
            Counts = default;
            Array.Clear(Latencies);
        }
    }
}

/// <summary>What the partition logs of one silo have committed. "Lately" is <see cref="CommitTally.WindowSeconds"/>, or since the start if that is shorter.</summary>
public readonly record struct CommitSummary
{
    /// <summary>Gets the entries made durable since the start.</summary>
    public required long Entries { get; init; }

    /// <summary>Gets the records made durable since the start.</summary>
    public required long Records { get; init; }

    /// <summary>Gets the batches made durable since the start.</summary>
    public required long Commits { get; init; }

    /// <summary>Gets the entries made durable a second, lately.</summary>
    public required double EntriesPerSecond { get; init; }

    /// <summary>Gets the batches made durable a second, lately.</summary>
    public required double CommitsPerSecond { get; init; }

    /// <summary>Gets the records of a batch, on average, lately; 0 if there was none.</summary>
    public required double RecordsPerCommit { get; init; }

    /// <summary>Gets how long half of the commits took at most, lately, from the first insertion to the verdict, whichever it was; an eighth too much at most. Null if there was none.</summary>
    public required TimeSpan? LatencyP50 { get; init; }

    /// <summary>Gets how long 99 of 100 commits took at most. Otherwise as <see cref="LatencyP50"/>.</summary>
    public required TimeSpan? LatencyP99 { get; init; }

    /// <summary>Gets how many logs another owner's batch row has closed since the start.</summary>
    public required long FenceLosses { get; init; }

    /// <summary>Gets how many appends were refused since the start because too much was waiting.</summary>
    public required long Overloads { get; init; }
}
