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

    /// <summary>Tells the number of a month's first day; 0, the calendar's first, for months before it.</summary>
    internal static int FirstDayOf(int month) => month < 12 ? 0 : new DateOnly(month / 12, (month % 12) + 1, 1).DayNumber;

    /// <summary>Tells a day's month and that month's last day.</summary>
    internal static (int Month, int LastDay) MonthAround(int dayNumber)
    {
        DateOnly.FromDayNumber(dayNumber).Deconstruct(out var year, out var month, out var day);
        return ((year * 12) + month - 1, dayNumber - day + DateTime.DaysInMonth(year, month));
    }

    internal static int LastDayOf(int month) => FirstDayOf(month) + DateTime.DaysInMonth(month / 12, (month % 12) + 1) - 1;

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
