namespace CreditGrains.Silo.Nation;

/// <summary>An income that loans, rents and habits are cut to.</summary>
internal interface IIncome
{
    /// <summary>Gets what comes in in a usual month, in minor units.</summary>
    long Monthly { get; }
}

/// <summary>What comes in every month: a salary or a pension, which rise once a year.</summary>
internal sealed class RegularIncome : ILifePart, IIncome
{
    private const int MonthsBetweenRaises = 12;

    private readonly RandomStream _random;
    private readonly FurnisherId _bank;
    private readonly string _category;
    private readonly int _payDay, _raisePerMille;
    private readonly bool _isReported;
    private long _amount;

    private RegularIncome(RandomStream random, string category, long amount, int raisePerMille, bool isReported)
    {
        (_random, _category, _amount, _raisePerMille, _isReported) = (random, category, amount, raisePerMille, isReported);
        _bank = random.Pick(Furnishers.Banks);
        _payDay = (int)random.Between(5, 15);
    }

    /// <inheritdoc/>
    public long Monthly => _amount;

    /// <summary>Makes a salary.</summary>
    /// <param name="random">The citizen's stream.</param>
    public static RegularIncome Salary(RandomStream random) =>
        new(random, "salary", random.Between(4_500, 28_000) * 100, (int)random.Between(0, 80), random.Chance(400));

    /// <summary>Makes a pension.</summary>
    /// <param name="random">The citizen's stream.</param>
    public static RegularIncome Pension(RandomStream random) =>
        new(random, "pension", random.Between(2_400, 7_000) * 100, (int)random.Between(10, 40), isReported: false);

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (month.Index > 0 && month.Index % MonthsBetweenRaises == 0) _amount += _amount * _raisePerMille / 1_000;
        month.Add(EntryKind.PaymentReceived, _bank, month.Day(_payDay), _amount, entry => entry with { Category = _category });

        // A thirteenth salary before the new year of the moon.
        if (_category == "salary" && month.First.Month == 1 && _random.Chance(600))
            month.Add(EntryKind.PaymentReceived, _bank, month.Day(_payDay + 5), _amount * _random.Between(5, 20) / 10, entry => entry with { Category = "bonus" });

        if (_isReported && month.First.Month == 3)
            month.Add(EntryKind.IncomeReported, Furnishers.TaxOffice, month.Last, _amount, entry => entry with { LawfulBasis = LawfulBasis.LegalDuty });
    }
}

/// <summary>What comes in now and then: jobs paid through the platform, in some months none.</summary>
internal sealed class IrregularIncome : ILifePart, IIncome
{
    private const int UsualJobs = 5;

    private readonly RandomStream _random;

    /// <summary>Makes an irregular income.</summary>
    /// <param name="random">The citizen's stream.</param>
    public IrregularIncome(RandomStream random) => (_random, Monthly) = (random, random.Between(2_800, 9_000) * 100);

    /// <inheritdoc/>
    public long Monthly { get; }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (_random.Chance(90)) return;
        var jobs = _random.Between(UsualJobs - 3, UsualJobs + 3);
        for (var job = 0; job < jobs; job++)
        {
            month.Add(
                EntryKind.PaymentReceived, Furnishers.Platform, month.Day(_random.Between(1, 28)), Monthly / UsualJobs * _random.Between(40, 170) / 100,
                entry => entry with { Category = "gig-income" });
        }
    }
}

/// <summary>Money that a relative sends from abroad.</summary>
internal sealed class Remittance : ILifePart
{
    private readonly RandomStream _random;
    private readonly Currency _currency;

    /// <summary>Makes remittances.</summary>
    /// <param name="random">The citizen's stream.</param>
    public Remittance(RandomStream random) => (_random, _currency) = (random, Currency.Of(random.Pick("USD", "EUR")));

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (!_random.Chance(700)) return;
        month.Change(month.Add(EntryKind.PaymentReceived, Furnishers.Platform, month.Day(_random.Between(1, 28))) with
        {
            Money = new(_random.Between(80, 900) * 100, _currency),
            Category = "remittance",
        });
    }
}
