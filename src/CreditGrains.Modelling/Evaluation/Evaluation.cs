using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>How well scores rank and how true their probabilities are, on rows whose outcome is known.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bads">How many of them were bad.</param>
/// <param name="Auc">See <see cref="Ranking.Auc"/>.</param>
/// <param name="AucInterval">Its interval; null if none was asked for.</param>
/// <param name="Gini">2 · AUC − 1.</param>
/// <param name="Ks">See <see cref="Ranking.KolmogorovSmirnov"/>.</param>
/// <param name="KsAtScore">The score at which it lies.</param>
/// <param name="KsInterval">Its interval. KS is a maximum, so the interval lies somewhat too high, the more so the fewer the rows.</param>
/// <param name="Brier">See <see cref="Deciles.Brier"/>.</param>
/// <param name="Deciles">Calibration and lift, the lowest scores first.</param>
public sealed record Evaluation(
    int Rows,
    int Bads,
    double Auc,
    ConfidenceInterval? AucInterval,
    double Gini,
    double Ks,
    double KsAtScore,
    ConfidenceInterval? KsInterval,
    double Brier,
    ImmutableArray<Decile> Deciles)
{
    /// <summary>Gets the interval of the Gini coefficient, that of the AUC stretched.</summary>
    public ConfidenceInterval? GiniInterval => AucInterval is { } auc ? new((2 * auc.Low) - 1, (2 * auc.High) - 1, auc.Level) : null;

    /// <summary>Judges scores.</summary>
    /// <param name="scores">One for each row; higher is better; none is NaN.</param>
    /// <param name="probabilitiesOfBad">One for each row, 0 to 1.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <param name="bootstrap">How intervals are found.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Null if all rows have the same outcome: nothing can be ranked.</returns>
    /// <exception cref="ArgumentException">The three differ in length, or a score is NaN.</exception>
    public static Evaluation? Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> probabilitiesOfBad,
        ReadOnlySpan<bool> bad,
        BootstrapOptions bootstrap,
        CancellationToken cancellation = default)
    {
        if (probabilitiesOfBad.Length != bad.Length) throw new ArgumentException("There is not one outcome for each probability.", nameof(bad));
        if (bootstrap.Fault() is { } fault) throw new ArgumentException(fault, nameof(bootstrap));
        var groups = new RankGroups(scores, bad);
        if (!groups.HasBothOutcomes) return null;

        var auc = RankGroups.Auc(groups.Goods, groups.Bads);
        var ks = RankGroups.Ks(groups.Goods, groups.Bads);
        var intervals = Bootstrap.OfRanking(groups, bad, bootstrap, cancellation);
        return new(
            bad.Length,
            (int)groups.TotalBads,
            auc,
            intervals?.Auc,
            (2 * auc) - 1,
            ks.Distance,
            groups.Scores[ks.Group],
            intervals?.Ks,
            Modelling.Deciles.Brier(probabilitiesOfBad, bad),
            Modelling.Deciles.Of(scores, probabilitiesOfBad, bad));
    }
}
