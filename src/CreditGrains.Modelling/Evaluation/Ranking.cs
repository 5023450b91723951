using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>A point of the curve that shows what a cut-off turns away.</summary>
/// <param name="Score">Rows of at most this score are turned away.</param>
/// <param name="ShareOfGoods">What share of all goods that is, 0 to 1.</param>
/// <param name="ShareOfBads">What share of all bads that is, 0 to 1.</param>
public readonly record struct CurvePoint(double Score, double ShareOfGoods, double ShareOfBads);

/// <summary>How well scores put goods above bads. A higher score is a better one, everywhere here.</summary>
/// <remarks>Each needs a good and a bad, and scores that are numbers: anything else is the caller's bug and an <see cref="ArgumentException"/>.</remarks>
public static class Ranking
{
    /// <summary>Gives the area under the ROC curve: the chance that a good outscores a bad, ties counting half.</summary>
    /// <param name="scores">One for each row.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <returns>Exact, by midranks (Mann-Whitney): 0.5 is chance, 1 perfect order.</returns>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> bad)
    {
        var groups = Groups(scores, bad);
        return RankGroups.Auc(groups.Goods, groups.Bads);
    }

    /// <summary>Gives the greatest distance between the shares of goods and of bads up to a score.</summary>
    /// <param name="scores">One for each row.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <returns>0 to 1, and the score at which it lies, the lowest of several.</returns>
    public static (double Distance, double AtScore) KolmogorovSmirnov(ReadOnlySpan<double> scores, ReadOnlySpan<bool> bad)
    {
        var groups = Groups(scores, bad);
        var (distance, group) = RankGroups.Ks(groups.Goods, groups.Bads);
        return (distance, groups.Scores[group]);
    }

    /// <summary>Gives the ROC curve, which is also what KS is read from.</summary>
    /// <param name="scores">One for each row.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <returns>A point for each different score, rising; the last has both shares at 1. The first, (0, 0), is left to the reader.</returns>
    public static ImmutableArray<CurvePoint> Curve(ReadOnlySpan<double> scores, ReadOnlySpan<bool> bad)
    {
        var groups = Groups(scores, bad);
        var curve = ImmutableArray.CreateBuilder<CurvePoint>(groups.Scores.Length);
        long goods = 0, bads = 0;
        for (var i = 0; i < groups.Scores.Length; i++)
        {
            goods += groups.Goods[i];
            bads += groups.Bads[i];
            curve.Add(new(groups.Scores[i], (double)goods / groups.TotalGoods, (double)bads / groups.TotalBads));
        }

        return curve.MoveToImmutable();
    }

    internal static RankGroups Groups(ReadOnlySpan<double> scores, ReadOnlySpan<bool> bad)
    {
        var groups = new RankGroups(scores, bad);
        return groups.HasBothOutcomes ? groups : throw new ArgumentException("There must be a good and a bad.", nameof(bad));
    }
}
