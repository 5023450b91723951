namespace CreditGrains.Ledger.Tests;

/// <summary>The characteristics by brute force: each a query over the entries that stand, as the catalogue words it.</summary>
internal static class PlainCharacteristics
{
    internal static Dictionary<string, double> Of(IReadOnlyList<StoredEntry> entries, DateOnly asOf, long knownAt)
    {
        var standing = PlainFold.StandingAsOf(entries, asOf, knownAt);
        var file = PlainFold.File(entries.Count > 0 ? entries[0].Entry.Citizen : default, entries, asOf, knownAt);
        var main = standing.Where(one => one.Money is not null).GroupBy(one => one.Currency).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key).FirstOrDefault();
        var values = Characteristics.All.ToDictionary(one => one.Name, _ => double.NaN);
        var flows = standing.Where(one => one.Currency == main && one.Kind is EntryKind.PaymentMade or EntryKind.PaymentReceived && one.Currency == main).ToList();
        var meanInflow = Flows(values, flows, asOf);
        Tradelines(values, file, main, asOf, meanInflow, MeanIncome(standing.Where(one => one.Kind == EntryKind.IncomeReported && one.Currency == main), asOf));

        var bills = standing.Where(one => one.Kind == EntryKind.NonCreditObligationReported && Back(one.Day, asOf) < 12).ToList();
        values["obligations_12"] = bills.Count;
        if (bills.Count > 0) values["obligations_on_time_12"] = bills.Count(bill => ((NonCreditObligation)bill.Detail!).DaysLate == 0) / (double)bills.Count;
        values["public_records_active"] = standing.Count(one => one.Kind == EntryKind.PublicRecordReported && !(((PublicRecord)one.Detail!).EndedOn < asOf));
        foreach (var months in new[] { 3, 12 })
        {
            values[$"hard_inquiries_{months}"] = entries.Count(stored => stored.RecordedAt <= knownAt && stored.Entry.OccurredOn <= asOf && Back(stored.Entry.OccurredOn, asOf) < months
                && stored.Entry is { Kind: EntryKind.InquiryPermitted, Detail: InquiryDetail { IsHard: true } });
        }

        var held = file.Positions.Where(position => position.Units > 0)
            .SelectMany(position => standing.Where(one => (one.Detail as InvestmentHolding)?.Position == position.Id && one.Currency == position.Currency)).ToList();
        if (held.Count > 0) values["investment_tenure_months"] = WholeMonths(held.Min(one => one.Day), asOf);

        foreach (var one in Characteristics.All)
            if (!double.IsNaN(values[one.Name])) values[one.Name] = Math.Clamp(values[one.Name], one.Low, one.High);
        return values;
    }

    private static double Flows(Dictionary<string, double> values, List<PlainFold.Standing> flows, DateOnly asOf)
    {
        if (flows.Count == 0) return double.NaN;
        Int128 In(Func<DateOnly, bool> when) => flows.Where(one => one.Kind == EntryKind.PaymentReceived && when(one.Day)).Aggregate(Int128.Zero, (sum, one) => sum + one.Minor);
        Int128 Out(Func<DateOnly, bool> when) => flows.Where(one => one.Kind == EntryKind.PaymentMade && when(one.Day)).Aggregate(Int128.Zero, (sum, one) => sum + one.Minor);
        double Sum(EntryKind kind, int back) => (double)(kind == EntryKind.PaymentReceived ? In(day => Back(day, asOf) == back) : Out(day => Back(day, asOf) == back));
        Int128 BalanceOn(DateOnly day) => In(one => one <= day) - Out(one => one <= day);
        DateOnly EndOf(int back) => back == 0 ? asOf : new DateOnly(asOf.Year, asOf.Month, 1).AddMonths(1 - back).AddDays(-1);

        var first = Math.Min(60, flows.Max(one => Back(one.Day, asOf)));
        values["history_months"] = first;
        values["penalty_charges_12"] = flows.Count(one => one is { Kind: EntryKind.PaymentMade, Category: "penalty-interest" } && Back(one.Day, asOf) < 12);
        foreach (var months in new[] { 3, 6, 12 })
        {
            var came = In(day => Back(day, asOf) < months);
            if (came != 0) values[$"net_inflow_share_{months}"] = (double)(came - Out(day => Back(day, asOf) < months)) / (double)came;
        }

        var whole = Enumerable.Range(1, Math.Min(first, 12)).ToList();
        if (whole.Count == 0) return double.NaN;
        values["inflow_regularity_12"] = whole.Count(back => Sum(EntryKind.PaymentReceived, back) > 0) / (double)whole.Count;
        values["payment_regularity_12"] = whole.Count(back => Sum(EntryKind.PaymentMade, back) > 0) / (double)whole.Count;
        var recent = whole.Take(6).ToList();
        values["payments_a_month_6"] = flows.Count(one => recent.Contains(Back(one.Day, asOf))) / (double)recent.Count;
        if (whole.Count >= 3 && whole.Average(back => Sum(EntryKind.PaymentReceived, back)) is > 0 and var mean)
            values["income_stability_12"] = Math.Max(0, 1 - (Deviation(whole.Select(back => Sum(EntryKind.PaymentReceived, back))) / mean));

        var meanInflow = recent.Average(back => Sum(EntryKind.PaymentReceived, back));
        if (meanInflow == 0) return double.NaN;
        values["balance_in_inflows"] = (double)BalanceOn(asOf) / meanInflow;
        values["lowest_balance_90_days"] = Enumerable.Range(0, 90).Min(day => (double)BalanceOn(asOf.AddDays(-day)) / meanInflow);
        values["lowest_balance_12"] = Enumerable.Range(0, Math.Min(first, 11) + 1).Min(back => (double)BalanceOn(EndOf(back)) / meanInflow);
        if (whole.Count >= 3) values["balance_volatility_12"] = Deviation(whole.Select(back => (double)(BalanceOn(EndOf(back)) - BalanceOn(EndOf(1))) / meanInflow));
        return meanInflow;
    }

    private static void Tradelines(Dictionary<string, double> values, CreditFile file, Currency main, DateOnly asOf, double meanInflow, double meanIncome)
    {
        var open = file.Tradelines.Where(line => line.ClosedOn is null).ToList();
        values["open_tradelines"] = open.Count;
        values["active_lenders"] = open.Select(line => line.Furnisher).Distinct().Count();
        values["charge_offs"] = file.Tradelines.Count(line => line.ChargedOffOn is not null);
        foreach (var months in new[] { 6, 12 }) values[$"new_tradelines_{months}"] = file.Tradelines.Count(line => line.OpenedOn is { } day && Back(day, asOf) < months);
        var ages = file.Tradelines.Where(line => line.OpenedOn is not null).Select(line => WholeMonths(line.OpenedOn!.Value, asOf)).ToList();
        if (ages.Count > 0) (values["oldest_tradeline_months"], values["newest_tradeline_months"]) = (ages.Max(), ages.Min());

        var cells = file.Tradelines.SelectMany(line => line.Grid.Select((days, place) => (Days: (int)days, Back: place + (line.ClosedOn is { } closed ? Back(closed, asOf) : 0)))).Where(cell => cell.Days >= 0).ToList();
        foreach (var months in new[] { 3, 6, 12, 24 })
            if (cells.Exists(cell => cell.Back < months)) values[$"worst_delinquency_{months}"] = cells.Where(cell => cell.Back < months).Max(cell => cell.Days);
        if (cells.Exists(cell => cell.Days > 0)) values["months_since_worst_delinquency"] = cells.Where(cell => cell.Days == cells.Max(one => one.Days)).Min(cell => cell.Back);

        var lines = open.Where(line => line.Currency == main && main != default).ToList();
        var revolving = lines.Where(line => line is { Terms.Portfolio: PortfolioType.Revolving or PortfolioType.LineOfCredit, LimitMinorUnits: > 0, OutstandingMinorUnits: not null }).ToList();
        if (revolving.Count > 0) values["utilisation"] = revolving.Sum(line => (double)line.OutstandingMinorUnits!.Value) / revolving.Sum(line => (double)line.LimitMinorUnits!.Value);
        var scheduled = lines.Where(line => line.Terms is { TermMonths: > 0 }).ToList();
        var all = scheduled.Sum(line => line.Terms!.InstalmentMinorUnits > 0 ? (double)line.Terms.InstalmentMinorUnits * line.Terms.TermMonths : line.PrincipalMinorUnits ?? 0);
        if (all > 0) values["instalments_repaid_share"] = scheduled.Sum(line => (double)line.RepaidMinorUnits) / all;
        var due = scheduled.Where(line => WholeMonths(line.OpenedOn!.Value, asOf) < line.Terms!.TermMonths).Sum(line => (double)line.Terms!.InstalmentMinorUnits);
        values["debt_service_to_income"] = meanIncome == 0 ? double.NaN : due / meanIncome;
        values["debt_service_to_inflow"] = due / meanInflow;
    }

    private static double MeanIncome(IEnumerable<PlainFold.Standing> income, DateOnly asOf)
    {
        var months = income.Where(one => Back(one.Day, asOf) < 6).GroupBy(one => Back(one.Day, asOf)).ToList();
        return months.Count == 0 ? double.NaN : months.Sum(month => month.Sum(one => (double)one.Minor)) / months.Count;
    }

    private static int Back(DateOnly day, DateOnly asOf) => ((asOf.Year - day.Year) * 12) + asOf.Month - day.Month;

    private static int WholeMonths(DateOnly from, DateOnly to) => Back(from, to) - (to.Day < from.Day ? 1 : 0);

    private static double Deviation(IEnumerable<double> values)
    {
        var all = values.ToList();
        var mean = all.Average();
        return Math.Sqrt(all.Average(value => (value - mean) * (value - mean)));
    }
}
