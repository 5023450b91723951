using System.Globalization;

namespace CreditGrains.Silo.Nation;

/// <summary>How a citizen lives.</summary>
internal enum Persona
{
    /// <summary>Earns a salary.</summary>
    Salaried,

    /// <summary>Lives on jobs.</summary>
    Irregular,

    /// <summary>Draws a pension.</summary>
    Pensioner,

    /// <summary>Is hardly heard of.</summary>
    Thin,
}

/// <summary>One citizen's life, drawn from a stream of its own: the same whether the citizen is made alone or with the others.</summary>
internal sealed class CitizenLife
{
    private const long LittleIncome = 2_500 * 100;

    private readonly List<ILifePart> _parts = [];
    private readonly RandomStream _random;
    private readonly DateOnly _from;
    private readonly CitizenId _id;
    private int _next;

    /// <summary>Makes a life. Months are lived with <see cref="NextMonth"/>.</summary>
    /// <param name="plan">The nation.</param>
    /// <param name="market">Its funds.</param>
    /// <param name="number">Which citizen, from 1.</param>
    /// <param name="pseudonymizer">Names the citizen.</param>
    public CitizenLife(NationPlan plan, Market market, int number, SubjectPseudonymizer pseudonymizer)
    {
        Number = number;
        _from = plan.From;
        _random = new(plan.Seed, (ulong)number);
        _id = pseudonymizer.Pseudonym(NationPlan.Scheme, number.ToString(CultureInfo.InvariantCulture));
        Persona = _random.Between(1, 100) switch { <= 66 => Persona.Salaried, <= 80 => Persona.Irregular, <= 92 => Persona.Pensioner, _ => Persona.Thin };
        if (Persona == Persona.Thin) BeThin(plan);
        else BeOrdinary(plan, market, pseudonymizer);
    }

    /// <summary>Gets which citizen it is, from 1.</summary>
    public int Number { get; }

    /// <summary>Gets how the citizen lives.</summary>
    public Persona Persona { get; }

    /// <summary>Gets how many tradelines were opened so far.</summary>
    public int Tradelines => Parts<InstalmentLoan>().Count(loan => loan.WasOpened) + Parts<CreditCard>().Count(card => card.WasOpened);

    /// <summary>Gets whether a repayment was missed so far.</summary>
    public bool WasLate => Parts<InstalmentLoan>().Any(loan => loan.WasLate) || Parts<CreditCard>().Any(card => card.WasLate);

    /// <summary>Gets whether a loan was written off so far.</summary>
    public bool WasChargedOff => Parts<InstalmentLoan>().Any(loan => loan.WasChargedOff);

    /// <summary>Gets whether a loan is shared between lenders.</summary>
    public bool HasSharedLoan => Parts<InstalmentLoan>().Any(loan => loan is { WasOpened: true, IsShared: true });

    /// <summary>Gets whether a fund was bought so far.</summary>
    public bool HasInvested => Parts<FundHolding>().Any(fund => fund.WasBought);

    /// <summary>Gets whether the citizen moved so far.</summary>
    public bool HasMoved => Parts<CivilLife>().Any(life => life.HasMoved);

    /// <summary>Gets whether a second id was linked so far.</summary>
    public bool WasLinked => Parts<SecondId>().Any(id => id.WasLinked);

    /// <summary>Lives the next month.</summary>
    /// <returns>What happened, by day.</returns>
    public IEnumerable<Entry> NextMonth()
    {
        var month = new MonthBook(_id, _next, _from.AddMonths(_next));
        _next++;
        foreach (var part in _parts) part.Live(month);
        return month.InOrder();
    }

    private IEnumerable<T> Parts<T>() where T : ILifePart => _parts.OfType<T>();

    // A telephone and little else; half of them are heard of only in the last months.
    private void BeThin(NationPlan plan)
    {
        var startsIn = _random.Chance(500) ? Math.Max(0, plan.Months - (int)_random.Between(1, 5)) : 0;
        _parts.Add(new CivilLife(_random, plan.From.Year - 75, plan.From.Year - 18, startsIn, plan.Months));
        if (_random.Chance(600)) _parts.Add(new LateStart(startsIn, Bill.Telecom(_random, PaymentHabit.Draw(_random))));
        _parts.Add(new LateStart(startsIn, new Household(_random, LittleIncome, 0, (int)_random.Between(1, 2))));
    }

    private void BeOrdinary(NationPlan plan, Market market, SubjectPseudonymizer pseudonymizer)
    {
        var habit = PaymentHabit.Draw(_random);
        var (youngest, oldest) = Persona == Persona.Pensioner ? (58, 90) : (20, 60);
        _parts.Add(new CivilLife(_random, plan.From.Year - oldest, plan.From.Year - youngest, 0, plan.Months));
        ILifePart earning = Persona switch
        {
            Persona.Salaried => RegularIncome.Salary(_random),
            Persona.Pensioner => RegularIncome.Pension(_random),
            _ => new IrregularIncome(_random),
        };
        _parts.Add(earning);
        var income = ((IIncome)earning).Monthly;
        _parts.Add(Bill.Telecom(_random, habit));
        _parts.Add(Bill.Utility(_random, habit));
        if (_random.Chance(350)) _parts.Add(Bill.Rent(_random, habit, income));
        if (_random.Chance(40)) _parts.Add(new Remittance(_random));
        _parts.Add(new Household(_random, income, 9, 15));

        var tradelines = 0;
        if (_random.Chance(700)) _parts.Add(new CreditCard(_random, habit, income, ++tradelines, (int)_random.Between(0, 3)));
        if (_random.Chance(600)) _parts.Add(new InstalmentLoan(_random, habit, income, ++tradelines, (int)_random.Between(0, 8)));
        if (_random.Chance(200)) _parts.Add(new InstalmentLoan(_random, habit, income, ++tradelines, (int)_random.Between(4, 20)));
        if (Persona == Persona.Salaried && _random.Chance(300)) _parts.Add(new FundHolding(_random, market, income, (int)_random.Between(0, 10)));
        if (_random.Chance(8))
            _parts.Add(new SecondId(_random, pseudonymizer.Pseudonym(NationPlan.PassportScheme, Number.ToString(CultureInfo.InvariantCulture)), (int)_random.Between(0, plan.Months - 1)));
    }

    /// <summary>A part that begins later than the nation.</summary>
    private sealed class LateStart(int startsIn, ILifePart part) : ILifePart
    {
        public void Live(MonthBook month)
        {
            if (month.Index >= startsIn) part.Live(month);
        }
    }
}
