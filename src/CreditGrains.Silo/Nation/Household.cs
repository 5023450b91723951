namespace CreditGrains.Silo.Nation;

/// <summary>What a household pays in a month, and now and then a payment that was booked wrongly and is put right.</summary>
internal sealed class Household : ILifePart
{
    private static readonly (string Category, int Weight, int LowestMajor, int HighestMajor)[] Habits =
    [
        ("groceries", 34, 20, 320), ("dining", 20, 15, 180), ("transport", 18, 2, 90), ("household", 8, 20, 600), ("leisure", 7, 20, 400),
        ("clothing", 5, 60, 900), ("health", 4, 15, 700), ("education", 2, 100, 2_500), ("gift", 2, 50, 800),
    ];

    private readonly RandomStream _random;
    // What 12 payments of these habits come to in a month, in minor units.
    private const long UsualMonth = 246_000;

    private readonly int _fewest, _most;
    private readonly long _percentOfUsual;

    /// <summary>Makes a household.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="monthlyIncome">What the citizen lives on, in minor units; 25 to 45 % of it goes here.</param>
    /// <param name="fewest">The fewest payments a month.</param>
    /// <param name="most">The most.</param>
    public Household(RandomStream random, long monthlyIncome, int fewest, int most)
    {
        (_random, _fewest, _most) = (random, fewest, most);
        _percentOfUsual = Math.Max(1, monthlyIncome * random.Between(25, 45) / UsualMonth);
    }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        var payments = _random.Between(_fewest, _most);
        for (var i = 0; i < payments; i++)
        {
            var payment = Pay(month);
            if (_random.Chance(1)) Reverse(month, payment);
            else if (_random.Chance(1)) Correct(month, payment);
        }
    }

    /// <summary>Makes one payment.</summary>
    /// <param name="month">Takes it.</param>
    public Entry Pay(MonthBook month)
    {
        var (category, lowest, highest) = Habit();
        var amount = _random.Between(lowest * 100L, highest * 100L) * _percentOfUsual / 100;
        return month.Add(EntryKind.PaymentMade, Furnishers.Platform, month.Day(_random.Between(1, 28)), amount, entry => entry with { Category = category });
    }

    private (string Category, int Lowest, int Highest) Habit()
    {
        var draw = _random.Between(1, 100);
        foreach (var (category, weight, lowest, highest) in Habits)
        {
            draw -= weight;
            if (draw <= 0) return (category, lowest, highest);
        }

        throw new System.Diagnostics.UnreachableException("The weights sum to 100.");
    }

    // Paid twice by mistake: the second one never stood.
    private static void Reverse(MonthBook month, Entry payment) =>
        month.Change(month.Add(EntryKind.EntryReversed, payment.Furnisher, LaterThan(payment, month)) with { Corrects = NameOf(payment) });

    // The terminal took too much; the shop booked what was due.
    private static void Correct(MonthBook month, Entry payment) =>
        month.Change(month.Add(EntryKind.EntryCorrected, payment.Furnisher, payment.OccurredOn) with
        {
            Corrects = NameOf(payment),
            Money = payment.Money is { } money ? money with { MinorUnits = Math.Max(1, money.MinorUnits * 9 / 10) } : null,
            Category = payment.Category,
            Detail = new Correction { As = payment.Kind },
        });

    private static EntryReference NameOf(Entry entry) => new(entry.Furnisher, entry.Reference);

    private static DateOnly LaterThan(Entry entry, MonthBook month) => entry.OccurredOn < month.Last ? entry.OccurredOn.AddDays(1) : month.Last;
}
