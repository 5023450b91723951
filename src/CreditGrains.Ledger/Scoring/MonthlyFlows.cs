namespace CreditGrains.Ledger;

/// <summary>What a line of totals is to the flow of money.</summary>
internal enum FlowKind : byte
{
    None = 0,
    In = 1,
    Out = 2,

    /// <summary>Paid for an overdrawn account; out, too.</summary>
    Penalty = 3,

    /// <summary>Income as reported; it is no flow.</summary>
    Income = 4,
}

/// <summary>What came in and went out by month back from the as-of day's, in minor units of one currency, and what that says.</summary>
internal ref struct MonthlyFlows
{
    /// <summary>The as-of day's month and the 60 before.</summary>
    internal const int Months = 61;

    private const int DaysLookedAt = 90;
    private const int IncomeMonths = 6;

    private readonly Span<Int128> _in;
    private readonly Span<Int128> _out;
    private readonly Span<int> _payments;
    private readonly int _asOfMonth;
    private readonly int _firstDay;

    private Int128 _balance;
    private long _lifetimePayments;
    private long _counted;
    private long _penalties;
    private Int128 _income;
    private int _incomeMonths;
    private int _incomeMonth = int.MaxValue;

    // By day: what is on balance since the first day kept, and the lowest of it at the end of a day looked at.
    private Int128 _sinceFirstDay;
    private Int128 _lowest;
    private int _day;
    private bool _isLookingAt;

    internal MonthlyFlows(DateOnly asOf, Span<Int128> inflow, Span<Int128> outflow, Span<int> payments)
    {
        _in = inflow;
        _out = outflow;
        _payments = payments;
        _asOfMonth = Calendar.MonthOf(asOf.DayNumber);
        _firstDay = asOf.DayNumber - DaysLookedAt + 1;
    }

    /// <summary>Gets the mean monthly inflow of the last 6 whole months, in minor units; not a number where nothing came in in them.</summary>
    internal double MeanInflow { get; private set; } = double.NaN;

    /// <summary>Gets the mean of the months of the last 6 in which income was reported, in minor units; not a number where it was in none.</summary>
    internal readonly double MeanIncome => _incomeMonths == 0 ? double.NaN : (double)_income / _incomeMonths;

    internal void AddLifetime(EntryKind kind, in Total total)
    {
        if (kind is not (EntryKind.PaymentReceived or EntryKind.PaymentMade)) return;
        _lifetimePayments += total.Count;
        _balance += kind == EntryKind.PaymentReceived ? total.MinorUnits : -total.MinorUnits;
    }

    /// <summary>Adds what a month holds. Months come in order, those before any day.</summary>
    internal void AddMonth(int month, FlowKind kind, long count, Int128 minorUnits)
    {
        var back = _asOfMonth - month;
        if (back is < 0 or >= Months) return;
        switch (kind)
        {
            case FlowKind.Income:
                if (back >= IncomeMonths) return;
                if (month != _incomeMonth) _incomeMonths++;
                _incomeMonth = month;
                _income += minorUnits;
                return;

            case FlowKind.In:
                _in[back] += minorUnits;
                break;

            default:
                _out[back] += minorUnits;
                if (kind == FlowKind.Penalty && back < 12) _penalties += count;
                break;
        }

        _payments[back] += (int)Math.Min(count, 1_000_000);
        _counted += count;
    }

    /// <summary>Adds what a day holds. Days come in order.</summary>
    internal void AddDay(int day, FlowKind kind, long count, Int128 minorUnits)
    {
        AddMonth(Calendar.MonthOf(day), kind, count, minorUnits);
        if (kind == FlowKind.Income) return;
        if (day != _day) EndDay(day);
        _sinceFirstDay += kind == FlowKind.In ? minorUnits : -minorUnits;
    }

    internal void EndDays() => EndDay(int.MaxValue);

    /// <summary>Says what the flows say.</summary>
    internal void Describe(Span<double> values)
    {
        if (_lifetimePayments == 0) return;
        var first = FirstMonth();
        values[Characteristics.HistoryMonths] = first;
        values[Characteristics.PenaltyCharges] = _penalties;
        values[Characteristics.NetInflow3] = NetInflow(3);
        values[Characteristics.NetInflow6] = NetInflow(6);
        values[Characteristics.NetInflow12] = NetInflow(12);

        var whole = Math.Min(first, 12);
        if (whole > 0)
        {
            values[Characteristics.InflowRegularity] = MonthsWith(_in, whole) / (double)whole;
            values[Characteristics.PaymentRegularity] = MonthsWith(_out, whole) / (double)whole;
            var recent = Math.Min(whole, 6);
            var payments = 0L;
            for (var back = 1; back <= recent; back++) payments += _payments[back];
            values[Characteristics.PaymentsAMonth] = payments / (double)recent;
            MeanInflow = Mean(_in, recent);
            if (MeanInflow == 0) MeanInflow = double.NaN;
        }

        if (whole >= 3 && Mean(_in, whole) is > 0 and var mean) values[Characteristics.IncomeStability] = Math.Max(0, 1 - (Deviation(_in, whole, mean) / mean));
        DescribeBalance(values, first, whole);
    }

    private readonly void DescribeBalance(Span<double> values, int first, int whole)
    {
        if (double.IsNaN(MeanInflow)) return;
        values[Characteristics.Balance] = (double)_balance / MeanInflow;

        // What was there before the first day kept is what is there now less what came since.
        values[Characteristics.LowestBalance90Days] = (double)(_balance - _sinceFirstDay + _lowest) / MeanInflow;

        // Moves since the end of the last whole month: of a great balance that moves little, the moves are exact where the balances are not.
        Span<double> moves = stackalloc double[13];
        var balance = _balance;
        var reference = _balance - (_in[0] - _out[0]);
        var lowest = balance;
        for (var back = 0; back <= Math.Min(first, 12); back++)
        {
            moves[back] = (double)(balance - reference) / MeanInflow;
            if (back < 12) lowest = Int128.Min(lowest, balance);
            balance -= _in[back] - _out[back];
        }

        values[Characteristics.LowestBalance12] = (double)lowest / MeanInflow;
        if (whole < 3) return;
        var mean = 0.0;
        for (var back = 1; back <= whole; back++) mean += moves[back] / whole;
        var squares = 0.0;
        for (var back = 1; back <= whole; back++) squares += (moves[back] - mean) * (moves[back] - mean) / whole;
        values[Characteristics.BalanceVolatility] = Math.Sqrt(squares);
    }

    private void EndDay(int next)
    {
        // The first day looked at may have no cell: then the balance before it is what it ended with.
        if (_day >= _firstDay || (next > _firstDay && !_isLookingAt)) _lowest = _isLookingAt ? Int128.Min(_lowest, _sinceFirstDay) : _sinceFirstDay;
        _isLookingAt |= _day >= _firstDay || next > _firstDay;
        _day = next;
    }

    /// <summary>How many months back the first payment is; 60 where it is further back.</summary>
    private readonly int FirstMonth()
    {
        if (_lifetimePayments > _counted) return Months - 1;
        var back = Months - 1;
        while (back > 0 && _payments[back] == 0) back--;
        return back;
    }

    private readonly double NetInflow(int months)
    {
        Int128 came = 0, went = 0;
        for (var back = 0; back < months; back++)
        {
            came += _in[back];
            went += _out[back];
        }

        return came == 0 ? double.NaN : (double)(came - went) / (double)came;
    }

    private static int MonthsWith(ReadOnlySpan<Int128> flow, int whole)
    {
        var count = 0;
        for (var back = 1; back <= whole; back++) count += flow[back] > 0 ? 1 : 0;
        return count;
    }

    private static double Mean(ReadOnlySpan<Int128> flow, int whole)
    {
        Int128 sum = 0;
        for (var back = 1; back <= whole; back++) sum += flow[back];
        return (double)sum / whole;
    }

    private static double Deviation(ReadOnlySpan<Int128> flow, int whole, double mean)
    {
        var squares = 0.0;
        for (var back = 1; back <= whole; back++) squares += ((double)flow[back] - mean) * ((double)flow[back] - mean) / whole;
        return Math.Sqrt(squares);
    }
}
