using System.Numerics;

namespace CreditGrains.Journal;

/// <summary>A logarithmic scale for latencies: eight steps to each doubling, from 1 µs to 268 s, so that a step is an eighth at most.</summary>
internal static class LatencyScale
{
    private const int StepBits = 3;
    private const int StepsPerDoubling = 1 << StepBits;
    private const int HighestBit = 27;

    /// <summary>How many steps there are.</summary>
    internal const int Steps = (HighestBit - StepBits + 2) * StepsPerDoubling;

    /// <summary>Tells which step a latency lies in; what is beyond the scale lies in the last.</summary>
    internal static int StepOf(TimeSpan latency)
    {
        var microseconds = (uint)Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, (1L << (HighestBit + 1)) - 1);
        if (microseconds < 2 * StepsPerDoubling) return (int)microseconds; // a step is 1 µs down there
        var shift = BitOperations.Log2(microseconds) - StepBits;
        return shift * StepsPerDoubling + (int)(microseconds >> shift);
    }

    /// <summary>Gives the longest latency of a step.</summary>
    internal static TimeSpan LongestOf(int step)
    {
        if (step < 2 * StepsPerDoubling) return TimeSpan.FromMicroseconds(step);
        var shift = step / StepsPerDoubling - 1;
        return TimeSpan.FromMicroseconds(((step - shift * StepsPerDoubling + 1L) << shift) - 1);
    }
}
