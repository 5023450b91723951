using System.Globalization;

namespace CreditGrains.Silo.Nation;

/// <summary>Collects what happens to one citizen in one month, names it and puts it in the order of days.</summary>
internal sealed class MonthBook
{
    private static readonly Currency Yuan = Currency.Of("CNY");

    private readonly List<Entry> _entries = [];
    private readonly CitizenId _citizen;
    private readonly string _prefix;

    /// <summary>Makes an empty month.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="index">Which month of the nation, from 0.</param>
    /// <param name="first">The month's first day.</param>
    public MonthBook(CitizenId citizen, int index, DateOnly first)
    {
        (_citizen, Index, First) = (citizen, index, first);
        Last = first.AddMonths(1).AddDays(-1);
        _prefix = first.ToString("yyyy-MM'/'", CultureInfo.InvariantCulture);
    }

    /// <summary>Gets which month of the nation it is, from 0.</summary>
    public int Index { get; }

    /// <summary>Gets the first day.</summary>
    public DateOnly First { get; }

    /// <summary>Gets the last day.</summary>
    public DateOnly Last { get; }

    /// <summary>Gets how many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Gets the nation's own money.</summary>
    public static Currency Home => Yuan;

    /// <summary>Gives a day of the month.</summary>
    /// <param name="number">From 1; beyond the month's end it is the last day.</param>
    public DateOnly Day(long number) => First.AddDays((int)Math.Min(number, Last.Day) - 1);

    /// <summary>Adds an entry without money.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="furnisher">Who says so.</param>
    /// <param name="day">When.</param>
    /// <returns>The entry, to be completed with <see cref="Change"/> where it needs more.</returns>
    public Entry Add(EntryKind kind, FurnisherId furnisher, DateOnly day)
    {
        var entry = new Entry
        {
            Citizen = _citizen,
            Kind = kind,
            Furnisher = furnisher,
            Reference = _prefix + (_entries.Count + 1).ToString(CultureInfo.InvariantCulture),
            OccurredOn = day,
        };
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Adds an entry with money of the nation.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="furnisher">Who says so.</param>
    /// <param name="day">When.</param>
    /// <param name="minorUnits">How much.</param>
    /// <param name="with">Completes the entry; null leaves it as it is.</param>
    public Entry Add(EntryKind kind, FurnisherId furnisher, DateOnly day, long minorUnits, Func<Entry, Entry>? with = null)
    {
        var entry = Add(kind, furnisher, day) with { Money = new(minorUnits, Yuan) };
        return Change(with is null ? entry : with(entry));
    }

    /// <summary>Puts a completed entry in the place of the one just added.</summary>
    /// <param name="entry">The completed entry.</param>
    public Entry Change(Entry entry)
    {
        _entries[^1] = entry;
        return entry;
    }

    /// <summary>Gives the month in the order of days; entries of one day stay in the order in which they were added.</summary>
    public IEnumerable<Entry> InOrder() => _entries.OrderBy(entry => entry.OccurredOn);
}
