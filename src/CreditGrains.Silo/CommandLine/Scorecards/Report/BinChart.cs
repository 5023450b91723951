using System.Globalization;
using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>The bins of one characteristic: their bad rates as bars, and what each is worth.</summary>
internal static class BinChart
{
    // Beyond as many bars their points, or their numbers, would run into each other.
    private const int MaxLabelled = 12;
    private const int MaxNumbered = 20;

    /// <summary>Draws it, with its table.</summary>
    /// <param name="characteristic">Which.</param>
    /// <param name="place">Its place on the page, from 1.</param>
    public static XElement Of(CharacteristicView characteristic, int place)
    {
        var bins = characteristic.Bins;
        var highest = Math.Min(1, Math.Max(0.01, 1.15 * bins.Max(bin => bin.BadRate ?? 0)));
        var chart = new SvgChart(
            string.Create(CultureInfo.InvariantCulture, $"bins-{place}"),
            $"Bins of {characteristic.Name}",
            $"For each bin of {characteristic.Name}, numbered as in the table, the share of bads in it, with the points that it is worth above the bar.",
            new("bin", 0.5, bins.Length + 0.5, false),
            new("bad rate", 0, highest, true),
            hasTicksAcross: false);
        var everyOther = ((bins.Length - 1) / MaxNumbered) + 1;
        foreach (var (index, bin) in bins.Index())
        {
            if (index % everyOther == 0) chart.Under((index + 1).ToString(CultureInfo.InvariantCulture), index + 1);
            chart.Bar("bad", index + 0.62, index + 1.38, bin.BadRate ?? 0);
            if (bins.Length <= MaxLabelled) chart.Above(ReportText.Points(Math.Round(bin.Points)), index + 1, bin.BadRate ?? 0);
        }

        chart.Legend("bad", bins.Length <= MaxLabelled ? "bad rate, points above" : "bad rate");
        return Html.Beside(chart.Drawn, Html.Table(
            $"Bins of {characteristic.Name} in numbers",
            ["bin", "values", "goods", "bads", "bad rate", "weight of evidence", "points"],
            bins.Select((bin, index) => new[]
            {
                (index + 1).ToString(CultureInfo.InvariantCulture),
                bin.Label,
                ReportText.Count(bin.Goods),
                ReportText.Count(bin.Bads),
                bin.BadRate is { } rate ? ReportText.Share(rate) : "–",
                ReportText.Factor(bin.Woe),
                ReportText.Points(bin.Points),
            })));
    }
}
