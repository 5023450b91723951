namespace CreditGrains.Journal;

/// <summary>Under which names the journal counts and traces, for whoever listens.</summary>
public static class JournalInstruments
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = JournalMetrics.MeterName;

    /// <summary>The name of the source of spans.</summary>
    public const string SourceName = JournalTraces.SourceName;
}
