namespace CreditGrains.Silo.Nation;

/// <summary>A fund that is bought in most months, valued in each, pays an income each quarter and is sold now and then.</summary>
internal sealed class FundHolding : ILifePart
{
    private readonly RandomStream _random;
    private readonly Market _market;
    private readonly int _fund, _startsIn;
    private readonly long _monthly;
    private readonly PositionId _id;
    private Int128 _units; // in steps of 10^-8

    /// <summary>Makes a holding.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="market">The prices.</param>
    /// <param name="monthlyIncome">What the citizen lives on, in minor units; 3 to 12 % of it is put in.</param>
    /// <param name="startsIn">The month of the nation in which it is first bought.</param>
    public FundHolding(RandomStream random, Market market, long monthlyIncome, int startsIn)
    {
        (_random, _market, _startsIn) = (random, market, startsIn);
        _fund = (int)random.Between(0, Market.FundCount - 1);
        _monthly = monthlyIncome * random.Between(3, 12) / 100;
        _id = new("fund/" + Market.NameOf(_fund));
    }

    /// <summary>Gets whether anything was ever bought.</summary>
    public bool WasBought { get; private set; }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (month.Index < _startsIn) return;
        if (month.Index == _startsIn || _random.Chance(800)) Buy(month);
        if (_units > 0 && month.First.Month % 3 == 0) PayIncome(month);
        if (_units > 0 && _random.Chance(40)) Sell(month);
        if (_units > 0) Add(month, EntryKind.InvestmentValued, month.Last, ValueOf(_units, month.Index), 0);
    }

    private void Buy(MonthBook month)
    {
        WasBought = true;
        var units = (Int128)_monthly * Market.StepsPerMinorUnit * InvestmentHolding.StepsPerUnit / _market.PriceOf(_fund, month.Index);
        _units += units;
        Add(month, EntryKind.InvestmentBought, month.Day(10), _monthly, units);
    }

    private void PayIncome(MonthBook month) =>
        Add(month, EntryKind.IncomeOnInvestment, month.Day(15), Math.Max(1, ValueOf(_units, month.Index) * _random.Between(2, 9) / 1_000), 0);

    private void Sell(MonthBook month)
    {
        var units = _random.Chance(300) ? _units : _units * _random.Between(20, 70) / 100;
        var proceeds = ValueOf(units, month.Index);
        if (units == 0 || proceeds == 0) return;
        _units -= units;
        Add(month, EntryKind.InvestmentSold, month.Day(20), proceeds, units);
    }

    private long ValueOf(Int128 units, int month) =>
        (long)(units * _market.PriceOf(_fund, month) / ((Int128)Market.StepsPerMinorUnit * InvestmentHolding.StepsPerUnit));

    private void Add(MonthBook month, EntryKind kind, DateOnly day, long minorUnits, Int128 units) =>
        month.Add(kind, Furnishers.Broker, day, minorUnits, entry => entry with { Detail = new InvestmentHolding { Position = _id, Units = units } });
}
