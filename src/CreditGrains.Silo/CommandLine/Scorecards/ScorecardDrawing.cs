using System.Collections.Immutable;
using System.Globalization;
using CreditGrains.Modelling;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Draws what came of the commands for people.</summary>
internal static class ScorecardDrawing
{
    /// <summary>Draws a fit.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="fitted">What.</param>
    /// <param name="files">The files that were written.</param>
    public static void Draw(IAnsiConsole screen, FitSummary fitted, FitFiles files)
    {
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{fitted.Document.Model}[/]: {fitted.Rows:N0} rows, {fitted.Bads:N0} bad ({Share(fitted.Bads / (double)fitted.Rows)}); held back {FitWords.Of(fitted.Split)}");
        var figures = Headed("on rows not seen", "figure", fitted.Folds is null ? "95 % interval" : "over folds");
        foreach (var (name, figure) in new[] { ("AUC", fitted.Auc), ("Gini", fitted.Gini), ("KS", fitted.Ks), ("Brier", fitted.Brier) })
            figures.AddRow(name, Rate(figure.Value), figure.Spread is { } spread ? Text(spread) : Text(figure.Interval));
        screen.Write(figures);
        Draw(screen, fitted.Characteristics);
        foreach (var dropped in fitted.Dropped)
            screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"dropped {dropped.Column}: {FitWords.Of(dropped)} (information value {dropped.InformationValue:F3})");
        foreach (var path in new[] { files.Pmml, files.Json, files.Report }) screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"wrote {path}");
    }

    /// <summary>Draws a judgement.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="name">Whose.</param>
    /// <param name="judged">What.</param>
    public static void Draw(IAnsiConsole screen, string name, Judgement judged)
    {
        var figures = judged.Figures;
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{name}[/]: {figures.Rows:N0} rows, {figures.Bads:N0} bad ({Share(figures.Bads / (double)figures.Rows)})");
        var table = Headed("", "figure", "95 % interval");
        table.AddRow("AUC", Rate(figures.Auc), Text(figures.AucInterval));
        table.AddRow("Gini", Rate(figures.Gini), Text(figures.GiniInterval));
        table.AddRow("KS", Rate(figures.Ks), Text(figures.KsInterval));
        table.AddRow("Brier", judged.HasProbabilities ? Rate(figures.Brier) : "the model has no scale", "");
        screen.Write(table);

        var tenths = Headed("scores", "rows", "bad", "expected", "bad rate", "lift", "bads caught");
        foreach (var tenth in figures.Deciles)
        {
            tenths.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{tenth.LowestScore:F0} to {tenth.HighestScore:F0}"),
                Count(tenth.Rows),
                Count(tenth.Bads),
                judged.HasProbabilities ? Share(tenth.ExpectedBadRate) : "",
                Share(tenth.BadRate),
                tenth.Lift.ToString("F2", CultureInfo.InvariantCulture),
                Share(tenth.BadsCaught));
        }

        screen.Write(tenths);
    }

    /// <summary>Draws characteristics, a row for each bin.</summary>
    /// <param name="screen">Where.</param>
    /// <param name="characteristics">What.</param>
    public static void Draw(IAnsiConsole screen, ImmutableArray<CharacteristicView> characteristics)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("characteristic", "bin");
        foreach (var header in new[] { "goods", "bads", "bad rate", "points" }) table.AddColumn(new TableColumn(header).RightAligned());
        foreach (var characteristic in characteristics)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"[bold]{Markup.Escape(characteristic.Name)}[/] IV {characteristic.InformationValue:F3}");
            foreach (var bin in characteristic.Bins)
            {
                table.AddRow(
                    title, Markup.Escape(bin.Label), Count(bin.Goods), Count(bin.Bads), bin.BadRate is { } rate ? Share(rate) : "",
                    double.IsNaN(bin.Points) ? "computed" : bin.Points.ToString("F1", CultureInfo.InvariantCulture));
                title = "";
            }
        }

        screen.Write(table);
    }

    /// <summary>Makes a table whose first column is of words and whose others are of numbers.</summary>
    /// <param name="first">The first header.</param>
    /// <param name="others">The others.</param>
    public static Table Headed(string first, params ReadOnlySpan<string> others)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(first);
        foreach (var header in others) table.AddColumn(new TableColumn(header).RightAligned());
        return table;
    }

    /// <summary>Writes a figure between 0 and 1, or the like.</summary>
    /// <param name="rate">The figure.</param>
    public static string Rate(double rate) => rate.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Writes a share as per cent.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Share(double share) => (share * 100).ToString("F1", CultureInfo.InvariantCulture) + " %";

    /// <summary>Writes a count.</summary>
    /// <param name="count">The count.</param>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes an interval.</summary>
    /// <param name="interval">The interval; null for none.</param>
    public static string Text(ConfidenceInterval? interval) => interval is { } known ? $"{Rate(known.Low)} to {Rate(known.High)}" : "";

    /// <summary>Writes how a figure lies over folds.</summary>
    /// <param name="spread">The figure.</param>
    public static string Text(Spread spread) => $"± {Rate(spread.StandardDeviation)}, {Rate(spread.Lowest)} to {Rate(spread.Highest)}";
}
