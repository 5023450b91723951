using System.Globalization;

namespace CreditGrains.Silo.Nation;

/// <summary>A card with a limit: drawn through the month, reported on its last day, repaid on the fifth of the next.</summary>
internal sealed class CreditCard : ILifePart
{
    private const int RepayDay = 5, DueDay = 25, MonthsBetweenReviews = 12;
    private const long RoundSum = 100 * 100;

    private readonly RandomStream _random;
    private readonly PaymentHabit _habit;
    private readonly FurnisherId _bank;
    private readonly TradelineId _id;
    private readonly int _opensIn, _fewestDraws, _mostDraws;
    private readonly bool _paysInFull;
    private long _limit, _balance;
    private DateOnly? _missedSince;

    /// <summary>Makes a card.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="habit">How the citizen pays.</param>
    /// <param name="monthlyIncome">What the citizen lives on, in minor units; the limit is one to three times as much.</param>
    /// <param name="number">Which of the citizen's tradelines, from 1.</param>
    /// <param name="opensIn">The month of the nation in which it is opened.</param>
    public CreditCard(RandomStream random, PaymentHabit habit, long monthlyIncome, int number, int opensIn)
    {
        (_random, _habit, _opensIn) = (random, habit, opensIn);
        _bank = random.Pick(Furnishers.Banks);
        _id = new(string.Create(CultureInfo.InvariantCulture, $"card/{number}"));
        _limit = monthlyIncome * random.Between(10, 30) / 10 / RoundSum * RoundSum;
        _paysInFull = random.Chance(600);
        _fewestDraws = (int)random.Between(0, 1);
        _mostDraws = (int)random.Between(2, 4);
    }

    /// <summary>Gets whether a repayment was ever missed.</summary>
    public bool WasLate { get; private set; }

    /// <summary>Gets whether it was opened.</summary>
    public bool WasOpened { get; private set; }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (month.Index < _opensIn) return;
        if (month.Index == _opensIn) Open(month);
        else Repay(month);
        if (_missedSince is null) Draw(month);
        Report(month);
        if (month.Index > _opensIn && (month.Index - _opensIn) % MonthsBetweenReviews == 0) Review(month);
    }

    private void Open(MonthBook month)
    {
        WasOpened = true;
        month.Add(EntryKind.LoanOpened, _bank, month.First, 0, entry => entry with
        {
            Tradeline = _id,
            Detail = new LoanTerms { Portfolio = PortfolioType.Revolving, LimitMinorUnits = _limit },
        });
    }

    private void Repay(MonthBook month)
    {
        if (_balance == 0) return;
        if (_habit.Misses(_random, month.Index))
        {
            WasLate = true;
            _missedSince ??= month.Day(DueDay);
            return;
        }

        // Who has missed a month pays all; who revolves pays a part, at least a tenth.
        var payment = _paysInFull || _missedSince is not null ? _balance : Math.Max(1, _balance * _random.Between(10, 60) / 100);
        _missedSince = null;
        _balance -= payment;
        month.Add(EntryKind.LoanRepaid, _bank, month.Day(RepayDay), payment, entry => entry with { Tradeline = _id });
    }

    private void Draw(MonthBook month)
    {
        var draws = _random.Between(_fewestDraws, _mostDraws);
        for (var i = 0; i < draws; i++)
        {
            var amount = _random.Between(20, Math.Max(21, _limit / 2_000)) * 100;
            var day = month.Day(_random.Between(RepayDay + 1, 28));
            if (_balance + amount > _limit) continue;
            _balance += amount;
            month.Add(EntryKind.LoanDrawn, _bank, day, amount, entry => entry with { Tradeline = _id });
        }
    }

    private void Report(MonthBook month)
    {
        var daysPastDue = _missedSince is { } since ? month.Last.DayNumber - since.DayNumber : 0;
        month.Add(EntryKind.LoanStatementReported, _bank, month.Last, _balance, entry => entry with
        {
            Tradeline = _id,
            Detail = new LoanStatement
            {
                DaysPastDue = daysPastDue,
                PastDueMinorUnits = daysPastDue > 0 ? (_balance + 9) / 10 : 0,
                Status = daysPastDue > 0 ? AccountStatus.PastDue : _balance > 0 ? AccountStatus.Current : AccountStatus.NoDue,
            },
        });
    }

    private void Review(MonthBook month)
    {
        if (_missedSince is not null || !_random.Chance(250)) return;
        _limit += _limit / 5;
        month.Add(EntryKind.LimitChanged, _bank, month.Last, _limit, entry => entry with { Tradeline = _id });
    }
}
