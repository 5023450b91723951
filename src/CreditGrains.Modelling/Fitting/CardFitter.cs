using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>Makes a scorecard from training rows: bins, selection, regression, points.</summary>
internal sealed class CardFitter(Table table, bool[] bad, ImmutableArray<Column> candidates, FitOptions options)
{
    private static readonly ColumnOptions NothingKnown = new();

    /// <summary>Gets the columns that went in the last fit, in their order.</summary>
    internal List<DroppedColumn> Dropped { get; private set; } = [];

    /// <summary>Fits.</summary>
    /// <param name="rows">The training rows: goods and bads among them.</param>
    /// <param name="binned">Is told of each column that is cut.</param>
    /// <param name="refusal">Why there is no scorecard; null if there is.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    internal FittedScorecard? Fit(int[] rows, Action? binned, out FitOutcome.Refused? refusal, CancellationToken cancellation)
    {
        Dropped = [];
        List<BinnedColumn> all = [];
        foreach (var column in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            all.Add(ColumnBinning.Fit(column, bad, rows, options.Binning, options.Columns.GetValueOrDefault(column.Name, NothingKnown)));
            binned?.Invoke();
        }

        var telling = Selection.ByInformation(all, options.MinInformationValue, Dropped);
        double[][] woe = [.. telling.Select(column => WoeOf(column, rows))];
        var kept = Selection.ByCorrelation(telling, woe, options.MaxCorrelation, Dropped);
        bool[] outcomes = [.. rows.Select(row => bad[row])];

        while (kept.Count > 0)
        {
            var regression = LogisticRegression.Fit([.. kept.Select(i => woe[i])], outcomes, options.Ridge, cancellation);
            if (regression is RegressionOutcome.Failed failed)
            {
                refusal = new(RefusalOf(failed.Fault), $"The columns are {string.Join(", ", kept.Select(i => telling[i].Column.Name))}.");
                return null;
            }

            // Weight of evidence speaks for good and the regression is about bad: what works as it should has a coefficient below 0.
            var fitted = (RegressionOutcome.Fitted)regression;
            var worst = Enumerable.Range(0, kept.Count).MaxBy(place => fitted.Coefficients[place]);
            if (!options.DropWrongSigns || fitted.Coefficients[worst] < 0)
            {
                refusal = null;
                return CardOf([.. kept.Select(i => telling[i])], fitted, rows, outcomes);
            }

            var against = telling[kept[worst]];
            Dropped.Add(new(against.Column.Name, DropReason.WrongSign, against.InformationValue));
            kept.RemoveAt(worst);
        }

        refusal = new(FitRefusal.NoColumnLeft, $"None of {candidates.Length} columns tells enough.");
        return null;
    }

    private static FitRefusal RefusalOf(RegressionFault fault) => fault switch
    {
        RegressionFault.OutcomeSeparated => FitRefusal.OutcomeSeparated,
        RegressionFault.ColumnsDependent => FitRefusal.ColumnsDependent,
        RegressionFault.NotConverged => FitRefusal.NotConverged,
        _ => throw new System.Diagnostics.UnreachableException("Training rows of one outcome were to be refused before."),
    };

    private static double[] WoeOf(BinnedColumn column, int[] rows)
    {
        var bins = new ushort[rows.Length];
        column.Binner.Apply(column.Column, rows, bins);
        var woe = new double[rows.Length];
        for (var i = 0; i < woe.Length; i++) woe[i] = column.Woe[bins[i]];
        return woe;
    }

    private FittedScorecard CardOf(BinnedColumn[] columns, RegressionOutcome.Fitted fitted, int[] rows, bool[] outcomes)
    {
        var characteristics = columns.Select((column, place) => new FittedCharacteristic(
            column.Column.Name,
            column.Column is TextColumn,
            fitted.Coefficients[place],
            fitted.StandardErrors[place + 1],
            column.InformationValue,
            [.. column.Ranges.Select((range, bin) => new FittedBin(
                range,
                column.Goods[bin],
                column.Bads[bin],
                column.Woe[bin],
                Points(options.Scale.PointsOfBin(column.Woe[bin], fitted.Coefficients[place], fitted.Intercept, columns.Length))))]));

        var card = new FittedScorecard(fitted.Intercept, [.. characteristics], options.Scale, options.RoundPoints, new(0, 0, 0, 0, 0, 0));
        var groups = Ranking.Groups(card.ScoreOf(table, rows), outcomes);
        var auc = RankGroups.Auc(groups.Goods, groups.Bads);
        var ks = RankGroups.Ks(groups.Goods, groups.Bads).Distance;
        return card with { Training = new(rows.Length, (int)groups.TotalBads, auc, (2 * auc) - 1, ks, fitted.LogLikelihood) };
    }

    private double Points(double exact) => options.RoundPoints ? Math.Round(exact, MidpointRounding.AwayFromZero) : exact;
}
