using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>Positions, worked by hand.</summary>
public sealed class AverageCostTests
{
    private const long Unit = InvestmentHolding.StepsPerUnit;

    [Fact]
    public void A_sale_takes_its_share_of_the_average_cost()
    {
        // 10 units for 100.00 and 10 for 140.00: 12.00 each. Five sold leave fifteen at 180.00.
        var view = View(Bought(1, 10, 10_000), Bought(2, 10, 14_000), Sold(3, 5, 9_000));
        Assert.Equal((15 * (Int128)Unit, 18_000, 15_000), (view.Units, view.CostMinorUnits, view.NetInflowMinorUnits));

        // Bought dearer afterwards: the units sold before took the old average with them.
        view = View(Bought(1, 10, 10_000), Sold(2, 5, 9_000), Bought(3, 10, 20_000));
        Assert.Equal((15 * (Int128)Unit, 25_000), (view.Units, view.CostMinorUnits));
    }

    [Fact]
    public void A_days_purchases_come_before_its_sales()
    {
        var view = View(Sold(1, 5, 9_000), Bought(1, 10, 10_000));
        Assert.Equal((5 * (Int128)Unit, 5_000), (view.Units, view.CostMinorUnits));
    }

    [Fact]
    public void A_share_is_rounded_to_the_nearest_and_upwards_at_the_half()
    {
        Assert.Equal(67, View(Bought(1, 3, 100), Sold(2, 1, 0)).CostMinorUnits); // 100 - 33.3
        Assert.Equal(33, View(Bought(1, 3, 100), Sold(2, 2, 0)).CostMinorUnits); // 100 - 66.7
        Assert.Equal(0, View(Bought(1, 2, 1), Sold(2, 1, 0)).CostMinorUnits); // half of 1 is taken as 1
    }

    [Fact]
    public void What_is_sold_beyond_what_is_held_is_owed_to_later_purchases()
    {
        var view = View(Bought(1, 4, 4_000), Sold(2, 10, 9_000));
        Assert.Equal((-6 * (Int128)Unit, 0), (view.Units, view.CostMinorUnits));

        // Ten bought for 10.00: six make good what was lacking, four are held at 4.00.
        view = View(Bought(1, 4, 4_000), Sold(2, 10, 9_000), Bought(3, 10, 1_000));
        Assert.Equal((4 * (Int128)Unit, 400), (view.Units, view.CostMinorUnits));
    }

    [Fact]
    public void The_largest_amounts_do_not_overflow()
    {
        const long Most = EntryRules.MaxMinorUnits;
        var view = View(Bought(1, Most, Most), Bought(2, Most, Most), Sold(3, Most, Most), Sold(4, Most / 2, Most));
        Assert.Equal((Most / 2 * (Int128)Unit, Most / 2), (view.Units, view.CostMinorUnits));
    }

    [Fact]
    public void The_latest_valuation_speaks_and_of_one_days_the_greatest()
    {
        var view = View(Bought(1, 1, 100), Valued(5, 300), Valued(7, 100), Valued(7, 200), Valued(6, 900));
        Assert.Equal((200, new DateOnly(2025, 1, 7)), (view.ValueMinorUnits, view.ValuedOn));
        Assert.Null(View(Bought(1, 1, 100)).ValuedOn);
    }

    private static PositionView View(params Entry[] entries)
    {
        var state = PastFold.Fold(entries.Reverse().Select(entry => new StoredEntry(entry)));
        return Assert.Single(state.View(Samples.Citizen, new(2025, 1, 31), default).Positions);
    }

    private static Entry Bought(int day, long units, long cost) => Of(Samples.Bought, day, units, cost);

    private static Entry Sold(int day, long units, long proceeds) => Of(Samples.Sold, day, units, proceeds);

    private static Entry Valued(int day, long value) => Of(Samples.Valued, day, 0, value);

    private static Entry Of(Entry sample, int day, long units, long minorUnits) => sample with
    {
        Reference = $"{sample.Kind}-{day}-{minorUnits}",
        OccurredOn = new(2025, 1, day),
        Money = new Money(minorUnits, Currency.Of("EUR")),
        Detail = new InvestmentHolding { Position = new("fund-1"), Units = units * (Int128)Unit },
    };
}
