namespace CreditGrains.Client;

/// <summary>How long answers take, by what is asked; copies of late ones come out of one budget.</summary>
internal sealed class CallTimes
{
    // Well beyond what an answer takes that comes, and well below what a caller notices.
    private static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(250);

    // A sum goes over every citizen of a partition, and a copy of it would do so again.
    private static readonly TimeSpan SumLateAfter = TimeSpan.FromSeconds(30);

    internal CallTimes(TimeProvider clock)
    {
        var copies = new CopyBudget();
        Describe = new(clock, LateAfter, copies);
        Record = new(clock, LateAfter, copies);
        RecordMany = new(clock, LateAfter, copies);
        ReadFile = new(clock, LateAfter, copies);
        ReadCharacteristics = new(clock, LateAfter, copies);
        Score = new(clock, LateAfter, copies);
        ReplayScore = new(clock, LateAfter, copies);
        ReadHistory = new(clock, LateAfter, copies);
        ReadTotals = new(clock, SumLateAfter, copies);
    }

    internal AnswerTimes Describe { get; }

    internal AnswerTimes Record { get; }

    internal AnswerTimes RecordMany { get; }

    internal AnswerTimes ReadFile { get; }

    internal AnswerTimes ReadCharacteristics { get; }

    internal AnswerTimes Score { get; }

    internal AnswerTimes ReplayScore { get; }

    internal AnswerTimes ReadHistory { get; }

    internal AnswerTimes ReadTotals { get; }
}
