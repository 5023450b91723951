using System.Numerics;

namespace CreditGrains.Ledger.Tests;

/// <summary>
/// A citizen's file by brute force: the entries in a list, and every number a query over it, as the design says it. Slow, and nothing
/// in it is shared with the fold that it judges.
/// </summary>
internal static class PlainFold
{
    /// <summary>What one citizen's accepted entries come to, of those inside the set.</summary>
    internal sealed record Standing(
        CitizenId Citizen, EntryKind Kind, string Furnisher, DateOnly Day, Money? Money, string? Tradeline, string? Category, EntryDetail? Detail)
    {
        internal long Minor => Money?.MinorUnits ?? 0;

        internal Currency Currency => Money?.Currency ?? default;
    }

    /// <summary>Gives what stands as of a day, as known at an instant.</summary>
    internal static List<Standing> StandingAsOf(IReadOnlyList<StoredEntry> entries, DateOnly asOf, long knownAt)
    {
        var inside = entries.Where(stored => stored.Entry.OccurredOn <= asOf && stored.RecordedAt <= knownAt && (byte)stored.Entry.Kind < 100).ToList();
        inside.RemoveAll(stored => stored.Entry.Detail is IdentityLink { Role: IdentityRole.Alias });
        return inside.GroupBy(stored => stored.Entry.Citizen).SelectMany(StandingOf).ToList();
    }

    internal static CreditFile File(CitizenId principal, IReadOnlyList<StoredEntry> entries, DateOnly asOf, long knownAt)
    {
        var inside = entries.Where(stored => stored.Entry.OccurredOn <= asOf && stored.RecordedAt <= knownAt && (byte)stored.Entry.Kind < 100).ToList();
        inside.RemoveAll(stored => stored.Entry.Detail is IdentityLink { Role: IdentityRole.Alias });
        var standing = inside.GroupBy(stored => stored.Entry.Citizen).SelectMany(StandingOf).ToList();
        var tradelines = Tradelines(standing, asOf);
        return new()
        {
            Citizen = principal,
            AsOf = asOf,
            KnownAt = default,
            Entries = inside.Count,
            Coverage = CoverageOf(standing, tradelines, asOf),
            Totals =
            [
                .. standing.GroupBy(one => (one.Currency, one.Kind)).OrderBy(group => group.Key.Currency).ThenBy(group => group.Key.Kind)
                    .Select(group => new KindTotals(group.Key.Currency, group.Key.Kind, [.. Enum.GetValues<Window>().Select(window => Sum(group.Where(one => one.Day >= FirstDayOf(window, asOf))))])),
            ],
            Categories =
            [
                .. standing.Where(one => one.Category is not null).GroupBy(one => (one.Category, one.Currency, one.Kind))
                    .OrderBy(group => group.Key.Category, StringComparer.Ordinal).ThenBy(group => group.Key.Currency).ThenBy(group => group.Key.Kind)
                    .Select(group => new CategoryTotals(group.Key.Category!, group.Key.Currency, group.Key.Kind, Sum(group), Sum(group.Where(one => one.Day >= FirstDayOf(Window.Months12, asOf))))),
            ],
            Tradelines = [.. tradelines],
            Positions = [.. Positions(standing)],
            Profile = Profile(standing),
            Aliases =
            [
                .. standing.Where(one => one.Detail is IdentityLink { Role: IdentityRole.Principal })
                    .GroupBy(one => ((IdentityLink)one.Detail!).Other)
                    .Where(group => group.Sum(one => one.Kind == EntryKind.IdentityLinked ? 1 : -1) > 0)
                    .Select(group => group.Key).Order(),
            ],
        };
    }

    private static IEnumerable<Standing> StandingOf(IEnumerable<StoredEntry> ofOneCitizen)
    {
        var entries = ofOneCitizen.Select(stored => stored.Entry).ToList();
        var changes = entries.Where(entry => entry.Kind is EntryKind.EntryReversed or EntryKind.EntryCorrected).ToList();
        var named = changes.Select(change => change.Corrects!.Value).ToHashSet();
        foreach (var entry in entries.Except(changes))
            if (!named.Contains(new(entry.Furnisher, entry.Reference))) yield return Of(entry, entry.Kind, entry.Detail);

        foreach (var name in named)
        {
            var its = changes.Where(change => change.Corrects == name).ToList();
            if (its.Exists(change => change.Kind == EntryKind.EntryReversed)) continue;
            var last = its[^1];
            var correction = (Correction)last.Detail!;
            yield return Of(last, correction.As, correction.Detail);
        }
    }

    private static Standing Of(Entry entry, EntryKind kind, EntryDetail? detail) =>
        new(entry.Citizen, kind, entry.Furnisher.Value, entry.OccurredOn, entry.Money, entry.Tradeline?.Value, entry.Category, detail);

    private static DateOnly FirstDayOf(Window window, DateOnly asOf)
    {
        var month = new DateOnly(asOf.Year, asOf.Month, 1);
        return window switch
        {
            Window.Days7 => asOf.AddDays(-6),
            Window.Days30 => asOf.AddDays(-29),
            Window.Days90 => asOf.AddDays(-89),
            Window.Months3 => month.AddMonths(-2),
            Window.Months6 => month.AddMonths(-5),
            Window.Months12 => month.AddMonths(-11),
            Window.Months24 => month.AddMonths(-23),
            Window.Months60 => month.AddMonths(-59),
            _ => DateOnly.MinValue,
        };
    }

    private static Total Sum(IEnumerable<Standing> some) => new(some.Count(), some.Aggregate(Int128.Zero, (sum, one) => sum + one.Minor));

    private static Coverage CoverageOf(List<Standing> standing, List<TradelineView> tradelines, DateOnly asOf)
    {
        var reported = standing.Where(one => one.Kind is not (EntryKind.IdentityLinked or EntryKind.IdentityUnlinked)).ToList();
        if (reported.Count == 0) return Coverage.NoFile;
        var isRecent = reported.Exists(one => one.Day >= FirstDayOf(Window.Months6, asOf));
        var isOld = tradelines.Exists(tradeline =>
            (tradeline.OpenedOn ?? OfTradeline(standing, tradeline.Id.Value, tradeline.Currency).Min(one => one.Day)).AddMonths(6) <= asOf);
        return isRecent && isOld ? Coverage.Scorable : Coverage.Thin;
    }

    private static bool IsOfTradeline(Standing one) => (byte)one.Kind is >= 10 and <= 17;

    private static List<Standing> OfTradeline(List<Standing> standing, string id, Currency currency) =>
        [.. standing.Where(one => IsOfTradeline(one) && one.Tradeline == id && CurrencyOf(standing, one) == currency)];

    /// <summary>The currency in which a citizen's own entries keep the tradeline that one of them is about; none where none has money.</summary>
    private static Currency CurrencyOf(List<Standing> standing, Standing of) =>
        standing.Where(one => one.Citizen == of.Citizen && IsOfTradeline(one) && one.Tradeline == of.Tradeline && one.Money is not null)
            .Select(one => one.Currency).Distinct().SingleOrDefault();

    private static List<TradelineView> Tradelines(List<Standing> standing, DateOnly asOf) =>
    [
        .. standing.Where(IsOfTradeline).Select(one => (one.Tradeline, Currency: CurrencyOf(standing, one))).Distinct()
            .OrderBy(key => key.Tradeline, StringComparer.Ordinal).ThenBy(key => key.Currency)
            .Select(key => Tradeline(key.Tradeline!, key.Currency, OfTradeline(standing, key.Tradeline!, key.Currency), asOf)),
    ];

    private static TradelineView Tradeline(string id, Currency currency, List<Standing> its, DateOnly asOf)
    {
        var opening = its.Where(one => one.Kind == EntryKind.LoanOpened)
            .OrderBy(one => one.Day).ThenByDescending(one => one.Minor)
            .ThenByDescending(one => ((LoanTerms)one.Detail!).TermMonths).ThenByDescending(one => ((LoanTerms)one.Detail!).InstalmentMinorUnits)
            .ThenByDescending(one => ((LoanTerms)one.Detail!).LimitMinorUnits).ThenBy(one => ((LoanTerms)one.Detail!).Portfolio)
            .ThenBy(one => string.Join(',', ((LoanTerms)one.Detail!).CoLenders.Select(lender => lender.Organisation.Value)), StringComparer.Ordinal)
            .ThenBy(one => one.Furnisher, StringComparer.Ordinal)
            .FirstOrDefault();
        var terms = (LoanTerms?)opening?.Detail;
        var schedule = terms is { TermMonths: > 0 } ? terms : null;
        var statements = its.Where(one => one.Kind == EntryKind.LoanStatementReported).ToList();
        var latest = Latest(statements);
        var closedOn = DayOrNull(its.Where(one => one.Kind == EntryKind.LoanClosed));
        var drawn = SumOf(its, EntryKind.LoanDrawn, DateOnly.MinValue);
        var repaid = SumOf(its, EntryKind.LoanRepaid, DateOnly.MinValue);

        Int128? outstanding = null;
        if (closedOn is not null) outstanding = 0;
        else if (latest is not null) outstanding = latest.Minor + SumOf(its, EntryKind.LoanDrawn, latest.Day.AddDays(1)) - SumOf(its, EntryKind.LoanRepaid, latest.Day.AddDays(1));
        else if (opening is not null) outstanding = Int128.Max(0, (schedule is null ? opening.Minor : (Int128)schedule.TermMonths * schedule.InstalmentMinorUnits) + drawn - repaid);

        // The agreed limit holds from the opening on; a change of that day or later holds against it.
        var changed = its.Where(one => one.Kind == EntryKind.LimitChanged).OrderBy(one => one.Day).ThenBy(one => one.Minor).LastOrDefault();
        var limit = terms?.LimitMinorUnits is { } agreed && (changed is null || changed.Day < opening!.Day) ? agreed : changed?.Minor;

        var transfer = its.Where(one => one.Kind == EntryKind.TradelineTransferred)
            .OrderBy(one => one.Day).ThenBy(one => ((TradelineTransfer)one.Detail!).To.Value, StringComparer.Ordinal).LastOrDefault();
        var furnisher = transfer is not null
            ? ((TradelineTransfer)transfer.Detail!).To.Value
            : (opening ?? its.OrderBy(one => one.Day).ThenBy(one => one.Furnisher, StringComparer.Ordinal).First()).Furnisher;

        var grid = Grid(currency, its, opening?.Day, schedule, statements, closedOn, asOf);
        var chargedOff = its.Where(one => one.Kind == EntryKind.LoanChargedOff).ToList();
        return new()
        {
            Id = new(id),
            Furnisher = new(furnisher),
            Currency = currency,
            OpenedOn = opening?.Day,
            Terms = terms,
            PrincipalMinorUnits = opening?.Minor,
            DrawnMinorUnits = drawn,
            RepaidMinorUnits = repaid,
            OutstandingMinorUnits = outstanding,
            LimitMinorUnits = limit,
            DaysPastDue = closedOn is not null ? 0 : grid.Count > 0 && grid[0] != TradelineView.Unknown ? grid[0] : null,
            Grid = [.. grid],
            Status = ((LoanStatement?)latest?.Detail)?.Status,
            ClosedOn = closedOn,
            ChargedOffOn = DayOrNull(chargedOff),
            ChargedOffMinorUnits = chargedOff.Aggregate(Int128.Zero, (sum, one) => sum + one.Minor),
        };
    }

    private static List<short> Grid(
        Currency currency, List<Standing> its, DateOnly? openedOn, LoanTerms? schedule, List<Standing> statements, DateOnly? closedOn, DateOnly asOf)
    {
        List<short> grid = [];
        var first = openedOn ?? its.Min(one => one.Day);
        var newest = new DateOnly(asOf.Year, asOf.Month, 1);
        for (var month = newest; month > newest.AddMonths(-60) && month >= new DateOnly(first.Year, first.Month, 1); month = month.AddMonths(-1))
        {
            if (closedOn is { } closed && month > new DateOnly(closed.Year, closed.Month, 1)) continue;
            var end = month.AddMonths(1).AddDays(-1);
            var ofMonth = Latest(statements.Where(one => one.Day >= month && one.Day <= end));
            if (ofMonth is not null)
            {
                grid.Add((short)((LoanStatement)ofMonth.Detail!).DaysPastDue);
                continue;
            }

            var on = end > asOf ? asOf : end;
            if (closedOn is { } closure && closure < on) on = closure;
            grid.Add(schedule is null ? TradelineView.Unknown : (short)DaysPastDue(currency, its, openedOn!.Value, schedule, on));
        }

        return grid;
    }

    private static int DaysPastDue(Currency currency, List<Standing> its, DateOnly openedOn, LoanTerms schedule, DateOnly on)
    {
        var left = its.Where(one => one.Kind == EntryKind.LoanRepaid && one.Day <= on).Aggregate(Int128.Zero, (sum, one) => sum + one.Minor);
        for (var instalment = 1; instalment <= schedule.TermMonths; instalment++)
        {
            var due = openedOn.AddMonths(instalment);
            if (due > on) return 0;
            var paid = Int128.Min(left, schedule.InstalmentMinorUnits);
            left -= paid;
            var lacking = schedule.InstalmentMinorUnits - paid;
            if (lacking > currency.MinorUnitsPerMajor && lacking * 1_000 > schedule.InstalmentMinorUnits) return on.DayNumber - due.DayNumber;
        }

        return 0;
    }

    private static Standing? Latest(IEnumerable<Standing> statements) => statements
        .OrderBy(one => one.Day).ThenBy(one => ((LoanStatement)one.Detail!).DaysPastDue).ThenBy(one => ((LoanStatement)one.Detail!).PastDueMinorUnits)
        .ThenBy(one => one.Minor).ThenBy(one => ((LoanStatement)one.Detail!).Status).LastOrDefault();

    private static DateOnly? DayOrNull(IEnumerable<Standing> some) => some.Select(one => (DateOnly?)one.Day).Min();

    private static Int128 SumOf(List<Standing> its, EntryKind kind, DateOnly from) =>
        its.Where(one => one.Kind == kind && one.Day >= from).Aggregate(Int128.Zero, (sum, one) => sum + one.Minor);

    private static IEnumerable<PositionView> Positions(List<Standing> standing) => standing
        .Where(one => one.Detail is InvestmentHolding)
        .GroupBy(one => (Id: ((InvestmentHolding)one.Detail!).Position.Value, one.Currency))
        .OrderBy(group => group.Key.Id, StringComparer.Ordinal).ThenBy(group => group.Key.Currency)
        .Select(group => Position(group.Key.Id, group.Key.Currency, [.. group]));

    private static PositionView Position(string id, Currency currency, List<Standing> its)
    {
        BigInteger units = 0, cost = 0;
        foreach (var day in its.Where(one => one.Kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold).GroupBy(one => one.Day).OrderBy(group => group.Key))
        {
            var bought = UnitsOf(day, EntryKind.InvestmentBought);
            var price = day.Where(one => one.Kind == EntryKind.InvestmentBought).Aggregate(BigInteger.Zero, (sum, one) => sum + one.Minor);
            if (bought > 0)
            {
                // What was sold before it was bought is made good first; that share of the price is not held.
                cost = units >= 0 ? cost + price : units + bought <= 0 ? 0 : Rounded(price * (units + bought), bought);
                units += bought;
            }

            var sold = UnitsOf(day, EntryKind.InvestmentSold);
            if (sold > 0)
            {
                cost = sold >= units ? 0 : cost - Rounded(cost * sold, units);
                units -= sold;
            }
        }

        var valued = its.Where(one => one.Kind == EntryKind.InvestmentValued).OrderBy(one => one.Day).ThenBy(one => one.Minor).LastOrDefault();
        return new()
        {
            Id = new(id),
            Currency = currency,
            Units = (Int128)units,
            CostMinorUnits = (Int128)cost,
            ValueMinorUnits = valued?.Minor,
            ValuedOn = valued?.Day,
            NetInflowMinorUnits = SumOf(its, EntryKind.InvestmentBought, DateOnly.MinValue)
                - SumOf(its, EntryKind.InvestmentSold, DateOnly.MinValue) - SumOf(its, EntryKind.IncomeOnInvestment, DateOnly.MinValue),
        };
    }

    private static BigInteger UnitsOf(IEnumerable<Standing> day, EntryKind kind) =>
        day.Where(one => one.Kind == kind).Aggregate(BigInteger.Zero, (sum, one) => sum + (BigInteger)((InvestmentHolding)one.Detail!).Units);

    private static BigInteger Rounded(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        return rest * 2 >= divisor ? quotient + 1 : quotient;
    }

    private static CitizenProfile? Profile(List<Standing> standing)
    {
        var profiles = standing.Where(one => one.Detail is CitizenProfile).Select(one => (one.Day, Profile: (CitizenProfile)one.Detail!)).ToList();
        var province = profiles.Where(one => one.Profile.Province is not null)
            .OrderBy(one => one.Day).ThenBy(one => one.Profile.Province, StringComparer.Ordinal).Select(one => one.Profile.Province).LastOrDefault();
        var birthYear = profiles.Where(one => one.Profile.BirthYear is not null)
            .OrderBy(one => one.Day).ThenBy(one => one.Profile.BirthYear).Select(one => one.Profile.BirthYear).LastOrDefault();
        return province is null && birthYear is null ? null : new() { Province = province, BirthYear = birthYear };
    }
}
