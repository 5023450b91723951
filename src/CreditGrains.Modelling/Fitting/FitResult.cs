using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>A scorecard and what is known of it, or why there is none.</summary>
public abstract record FitOutcome
{
    private FitOutcome()
    {
    }

    /// <summary>There is one.</summary>
    /// <param name="Result">What was made.</param>
    public sealed record Fitted(FitResult Result) : FitOutcome;

    /// <summary>There is none.</summary>
    /// <param name="Refusal">Why.</param>
    /// <param name="Detail">In words: the column, option, row or fold at fault. Of a cell it says nothing but the value of a target.</param>
    public sealed record Refused(FitRefusal Refusal, string Detail) : FitOutcome;
}

/// <summary>Why a column is not in a scorecard.</summary>
public enum DropReason
{
    /// <summary>It tells too little.</summary>
    InformationTooLow = 1,

    /// <summary>It tells what another tells that tells more.</summary>
    TooCorrelated = 2,

    /// <summary>Beside the others it works against its own bins.</summary>
    WrongSign = 3,

    /// <summary>
    /// Some of its values come with one outcome alone, and so many that no cut leaves <see cref="BinningOptions.MinEachOutcome"/> of both in each
    /// bin. Such a column often is known only after the outcome.
    /// </summary>
    OneOutcomeInBins = 4,
}

/// <summary>A column that was looked at and not used.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="InformationValue">Of its bins.</param>
/// <param name="InFavourOf">The column kept in its place, if it was too correlated; else null.</param>
public sealed record DroppedColumn(string Column, DropReason Reason, double InformationValue, string? InFavourOf = null);

/// <summary>A figure over many fits.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">How far single fits lie from it. Folds share rows, so this is no standard error of the mean.</param>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
public sealed record Spread(double Mean, double StandardDeviation, double Lowest, double Highest)
{
    internal static Spread Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Count < 2 ? 0 : Math.Sqrt(squares / (values.Count - 1)), values.Min(), values.Max());
    }
}

/// <summary>The figures of the part held back, over all folds and seeds.</summary>
/// <param name="Fits">How many fits there were.</param>
/// <param name="Auc">See <see cref="Ranking.Auc"/>.</param>
/// <param name="Gini">2 · AUC − 1.</param>
/// <param name="Ks">See <see cref="Ranking.KolmogorovSmirnov"/>. On few rows it comes out too high.</param>
/// <param name="Brier">See <see cref="Deciles.Brier"/>.</param>
public sealed record FoldFigures(int Fits, Spread Auc, Spread Gini, Spread Ks, Spread Brier);

/// <summary>What a fit gives.</summary>
/// <param name="Scorecard">The scorecard: made on the training part, or on all rows if rows were held back by folds.</param>
/// <param name="HeldBack">
/// How it does on the part held back. With folds: every row scored once, under the first seed, by a scorecard that had not seen it, the folds'
/// scores put together.
/// </param>
/// <param name="Folds">With folds, the figures over all of them; else null. They, and not <paramref name="HeldBack"/>, are what to report.</param>
/// <param name="Dropped">Columns that were not used, in the order in which they went.</param>
/// <param name="HeldBackRows">The rows, from 0, that <paramref name="HeldBack"/> is about.</param>
/// <param name="HeldBackScores">The points of each of them.</param>
public sealed record FitResult(
    FittedScorecard Scorecard,
    Evaluation HeldBack,
    FoldFigures? Folds,
    ImmutableArray<DroppedColumn> Dropped,
    ImmutableArray<int> HeldBackRows,
    ImmutableArray<double> HeldBackScores);

/// <summary>How far a fit has come.</summary>
/// <param name="Done">How many of its steps are done: columns binned or dropped into place, folds judged.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct FitProgress(int Done, int Total);
