using System.Diagnostics.Metrics;

namespace CreditGrains.Journal;

/// <summary>What the journal counts. No tag ever names a citizen; partitions are left out too, because 65,536 of them would drown a collector.</summary>
internal static class JournalMetrics
{
    internal const string MeterName = "CreditGrains.Journal";

    private static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Commits = Meter.CreateCounter<long>("creditgrains.journal.commits", "{batch}", "Batches by verdict.");
    internal static readonly Counter<long> Records = Meter.CreateCounter<long>("creditgrains.journal.records", "{record}", "Records made durable.");
    internal static readonly Counter<long> Entries = Meter.CreateCounter<long>("creditgrains.journal.entries", "{entry}", "Entries made durable.");
    internal static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "creditgrains.journal.batch_size", "{record}", "Records in a batch.", advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024, 4_096] });

    internal static readonly Histogram<double> CommitLatency = Meter.CreateHistogram<double>(
        "creditgrains.journal.commit_latency", "s", "From the first insertion to the verdict.",
        advice: new() { HistogramBucketBoundaries = [0.000_25, 0.000_5, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 4, 8, 16, 64] });

    internal static readonly UpDownCounter<long> QueueDepth = Meter.CreateUpDownCounter<long>("creditgrains.journal.queue_depth", "{record}", "Records waiting for the next batch.");
    internal static readonly Counter<long> Overloads = Meter.CreateCounter<long>("creditgrains.journal.overloads", "{append}", "Appends refused because too much was waiting.");
    internal static readonly Counter<long> FenceLosses = Meter.CreateCounter<long>("creditgrains.journal.fence_losses", "{partition}", "Logs closed by another owner's batch row.");
    internal static readonly Counter<long> Contradictions = Meter.CreateCounter<long>("creditgrains.journal.contradictions", "{partition}", "Logs closed because the store contradicted itself or a key was taken.");
    internal static readonly Counter<long> AnswerFaults = Meter.CreateCounter<long>("creditgrains.journal.answer_faults", "{append}", "Verdicts whose receiver failed: a bug.");
    internal static readonly Counter<long> ClockAlarms = Meter.CreateCounter<long>("creditgrains.journal.clock_alarms", "{alarm}", "Times a silo's clock fell more than 5 s behind a partition's.");
}
