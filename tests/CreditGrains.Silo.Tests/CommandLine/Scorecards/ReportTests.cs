using System.Xml.Linq;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

/// <summary>The report is one file that needs nothing else and that everybody can read.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task It_has_every_chart_with_a_table_beside_it()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync(FitCommandTests.Fit(folder, "--report", folder["r.html"])));

        var page = Check(folder["r.html"], characteristics: 3);
        Assert.Contains("noise", page.Value, StringComparison.Ordinal);
        Assert.Contains("tells too little", page.Value, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.html"]));
    }

    [Fact]
    public async Task Text_from_the_table_is_escaped()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        folder.Write("in.csv", LoanTable.Text()
            .Replace("holiday", "<script>alert(1)</script>", StringComparison.Ordinal)
            .Replace("noise", "<b onload='x'>&", StringComparison.Ordinal));

        Assert.Equal(0, await run.RunAsync(FitCommandTests.Fit(folder)));

        var page = Check(folder["m.html"], characteristics: 3);
        Assert.Contains("<script>alert(1)</script>", page.Value, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("b"));
    }

    /// <summary>Checks a report, and gives its page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="characteristics">How many characteristics it shows.</param>
    internal static XElement Check(string path, int characteristics)
    {
        var text = File.ReadAllText(path);
        Assert.StartsWith("<!DOCTYPE html>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        Assert.Contains("@media print", text, StringComparison.Ordinal);
        var page = XDocument.Parse(text).Root!;
        Assert.Contains(page.Descendants("meta"), meta => (string?)meta.Attribute("name") == "viewport");

        var charts = page.Descendants("svg").ToList();
        string[] expected = ["roc", "ks", "scores", "calibration", .. Enumerable.Range(1, characteristics).Select(place => $"bins-{place}")];
        Assert.Equal(expected, charts.Select(chart => (string?)chart.Attribute("id")));
        foreach (var chart in charts)
        {
            Assert.NotEqual("", chart.Element("title")!.Value);
            Assert.NotEqual("", chart.Element("desc")!.Value);
            Assert.Equal("img", (string?)chart.Attribute("role"));
            Assert.NotEmpty(chart.Parent!.Parent!.Descendants("table").Single().Descendants("td"));
        }

        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        return page;
    }
}
