namespace CreditGrains.Silo.Nation;

/// <summary>A bill that is no credit and comes every month: telephone, power, rent.</summary>
internal sealed class Bill : ILifePart
{
    private readonly RandomStream _random;
    private readonly FurnisherId _furnisher;
    private readonly ObligationType _type;
    private readonly PaymentHabit _habit;
    private readonly int _dueDay;
    private readonly long _lowest, _highest;

    private Bill(RandomStream random, FurnisherId furnisher, ObligationType type, PaymentHabit habit, long lowestMajor, long highestMajor)
    {
        (_random, _furnisher, _type, _habit) = (random, furnisher, type, habit);
        (_lowest, _highest) = (lowestMajor * 100, highestMajor * 100);
        _dueDay = (int)random.Between(1, 20);
    }

    /// <summary>Makes a telephone bill.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="habit">How the citizen pays.</param>
    public static Bill Telecom(RandomStream random, PaymentHabit habit)
    {
        var plan = random.Between(29, 199);
        return new(random, random.Pick(Furnishers.Telecoms), ObligationType.Telecom, habit, plan, plan + 15);
    }

    /// <summary>Makes a bill for power and water.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="habit">How the citizen pays.</param>
    public static Bill Utility(RandomStream random, PaymentHabit habit) =>
        new(random, Furnishers.Utility, ObligationType.Utility, habit, 80, random.Between(180, 620));

    /// <summary>Makes a rent.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="habit">How the citizen pays.</param>
    /// <param name="monthlyIncome">What the citizen lives on, in minor units; 15 to 30 % of it is rent.</param>
    public static Bill Rent(RandomStream random, PaymentHabit habit, long monthlyIncome)
    {
        var rent = monthlyIncome * random.Between(15, 30) / 10_000;
        return new(random, Furnishers.Landlord, ObligationType.Rent, habit, rent, rent);
    }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        var daysLate = _habit.DaysLateWithBill(_random);
        month.Add(EntryKind.NonCreditObligationReported, _furnisher, month.Day(_dueDay + daysLate), _random.Between(_lowest, _highest), entry => entry with
        {
            Detail = new NonCreditObligation { Type = _type, DaysLate = daysLate },
        });
    }
}
