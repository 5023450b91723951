namespace CreditGrains.Grains.Partitions;

/// <summary>When a silo claims the partitions that the map gives to it.</summary>
public enum ClaimTiming
{
    /// <summary>When a citizen of the partition is first called: a command that asks for one file writes one batch row.</summary>
    WhenNeeded = 1,

    /// <summary>As soon as they are its own, so that no caller waits for it.</summary>
    Ahead = 2,
}
