using CreditGrains.Modelling;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Reads from a table which rows turned out bad.</summary>
internal static class Outcomes
{
    /// <summary>Reads the outcome of every row.</summary>
    /// <param name="input">The table.</param>
    /// <param name="target">The column that tells it.</param>
    /// <param name="badValue">The value that means bad.</param>
    /// <exception cref="ImportFileException">The column is missing, lacks a cell, or has more or fewer than two different values.</exception>
    public static bool[] Read(InputTable input, string target, string badValue)
    {
        var column = input.FindComplete(target);
        var bad = Target.Read(column, badValue, out var refusal);
        if (refusal is null) return bad;

        // The refusal tells only that there is a third value. Where it stands is what helps.
        if (refusal.Refusal == FitRefusal.TargetNotBinary)
            throw input.Fault(RowOfThirdValue(column), target, "this is a third value, and a target has two: good and bad");
        throw new ImportFileException($"{input.Path}: column {target}: {refusal.Detail} Name the value that means bad with --bad.");
    }

    private static int RowOfThirdValue(Column column)
    {
        if (column is TextColumn texts) return texts.Codes.IndexOf(2);
        var numbers = ((NumericColumn)column).Values;
        HashSet<double> met = [];
        for (var row = 0; row < numbers.Length; row++)
            if (met.Add(numbers[row]) && met.Count == 3) return row;
        throw new System.Diagnostics.UnreachableException("There is a third value.");
    }
}
