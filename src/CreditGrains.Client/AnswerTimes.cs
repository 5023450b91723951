namespace CreditGrains.Client;

/// <summary>How long answers of one kind take, and so from when on one is late.</summary>
/// <param name="clock">Measures.</param>
/// <param name="soonest">What is never late before.</param>
/// <param name="copies">How many late calls may be sent once more; shared by all kinds of one client.</param>
internal sealed class AnswerTimes(TimeProvider clock, TimeSpan soonest, CopyBudget copies)
{
    // Four times the mean: where a silo is only busy its answers do come, and copies would make it busier.
    private const int MeansUntilLate = 4;
    private const int AnswersInMean = 16;

    private long _meanTicks;

    /// <summary>Gets the clock.</summary>
    internal TimeProvider Clock => clock;

    /// <summary>Gets how many late calls may be sent once more.</summary>
    internal CopyBudget Copies => copies;

    /// <summary>Gets how long an answer may take until it is late.</summary>
    internal TimeSpan Late
    {
        get
        {
            var late = TimeSpan.FromTicks(Volatile.Read(ref _meanTicks) * MeansUntilLate);
            return late > soonest ? late : soonest;
        }
    }

    /// <summary>Takes into the mean how long one took. Of two at the same moment one may go missing.</summary>
    /// <param name="sentAt">The clock's timestamp when it was asked.</param>
    internal void Took(long sentAt)
    {
        var mean = Volatile.Read(ref _meanTicks);
        Volatile.Write(ref _meanTicks, mean + ((clock.GetElapsedTime(sentAt).Ticks - mean) / AnswersInMean));
    }
}
