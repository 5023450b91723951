namespace CreditGrains.Ledger;

/// <content>What scores are made of.</content>
public sealed partial class CitizenState
{
    private const string PenaltyCategory = "penalty-interest";

    /// <summary>Computes all characteristics as of a day.</summary>
    /// <param name="asOf">The day; one that <see cref="CanAnswer"/> affirms.</param>
    /// <param name="values">A vector, as long as <see cref="Characteristics.Count"/>; each within its range, or not a number where it is missing.</param>
    public void Characterise(DateOnly asOf, Span<double> values)
    {
        Invariant.Holds(CanAnswer(asOf) && values.Length == Characteristics.Count);
        values.Fill(double.NaN);
        var currency = MainCurrency();
        Span<Int128> inflow = stackalloc Int128[MonthlyFlows.Months];
        Span<Int128> outflow = stackalloc Int128[MonthlyFlows.Months];
        Span<int> payments = stackalloc int[MonthlyFlows.Months];
        inflow.Clear();
        outflow.Clear();
        payments.Clear();
        var flows = new MonthlyFlows(asOf, inflow, outflow, payments);
        ReadFlows(ref flows, currency);
        flows.Describe(values);

        DescribeTradelines(asOf, currency, flows.MeanInflow, flows.MeanIncome, values);
        DescribeObligations(asOf, values);
        values[Characteristics.PublicRecords] = ActivePublicRecords(asOf.DayNumber);
        values[Characteristics.HardInquiries3] = HardInquiries(asOf, 3);
        values[Characteristics.HardInquiries12] = HardInquiries(asOf, 12);
        DescribePositions(asOf, values);
        foreach (var one in Characteristics.All)
        {
            ref var value = ref values[one.Index];
            if (!double.IsNaN(value)) value = Math.Clamp(value, one.Low, one.High);
        }
    }

    /// <summary>Finds the currency of most entries with money, of several the one with the lowest number; its index plus one, 0 where there is none.</summary>
    private int MainCurrency()
    {
        Span<long> counts = stackalloc long[(_sections.LengthOf(Section.Currencies) / sizeof(ushort)) + 1];
        counts.Clear();
        var rows = _sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var (_, _, currency, total) = ReadFurnisherTotal(rows, ref position);
            counts[currency] += total.Count;
        }

        var main = 0;
        for (var index = 1; index < counts.Length; index++)
            if (counts[index] > 0 && (main == 0 || counts[index] > counts[main] || (counts[index] == counts[main] && CurrencyAt(index).CompareTo(CurrencyAt(main)) < 0))) main = index;
        return main;
    }

    private void ReadFlows(scoped ref MonthlyFlows flows, int currency)
    {
        var rows = _sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var (_, kind, its, total) = ReadFurnisherTotal(rows, ref position);
            if (its == currency && its != 0) flows.AddLifetime(kind, total);
        }

        const int MostOnStack = 128;
        Span<FlowKind> lines = MostLines <= MostOnStack ? stackalloc FlowKind[MostLines] : new FlowKind[MostLines];
        lines.Clear();
        var penalty = TryFindName(Section.Categories, PenaltyCategory, out var category) ? category + 1 : -1;
        var reader = new LineReader(_sections[Section.Lines]);
        while (reader.Read())
        {
            if (reader.Currency != currency || currency == 0) continue;
            lines[reader.Index] = reader.Kind switch
            {
                EntryKind.PaymentReceived => FlowKind.In,
                EntryKind.PaymentMade => reader.Category == penalty ? FlowKind.Penalty : FlowKind.Out,
                EntryKind.IncomeReported => FlowKind.Income,
                _ => FlowKind.None,
            };
        }

        ReadFlows(ref flows, lines, new(_sections[Section.OldMonths], _oldMonths.First), isDays: false);
        ReadFlows(ref flows, lines, new(_sections[Section.Months], _months.First), isDays: false);
        ReadFlows(ref flows, lines, new(_sections[Section.Days], _days.First), isDays: true);
        flows.EndDays();
    }

    private static void ReadFlows(scoped ref MonthlyFlows flows, scoped ReadOnlySpan<FlowKind> lines, scoped CellReader cells, bool isDays)
    {
        while (cells.Read())
        {
            var kind = lines[cells.Line];
            if (kind == FlowKind.None) continue;
            if (isDays) flows.AddDay(cells.Period, kind, cells.Count, cells.MinorUnits);
            else flows.AddMonth(cells.Period, kind, cells.Count, cells.MinorUnits);
        }
    }

    private void DescribeTradelines(DateOnly asOf, int currency, double meanInflow, double meanIncome, Span<double> values)
    {
        var summary = new TradelineSummary(asOf);
        var bytes = _sections[Section.Tradelines];
        if (!bytes.IsEmpty)
        {
            var furnishers = Names(Section.Furnishers);
            for (var at = 0; at < bytes.Length;)
            {
                var row = new SubjectRow(bytes, at, EntryKind.LoanOpened);
                at = row.End;
                var its = row.StandingCurrency();
                if (TradelineFold.View(row, CurrencyAt(its), furnishers, asOf.DayNumber, default) is { } view) summary.Add(view, its == currency);
            }
        }

        summary.Describe(values, meanInflow, meanIncome);
    }

    private void DescribeObligations(DateOnly asOf, Span<double> values)
    {
        var (onTime, all) = (0L, 0L);
        var month = Calendar.MonthOf(asOf.DayNumber);
        var reader = new CellReader(_sections[Section.Obligations], _obligations.First);
        while (reader.Read())
        {
            if (month - reader.Period >= 12) continue;
            all += reader.Count;
            if (reader.Line == (int)Lateness.OnTime) onTime += reader.Count;
        }

        values[Characteristics.Obligations] = all;
        if (all > 0) values[Characteristics.ObligationsOnTime] = (double)onTime / all;
    }

    private long ActivePublicRecords(int asOf)
    {
        var active = 0L;
        var rows = _sections[Section.PublicRecords];
        for (var position = 0; position < rows.Length;)
        {
            var count = (long)Varint.Read(rows, ref position);
            var day = (int)Varint.Read(rows, ref position);
            Varint.Skip(rows, ref position);
            var endedOn = (int)Varint.Read(rows, ref position);
            if (day <= asOf && (endedOn == 0 || endedOn >= asOf)) active += count;
        }

        return active;
    }

    private long HardInquiries(DateOnly asOf, int months)
    {
        var count = 0L;
        var first = Calendar.FirstDayOf(Calendar.MonthOf(asOf.DayNumber) - months + 1);
        var reader = new CellReader(_sections[Section.Inquiries], _inquiries.First);
        while (reader.Read())
            if (reader.Period >= first && reader.Period <= asOf.DayNumber) count += reader.Count;
        return count;
    }

    private void DescribePositions(DateOnly asOf, Span<double> values)
    {
        var bytes = _sections[Section.Positions];
        if (bytes.IsEmpty) return;
        var oldest = int.MaxValue;
        for (var at = 0; at < bytes.Length;)
        {
            var row = new SubjectRow(bytes, at, EntryKind.InvestmentBought);
            at = row.End;
            if (PositionFold.View(row, CurrencyAt(row.StandingCurrency()), default) is { } view && view.Units > 0) oldest = Math.Min(oldest, row.FirstDay);
        }

        if (oldest != int.MaxValue) values[Characteristics.InvestmentTenure] = TradelineSummary.WholeMonths(DateOnly.FromDayNumber(oldest), asOf);
    }
}
