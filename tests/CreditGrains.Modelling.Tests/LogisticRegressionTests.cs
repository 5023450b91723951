using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class LogisticRegressionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_groups_have_the_logarithms_of_their_odds()
    {
        // 10 bads and 30 goods where x is 0, 20 and 15 where it is 1. With as many parameters as groups the fit is exact.
        double[] x = [.. Enumerable.Repeat(0.0, 40), .. Enumerable.Repeat(1.0, 35)];
        bool[] bad = [.. Enumerable.Range(0, 40).Select(i => i < 10), .. Enumerable.Range(0, 35).Select(i => i < 20)];

        var fitted = Assert.IsType<RegressionOutcome.Fitted>(LogisticRegression.Fit([x], bad, cancellation: Token));

        Assert.Equal(Math.Log(10.0 / 30), fitted.Intercept, 8);
        Assert.Equal(Math.Log(20.0 / 15) - Math.Log(10.0 / 30), fitted.Coefficients[0], 8);
        Assert.Equal(Math.Sqrt((1.0 / 10) + (1.0 / 30)), fitted.StandardErrors[0], 6);
        Assert.Equal(Math.Sqrt((1.0 / 10) + (1.0 / 30) + (1.0 / 20) + (1.0 / 15)), fitted.StandardErrors[1], 6);
        Assert.Equal((10 * Math.Log(0.25)) + (30 * Math.Log(0.75)) + (20 * Math.Log(20.0 / 35)) + (15 * Math.Log(15.0 / 35)), fitted.LogLikelihood, 8);
    }

    [Fact]
    public void Without_columns_the_intercept_is_the_odds() =>
        Assert.Equal(Math.Log(1.0 / 3), Assert.IsType<RegressionOutcome.Fitted>(LogisticRegression.Fit([], [true, false, false, false], cancellation: Token)).Intercept, 9);

    [Fact]
    public void At_the_optimum_the_gradient_is_nothing() =>
        Gen.Select(Gen.Select(Gen.Double[-2, 2], Gen.Double[-1, 1], Gen.Double[0, 1]).Array[20, 200], Gen.Int[0, 2].Select(i => i * 0.5)).Sample((rows, ridge) =>
        {
            double[][] columns = [[.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)]];
            bool[] bad = [.. rows.Select(row => row.Item3 < 1 / (1 + Math.Exp(-(0.3 + row.Item1 - row.Item2))))];
            if (LogisticRegression.Fit(columns, bad, ridge, Token) is not RegressionOutcome.Fitted fitted) return;

            double[] logOdds = [.. rows.Select(row => fitted.Intercept + (fitted.Coefficients[0] * row.Item1) + (fitted.Coefficients[1] * row.Item2))];
            double[] residuals = [.. logOdds.Select((odds, i) => (bad[i] ? 1 : 0) - (1 / (1 + Math.Exp(-odds))))];
            Assert.Equal(0, residuals.Sum(), 7);
            for (var j = 0; j < 2; j++) Assert.Equal(0, residuals.Zip(columns[j]).Sum(pair => pair.First * pair.Second) - (ridge * fitted.Coefficients[j]), 7);
        });

    [Fact]
    public void Separated_outcomes_are_told_and_a_ridge_gives_an_answer()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        bool[] apart = [.. x.Select(value => value >= 50)];
        double[] inBadsAlone = [.. x.Select(value => value < 5 ? 1.0 : 0)];
        bool[] partly = [.. x.Select(value => value < 5 || value % 3 == 0)];

        Assert.Equal(new RegressionOutcome.Failed(RegressionFault.OutcomeSeparated), LogisticRegression.Fit([x], apart, cancellation: Token));
        Assert.Equal(new RegressionOutcome.Failed(RegressionFault.OutcomeSeparated), LogisticRegression.Fit([inBadsAlone], partly, cancellation: Token));
        Assert.IsType<RegressionOutcome.Fitted>(LogisticRegression.Fit([x], apart, 0.1, Token));
        Assert.IsType<RegressionOutcome.Fitted>(LogisticRegression.Fit([inBadsAlone], partly, 0.1, Token));
    }

    [Fact]
    public void What_has_no_one_answer_is_told()
    {
        double[] x = [1, 2, 3, 4, 5, 6], twice = [2, 4, 6, 8, 10, 12], constant = [1, 1, 1, 1, 1, 1];
        bool[] bad = [true, false, true, false, true, false];

        Assert.Equal(new RegressionOutcome.Failed(RegressionFault.ColumnsDependent), LogisticRegression.Fit([x, twice], bad, cancellation: Token));
        Assert.Equal(new RegressionOutcome.Failed(RegressionFault.ColumnsDependent), LogisticRegression.Fit([constant], bad, cancellation: Token));
        Assert.Equal(new RegressionOutcome.Failed(RegressionFault.OneOutcome), LogisticRegression.Fit([x], new bool[6], cancellation: Token));
    }
}
