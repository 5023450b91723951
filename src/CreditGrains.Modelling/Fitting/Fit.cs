using System.Collections.Immutable;
using CreditGrains.Ledger;

namespace CreditGrains.Modelling;

/// <summary>Makes a scorecard from a table and judges it on rows that it has not seen.</summary>
/// <remarks>The same table and options give the same outcome, to the last bit on one machine: all chance comes from the seeds in the options.</remarks>
public static class Fit
{
    /// <summary>Fits and judges.</summary>
    /// <param name="table">Observations, with their outcome.</param>
    /// <param name="options">What to make.</param>
    /// <param name="progress">Is told of each step; null if nobody asks.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>, within about a column's binning or one bootstrap sample.</param>
    /// <returns>Faults of options and data come back as a refusal and are never thrown.</returns>
    public static FitOutcome Run(Table table, FitOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (FirstFault(table, options) is { } refused) return refused;
        var bad = Target.Read(table.Find(options.Target)!, options.BadValue, out var unreadable);
        if (unreadable is not null) return unreadable;

        var candidates = Candidates(table, options);
        var fitter = new CardFitter(table, bad, candidates, options);
        if (options.Split is Split.Folds folds) return new FoldedRun(table, bad, fitter, options, progress, cancellation).Over(folds);

        var split = RowsOf(table, options.Split, out var unsplit);
        if (split is null) return unsplit!;
        foreach (var (part, rows) in new[] { ("training part", split.Training), ("part held back", split.HeldBack) })
            if (OneClass(bad, rows)) return new FitOutcome.Refused(FitRefusal.PartHasOneClass, $"The {part} of {rows.Length} rows.");

        var (done, total) = (0, candidates.Length + 1);
        var card = fitter.Fit(split.Training, () => progress?.Report(new(++done, total)), out var refusal, cancellation);
        if (card is null) return refusal!;

        var scores = card.ScoreOf(table, split.HeldBack);
        var heldBack = Judge(card.Scale, scores, bad, split.HeldBack, options.Bootstrap, cancellation);
        progress?.Report(new(total, total));
        return new FitOutcome.Fitted(new(card, heldBack, null, [.. fitter.Dropped], [.. split.HeldBack], [.. scores]));
    }

    /// <summary>Judges scores of some rows, which are of both outcomes.</summary>
    internal static Evaluation Judge(
        PointsScale scale, double[] scores, bool[] bad, int[] rows, BootstrapOptions bootstrap, CancellationToken cancellation) =>
        Evaluation.Of(scores, [.. scores.Select(scale.ProbabilityOfBad)], [.. rows.Select(row => bad[row])], bootstrap, cancellation)!;

    /// <summary>Whether rows lack goods or bads.</summary>
    internal static bool OneClass(bool[] bad, int[] rows) => rows.All(row => bad[row]) || rows.All(row => !bad[row]);

    private static FitOutcome.Refused? FirstFault(Table table, FitOptions options)
    {
        if (options.Fault() is { } fault) return new(FitRefusal.OptionOutOfRange, $"{fault}.");
        if (table.Find(options.Target) is null) return new(FitRefusal.TargetColumnMissing, $"There is no column {options.Target}.");
        foreach (var name in (IEnumerable<string>)[.. SplitColumns(options.Split), .. options.Exclude, .. options.Columns.Keys.Order(StringComparer.Ordinal)])
            if (table.Find(name) is null) return new(FitRefusal.ColumnNotFound, $"There is no column {name}.");

        foreach (var (name, wishes) in options.Columns.OrderBy(column => column.Key, StringComparer.Ordinal))
            if (table.Find(name) is NumericColumn && wishes.Special.FirstOrDefault(cell => !Table.TryNumber(cell, out _)) is { } odd)
                return new(FitRefusal.OptionOutOfRange, $"{name} holds numbers, and its special value '{odd}' is none.");
        return null;
    }

    private static ImmutableArray<Column> Candidates(Table table, FitOptions options)
    {
        HashSet<string> barred = [options.Target, .. SplitColumns(options.Split), .. options.Exclude];
        return [.. table.Columns.Where(column => !barred.Contains(column.Name))];
    }

    private static string[] SplitColumns(Split split) => split switch
    {
        Split.ById { Column: { } ids } => [ids],
        Split.ByTime time => [time.Column],
        _ => [],
    };

    private static RowSplit? RowsOf(Table table, Split split, out FitOutcome.Refused? refusal)
    {
        string? fault;
        RowSplit? rows;
        FitRefusal reason;
        if (split is Split.ByTime time) (rows, reason) = (RowSplits.ByTime(table.Find(time.Column)!, time.Cut, out fault), FitRefusal.TimeUnusable);
        else (rows, reason) = (RowSplits.ById(((Split.ById)split).Column is { } ids ? table.Find(ids) : null, table.RowCount, out fault), FitRefusal.IdUnusable);
        refusal = fault is null ? null : new(reason, fault);
        return rows;
    }
}
