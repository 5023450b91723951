using System.Diagnostics.Metrics;

namespace CreditGrains.Grains.Silos;

/// <summary>Counts the entries that this silo refuses, by reason.</summary>
public sealed class RefusalTally
{
    // Boxed once: a tag must not allocate.
    private static readonly object?[] Tags = [.. Enumerable.Range(0, (int)Enum.GetValues<RecordRefusal>().Max() + 1).Select(number => (object)((RecordRefusal)number).ToString())];

    private readonly Counter<long> _counter;
    private long _total;

    /// <summary>Begins to count.</summary>
    /// <param name="metrics">Where it is counted for collectors.</param>
    public RefusalTally(LedgerMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _counter = metrics.Refusals;
    }

    /// <summary>Gets how many were refused since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Counts a refusal.</summary>
    /// <returns>The same, to be given on.</returns>
    internal RecordOutcome Count(RecordOutcome refused)
    {
        Interlocked.Increment(ref _total);
        _counter.Add(1, new KeyValuePair<string, object?>("refusal", Tags[(int)refused.Refusal!.Value]));
        return refused;
    }
}
