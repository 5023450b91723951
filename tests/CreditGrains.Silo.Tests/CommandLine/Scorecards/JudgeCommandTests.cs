using System.Text.Json;
using System.Xml.Linq;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

/// <summary><c>evaluate</c>, <c>compare</c> and <c>drift</c>.</summary>
public sealed class JudgeCommandTests
{
    [Fact]
    public async Task An_evaluation_has_figures_intervals_calibration_and_bins()
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);

        Assert.Equal(0, await run.RunAsync("scorecard", "evaluate", "--model", folder["m.pmml"], "--input", folder["in.csv"], "--target", "outcome", "--report", folder["e.html"], "--json"));

        var json = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.Equal(2_000, json.GetProperty("rows").GetInt32());
        Assert.InRange(json.GetProperty("brier").GetDouble(), 0.01, 0.25);
        Assert.InRange(json.GetProperty("auc").GetDouble(), json.GetProperty("aucInterval").GetProperty("low").GetDouble(), json.GetProperty("aucInterval").GetProperty("high").GetDouble());
        Assert.Equal(2_000, json.GetProperty("calibration").EnumerateArray().Sum(tenth => tenth.GetProperty("rows").GetInt32()));
        foreach (var characteristic in json.GetProperty("characteristics").EnumerateArray())
            Assert.Equal(2_000, characteristic.GetProperty("bins").EnumerateArray().Sum(bin => bin.GetProperty("goods").GetInt32() + bin.GetProperty("bads").GetInt32()));
        ReportTests.Check(folder["e.html"], characteristics: 3);
    }

    [Fact]
    public async Task A_model_that_does_not_say_what_its_points_mean_has_no_probabilities()
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);
        var pmml = XDocument.Load(folder["m.pmml"]);
        pmml.Descendants().Where(element => element.Name.LocalName == "Extension").Remove();
        folder.Write("bare.pmml", pmml.ToString());

        Assert.Equal(0, await run.RunAsync("scorecard", "evaluate", "--model", folder["bare.pmml"], "--input", folder["in.csv"], "--target", "outcome", "--report", folder["e.html"], "--json"));

        var json = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("brier").ValueKind);
        Assert.True(json.GetProperty("auc").GetDouble() > 0.6);
        Assert.All(json.GetProperty("calibration").EnumerateArray(), tenth => Assert.Equal(JsonValueKind.Null, tenth.GetProperty("expectedBadRate").ValueKind));
        Assert.Contains("the model has no scale", await File.ReadAllTextAsync(folder["e.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_people_an_evaluation_is_a_table()
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);

        Assert.Equal(0, await run.RunAsync("scorecard", "evaluate", "--model", folder["m.json"], "--input", folder["in.csv"], "--target", "outcome"));

        foreach (var shown in new[] { "2,000 rows", "AUC", "Gini", "KS", "Brier", "lift", "utilisation", "any other value" })
            Assert.Contains(shown, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_beside_itself_differs_in_nothing_and_beside_a_poorer_one_it_wins()
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);
        Assert.Equal(0, await run.RunAsync("scorecard", "fit", "--input", folder["in.csv"], "--target", "outcome", "--id", "id", "--exclude", "utilisation", "--out", folder["poor.pmml"]));

        Assert.Equal(0, await run.RunAsync(Compare(folder, "m.pmml", "m.json")));
        var same = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.Equal(0, same.GetProperty("difference").GetDouble());
        Assert.Equal(0, same.GetProperty("swapSet").GetProperty("swapped").GetInt32());
        Assert.Equal(JsonValueKind.Null, same.GetProperty("swapSet").GetProperty("swappedInBadRate").ValueKind);

        Assert.Equal(0, await run.RunAsync(Compare(folder, "poor.pmml", "m.pmml")));
        var better = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.True(better.GetProperty("differenceInterval").GetProperty("low").GetDouble() > 0);
        Assert.Equal(1_600, better.GetProperty("swapSet").GetProperty("approved").GetInt32());
        Assert.True(better.GetProperty("swapSet").GetProperty("swappedInBadRate").GetDouble() < better.GetProperty("swapSet").GetProperty("swappedOutBadRate").GetDouble());
    }

    [Fact]
    public async Task Drift_is_none_between_the_same_rows_and_large_where_a_column_moved()
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);
        folder.Write("now.csv", LoanTable.Text().Replace(",holiday,", ",car,", StringComparison.Ordinal));

        Assert.Equal(0, await run.RunAsync("scorecard", "drift", "--model", folder["m.json"], "--before", folder["in.csv"], "--now", folder["in.csv"], "--json"));
        var none = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.Equal(0, none.GetProperty("score").GetProperty("psi").GetDouble());
        Assert.Contains("no tests", none.GetProperty("caveat").GetString(), StringComparison.Ordinal);

        Assert.Equal(0, await run.RunAsync("scorecard", "drift", "--model", folder["m.pmml"], "--before", folder["in.csv"], "--now", folder["now.csv"], "--json"));
        var moved = JsonDocument.Parse(run.LastLine).RootElement.GetProperty("characteristics").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("psi").GetDouble());
        Assert.True(moved["purpose"] > 0.25, $"{moved["purpose"]}");
        Assert.Equal(0, moved["income"]);

        Assert.Equal(0, await run.RunAsync("scorecard", "drift", "--model", folder["m.pmml"], "--before", folder["in.csv"], "--now", folder["now.csv"]));
        Assert.Contains("moved far", run.Out, StringComparison.Ordinal);
        Assert.Contains("conventions", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,salary,utilisation,purpose,outcome\n1,2000,0.5,car,0\n2,3000,0.5,car,1\n", "other.csv line 1: the header has no column income")]
    [InlineData("id,income,utilisation,purpose,outcome\n1,2000,0.5,car,0\n2,much,0.5,car,1\n", "other.csv line 3: column income: this is no number, and the model needs numbers here")]
    public async Task A_table_without_what_the_model_needs_is_refused(string table, string message)
    {
        using var folder = new TempFolder();
        var run = await Fitted(folder);

        Assert.Equal(2, await run.RunAsync("scorecard", "evaluate", "--model", folder["m.pmml"], "--input", folder.Write("other.csv", table), "--target", "outcome"));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"format\":1}", "bad.model line 1, $")]
    [InlineData("<PMML version=\"4.4\"/>", "bad.model line 1, PMML")]
    [InlineData("", "bad.model line")]
    public async Task A_file_that_is_no_model_is_refused(string text, string message)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("scorecard", "evaluate", "--model", folder.Write("bad.model", text), "--input", folder["in.csv"], "--target", "outcome"));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> Fitted(TempFolder folder)
    {
        var run = new CommandRun();
        Assert.True(await run.RunAsync(FitCommandTests.Fit(folder)) == 0, run.Error);
        return run;
    }

    private static string[] Compare(TempFolder folder, string champion, string challenger) =>
        ["scorecard", "compare", "--champion", folder[champion], "--challenger", folder[challenger], "--input", folder["in.csv"], "--target", "outcome", "--json"];
}
