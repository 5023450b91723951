using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class LedgerDayTests
{
    [Theory]
    [InlineData("2025-06-14T21:59:59Z", "2025-06-14")]
    [InlineData("2025-06-14T22:00:00Z", "2025-06-15")] // midnight in Prague's summer
    [InlineData("2025-01-14T22:30:00Z", "2025-01-14")]
    [InlineData("2025-01-14T23:00:00Z", "2025-01-15")] // and in its winter
    public void A_day_begins_at_midnight_of_the_ledgers_zone(string instant, string day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Prague");
        var when = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DateOnly.ParseExact(day, "O"), LedgerDay.Of(when, zone));
        Assert.Equal(DateOnly.ParseExact(day, "O"), LedgerDay.Of(LedgerDay.MicrosecondsOf(when), zone));
    }

    [Fact]
    public void Microseconds_and_instants_are_the_same_to_the_microsecond()
    {
        var instant = DateTimeOffset.UnixEpoch.AddTicks(17_123_456_789_012_347);

        Assert.Equal(1_712_345_678_901_234, LedgerDay.MicrosecondsOf(instant));
        Assert.Equal(instant.AddTicks(-7), LedgerDay.InstantOf(LedgerDay.MicrosecondsOf(instant)));
    }
}
