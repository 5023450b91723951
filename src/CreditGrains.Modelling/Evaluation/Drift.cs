using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>How far people have moved under a scorecard.</summary>
/// <param name="Score">Of the points, over the tenths of the earlier rows.</param>
/// <param name="Characteristics">Of each characteristic over its own bins, by its column's name and in the scorecard's order.</param>
public sealed record Drift(PopulationStability Score, ImmutableArray<KeyValuePair<string, PopulationStability>> Characteristics)
{
    /// <summary>Compares two tables.</summary>
    /// <param name="scorecard">Whose bins.</param>
    /// <param name="before">The rows that it was made for.</param>
    /// <param name="now">The rows that it meets.</param>
    /// <param name="fault">Why it cannot be, as <see cref="FittedScorecard.TryScore"/> says it; null if it can.</param>
    public static Drift? Of(FittedScorecard scorecard, Table before, Table now, out string? fault)
    {
        double[] scoresNow = [];
        fault = scorecard.TryScore(before, out var scoresBefore) ?? scorecard.TryScore(now, out scoresNow);
        if (fault is not null) return null;

        var ofCharacteristics = scorecard.Characteristics.Select(characteristic => KeyValuePair.Create(
            characteristic.Column,
            PopulationStability.Of(Counts(characteristic, before), Counts(characteristic, now))));

        return new(PopulationStability.OfScores(scoresBefore, scoresNow), [.. ofCharacteristics]);
    }

    private static long[] Counts(FittedCharacteristic characteristic, Table table)
    {
        var binner = characteristic.Binner();
        var bins = new ushort[table.RowCount];
        binner.Apply(table.Find(characteristic.Column)!, [.. Enumerable.Range(0, table.RowCount)], bins);
        var counts = new long[binner.BinCount];
        foreach (var bin in bins) counts[bin]++;
        return counts;
    }
}
