using System.Collections.Immutable;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Goods and bads in a band of scores.</summary>
/// <param name="From">The lowest score of the band.</param>
/// <param name="To">Where the next begins; of the last, its highest score.</param>
/// <param name="Goods">How many goods.</param>
/// <param name="Bads">How many bads.</param>
internal sealed record ScoreBand(double From, double To, long Goods, long Bads);

/// <summary>All that is told of how scores do on rows whose outcome is known.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="HasProbabilities">Whether the model says what points mean. If not, the figures about probabilities mean nothing.</param>
/// <param name="Curve">What each cut-off turns away.</param>
/// <param name="Bands">Who scored what.</param>
internal sealed record Judgement(Evaluation Figures, bool HasProbabilities, ImmutableArray<CurvePoint> Curve, ImmutableArray<ScoreBand> Bands)
{
    private const int BandCount = 20;

    /// <summary>Judges the scores of a model that was read from a file.</summary>
    /// <param name="scores">One for each row.</param>
    /// <param name="bad">The outcome of each: a good and a bad at least.</param>
    /// <param name="scale">What points mean; null if nobody said.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Judgement Of(double[] scores, bool[] bad, ScoreScale? scale, CancellationToken cancellation)
    {
        double[] probabilities = [.. scores.Select(score => scale?.ProbabilityOfBad(score) ?? 0)];
        return Of(Evaluation.Of(scores, probabilities, bad, new(), cancellation)!, scores, bad, scale is not null);
    }

    /// <summary>Adds to figures what the charts show.</summary>
    /// <param name="figures">The figures of these scores.</param>
    /// <param name="scores">One for each row.</param>
    /// <param name="bad">The outcome of each.</param>
    /// <param name="hasProbabilities">Whether the figures about probabilities mean something.</param>
    public static Judgement Of(Evaluation figures, double[] scores, bool[] bad, bool hasProbabilities) =>
        new(figures, hasProbabilities, Ranking.Curve(scores, bad), BandsOf(scores, bad));

    private static ImmutableArray<ScoreBand> BandsOf(double[] scores, bool[] bad)
    {
        var (low, high) = (scores.Min(), scores.Max());
        var width = (high - low) / BandCount;
        if (width <= 0) return [new(low, high, bad.LongCount(isBad => !isBad), bad.LongCount(isBad => isBad))];

        long[] goods = new long[BandCount], bads = new long[BandCount];
        for (var row = 0; row < scores.Length; row++)
            (bad[row] ? bads : goods)[Math.Min(BandCount - 1, (int)((scores[row] - low) / width))]++;
        return [.. goods.Select((count, band) => new ScoreBand(low + (band * width), low + ((band + 1) * width), count, bads[band]))];
    }
}
