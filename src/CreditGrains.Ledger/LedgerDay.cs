namespace CreditGrains.Ledger;

/// <summary>Turns an instant into the ledger's calendar day.</summary>
public static class LedgerDay
{
    /// <summary>Tells which day it is in the ledger's zone.</summary>
    /// <param name="instant">When.</param>
    /// <param name="zone">The ledger's zone, fixed at its creation. A day begins at midnight of its clocks and has 23 to 25 hours.</param>
    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
    }

    /// <summary>Tells which day it is in the ledger's zone.</summary>
    /// <param name="microseconds">When, in microseconds since 1970-01-01 UTC, as records hold it.</param>
    /// <param name="zone">The ledger's zone.</param>
    public static DateOnly Of(long microseconds, TimeZoneInfo zone) => Of(InstantOf(microseconds), zone);

    /// <summary>Turns a record's microseconds into an instant.</summary>
    /// <param name="microseconds">Microseconds since 1970-01-01 UTC.</param>
    public static DateTimeOffset InstantOf(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Turns an instant into a record's microseconds; what is finer is cut off.</summary>
    /// <param name="instant">When; not before 1970.</param>
    public static long MicrosecondsOf(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
