using System.Diagnostics;

namespace CreditGrains.Journal;

/// <summary>Commits as spans, for whoever listens. They name the partition, how many records and the verdict, and nothing of what was written.</summary>
internal static class JournalTraces
{
    internal const string SourceName = "CreditGrains.Journal";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Leaves the trace of whoever set off the commits: one after another they are many callers', and would all hang under the first. Of an
    /// asynchronous method, which takes it back when it returns.
    /// </summary>
    internal static void StandAlone()
    {
        if (Source.HasListeners()) Activity.Current = null;
    }

    /// <summary>Begins the span of a commit; null where nobody wants it.</summary>
    internal static Activity? Commit(int partition) => Source.StartActivity("commit")?.SetTag("creditgrains.partition", partition);

    /// <summary>Ends the span of a commit.</summary>
    internal static void End(Activity? span, CommitVerdict verdict, int records)
    {
        if (span is null) return;
        span.SetTag("creditgrains.records", records).SetTag("creditgrains.verdict", verdict.ToString());
        if (verdict != CommitVerdict.Durable) span.SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }
}
