using System.Diagnostics;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Says why no scorecard was made, why a column was dropped, and how rows were held back.</summary>
internal static class FitWords
{
    /// <summary>Says why there is no scorecard, and what to do where something can be done.</summary>
    /// <param name="refusal">Why.</param>
    public static string Of(FitRefusal refusal) => refusal switch
    {
        FitRefusal.OptionOutOfRange => "An option is out of its range.",
        FitRefusal.TargetColumnMissing or FitRefusal.ColumnNotFound => "A column is not there.",
        FitRefusal.TargetHasMissing => "A row has no outcome.",
        FitRefusal.TargetNotBinary => "The target has more than two values.",
        FitRefusal.TargetHasOneClass => "The target has one value alone.",
        FitRefusal.IdUnusable => "An id cannot be used.",
        FitRefusal.TimeUnusable => "The times cannot be used.",
        FitRefusal.PartHasOneClass => "A part lacks goods or bads; more rows or another --split may help.",
        FitRefusal.NoColumnLeft => "No column is left; a lower --min-iv keeps more of them.",
        FitRefusal.OutcomeSeparated => "The columns separate goods from bads without fail: one of them may be known only after the outcome. If all are as they should be, a --ridge above 0 gives an answer.",
        FitRefusal.ColumnsDependent => "Columns say the same; a lower --max-correlation drops one of them.",
        FitRefusal.NotConverged => "The regression found no end; a --ridge above 0 helps.",
        _ => throw new UnreachableException("Every refusal has words."),
    };

    /// <summary>Gives the word of a reason for programs.</summary>
    /// <param name="reason">Why a column was dropped.</param>
    public static string CodeOf(DropReason reason) => reason switch
    {
        DropReason.InformationTooLow => "informationTooLow",
        DropReason.TooCorrelated => "tooCorrelated",
        DropReason.WrongSign => "wrongSign",
        DropReason.OneOutcomeInBins => "oneOutcomeInBins",
        _ => throw new UnreachableException("Every reason has a word."),
    };

    /// <summary>Says why a column was dropped.</summary>
    /// <param name="dropped">The column.</param>
    public static string Of(DroppedColumn dropped) => dropped.Reason switch
    {
        DropReason.InformationTooLow => "tells too little",
        DropReason.TooCorrelated => $"tells what {dropped.InFavourOf} tells better",
        DropReason.WrongSign => "works against its own bins beside the others",
        DropReason.OneOutcomeInBins => "some values come with one outcome alone: it may be known only afterwards",
        _ => throw new UnreachableException("Every reason has words."),
    };

    /// <summary>Says that a scorecard looks at what it may not.</summary>
    /// <param name="inputs">The inputs at fault.</param>
    public static string OfBanned(IEnumerable<string> inputs) => $"The scorecard looks at {string.Join(", ", inputs)}, for which no model in the ledger may ask.";

    /// <summary>Says how rows were held back.</summary>
    /// <param name="split">How.</param>
    public static string Of(Split split) => split switch
    {
        Split.ById { Column: null } => "by data row: splitmix64(row) % 10 < 7 trained",
        Split.ById byId => $"by {byId.Column}: splitmix64(id) % 10 < 7 trained",
        Split.ByTime time => $"by {time.Column}: before {time.Cut} trained",
        Split.Folds folds => $"{folds.Count} folds, {folds.Seeds} {(folds.Seeds == 1 ? "time" : "times")} over",
        _ => throw new UnreachableException("Every split has words."),
    };
}
