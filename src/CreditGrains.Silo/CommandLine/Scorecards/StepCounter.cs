namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>How far a long step is, written by the thread that does it and read by the one that draws.</summary>
internal sealed class StepCounter
{
    private double _done;
    private long _count;

    /// <summary>Says how far it is.</summary>
    /// <param name="done">0 to 1.</param>
    /// <param name="count">How many things are done.</param>
    public void Set(double done, long count)
    {
        Volatile.Write(ref _done, Math.Min(1, done));
        Volatile.Write(ref _count, count);
    }

    /// <summary>Tells how far it is.</summary>
    /// <param name="unit">What is counted.</param>
    public ProgressLook Look(string unit) => new(Volatile.Read(ref _done), Volatile.Read(ref _count), unit);
}
