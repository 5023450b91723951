using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>About a tenth of the rows, by score.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bads">How many of them were bad.</param>
/// <param name="LowestScore">The lowest score in it.</param>
/// <param name="HighestScore">The highest.</param>
/// <param name="ExpectedBadRate">The mean of the probabilities given, 0 to 1.</param>
/// <param name="BadRate">The share that was bad, 0 to 1.</param>
/// <param name="Lift">Bad rate over that of all rows: 1 is what a draw by lot would give.</param>
/// <param name="BadsCaught">Share of all bads in this tenth and those before it, 0 to 1.</param>
public sealed record Decile(
    int Rows, int Bads, double LowestScore, double HighestScore, double ExpectedBadRate, double BadRate, double Lift, double BadsCaught);

/// <summary>What was expected and what came, by tenths of the score: calibration and lift in one table.</summary>
public static class Deciles
{
    /// <summary>Cuts rows into tenths, the lowest scores first.</summary>
    /// <remarks>Rows of one score stay together and go where the middle of them belongs, so tenths may differ in size and some may be lacking; the order of rows cannot matter.</remarks>
    /// <param name="scores">One for each row; higher is better.</param>
    /// <param name="probabilitiesOfBad">One for each row, 0 to 1.</param>
    /// <param name="bad">The outcome of each row: a good and a bad at least.</param>
    public static ImmutableArray<Decile> Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> probabilitiesOfBad, ReadOnlySpan<bool> bad)
    {
        var groups = Ranking.Groups(scores, bad);
        var expected = new double[groups.Scores.Length];
        for (var row = 0; row < scores.Length; row++) expected[groups.OfRow[row]] += probabilitiesOfBad[row];

        double total = scores.Length, overall = groups.TotalBads / total;
        var deciles = ImmutableArray.CreateBuilder<Decile>(10);
        long below = 0, badsBelow = 0;
        for (var first = 0; first < expected.Length;)
        {
            var tenth = TenthOf(groups, first, below, total);
            long rows = 0, bads = 0;
            var sum = 0.0;
            var next = first;
            for (; next < expected.Length && TenthOf(groups, next, below + rows, total) == tenth; next++)
            {
                rows += groups.Goods[next] + groups.Bads[next];
                bads += groups.Bads[next];
                sum += expected[next];
            }

            (below, badsBelow) = (below + rows, badsBelow + bads);
            var rate = (double)bads / rows;
            deciles.Add(new((int)rows, (int)bads, groups.Scores[first], groups.Scores[next - 1], sum / rows, rate, rate / overall, (double)badsBelow / groups.TotalBads));
            first = next;
        }

        return deciles.ToImmutable();
    }

    /// <summary>Gives the mean squared distance of probability and outcome (Brier, 1950): 0 is perfect, 0.25 is what saying 0.5 always gives.</summary>
    /// <param name="probabilitiesOfBad">One for each row, 0 to 1.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <returns>0 to 1; NaN without rows.</returns>
    public static double Brier(ReadOnlySpan<double> probabilitiesOfBad, ReadOnlySpan<bool> bad)
    {
        var sum = 0.0;
        for (var row = 0; row < bad.Length; row++)
        {
            var distance = probabilitiesOfBad[row] - (bad[row] ? 1 : 0);
            sum += distance * distance;
        }

        return sum / bad.Length;
    }

    private static int TenthOf(RankGroups groups, int group, long below, double total) =>
        (int)(10 * (below + ((groups.Goods[group] + groups.Bads[group]) / 2.0)) / total);
}
