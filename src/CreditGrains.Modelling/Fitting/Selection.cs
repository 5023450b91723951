namespace CreditGrains.Modelling;

/// <summary>Chooses columns by what they tell, and by what they repeat.</summary>
internal static class Selection
{
    /// <summary>Keeps what tells enough, in falling order of information value.</summary>
    internal static List<BinnedColumn> ByInformation(IEnumerable<BinnedColumn> columns, double least, List<DroppedColumn> dropped)
    {
        List<BinnedColumn> kept = [];
        foreach (var column in columns.OrderByDescending(column => column.InformationValue).ThenBy(column => column.Column.Name, StringComparer.Ordinal))
        {
            if (column.TellsApart && column.InformationValue >= least) kept.Add(column);
            else dropped.Add(new(column.Column.Name, column.KnowsOutcome ? DropReason.OneOutcomeInBins : DropReason.InformationTooLow, column.InformationValue));
        }

        return kept;
    }

    /// <summary>Keeps what no column of more information value repeats.</summary>
    /// <param name="columns">In falling order of information value.</param>
    /// <param name="woe">Their weights of evidence, row by row.</param>
    /// <param name="most">The greatest correlation, either way.</param>
    /// <param name="dropped">Is told what goes.</param>
    /// <returns>The places of those kept.</returns>
    internal static List<int> ByCorrelation(List<BinnedColumn> columns, double[][] woe, double most, List<DroppedColumn> dropped)
    {
        List<int> kept = [];
        for (var i = 0; i < columns.Count; i++)
        {
            var like = kept.FindIndex(other => Math.Abs(Correlation(woe[i], woe[other])) > most);
            if (like < 0) kept.Add(i);
            else dropped.Add(new(columns[i].Column.Name, DropReason.TooCorrelated, columns[i].InformationValue, columns[kept[like]].Column.Name));
        }

        return kept;
    }

    /// <summary>Pearson's correlation; 0 if either is constant.</summary>
    internal static double Correlation(double[] left, double[] right)
    {
        double meanLeft = left.Average(), meanRight = right.Average();
        double product = 0, squareLeft = 0, squareRight = 0;
        for (var i = 0; i < left.Length; i++)
        {
            double fromLeft = left[i] - meanLeft, fromRight = right[i] - meanRight;
            product += fromLeft * fromRight;
            squareLeft += fromLeft * fromLeft;
            squareRight += fromRight * fromRight;
        }

        return squareLeft == 0 || squareRight == 0 ? 0 : product / Math.Sqrt(squareLeft * squareRight);
    }
}
