using System.Collections.Immutable;
using CreditGrains.Packing;

namespace CreditGrains;

/// <summary>How much a file can say about its citizen.</summary>
public enum Coverage : byte
{
    /// <summary>Nothing that stands was furnished, links between ids aside.</summary>
    NoFile = 1,

    /// <summary>No tradeline is six months old, or nothing was reported within <see cref="Window.Months6"/>.</summary>
    Thin = 2,

    /// <summary>There is enough to score.</summary>
    Scorable = 3,
}

/// <summary>A period that ends on the as-of day, inclusive.</summary>
/// <remarks>A window of days ends on the as-of day. One of n months is the as-of day's month, up to that day, and the n − 1 whole months before.</remarks>
public enum Window : byte
{
    /// <summary>7 days.</summary>
    Days7 = 0,

    /// <summary>30 days.</summary>
    Days30 = 1,

    /// <summary>90 days.</summary>
    Days90 = 2,

    /// <summary>3 months.</summary>
    Months3 = 3,

    /// <summary>6 months.</summary>
    Months6 = 4,

    /// <summary>12 months.</summary>
    Months12 = 5,

    /// <summary>24 months.</summary>
    Months24 = 6,

    /// <summary>60 months.</summary>
    Months60 = 7,

    /// <summary>From the first entry on.</summary>
    Lifetime = 8,
}

/// <summary>How many entries of one kind and currency stand in a period, and what their money sums to.</summary>
/// <param name="Count">How many, from 0.</param>
/// <param name="MinorUnits">The sum of their money in minor units; 0 where the kind has none.</param>
[GenerateSerializer, Immutable, Alias("cg.Total")]
public readonly record struct Total([property: Id(0)] long Count, [property: Id(1)] Int128 MinorUnits);

/// <summary>The totals of one kind in one currency over every window.</summary>
/// <param name="Currency">The currency; none for entries without money.</param>
/// <param name="Kind">The kind; what a corrected entry became, not <see cref="EntryKind.EntryCorrected"/>.</param>
/// <param name="Totals">One total a <see cref="Window"/>, in the order of its values: nine.</param>
public sealed record KindTotals(
    Currency Currency,
    EntryKind Kind,
    ImmutableArray<Total> Totals)
{
    /// <summary>Gets the total over one window.</summary>
    /// <param name="window">Which.</param>
    public Total this[Window window] => Totals[(int)window];
}

/// <summary>The totals of one category of one kind in one currency.</summary>
/// <param name="Category">The category.</param>
/// <param name="Currency">The currency; none for entries without money.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Lifetime">From the first entry on.</param>
/// <param name="Months12">Over the last 12 months, as <see cref="Window.Months12"/> counts them.</param>
public sealed record CategoryTotals(
    string Category,
    Currency Currency,
    EntryKind Kind,
    Total Lifetime,
    Total Months12);

/// <summary>One account at one furnisher, as of a day.</summary>
public sealed record TradelineView
{
    /// <summary>A grid cell that says: neither a schedule nor a statement tells.</summary>
    public const short Unknown = -1;

    /// <summary>Gets which tradeline.</summary>
    public required TradelineId Id { get; init; }

    /// <summary>Gets who holds it on the as-of day; the transferee after a transfer.</summary>
    public required FurnisherId Furnisher { get; init; }

    /// <summary>Gets the currency of every amount here.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Gets the day of opening; null while the terms are unknown.</summary>
    public DateOnly? OpenedOn { get; init; }

    /// <summary>Gets the terms; null while they are unknown.</summary>
    public LoanTerms? Terms { get; init; }

    /// <summary>Gets the principal lent at opening, in minor units; null while the terms are unknown.</summary>
    public long? PrincipalMinorUnits { get; init; }

    /// <summary>Gets what was drawn beyond the principal, in minor units.</summary>
    public Int128 DrawnMinorUnits { get; init; }

    /// <summary>Gets what was repaid, in minor units.</summary>
    public Int128 RepaidMinorUnits { get; init; }

    /// <summary>Gets what is owed, in minor units; null while it cannot be known.</summary>
    /// <remarks>
    /// The balance of the latest statement, plus draws and less repayments of later days. Without a statement: the instalments of
    /// the schedule (the principal, where there is none) plus draws, less repayments, at least 0. 0 once closed.
    /// </remarks>
    public Int128? OutstandingMinorUnits { get; init; }

    /// <summary>Gets the limit in force, in minor units; null where there is none.</summary>
    public long? LimitMinorUnits { get; init; }

    /// <summary>Gets the days past due on the as-of day: the grid's newest cell, 0 once closed; null while it cannot be known.</summary>
    public int? DaysPastDue { get; init; }

    /// <summary>Gets the repayment grid: days past due by month, newest first, at most 60 cells; <see cref="Unknown"/> where nothing tells.</summary>
    /// <remarks>
    /// From the as-of day's month, or the month of closure, back to the month of opening, or of the first thing known of the tradeline; no
    /// further than the as-of day's month and the 59 before it. The closing month's cell is the value on the day of closure.
    /// </remarks>
    public ImmutableArray<short> Grid { get; init; } = [];

    /// <summary>Gets the latest statement's status; null without one.</summary>
    public AccountStatus? Status { get; init; }

    /// <summary>Gets the day it was closed; null while it is open.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>Gets the day it was charged off; null if it was not.</summary>
    public DateOnly? ChargedOffOn { get; init; }

    /// <summary>Gets what was charged off, in minor units.</summary>
    public Int128 ChargedOffMinorUnits { get; init; }
}

/// <summary>One investment position, as of a day.</summary>
public sealed record PositionView
{
    /// <summary>Gets which position.</summary>
    public required PositionId Id { get; init; }

    /// <summary>Gets the currency of every amount here.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Gets the units held, in steps of 10^-8; below zero where more was sold than is known to have been bought.</summary>
    public Int128 Units { get; init; }

    /// <summary>Gets what the units held have cost, at average cost, in minor units; buys of a day count before its sales.</summary>
    public Int128 CostMinorUnits { get; init; }

    /// <summary>Gets the latest valuation, in minor units; null without one.</summary>
    public long? ValueMinorUnits { get; init; }

    /// <summary>Gets the day of the latest valuation; null without one.</summary>
    public DateOnly? ValuedOn { get; init; }

    /// <summary>Gets purchases less proceeds of sales and less income, in minor units: what the citizen has put in on balance.</summary>
    public Int128 NetInflowMinorUnits { get; init; }
}

/// <summary>All that is known of a citizen as of a day, as known at an instant.</summary>
/// <remarks>
/// A function of the set of accepted entries that occurred on or before the day and were recorded at or before the instant; never of their order.
/// It crosses the wire whole, as one packed value, whose totals are unpacked when they are first looked at; its parts are not sent by themselves.
/// </remarks>
[Immutable, Alias("cg.CreditFile")]
public sealed record CreditFile
{
    /// <summary>Gets whose file it is: the principal, where ids are linked.</summary>
    public required CitizenId Citizen { get; init; }

    /// <summary>Gets the day it speaks for.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Gets the instant at which it was known.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Gets how many entries were accepted, reversed and correcting ones included; traces of access are not counted.</summary>
    public long Entries { get; init; }

    /// <summary>Gets how much it can say.</summary>
    public Coverage Coverage { get; init; }

    /// <summary>Gets whether the answer needed the journal to be folded anew, because it reads further back than the windows.</summary>
    public bool Refolded { get; init; }

    /// <summary>Gets the totals, ordered by currency and kind.</summary>
    public ImmutableArray<KindTotals> Totals
    {
        get => PackedTotals.Values;
        init => PackedTotals = new(value);
    }

    /// <summary>Gets the totals by category, ordered by category, currency and kind.</summary>
    public ImmutableArray<CategoryTotals> Categories
    {
        get => PackedCategories.Values;
        init => PackedCategories = new(value);
    }

    /// <summary>Gets the tradelines, ordered by id; by currency where linked ids keep one in several.</summary>
    public ImmutableArray<TradelineView> Tradelines { get; init; } = [];

    /// <summary>Gets the investment positions, ordered by id.</summary>
    public ImmutableArray<PositionView> Positions { get; init; } = [];

    /// <summary>Gets what is known of where the citizen lives and when they were born, each as the latest report that says it; null where nothing is.</summary>
    public CitizenProfile? Profile { get; init; }

    /// <summary>Gets the other ids of the same person, in order.</summary>
    public ImmutableArray<CitizenId> Aliases { get; init; } = [];

    internal PackedPart<KindTotals> PackedTotals { get; init; } = PackedPart<KindTotals>.Empty;

    internal PackedPart<CategoryTotals> PackedCategories { get; init; } = PackedPart<CategoryTotals>.Empty;
}
