namespace CreditGrains.Ledger;

/// <summary>The instalments of a tradeline: when each is due, and how late the oldest unsettled one is.</summary>
/// <remarks>
/// Instalment k is due k months after the opening, on the opening's day of the month or the last where the month is shorter. What was
/// repaid settles the oldest first. An instalment of which at most one major unit or 0.1 % is lacking counts as settled; what is lacking
/// is not forgiven, and adds up until it is more than that.
/// </remarks>
internal readonly struct RepaymentSchedule
{
    private readonly DateOnly _openedOn;
    private readonly int _termMonths;
    private readonly long _instalment;
    private readonly long _tolerance;

    internal RepaymentSchedule(DateOnly openedOn, LoanTerms terms, Currency currency)
    {
        _openedOn = openedOn;
        _termMonths = terms.TermMonths;
        _instalment = terms.InstalmentMinorUnits;
        _tolerance = Math.Max(currency.MinorUnitsPerMajor, _instalment / 1_000);
    }

    /// <summary>Whether there is a schedule at all.</summary>
    internal bool Exists => _termMonths > 0 && _instalment > 0;

    /// <summary>What all instalments sum to, in minor units.</summary>
    internal Int128 Sum => (Int128)_instalment * _termMonths;

    /// <summary>Tells how many days past due the oldest unsettled instalment is; 0 where none is due.</summary>
    /// <param name="day">The day.</param>
    /// <param name="repaid">What was repaid up to that day, inclusive, in minor units.</param>
    internal int DaysPastDue(int day, Int128 repaid)
    {
        // An instalment no greater than the tolerance lacks no more than that even when nothing was paid.
        if (_instalment <= _tolerance) return 0;
        var settled = repaid <= long.MaxValue / 2 ? ((long)repaid + _tolerance) / _instalment : (repaid + _tolerance) / _instalment;
        if (settled >= _termMonths) return 0;
        var oldest = (int)settled + 1;

        // Without a due date within the calendar there is none to be late for.
        var monthsLeft = ((DateOnly.MaxValue.Year - _openedOn.Year) * 12) + DateOnly.MaxValue.Month - _openedOn.Month;
        return oldest > monthsLeft ? 0 : Math.Max(0, day - _openedOn.AddMonths(oldest).DayNumber);
    }
}
