using System.Collections.Immutable;
using System.Globalization;

namespace CreditGrains.Silo.Nation;

/// <summary>A loan repaid in equal instalments, from its opening to its end: paid off, or written off after seven missed months.</summary>
internal sealed class InstalmentLoan : ILifePart
{
    private const int MissedBeforeChargeOff = 7;
    private const long RoundSum = 100 * 100;

    private readonly RandomStream _random;
    private readonly PaymentHabit _habit;
    private readonly FurnisherId _lender;
    private readonly TradelineId _id;
    private readonly LoanTerms _terms;
    private readonly long _principal;
    private readonly int _opensIn, _dueDay;
    private DateOnly _openedOn;
    private long _repaid;
    private bool _isOver;

    /// <summary>Makes a loan.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="habit">How the citizen pays.</param>
    /// <param name="monthlyIncome">What the citizen lives on, in minor units; 5 to 20 % of it goes into the loan, 20 to 35 % into a mortgage.</param>
    /// <param name="number">Which of the citizen's tradelines, from 1.</param>
    /// <param name="opensIn">The month of the nation in which it is opened.</param>
    /// <param name="termMonths">How many instalments; 0 draws it.</param>
    public InstalmentLoan(RandomStream random, PaymentHabit habit, long monthlyIncome, int number, int opensIn, int termMonths = 0)
    {
        (_random, _habit, _opensIn) = (random, habit, opensIn);
        _dueDay = (int)random.Between(3, 28);
        _id = new(string.Create(CultureInfo.InvariantCulture, $"loan/{number}"));
        var isMortgage = termMonths == 0 && random.Chance(120);
        var isShared = !isMortgage && random.Chance(550);
        _lender = isShared ? Furnishers.Platform : random.Pick(Furnishers.Banks);
        if (termMonths == 0) termMonths = isMortgage ? random.Pick(240, 360) : random.Pick(6, 9, 12, 12, 18, 24, 36);

        // Simple interest of 3.6 to 15 % a year over the whole term. The principal is a round sum; the instalment, rounded up, follows.
        var interestPerMille = random.Between(isMortgage ? 36 : 60, isMortgage ? 45 : 150) * termMonths / 12;
        var affordable = monthlyIncome * random.Between(isMortgage ? 20 : 5, isMortgage ? 35 : 20) / 100 * termMonths;
        _principal = Math.Max(1, affordable * 1_000 / (1_000 + interestPerMille) / RoundSum) * RoundSum;
        var interest = _principal * interestPerMille / 1_000;
        _terms = new()
        {
            Portfolio = isMortgage ? PortfolioType.Mortgage : PortfolioType.Instalment,
            TermMonths = termMonths,
            InstalmentMinorUnits = (_principal + interest + termMonths - 1) / termMonths,
            CoLenders = isShared ? Shares(random) : [],
        };
    }

    /// <summary>Gets whether an instalment was ever missed.</summary>
    public bool WasLate { get; private set; }

    /// <summary>Gets whether it was opened.</summary>
    public bool WasOpened { get; private set; }

    /// <summary>Gets whether it was written off.</summary>
    public bool WasChargedOff { get; private set; }

    /// <summary>Gets whether others hold a share.</summary>
    public bool IsShared => !_terms.CoLenders.IsEmpty;

    private long Owed => (_terms.InstalmentMinorUnits * _terms.TermMonths) - _repaid;

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (_isOver || month.Index < _opensIn) return;
        if (month.Index == _opensIn) Open(month);
        else Repay(month);
        if (!_isOver) Report(month);
    }

    private void Open(MonthBook month)
    {
        WasOpened = true;
        _openedOn = month.Day(_dueDay);
        month.Add(EntryKind.LoanOpened, _lender, _openedOn, _principal, entry => entry with { Tradeline = _id, Detail = _terms });
    }

    private void Repay(MonthBook month)
    {
        var due = _terms.InstalmentMinorUnits * Math.Min(month.Index - _opensIn, _terms.TermMonths);
        if (due <= _repaid) return;
        if (_habit.Misses(_random, month.Index))
        {
            WasLate = true;
            return;
        }

        // Behind by more than one instalment, a third can pay only half of what is late.
        var payment = due - _repaid;
        if (payment > _terms.InstalmentMinorUnits && _random.Chance(330)) payment = (payment + 1) / 2;
        _repaid += payment;
        month.Add(EntryKind.LoanRepaid, _lender, month.Day(_dueDay - _random.Between(0, 2)), payment, entry => entry with { Tradeline = _id });
        if (Owed > 0) return;

        _isOver = true;
        month.Change(month.Add(EntryKind.LoanClosed, _lender, month.Day(_dueDay)) with { Tradeline = _id, Detail = new LoanClosure() });
    }

    private void Report(MonthBook month)
    {
        var settled = (int)(_repaid / _terms.InstalmentMinorUnits);
        var daysPastDue = Math.Max(0, month.Last.DayNumber - _openedOn.AddMonths(settled + 1).DayNumber);
        var pastDue = Math.Max(0, (_terms.InstalmentMinorUnits * Math.Min(month.Index - _opensIn, _terms.TermMonths)) - _repaid);
        var isLost = month.Index - _opensIn - settled >= MissedBeforeChargeOff;
        var status = isLost ? AccountStatus.ChargedOff : daysPastDue > 0 ? AccountStatus.PastDue : AccountStatus.Current;
        month.Add(EntryKind.LoanStatementReported, _lender, month.Last, Owed, entry => entry with
        {
            Tradeline = _id,
            Detail = new LoanStatement { PastDueMinorUnits = pastDue, DaysPastDue = daysPastDue, Status = status },
            RetentionClass = status == AccountStatus.Current ? RetentionClass.Standard : RetentionClass.Adverse,
        });
        if (isLost) WriteOff(month);
    }

    private void WriteOff(MonthBook month)
    {
        (_isOver, WasChargedOff) = (true, true);
        month.Add(EntryKind.LoanChargedOff, _lender, month.Last, Owed, entry => entry with { Tradeline = _id, RetentionClass = RetentionClass.Adverse });
        if (_random.Chance(400))
            month.Change(month.Add(EntryKind.TradelineTransferred, _lender, month.Last) with { Tradeline = _id, Detail = new TradelineTransfer { To = Furnishers.Collector } });
    }

    // The platform keeps 30 to 40 %, one or two banks hold the rest.
    private static ImmutableArray<CoLender> Shares(RandomStream random)
    {
        const int whole = 10_000;
        var own = (int)random.Between(30, 40) * 100;
        var first = (int)random.Between(0, Furnishers.Banks.Length - 1);
        if (random.Chance(500)) return [new(Furnishers.Platform, own), new(Furnishers.Banks[first], whole - own)];

        var half = (whole - own) / 2;
        var second = (first + 1) % Furnishers.Banks.Length;
        return [new(Furnishers.Platform, own), new(Furnishers.Banks[first], half), new(Furnishers.Banks[second], whole - own - half)];
    }
}
