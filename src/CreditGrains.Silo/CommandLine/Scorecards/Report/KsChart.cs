using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>Goods and bads up to each score, and where the two are farthest apart.</summary>
internal static class KsChart
{
    /// <summary>Draws it, with its table.</summary>
    /// <param name="judged">Whose.</param>
    public static XElement Of(Judgement judged)
    {
        var (ks, at) = (ReportText.Rate(judged.Figures.Ks), judged.Figures.KsAtScore);
        var (low, high) = (judged.Bands[0].From, judged.Bands[^1].To);
        if (high <= low) (low, high) = (low - 1, high + 1);
        var chart = new SvgChart(
            "ks",
            $"Cumulative goods and bads, KS {ks}",
            $"The shares of goods and of bads that score at most so much. They are farthest apart, {ks}, at a score of {ReportText.Points(at)}.",
            new("score", low, high, false),
            ChartAxis.Shares("share up to the score"));
        var points = CurveSample.ForChart(judged.Curve).ToList();
        chart.Line("good", points.Select(point => (point.Score, point.ShareOfGoods)));
        chart.Line("bad", points.Select(point => (point.Score, point.ShareOfBads)));
        var widest = judged.Curve.First(point => point.Score == at);
        chart.Line("widest", [(at, widest.ShareOfGoods), (at, widest.ShareOfBads)]);
        chart.Legend("good", "goods");
        chart.Legend("bad", "bads");
        chart.Legend("widest", $"KS {ks}");
        return Html.Beside(chart.Drawn, Html.Table(
            "Cumulative goods and bads in numbers",
            ["score up to", "goods", "bads", "distance"],
            CurveSample.ForTable(judged.Curve).Append(widest).Distinct().OrderBy(point => point.Score).Select(point => new[]
            {
                ReportText.Points(point.Score), ReportText.Share(point.ShareOfGoods), ReportText.Share(point.ShareOfBads), ReportText.Rate(Math.Abs(point.ShareOfBads - point.ShareOfGoods)),
            })));
    }
}
