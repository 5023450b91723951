namespace CreditGrains.Modelling;

/// <summary>A fit for each fold of each seed, and one more on all rows, which is handed out.</summary>
internal sealed class FoldedRun(
    Table table, bool[] bad, CardFitter fitter, FitOptions options, IProgress<FitProgress>? progress, CancellationToken cancellation)
{
    // Intervals of single folds would tell nothing that their spread does not.
    private static readonly BootstrapOptions NoIntervals = new() { Samples = 0 };

    private readonly List<double> _aucs = [];
    private readonly List<double> _distances = [];
    private readonly List<double> _briers = [];

    internal FitOutcome Over(Split.Folds folds)
    {
        // Outcomes are dealt out evenly, so with as many of each as folds no fold lacks one.
        var bads = bad.Count(isBad => isBad);
        if (Math.Min(bads, bad.Length - bads) < folds.Count)
            return new FitOutcome.Refused(FitRefusal.PartHasOneClass, $"There are {folds.Count} folds for {bads} bads and {bad.Length - bads} goods.");

        var ofFirstSeed = new double[bad.Length];
        var total = (folds.Count * folds.Seeds) + 1;
        for (var seed = 0; seed < folds.Seeds; seed++)
        {
            var fold = RowSplits.Folds(bad, folds.Count, (ulong)folds.FirstSeed + (ulong)seed);
            for (var heldBack = 0; heldBack < folds.Count; heldBack++)
            {
                var split = RowSplits.HoldingBack(fold, heldBack);
                var scores = JudgeFold(split, out var refusal);
                if (scores is null) return refusal! with { Detail = $"Fold {heldBack + 1} of seed {folds.FirstSeed + seed}: {refusal!.Detail}" };
                if (seed == 0)
                    for (var i = 0; i < scores.Length; i++) ofFirstSeed[split.HeldBack[i]] = scores[i];
                progress?.Report(new(_aucs.Count, total));
            }
        }

        int[] all = [.. Enumerable.Range(0, bad.Length)];
        var card = fitter.Fit(all, null, out var refused, cancellation);
        if (card is null) return refused!;

        var together = Fit.Judge(card.Scale, ofFirstSeed, bad, all, options.Bootstrap, cancellation);
        progress?.Report(new(total, total));
        var figures = new FoldFigures(
            _aucs.Count, Spread.Of(_aucs), Spread.Of([.. _aucs.Select(auc => (2 * auc) - 1)]), Spread.Of(_distances), Spread.Of(_briers));
        return new FitOutcome.Fitted(new(card, together, figures, [.. fitter.Dropped], [.. all], [.. ofFirstSeed]));
    }

    private double[]? JudgeFold(RowSplit split, out FitOutcome.Refused? refusal)
    {
        var card = fitter.Fit(split.Training, null, out refusal, cancellation);
        if (card is null) return null;

        var scores = card.ScoreOf(table, split.HeldBack);
        var judged = Fit.Judge(card.Scale, scores, bad, split.HeldBack, NoIntervals, cancellation);
        _aucs.Add(judged.Auc);
        _distances.Add(judged.Ks);
        _briers.Add(judged.Brier);
        return scores;
    }
}
