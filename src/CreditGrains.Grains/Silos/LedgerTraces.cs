using System.Collections.Immutable;
using System.Diagnostics;

namespace CreditGrains.Grains.Silos;

/// <summary>Recording and reading as spans, for whoever listens. No tag ever names a citizen, a reference or an amount.</summary>
public static class LedgerTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "CreditGrains.Grains";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Gets whether anybody listens. Whoever does nothing but answer asks first, for a span is an asynchronous method more.</summary>
    internal static bool AreHeard => Source.HasListeners();

    /// <summary>Records one entry within a span.</summary>
    internal static async ValueTask<RecordOutcome> RecordAsync<TGrain>(TGrain grain, Entry entry, Func<TGrain, Entry, ValueTask<RecordOutcome>> record)
    {
        using var span = Source.StartActivity("record");
        var outcome = await record(grain, entry);
        span?.SetTag("creditgrains.outcome", outcome.Refusal?.ToString() ?? outcome.Status.ToString());
        if (outcome.MayRetry) span?.SetStatus(ActivityStatusCode.Error);
        return outcome;
    }

    /// <summary>Records several entries within a span.</summary>
    internal static async ValueTask<ImmutableArray<RecordOutcome>> RecordManyAsync<TGrain>(
        TGrain grain, ImmutableArray<Entry> entries, Func<TGrain, ImmutableArray<Entry>, ValueTask<ImmutableArray<RecordOutcome>>> record)
    {
        using var span = Source.StartActivity("record many");
        var outcomes = await record(grain, entries);
        if (span is null) return outcomes;
        span.SetTag("creditgrains.entries", outcomes.Length);
        span.SetTag("creditgrains.recorded", outcomes.Count(outcome => outcome.Status == RecordStatus.Recorded));
        if (outcomes.Any(outcome => outcome.MayRetry)) span.SetStatus(ActivityStatusCode.Error);
        return outcomes;
    }

    /// <summary>Reads within a span.</summary>
    internal static async ValueTask<ReadAnswer<T>> ReadAsync<TGrain, TAsked, T>(string what, TGrain grain, TAsked asked, Func<TGrain, TAsked, ValueTask<ReadAnswer<T>>> read)
        where T : class
    {
        using var span = Source.StartActivity(what);
        var answer = await read(grain, asked);
        span?.SetTag("creditgrains.outcome", answer.Status.ToString());
        if (answer.Status == ReadStatus.Unavailable) span?.SetStatus(ActivityStatusCode.Error);
        return answer;
    }
}
