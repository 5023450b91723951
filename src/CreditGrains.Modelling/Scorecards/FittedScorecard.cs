using System.Collections.Immutable;
using CreditGrains.Ledger;

namespace CreditGrains.Modelling;

/// <summary>A bin of a characteristic and what it is worth.</summary>
/// <param name="Range">Which values it takes.</param>
/// <param name="Goods">Goods in it among the rows it was made on.</param>
/// <param name="Bads">Bads.</param>
/// <param name="Woe">Weight of evidence, as <see cref="WeightOfEvidence.Of"/> gives it.</param>
/// <param name="Points">What a row in it is given; more is better.</param>
public sealed record FittedBin(BinRange Range, long Goods, long Bads, double Woe, double Points);

/// <summary>A column that a scorecard looks at.</summary>
/// <param name="Column">Its name.</param>
/// <param name="IsText">Whether it is a column of texts.</param>
/// <param name="Coefficient">Of its weight of evidence, for ln(odds of bad): below 0 if it works as its bins say.</param>
/// <param name="StandardError">Of the coefficient.</param>
/// <param name="InformationValue">Of its bins.</param>
/// <param name="Bins">Intervals or sets of texts; then special values, missing and, for texts, unseen. A special value is taken by its own bin and not by the interval around it.</param>
/// <remarks>For many rows <see cref="FittedScorecard.TryScore"/> is the way: a look-up here goes through all bins anew.</remarks>
public sealed record FittedCharacteristic(
    string Column, bool IsText, double Coefficient, double StandardError, double InformationValue, ImmutableArray<FittedBin> Bins)
{
    /// <summary>Gives the bin that takes a number.</summary>
    /// <param name="number">NaN is missing.</param>
    /// <exception cref="ArgumentException">The characteristic is of texts, or its bins overlap or leave something out.</exception>
    public FittedBin BinOf(double number) => IsText ? throw new ArgumentException($"{Column} is of texts.", nameof(number)) : Bins[Binner().Of(number)];

    /// <summary>Gives the bin that takes a text.</summary>
    /// <param name="text">Null is missing.</param>
    /// <exception cref="ArgumentException">The characteristic is of numbers, or its bins overlap or leave something out.</exception>
    public FittedBin BinOf(string? text) => IsText ? Bins[Binner().Of(text)] : throw new ArgumentException($"{Column} is of numbers.", nameof(text));

    internal Binner Binner() => new([.. Bins.Select(bin => bin.Range)], IsText);
}

/// <summary>How a scorecard does on the rows that it was made on: better than it will on others.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bads">How many of them were bad.</param>
/// <param name="Auc">See <see cref="Ranking.Auc"/>.</param>
/// <param name="Gini">2 · AUC − 1.</param>
/// <param name="Ks">See <see cref="Ranking.KolmogorovSmirnov"/>.</param>
/// <param name="LogLikelihood">Of the regression.</param>
public sealed record TrainingFigures(int Rows, int Bads, double Auc, double Gini, double Ks, double LogLikelihood);

/// <summary>A scorecard: a row's points are the sum over characteristics of the points of the bin that its value is in.</summary>
/// <param name="Intercept">Of the regression: ln(odds of bad) where each weight of evidence is 0.</param>
/// <param name="Characteristics">In falling order of information value.</param>
/// <param name="Scale">What points mean.</param>
/// <param name="IsRounded">Whether each bin's points were rounded to a whole number, halves away from 0. A sum is then off by at most half a point a characteristic.</param>
/// <param name="Training">On the rows it was made on.</param>
public sealed partial record FittedScorecard(
    double Intercept, ImmutableArray<FittedCharacteristic> Characteristics, PointsScale Scale, bool IsRounded, TrainingFigures Training)
{
    /// <summary>Gives the points of every row of a table.</summary>
    /// <param name="table">Has all of the scorecard's columns; others are passed over.</param>
    /// <param name="points">One for each row; empty if there is a fault.</param>
    /// <returns>Why it cannot be: a column that is missing, or is of texts where numbers are needed. Null if all is well.</returns>
    public string? TryScore(Table table, out double[] points)
    {
        points = [];
        foreach (var characteristic in Characteristics)
        {
            if (table.Find(characteristic.Column) is not { } column) return $"There is no column {characteristic.Column}.";
            if (!characteristic.IsText && column is TextColumn) return $"The column {characteristic.Column} is not all numbers.";
        }

        points = ScoreOf(table, [.. Enumerable.Range(0, table.RowCount)]);
        return null;
    }

    internal double[] ScoreOf(Table table, int[] rows)
    {
        var sums = new double[rows.Length];
        var bins = new ushort[rows.Length];
        foreach (var characteristic in Characteristics)
        {
            characteristic.Binner().Apply(table.Find(characteristic.Column)!, rows, bins);
            double[] ofBin = [.. characteristic.Bins.Select(bin => bin.Points)];
            for (var i = 0; i < sums.Length; i++) sums[i] += ofBin[bins[i]];
        }

        return sums;
    }
}
