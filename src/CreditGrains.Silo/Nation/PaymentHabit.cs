namespace CreditGrains.Silo.Nation;

/// <summary>How reliably a citizen pays what is due.</summary>
internal enum Reliability
{
    /// <summary>Always on the day.</summary>
    OnTime,

    /// <summary>Misses a month now and then and makes it good, sometimes in parts.</summary>
    Slips,

    /// <summary>Pays until a certain month and then no more.</summary>
    Defaults,
}

/// <summary>A citizen's way with what is due, from which every loan and bill draws.</summary>
internal sealed class PaymentHabit
{
    private const int SlipOfThousand = 110, BillLateOfThousand = 160;

    private readonly Reliability _reliability;
    private readonly int _defaultsFrom;

    /// <summary>Makes a habit.</summary>
    /// <param name="reliability">How reliable.</param>
    /// <param name="defaultsFrom">The month of the nation from which nothing is repaid, for one who defaults.</param>
    public PaymentHabit(Reliability reliability, int defaultsFrom = int.MaxValue) => (_reliability, _defaultsFrom) = (reliability, defaultsFrom);

    /// <summary>Draws a citizen's habit: 88 of 100 pay on time, 9 slip, 3 default some day.</summary>
    /// <param name="random">The citizen's stream.</param>
    public static PaymentHabit Draw(RandomStream random) => random.Between(1, 100) switch
    {
        <= 88 => new(Reliability.OnTime),
        <= 97 => new(Reliability.Slips),
        _ => new(Reliability.Defaults, (int)random.Between(3, 20)),
    };

    /// <summary>Draws whether this month's instalment is missed.</summary>
    /// <param name="random">The citizen's stream.</param>
    /// <param name="month">The month of the nation.</param>
    public bool Misses(RandomStream random, int month) => _reliability switch
    {
        Reliability.Defaults => month >= _defaultsFrom,
        Reliability.Slips => random.Chance(SlipOfThousand),
        _ => false,
    };

    /// <summary>Draws how many days late a bill is met.</summary>
    /// <param name="random">The citizen's stream.</param>
    public int DaysLateWithBill(RandomStream random) =>
        _reliability != Reliability.OnTime && random.Chance(BillLateOfThousand) ? (int)random.Between(3, 40) : 0;
}
