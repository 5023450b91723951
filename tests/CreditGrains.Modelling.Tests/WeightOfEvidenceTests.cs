using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class WeightOfEvidenceTests
{
    [Fact]
    public void Without_smoothing_it_is_the_logarithm_of_the_shares()
    {
        // By hand: 30 of 90 goods and 5 of 10 bads, so ln((1/3)/(1/2)) = ln(2/3).
        Assert.Equal(Math.Log(2.0 / 3), WeightOfEvidence.Of(30, 5, 90, 10, 0), 12);

        // And the information value of (30, 5) and (60, 5): (1/3 − 1/2) ln(2/3) + (2/3 − 1/2) ln(4/3) = ln(2)/6.
        Assert.Equal(Math.Log(2) / 6, WeightOfEvidence.InformationValue([30, 60], [5, 5], 0), 12);
    }

    [Fact]
    public void An_empty_bin_is_neutral_and_a_small_one_is_drawn_to_it()
    {
        Assert.Equal(0, WeightOfEvidence.Of(0, 0, 90, 10, 1));
        Assert.Equal(0, WeightOfEvidence.Of(0, 0, 90, 10, 0));
        Assert.InRange(WeightOfEvidence.Of(0, 1, 90, 10, 5), WeightOfEvidence.Of(0, 1, 90, 10, 1), 0);

        // By hand: one bad and one row of 9:1 make 0.9 goods and 1.1 bads; ln(0.9/1.1) − ln 9.
        Assert.Equal(Math.Log(0.9 / 1.1) - Math.Log(9), WeightOfEvidence.Of(0, 1, 90, 10, 1), 12);
    }

    [Fact]
    public void It_is_finite_whatever_is_in_a_bin() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[1, 50], Gen.Int[1, 50], Gen.Double[0, 10]).Sample((goods, bads, moreGoods, moreBads, smoothing) =>
            double.IsFinite(WeightOfEvidence.Of(goods, bads, goods + moreGoods, bads + moreBads, smoothing))
            && double.IsFinite(WeightOfEvidence.Of(goods, bads, goods + moreGoods, bads + moreBads, 0)));
}
