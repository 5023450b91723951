using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>The ROC curve: how many bads a cut-off turns away for how many goods.</summary>
internal static class RocChart
{
    /// <summary>Draws it, with its table.</summary>
    /// <param name="judged">Whose.</param>
    public static XElement Of(Judgement judged)
    {
        var auc = ReportText.Rate(judged.Figures.Auc);
        var chart = new SvgChart(
            "roc",
            $"ROC curve, area {auc}",
            $"For each share of goods turned away, the share of bads turned away with them. The area under the curve is {auc}; a draw by lot would give the diagonal and 0.5.",
            ChartAxis.Shares("goods turned away"),
            ChartAxis.Shares("bads turned away"));
        chart.Line("chance", [(0, 0), (1, 1)]);
        chart.Line("model", [(0, 0), .. CurveSample.ForChart(judged.Curve).Select(point => (point.ShareOfGoods, point.ShareOfBads))]);
        chart.Legend("model", $"model, AUC {auc}");
        chart.Legend("chance", "by lot");
        return Html.Beside(chart.Drawn, Html.Table(
            "ROC curve in numbers",
            ["cut-off at score", "goods turned away", "bads turned away"],
            CurveSample.ForTable(judged.Curve).Select(point => new[] { ReportText.Points(point.Score), ReportText.Share(point.ShareOfGoods), ReportText.Share(point.ShareOfBads) })));
    }
}
