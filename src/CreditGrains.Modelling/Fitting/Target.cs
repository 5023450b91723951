namespace CreditGrains.Modelling;

/// <summary>Reads the outcomes that a table tells.</summary>
public static class Target
{
    /// <summary>Says of each row whether it was bad.</summary>
    /// <param name="column">Two different values, none missing.</param>
    /// <param name="badValue">The one that means bad, as its cell is written; a column of numbers is compared as numbers.</param>
    /// <param name="refusal">Why it cannot be; null if it can.</param>
    /// <returns>One for each row; of no meaning if refused.</returns>
    public static bool[] Read(Column column, string badValue, out FitOutcome.Refused? refusal)
    {
        refusal = null;
        for (var row = 0; row < column.RowCount; row++)
        {
            if (!column.IsMissing(row)) continue;
            refusal = new(FitRefusal.TargetHasMissing, $"Data row {row + 1} has no {column.Name}.");
            return [];
        }

        var bad = new bool[column.RowCount];
        int values, bads;
        if (column is NumericColumn numbers)
        {
            var isNumber = Table.TryNumber(badValue, out var number);
            for (var row = 0; row < bad.Length; row++) bad[row] = isNumber && numbers.Values[row] == number;
            values = numbers.Values.ToArray().Distinct().Take(3).Count();
        }
        else
        {
            var texts = (TextColumn)column;
            var level = texts.Levels.IndexOf(badValue);
            for (var row = 0; row < bad.Length; row++) bad[row] = texts.Codes[row] == level;
            values = texts.Levels.Length;
        }

        bads = bad.Count(isBad => isBad);
        if (values > 2) refusal = new(FitRefusal.TargetNotBinary, $"{column.Name} has more than two different values.");
        else if (bads == 0) refusal = new(FitRefusal.TargetHasOneClass, $"{column.Name} is nowhere {badValue}.");
        else if (bads == bad.Length) refusal = new(FitRefusal.TargetHasOneClass, $"{column.Name} is {badValue} everywhere.");
        return bad;
    }
}
