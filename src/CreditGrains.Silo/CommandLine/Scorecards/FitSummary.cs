using System.Collections.Immutable;
using System.Globalization;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>A figure and how sure it is.</summary>
/// <param name="Value">The figure; with folds the mean over them.</param>
/// <param name="Interval">Its interval on the rows held back; null with folds.</param>
/// <param name="Spread">How it lies over folds; null without.</param>
internal sealed record Figure(double Value, ConfidenceInterval? Interval, Spread? Spread);

/// <summary>A scorecard that was made, and all that is told of it.</summary>
/// <param name="Document">The scorecard.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Bads">How many of them were bad.</param>
/// <param name="Split">How rows were held back.</param>
/// <param name="HeldBack">How it does on them; with folds, on all rows, each scored by a scorecard that had not seen it.</param>
/// <param name="Folds">The figures over folds; null without.</param>
/// <param name="Characteristics">Its characteristics, on the rows that it was made of.</param>
/// <param name="Dropped">What was looked at and not used.</param>
/// <param name="Excluded">What might not be used.</param>
internal sealed record FitSummary(
    ScorecardDocument Document,
    int Rows,
    int Bads,
    Split Split,
    Judgement HeldBack,
    FoldFigures? Folds,
    ImmutableArray<CharacteristicView> Characteristics,
    ImmutableArray<DroppedColumn> Dropped,
    ImmutableArray<string> Excluded)
{
    /// <summary>Gets the inputs that no model in the ledger may ask for, by <see cref="BannedInputs"/>.</summary>
    public ImmutableArray<string> Banned { get; } = [.. Document.Characteristics.Select(one => one.Name).Where(name => BannedInputs.FirstIn(name) is not null)];

    /// <summary>Gets the area under the ROC curve.</summary>
    public Figure Auc => new(Folds?.Auc.Mean ?? HeldBack.Figures.Auc, Folds is null ? HeldBack.Figures.AucInterval : null, Folds?.Auc);

    /// <summary>Gets the Gini coefficient.</summary>
    public Figure Gini => new(Folds?.Gini.Mean ?? HeldBack.Figures.Gini, Folds is null ? HeldBack.Figures.GiniInterval : null, Folds?.Gini);

    /// <summary>Gets the distance of Kolmogorov and Smirnov.</summary>
    public Figure Ks => new(Folds?.Ks.Mean ?? HeldBack.Figures.Ks, Folds is null ? HeldBack.Figures.KsInterval : null, Folds?.Ks);

    /// <summary>Gets the Brier score.</summary>
    public Figure Brier => new(Folds?.Brier.Mean ?? HeldBack.Figures.Brier, null, Folds?.Brier);

    /// <summary>Puts together what came of a fit.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="options">How it was made.</param>
    /// <param name="input">Of which table.</param>
    /// <param name="bad">The outcomes.</param>
    /// <param name="result">What came of it.</param>
    /// <exception cref="UsageException">The model's name is none, or a column's name or text cannot be written.</exception>
    public static FitSummary Of(FitRequest request, FitOptions options, InputTable input, bool[] bad, FitResult result)
    {
        var name = request.Model ?? NameOf(request.Out);
        var notes = string.Create(
            CultureInfo.InvariantCulture,
            $"Made of {Path.GetFileName(request.Input)}, {input.Table.RowCount} rows, held back {FitWords.Of(options.Split)}. A starting point: look at each characteristic before it decides anything.");
        var document = result.Scorecard.ToDocument(name, request.Scale.Low, request.Scale.High, $"Scorecard of {request.Target}", notes);
        if (ScorecardDocumentRules.FirstFault(document) is { } fault) throw new UsageException($"{request.Input}: the scorecard cannot be written: {fault}");

        bool[] outcomes = [.. result.HeldBackRows.Select(row => bad[row])];
        return new(
            document,
            input.Table.RowCount,
            bad.Count(isBad => isBad),
            options.Split,
            Judgement.Of(result.HeldBack, [.. result.HeldBackScores], outcomes, hasProbabilities: true),
            result.Folds,
            CharacteristicView.OfFitted(document),
            result.Dropped,
            options.Exclude);
    }

    /// <summary>Makes a model's name of its file's: what a name may not hold becomes a hyphen.</summary>
    private static string NameOf(string path)
    {
        var words = Path.GetFileNameWithoutExtension(path).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var name = string.Concat(words).Trim('-');
        return name.Length == 0 ? "scorecard" : name[..Math.Min(name.Length, 32)];
    }
}
