using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CreditGrains.Ledger;

/// <summary>Gathers a file's totals: each count goes into the shortest windows that it lies in, and the longer ones are summed at the end.</summary>
internal ref struct TotalsByKind
{
    private readonly int _asOfMonth;
    private readonly int _firstOfDays7;
    private readonly int _firstOfDays30;
    private readonly int _firstOfDays90;
    private readonly int _firstOfMonths3;
    private readonly int _firstOfMonths6;
    private readonly int _firstOfMonths12;
    private readonly int _firstOfMonths24;
    private readonly int _firstOfMonths60;
    private readonly List<KindSum> _kinds;
    private readonly List<CategorySum> _categories;

    /// <summary>Whether it gathers nothing, as its default does: for who asks for something else of the events.</summary>
    internal readonly bool IsNone => _kinds is null;

    internal TotalsByKind(int asOf)
    {
        _asOfMonth = Calendar.MonthOf(asOf);
        _firstOfDays7 = asOf - 6;
        _firstOfDays30 = asOf - 29;
        _firstOfDays90 = asOf - 89;
        _firstOfMonths3 = Calendar.FirstDayOf(_asOfMonth - 2);
        _firstOfMonths6 = Calendar.FirstDayOf(_asOfMonth - 5);
        _firstOfMonths12 = Calendar.FirstDayOf(_asOfMonth - 11);
        _firstOfMonths24 = Calendar.FirstDayOf(_asOfMonth - 23);
        _firstOfMonths60 = Calendar.FirstDayOf(_asOfMonth - 59);
        _kinds = new(16);
        _categories = new(16);
    }

    /// <summary>Finds the place where a kind in a currency is summed.</summary>
    internal readonly int KindAt(EntryKind kind, Currency currency)
    {
        var kinds = CollectionsMarshal.AsSpan(_kinds);
        for (var index = 0; index < kinds.Length; index++)
            if (kinds[index].Kind == kind && kinds[index].Currency == currency) return index;
        _kinds.Add(new(kind, currency, new Total[Calendar.WindowCount]));
        return kinds.Length;
    }

    /// <summary>Finds the place where a category of a kind in a currency is summed; −1 for no category, 0.</summary>
    internal readonly int CategoryAt(int category, EntryKind kind, Currency currency)
    {
        if (category == 0) return -1;
        var categories = CollectionsMarshal.AsSpan(_categories);
        for (var index = 0; index < categories.Length; index++)
            if (categories[index].Category == category && categories[index].Kind == kind && categories[index].Currency == currency) return index;
        _categories.Add(new() { Category = category, Kind = kind, Currency = currency });
        return categories.Length;
    }

    internal readonly void AddLifetime(int kindAt, Total total) => Add(ref _kinds[kindAt].Totals[(int)Window.Lifetime], total);

    internal readonly void AddCategoryLifetime(int categoryAt, in Total total)
    {
        if (categoryAt >= 0) Add(ref CollectionsMarshal.AsSpan(_categories)[categoryAt].Lifetime, total);
    }

    /// <summary>Tells in which windows a day lies.</summary>
    internal readonly Shortest OfDay(int day) => new(
        day >= _firstOfDays7 ? Window.Days7 : day >= _firstOfDays30 ? Window.Days30 : day >= _firstOfDays90 ? Window.Days90 : null,
        day >= _firstOfMonths3 ? Window.Months3 : day >= _firstOfMonths6 ? Window.Months6 : day >= _firstOfMonths12 ? Window.Months12
            : day >= _firstOfMonths24 ? Window.Months24 : day >= _firstOfMonths60 ? Window.Months60 : null);

    /// <summary>Tells in which windows a month lies whose days are older than all windows of days.</summary>
    internal readonly Shortest OfMonth(int month) => new(null, Calendar.ShortestOfMonths(_asOfMonth - month));

    /// <summary>Counts what happened in a period, in its windows but not in the lifetime.</summary>
    internal readonly void Add(int kindAt, int categoryAt, in Shortest windows, in Total total)
    {
        var sums = CollectionsMarshal.AsSpan(_kinds)[kindAt].Totals;
        if (windows.OfDays is { } days) Add(ref sums[(int)days], total);
        if (windows.OfMonths is not { } months) return;
        Add(ref sums[(int)months], total);
        if (categoryAt >= 0 && months <= Window.Months12) Add(ref CollectionsMarshal.AsSpan(_categories)[categoryAt].Months12, total);
    }

    /// <summary>Gives the totals of what stands, in order, and whether anything was reported in the last six months.</summary>
    internal readonly ImmutableArray<KindTotals> Kinds(out bool isReported, out bool isRecent)
    {
        (isReported, isRecent) = (false, false);
        var kinds = CollectionsMarshal.AsSpan(_kinds);
        kinds.Sort(static (left, right) => left.Currency != right.Currency ? left.Currency.CompareTo(right.Currency) : ((int)left.Kind).CompareTo((int)right.Kind));
        var totals = new KindTotals[kinds.Length];
        var count = 0;
        foreach (var kind in kinds)
        {
            var sums = kind.Totals;
            if (sums[(int)Window.Lifetime].Count == 0) continue;
            for (var window = Window.Days30; window <= Window.Months60; window++)
                if (window != Window.Months3) Add(ref sums[(int)window], sums[(int)window - 1]);
            totals[count++] = new(kind.Currency, kind.Kind, ImmutableCollectionsMarshal.AsImmutableArray(sums));
            if (kind.Kind is EntryKind.IdentityLinked or EntryKind.IdentityUnlinked) continue;
            isReported = true;
            isRecent |= sums[(int)Window.Months6].Count > 0;
        }

        if (count != totals.Length) Array.Resize(ref totals, count);
        return ImmutableCollectionsMarshal.AsImmutableArray(totals);
    }

    /// <summary>Gives the totals by category of what stands, in order.</summary>
    /// <param name="names">The categories' names, by index.</param>
    internal readonly ImmutableArray<CategoryTotals> Categories(string[] names)
    {
        var categories = CollectionsMarshal.AsSpan(_categories);
        var totals = new CategoryTotals[categories.Length];
        var count = 0;
        foreach (var sum in categories)
            if (sum.Lifetime.Count != 0) totals[count++] = new(names[sum.Category - 1], sum.Currency, sum.Kind, sum.Lifetime, sum.Months12);

        if (count != totals.Length) Array.Resize(ref totals, count);
        Array.Sort(totals, static (left, right) =>
        {
            var byName = string.CompareOrdinal(left.Category, right.Category);
            if (byName != 0) return byName;
            return left.Currency != right.Currency ? left.Currency.CompareTo(right.Currency) : ((int)left.Kind).CompareTo((int)right.Kind);
        });
        return ImmutableCollectionsMarshal.AsImmutableArray(totals);
    }

    // 10^15 minor units in each of 2^63 entries stay within 128 bits, and the checked sum of 128 bits is much the slower.
    private static void Add(ref Total sum, in Total more) => sum = unchecked(new(sum.Count + more.Count, sum.MinorUnits + more.MinorUnits));

    /// <summary>The shortest window of days and of months that a period lies in; null beyond all.</summary>
    internal readonly record struct Shortest(Window? OfDays, Window? OfMonths);

    private readonly record struct KindSum(EntryKind Kind, Currency Currency, Total[] Totals);

    private struct CategorySum
    {
        internal int Category;
        internal EntryKind Kind;
        internal Currency Currency;
        internal Total Lifetime;
        internal Total Months12;
    }
}
