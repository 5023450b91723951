namespace CreditGrains.Ledger;

/// <summary>Months and windows as numbers. A month's number is twelve times its year plus its month from 0.</summary>
internal static class Calendar
{
    /// <summary>How many days back from the newest, inclusive, totals are exact by day.</summary>
    internal const int DaysKept = 92;

    /// <summary>How many months back, the newest day's included, totals are exact by category.</summary>
    internal const int CategoryMonthsKept = 12;

    /// <summary>How many months back, the newest day's included, totals are exact by month, and a grid has cells.</summary>
    internal const int MonthsKept = 60;

    /// <summary>How many windows there are.</summary>
    internal const int WindowCount = (int)Window.Lifetime + 1;

    internal static int MonthOf(int dayNumber)
    {
        DateOnly.FromDayNumber(dayNumber).Deconstruct(out var year, out var month, out _);
        return (year * 12) + month - 1;
    }

    internal static int LastDayOf(int month)
    {
        var year = month / 12;
        var inYear = (month % 12) + 1;
        return new DateOnly(year, inYear, DateTime.DaysInMonth(year, inYear)).DayNumber;
    }

    /// <summary>Tells the shortest window of days that a day lies in; null beyond all.</summary>
    /// <param name="daysBack">How many days before the as-of day it is, from 0.</param>
    internal static Window? ShortestOfDays(int daysBack) => daysBack switch
    {
        < 7 => Window.Days7,
        < 30 => Window.Days30,
        < 90 => Window.Days90,
        _ => null,
    };

    /// <summary>Tells the shortest window of months that a month lies in; null beyond all.</summary>
    /// <param name="monthsBack">How many months before the as-of day's month it is, from 0.</param>
    internal static Window? ShortestOfMonths(int monthsBack) => monthsBack switch
    {
        < 3 => Window.Months3,
        < 6 => Window.Months6,
        < 12 => Window.Months12,
        < 24 => Window.Months24,
        < 60 => Window.Months60,
        _ => null,
    };
}
