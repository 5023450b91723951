namespace CreditGrains.Silo.Nation;

/// <summary>The prices of the nation's funds at the end of each month: the same for every citizen.</summary>
internal sealed class Market
{
    /// <summary>How many steps of a price make a minor unit.</summary>
    public const int StepsPerMinorUnit = 10_000;

    // Streams with numbers that no citizen has.
    private const ulong FirstStream = 1UL << 40;

    private static readonly string[] FundNames = ["calm-bonds", "broad-shares", "young-firms"];

    private readonly long[][] _prices;

    /// <summary>Makes the prices of all months.</summary>
    /// <param name="seed">The nation's seed.</param>
    /// <param name="months">How many months.</param>
    public Market(ulong seed, int months)
    {
        _prices = new long[FundNames.Length][];
        for (var fund = 0; fund < FundNames.Length; fund++)
        {
            var random = new RandomStream(seed, FirstStream + (ulong)fund);
            var price = random.Between(80, 400) * StepsPerMinorUnit;
            var swing = 4 + (fund * 18); // per mille a month, either way
            _prices[fund] = new long[months];
            for (var month = 0; month < months; month++)
            {
                price = Math.Clamp(price + (price * random.Between(-swing, swing + 5) / 1_000), StepsPerMinorUnit, 100_000L * StepsPerMinorUnit);
                _prices[fund][month] = price;
            }
        }
    }

    /// <summary>Gets how many funds there are.</summary>
    public static int FundCount => FundNames.Length;

    /// <summary>Names a fund.</summary>
    /// <param name="fund">Which, from 0.</param>
    public static string NameOf(int fund) => FundNames[fund];

    /// <summary>Gives the price of one unit, in steps of a ten-thousandth of a minor unit.</summary>
    /// <param name="fund">Which fund, from 0.</param>
    /// <param name="month">The month of the nation, from 0.</param>
    public long PriceOf(int fund, int month) => _prices[fund][month];
}
