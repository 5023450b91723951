using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>How goods and bads are spread over the scores.</summary>
internal static class ScoreChart
{
    /// <summary>Draws it, with its table.</summary>
    /// <param name="judged">Whose.</param>
    public static XElement Of(Judgement judged)
    {
        var bands = judged.Bands;
        double goods = bands.Sum(band => band.Goods), bads = bands.Sum(band => band.Bads);
        var (low, high) = (bands[0].From, bands[^1].To);
        if (high <= low) (low, high) = (low - 1, high + 1);
        var highest = bands.Max(band => Math.Max(band.Goods / goods, band.Bads / bads));
        var chart = new SvgChart(
            "scores",
            "Score distribution of goods and bads",
            "For each band of scores, the share of all goods and the share of all bads in it. The less the two overlap, the better the model tells them apart.",
            new("score", low, high, false),
            new("share of goods, of bads", 0, highest * 1.05, true));
        foreach (var band in bands)
        {
            var (from, width) = bands.Length == 1 ? (low, high - low) : (band.From, band.To - band.From);
            chart.Bar("good", from, from + (width / 2), band.Goods / goods);
            chart.Bar("bad", from + (width / 2), from + width, band.Bads / bads);
        }

        chart.Legend("good", "goods");
        chart.Legend("bad", "bads");
        return Html.Beside(chart.Drawn, Html.Table(
            "Score distribution in numbers",
            ["scores", "goods", "bads", "bad rate"],
            bands.Where(band => band.Goods + band.Bads > 0).Select(band => new[]
            {
                $"{ReportText.Points(band.From)} to {ReportText.Points(band.To)}",
                ReportText.Count(band.Goods),
                ReportText.Count(band.Bads),
                ReportText.Share((double)band.Bads / (band.Goods + band.Bads)),
            })));
    }
}
