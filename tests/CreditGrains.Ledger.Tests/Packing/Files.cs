using System.Collections.Immutable;
using CsCheck;

namespace CreditGrains.Ledger.Tests;

/// <summary>Random files, most of which no ledger would make: every field may be null, at its end, or a number that nobody knows.</summary>
internal static class Files
{
    private static readonly Gen<long> Longs = Gen.Frequency(
        (4, Gen.Long[-300, 300]), (3, Gen.Long[-5_000_000_000, 5_000_000_000]), (1, Gen.Long),
        (1, OneOf(long.MinValue, long.MaxValue, (1L << 55) - 1, 1L << 55, -(1L << 55), -(1L << 55) - 1)));

    private static readonly Gen<Int128> Amounts = Gen.Frequency(
        (6, Longs.Select(number => (Int128)number)), (1, Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new Int128(high, low))),
        (1, OneOf(Int128.MinValue, Int128.MaxValue, (Int128)long.MaxValue + 1, (Int128)long.MinValue - 1)));

    private static readonly Gen<int> Ints = Gen.Frequency((6, Gen.Int[-3, 700]), (1, Gen.Int), (1, OneOf(int.MinValue, int.MaxValue)));

    private static readonly Gen<short> Cells = Gen.Frequency((6, Gen.Short[-1, 130]), (1, Gen.Short), (1, OneOf(short.MinValue, short.MaxValue)));

    private static readonly Gen<string?> Texts = Gen.Frequency<string?>(
        (1, Gen.Const((string?)null)), (1, Gen.Const((string?)"")), (2, OneOf<string?>("rent", "groceries", "bank-a", "peněženka", "🏦")),
        (2, Gen.String[Gen.Char['!', '~'], 0, 70].Select(text => (string?)text)));

    private static readonly Gen<DateOnly> Days = Gen.Frequency(
        (5, Gen.Int[693_595, 740_000].Select(DateOnly.FromDayNumber)), (1, OneOf(DateOnly.MinValue, DateOnly.MaxValue)));

    private static readonly Gen<DateTimeOffset> Instants = Gen.Frequency(
        (5, Gen.Select(Gen.Long[630_000_000_000_000_000, 650_000_000_000_000_000], Gen.Int[-840, 840], (ticks, minutes) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes)))),
        (1, OneOf(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new DateTimeOffset(DateTime.MinValue.AddHours(14), TimeSpan.FromHours(14)))));

    private static readonly Gen<CitizenId> Citizens = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new CitizenId(high, low));

    private static readonly Gen<Currency> Currencies = Gen.Frequency(
        (4, OneOf(default, Currency.Of("EUR"), Currency.Of("JPY"))), (1, Gen.UShort.Select(number => new Currency(number))));

    private static readonly Gen<EntryKind> Kinds = Gen.Byte.Select(number => (EntryKind)number);

    private static readonly Gen<Total> Totals = Gen.Select(Longs, Amounts, (count, minorUnits) => new Total(count, minorUnits));

    private static readonly Gen<KindTotals> KindTotals =
        from currency in Currencies
        from kind in Kinds
        from totals in ArrayOf(Gen.Frequency((8, Totals.Array[9]), (1, Totals.Array[1, 12])))
        select new KindTotals(currency, kind, totals);

    private static readonly Gen<CategoryTotals> CategoryTotals =
        from category in Texts
        from currency in Currencies
        from kind in Kinds
        from lifetime in Totals
        from months in Totals
        select new CategoryTotals(category!, currency, kind, lifetime, months);

    private static readonly Gen<LoanTerms> Terms =
        from portfolio in Gen.Byte
        from term in Ints
        from instalment in Longs
        from limit in OrNull(Longs)
        from coLenders in ArrayOf(Gen.Select(Texts, Ints, (name, share) => new CoLender(new(name!), share)).Array[0, 3])
        select new LoanTerms { Portfolio = (PortfolioType)portfolio, TermMonths = term, InstalmentMinorUnits = instalment, LimitMinorUnits = limit, CoLenders = coLenders };

    private static readonly Gen<TradelineView> Tradelines =
        from id in Texts
        from furnisher in Texts
        from currency in Currencies
        from opened in Gen.Select(OrNull(Days), OrNull(Longs), Gen.Frequency((1, Gen.Const((LoanTerms?)null)), (3, Terms.Select(terms => (LoanTerms?)terms))))
        from amounts in Gen.Select(Amounts, Amounts, OrNull(Amounts), Amounts)
        from limit in OrNull(Longs)
        from daysPastDue in OrNull(Ints)
        from grid in ArrayOf(Cells.Array[0, 60])
        from ended in Gen.Select(OrNull(Gen.Byte), OrNull(Days), OrNull(Days))
        select new TradelineView
        {
            Id = new(id!),
            Furnisher = new(furnisher!),
            Currency = currency,
            OpenedOn = opened.Item1,
            PrincipalMinorUnits = opened.Item2,
            Terms = opened.Item3,
            DrawnMinorUnits = amounts.Item1,
            RepaidMinorUnits = amounts.Item2,
            OutstandingMinorUnits = amounts.Item3,
            ChargedOffMinorUnits = amounts.Item4,
            LimitMinorUnits = limit,
            DaysPastDue = daysPastDue,
            Grid = grid,
            Status = (AccountStatus?)ended.Item1,
            ClosedOn = ended.Item2,
            ChargedOffOn = ended.Item3,
        };

    private static readonly Gen<PositionView> Positions =
        from id in Texts
        from currency in Currencies
        from amounts in Gen.Select(Amounts, Amounts, Amounts)
        from value in OrNull(Longs)
        from valuedOn in OrNull(Days)
        select new PositionView
        {
            Id = new(id!),
            Currency = currency,
            Units = amounts.Item1,
            CostMinorUnits = amounts.Item2,
            NetInflowMinorUnits = amounts.Item3,
            ValueMinorUnits = value,
            ValuedOn = valuedOn,
        };

    private static readonly Gen<CitizenProfile?> Profiles = Gen.Frequency(
        (1, Gen.Const((CitizenProfile?)null)), (2, Gen.Select(Texts, OrNull(Ints), (province, year) => (CitizenProfile?)new CitizenProfile { Province = province, BirthYear = year })));

    internal static Gen<CreditFile> Any { get; } =
        from head in Gen.Select(Citizens, Days, Instants, Longs, Gen.Byte, Gen.Bool)
        from totals in ArrayOf(KindTotals.Array[0, 6])
        from categories in ArrayOf(CategoryTotals.Array[0, 6])
        from tradelines in ArrayOf(Tradelines.Array[0, 4])
        from positions in ArrayOf(Positions.Array[0, 3])
        from profile in Profiles
        from aliases in ArrayOf(Citizens.Array[0, 3])
        select new CreditFile
        {
            Citizen = head.Item1,
            AsOf = head.Item2,
            KnownAt = head.Item3,
            Entries = head.Item4,
            Coverage = (Coverage)head.Item5,
            Refolded = head.Item6,
            Totals = totals,
            Categories = categories,
            Tradelines = tradelines,
            Positions = positions,
            Profile = profile,
            Aliases = aliases,
        };

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<T?> OrNull<T>(Gen<T> gen)
        where T : struct =>
        Gen.Frequency((1, Gen.Const((T?)null)), (2, gen.Select(value => (T?)value)));

    private static Gen<ImmutableArray<T>> ArrayOf<T>(Gen<T[]> gen) => Gen.Frequency(
        (1, Gen.Const(default(ImmutableArray<T>))), (9, gen.Select(ImmutableArray.Create)));
}
