using CreditGrains.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditGrains.Grains;

/// <summary>The silo's clock as the ledger reads it: microseconds since 1970, and days in the ledger's zone.</summary>
public sealed class LedgerClock([FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock, LedgerSettings ledger)
{
    /// <summary>The key of the <see cref="TimeProvider"/> that the ledger alone takes its time from; the runtime keeps its own.</summary>
    public const string ServiceKey = "creditgrains";

    private const long MicrosecondsPerMinute = 60_000_000;

    private Minute _minute = new(long.MinValue, default);

    /// <summary>Gets the present instant in microseconds since 1970-01-01 UTC.</summary>
    public long Now => LedgerDay.MicrosecondsOf(clock.GetUtcNow());

    /// <summary>Gets the present day in the ledger's zone.</summary>
    public DateOnly Today => DayOf(Now);

    /// <summary>Gives the day in the ledger's zone on which an instant lies.</summary>
    /// <param name="microseconds">Microseconds since 1970-01-01 UTC.</param>
    public DateOnly DayOf(long microseconds)
    {
        // Zones change their offset on whole minutes, so that one conversion serves for a minute.
        var minute = Volatile.Read(ref _minute);
        if (minute.Index == microseconds / MicrosecondsPerMinute) return minute.Day;

        var day = LedgerDay.Of(microseconds, ledger.Zone);
        Volatile.Write(ref _minute, new(microseconds / MicrosecondsPerMinute, day));
        return day;
    }

    private sealed record Minute(long Index, DateOnly Day);
}
