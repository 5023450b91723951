namespace CreditGrains.Ledger;

/// <summary>What the tradelines of a file come to, as characteristics.</summary>
internal struct TradelineSummary(DateOnly asOf)
{
    private readonly DateOnly _asOf = asOf;
    private readonly int _asOfMonth = Calendar.MonthOf(asOf.DayNumber);
    private readonly HashSet<FurnisherId> _lenders = [];

    private int _open;
    private int _chargedOff;
    private int _new6;
    private int _new12;
    private int _oldest = -1;
    private int _newest = -1;
    private Int128 _owed;
    private Int128 _limits;
    private Int128 _repaid;
    private Int128 _scheduled;
    private Int128 _due;
    private int _worst;
    private int _worstMonth;
    private int _worst3 = -1;
    private int _worst6 = -1;
    private int _worst12 = -1;
    private int _worst24 = -1;

    /// <summary>Tells how many whole months lie between two days.</summary>
    internal static int WholeMonths(DateOnly from, DateOnly to) => ((to.Year - from.Year) * 12) + to.Month - from.Month - (to.Day < from.Day ? 1 : 0);

    /// <summary>Takes a tradeline in.</summary>
    /// <param name="tradeline">The tradeline.</param>
    /// <param name="isMain">Whether its amounts are in the main currency: others are not added to them.</param>
    internal void Add(TradelineView tradeline, bool isMain)
    {
        TakeGrid(tradeline);
        if (tradeline.ChargedOffOn is not null) _chargedOff++;
        var age = -1;
        if (tradeline.OpenedOn is { } openedOn)
        {
            age = WholeMonths(openedOn, _asOf);
            _oldest = Math.Max(_oldest, age);
            _newest = _newest < 0 ? age : Math.Min(_newest, age);
            var back = _asOfMonth - Calendar.MonthOf(openedOn.DayNumber);
            if (back < 6) _new6++;
            if (back < 12) _new12++;
        }

        if (tradeline.ClosedOn is not null) return;
        _open++;
        _lenders.Add(tradeline.Furnisher);
        if (!isMain) return;
        if (tradeline is { Terms.Portfolio: PortfolioType.Revolving or PortfolioType.LineOfCredit, LimitMinorUnits: > 0 and var limit, OutstandingMinorUnits: { } owed })
        {
            _owed += owed;
            _limits += limit;
        }

        if (tradeline.Terms is not { TermMonths: > 0 } terms) return;
        var all = (Int128)terms.InstalmentMinorUnits * terms.TermMonths;
        _scheduled += all > 0 ? all : tradeline.PrincipalMinorUnits ?? 0;
        _repaid += tradeline.RepaidMinorUnits;
        if (age < terms.TermMonths) _due += terms.InstalmentMinorUnits;
    }

    internal readonly void Describe(Span<double> values, double meanInflow, double meanIncome)
    {
        values[Characteristics.OpenTradelines] = _open;
        values[Characteristics.ActiveLenders] = _lenders.Count;
        values[Characteristics.NewTradelines6] = _new6;
        values[Characteristics.NewTradelines12] = _new12;
        values[Characteristics.ChargeOffs] = _chargedOff;
        values[Characteristics.DebtServiceToIncome] = (double)_due / meanIncome;
        values[Characteristics.DebtServiceToInflow] = (double)_due / meanInflow;
        if (meanIncome == 0) values[Characteristics.DebtServiceToIncome] = double.NaN;
        if (_oldest >= 0) (values[Characteristics.OldestTradeline], values[Characteristics.NewestTradeline]) = (_oldest, _newest);
        if (_limits > 0) values[Characteristics.Utilisation] = (double)_owed / (double)_limits;
        if (_scheduled > 0) values[Characteristics.InstalmentsRepaid] = (double)_repaid / (double)_scheduled;
        if (_worst > 0) values[Characteristics.MonthsSinceWorst] = _worstMonth;
        if (_worst3 >= 0) values[Characteristics.Worst3] = _worst3;
        if (_worst6 >= 0) values[Characteristics.Worst6] = _worst6;
        if (_worst12 >= 0) values[Characteristics.Worst12] = _worst12;
        if (_worst24 >= 0) values[Characteristics.Worst24] = _worst24;
    }

    private void TakeGrid(TradelineView tradeline)
    {
        // The newest cell is of the as-of day's month, or of the month of closure.
        var back = tradeline.ClosedOn is { } closedOn ? Math.Max(0, _asOfMonth - Calendar.MonthOf(closedOn.DayNumber)) : 0;
        foreach (var days in tradeline.Grid)
        {
            if (days != TradelineView.Unknown)
            {
                if (days > _worst || (days == _worst && back < _worstMonth)) (_worst, _worstMonth) = (days, back);
                if (back < 3) _worst3 = Math.Max(_worst3, days);
                if (back < 6) _worst6 = Math.Max(_worst6, days);
                if (back < 12) _worst12 = Math.Max(_worst12, days);
                if (back < 24) _worst24 = Math.Max(_worst24, days);
            }

            back++;
        }
    }
}
