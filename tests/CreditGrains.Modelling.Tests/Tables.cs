using Xunit;

namespace CreditGrains.Modelling.Tests;

/// <summary>Tables for tests.</summary>
internal static class Tables
{
    /// <summary>Makes a table of lines with commas between cells.</summary>
    public static Table Of(string header, params string[] lines) =>
        Assert.IsType<TableOutcome.Made>(Table.FromRows(header.Split(','), lines.Select(line => line.Split(',')))).Table;

    /// <summary>Makes rows whose risk falls with x, jumps in group c and is high where x is missing; noise tells nothing and copy tells what x does.</summary>
    public static Table Synthetic(int rows, ulong seed)
    {
        var random = new SplitMix64(seed);
        double[] target = new double[rows], x = new double[rows], copy = new double[rows], noise = new double[rows], month = new double[rows];
        var group = new string?[rows];
        for (var row = 0; row < rows; row++)
        {
            var value = Uniform();
            group[row] = random.Below(20) == 0 ? null : "abcd"[random.Below(4)].ToString();
            noise[row] = Uniform();
            month[row] = row * 24 / rows;
            var isMissing = random.Below(10) == 0;
            (x[row], copy[row]) = isMissing ? (double.NaN, double.NaN) : (value, value + (0.01 * Uniform()));
            var logOdds = (isMissing ? 0.5 : 1 - (4 * value)) + (group[row] == "c" ? 1 : 0);
            target[row] = Uniform() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        return new Table(
            new NumericColumn("target", target),
            new NumericColumn("x", x),
            new TextColumn("group", group),
            new NumericColumn("copy", copy),
            new NumericColumn("noise", noise),
            new NumericColumn("month", month));

        double Uniform() => random.Below(1 << 30) / (double)(1 << 30);
    }
}
