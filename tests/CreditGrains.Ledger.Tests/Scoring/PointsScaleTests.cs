using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class PointsScaleTests
{
    // Known answers of two well-known scorecard libraries: the first names its odds as bads to goods, 1/19.
    [Theory]
    [InlineData(600, 19, 50, 72.134752, 387.603624)]
    [InlineData(600, 50, 20, 28.853901, 487.122876)]
    public void Factor_and_offset_are_the_known_ones(double points, double odds, double toDouble, double factor, double offset)
    {
        var scale = new PointsScale(points, odds, toDouble);

        Assert.Equal(factor, scale.Factor, 6);
        Assert.Equal(offset, scale.Offset, 6);
        Assert.Equal(points, scale.PointsOf(1 / (1 + odds)), 9);
        Assert.Equal(points + toDouble, scale.PointsOf(1 / (1 + (2 * odds))), 9);
    }

    [Fact]
    public void Nineteen_to_one_is_one_bad_in_twenty() => Assert.Equal(600, new PointsScale(600, 19, 50).PointsOf(0.05), 9);

    [Fact]
    public void Points_of_bins_add_up_to_the_points_of_the_probability_and_back() =>
        Gen.Select(Gen.Select(Gen.Double[-2, 2], Gen.Double[-2, 0.5]).Array[1, 10], Gen.Double[-4, 2]).Sample((bins, intercept) =>
        {
            var scale = new PointsScale(600, 50, 20);
            var logOdds = intercept + bins.Sum(bin => bin.Item1 * bin.Item2);
            var probability = 1 / (1 + Math.Exp(-logOdds));

            var points = bins.Sum(bin => scale.PointsOfBin(bin.Item1, bin.Item2, intercept, bins.Length));

            Assert.Equal(scale.PointsOf(probability), points, 6);
            Assert.Equal(probability, scale.ProbabilityOfBad(points), 9);
        });
}
