using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>What was expected and what came, by tenths of the score; the table has the lift as well.</summary>
internal static class CalibrationChart
{
    /// <summary>Draws it, with its table; the table alone if the model says no probabilities.</summary>
    /// <param name="judged">Whose.</param>
    public static XElement Of(Judgement judged)
    {
        var tenths = judged.Figures.Deciles;
        var table = Html.Table(
            judged.HasProbabilities ? "Calibration and lift in numbers" : "Lift in numbers: the model has no scale, so it says no probabilities",
            ["scores", "rows", "bads", "expected", "bad rate", "lift", "bads caught"],
            tenths.Select(tenth => new[]
            {
                $"{ReportText.Points(tenth.LowestScore)} to {ReportText.Points(tenth.HighestScore)}",
                ReportText.Count(tenth.Rows),
                ReportText.Count(tenth.Bads),
                judged.HasProbabilities ? ReportText.Share(tenth.ExpectedBadRate) : "–",
                ReportText.Share(tenth.BadRate),
                ReportText.Factor(tenth.Lift),
                ReportText.Share(tenth.BadsCaught),
            }));
        if (!judged.HasProbabilities) return table;

        var highest = Math.Min(1, Math.Max(0.01, 1.08 * tenths.Max(tenth => Math.Max(tenth.ExpectedBadRate, tenth.BadRate))));
        var chart = new SvgChart(
            "calibration",
            "Calibration by tenths of the score",
            "Each dot is a tenth of the rows: the bad rate that the model expects, and the one that came. On the diagonal the two agree.",
            new("expected bad rate", 0, highest, true),
            new("bad rate", 0, highest, true));
        chart.Line("chance", [(0, 0), (highest, highest)]);
        chart.Line("model", tenths.Select(tenth => (tenth.ExpectedBadRate, tenth.BadRate)));
        foreach (var tenth in tenths) chart.Dot("model", tenth.ExpectedBadRate, tenth.BadRate);
        chart.Legend("model", "tenths of the rows");
        chart.Legend("chance", "as expected");
        return Html.Beside(chart.Drawn, table);
    }
}
