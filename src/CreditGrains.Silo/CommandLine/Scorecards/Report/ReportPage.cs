using System.Collections.Immutable;
using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>The report of a scorecard: one page that needs nothing else, of what it is made and how it does.</summary>
internal static class ReportPage
{
    /// <summary>Writes the report of a fit.</summary>
    /// <param name="fitted">What was made.</param>
    public static string OfFit(FitSummary fitted)
    {
        var document = fitted.Document;
        var training = document.Training!;
        return Page(
            $"Scorecard {document.Model}",
            document.Title.Length == 0 ? null : document.Title,
            [
                Html.Element("h2", "Summary"),
                Html.Element("p", document.Notes),
                fitted.Banned.IsEmpty ? null : Html.Element("p", Html.Attribute("class", "warning"), FitWords.OfBanned(fitted.Banned)),
                FigureTable(fitted),
                Facts([
                    ("Rows", $"{ReportText.Count(fitted.Rows)}, of them {ReportText.Count(fitted.Bads)} bad ({ReportText.Share((double)fitted.Bads / fitted.Rows)})"),
                    ("Held back", FitWords.Of(fitted.Split)),
                    ("Made on", $"{ReportText.Count(training.Rows)} rows, AUC {ReportText.Rate(training.Auc)} and KS {ReportText.Rate(training.Ks)} there: better than on others"),
                    ("Scale", $"{ReportText.Points(document.Scale.BasePoints)} points at {ReportText.Points(document.Scale.BaseOdds)}:1, {ReportText.Points(document.Scale.PointsToDouble)} points to double; given out from {document.Scale.Low} to {document.Scale.High}"),
                ]),
                .. Charts(fitted.HeldBack, fitted.Folds is null ? "On the rows held back." : "On all rows, each scored by a scorecard that had not seen it."),
                .. Bins(fitted.Characteristics, "Goods and bads are those of the rows that the scorecard was made on."),
                Html.Element("h2", "Columns not used"),
                Dropped(fitted),
            ]);
    }

    /// <summary>Writes the report of a judgement.</summary>
    /// <param name="model">Whose.</param>
    /// <param name="input">The table's file.</param>
    /// <param name="judged">The judgement.</param>
    /// <param name="characteristics">The model's characteristics on those rows.</param>
    public static string OfEvaluation(ModelFile model, string input, Judgement judged, ImmutableArray<CharacteristicView> characteristics)
    {
        var figures = judged.Figures;
        return Page(
            $"Evaluation of {model.Name}",
            $"On {Path.GetFileName(input)}",
            [
                Html.Element("h2", "Summary"),
                Html.Table(
                    "Figures",
                    ["figure", "value", "95 % interval"],
                    [
                        ["AUC", ReportText.Rate(figures.Auc), Interval(figures.AucInterval)],
                        ["Gini", ReportText.Rate(figures.Gini), Interval(figures.GiniInterval)],
                        ["KS", ReportText.Rate(figures.Ks), Interval(figures.KsInterval)],
                        ["Brier", judged.HasProbabilities ? ReportText.Rate(figures.Brier) : "–", "–"],
                    ]),
                Facts([("Rows", $"{ReportText.Count(figures.Rows)}, of them {ReportText.Count(figures.Bads)} bad ({ReportText.Share((double)figures.Bads / figures.Rows)})")]),
                .. Charts(judged, "On all rows of the table."),
                .. Bins(characteristics, "Goods and bads are those of the table."),
            ]);
    }

    private static string Page(string title, string? subtitle, IEnumerable<XElement?> content)
    {
        var page = Html.Element(
            "html",
            Html.Attribute("lang", "en"),
            Html.Element(
                "head",
                Html.Element("meta", Html.Attribute("charset", "utf-8")),
                Html.Element("meta", Html.Attribute("name", "viewport"), Html.Attribute("content", "width=device-width, initial-scale=1")),
                Html.Element("title", title),
                Html.Element("style", ReportStyle.Sheet)),
            Html.Element("body", Html.Element("main", Html.Element("h1", title), subtitle is null ? null : Html.Element("p", subtitle), content)));
        return $"<!DOCTYPE html>\n{page}\n";
    }

    private static XElement FigureTable(FitSummary fitted) => Html.Table(
        fitted.Folds is { } folds ? $"Means over {folds.Fits} fits, each judged on rows that it had not seen" : "Figures on the rows held back",
        ["figure", "value", fitted.Folds is null ? "95 % interval" : "standard deviation, lowest and highest"],
        new[] { ("AUC", fitted.Auc), ("Gini", fitted.Gini), ("KS", fitted.Ks), ("Brier", fitted.Brier) }.Select(row => new[]
        {
            row.Item1,
            ReportText.Rate(row.Item2.Value),
            row.Item2.Spread is { } spread ? $"{ReportText.Rate(spread.StandardDeviation)}; {ReportText.Rate(spread.Lowest)} to {ReportText.Rate(spread.Highest)}" : Interval(row.Item2.Interval),
        }));

    private static IEnumerable<XElement> Charts(Judgement judged, string onWhat) =>
    [
        Html.Element("h2", "How it ranks"),
        Html.Element("p", onWhat),
        Html.Element("h3", "ROC curve"),
        RocChart.Of(judged),
        Html.Element("h3", "Goods and bads up to each score"),
        KsChart.Of(judged),
        Html.Element("h3", "Scores of goods and bads"),
        ScoreChart.Of(judged),
        Html.Element("h2", "How true its probabilities are"),
        CalibrationChart.Of(judged),
    ];

    private static IEnumerable<XElement> Bins(ImmutableArray<CharacteristicView> characteristics, string onWhat)
    {
        yield return Html.Element("h2", "Characteristics");
        yield return Html.Element("p", onWhat);
        foreach (var (index, characteristic) in characteristics.Index())
        {
            yield return Html.Element("h3", characteristic.Name);
            yield return Html.Element("p", characteristic.Coefficient is { } coefficient
                ? $"Information value {ReportText.Rate(characteristic.InformationValue)}, coefficient {ReportText.Factor(coefficient)}."
                : $"Information value {ReportText.Rate(characteristic.InformationValue)}.");
            yield return BinChart.Of(characteristic, index + 1);
        }
    }

    private static XElement Dropped(FitSummary fitted)
    {
        var rows = fitted.Dropped.Select(dropped => new[] { dropped.Column, ReportText.Rate(dropped.InformationValue), FitWords.Of(dropped) })
            .Concat(fitted.Excluded.Select(name => new[] { name, "–", "excluded beforehand" })).ToList();
        return rows.Count == 0
            ? Html.Element("p", "Every column is used.")
            : Html.Element("div", Html.Attribute("class", "words"), Html.Table("Columns that were looked at and not used, or not to be looked at", ["column", "information value", "why"], rows));
    }

    private static XElement Facts(IEnumerable<(string Name, string Words)> facts) => Html.Element(
        "div",
        Html.Attribute("class", "words"),
        Html.Table("The data and the scale", ["what", "value"], facts.Select(fact => new[] { fact.Name, fact.Words })));

    private static string Interval(Modelling.ConfidenceInterval? interval) => interval is { } known ? $"{ReportText.Rate(known.Low)} to {ReportText.Rate(known.High)}" : "–";
}
