using System.Text.Json;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

public sealed class ExplainTests
{
    private const string Model =
        """
        {"format":1,"model":"m","initialPoints":600,"scale":{"basePoints":600,"baseOdds":30,"pointsToDouble":40,"low":300,"high":850},
         "characteristics":[
          {"name":"hard_inquiries_12","type":"number","reason":{"code":"R04","words":"Many looked."},"baseline":5,
           "bins":[{"from":null,"to":1,"points":5,"rationale":"none looked"},{"from":1,"to":null,"points":-7},{"special":3,"points":-9},{"missing":true,"points":0}]},
          {"name":"purpose","type":"text","reason":{"code":"R30","words":"What it is for."},"baseline":1,
           "bins":[{"values":["car"],"points":1},{"missing":true,"points":-2,"rationale":"not said"},{"unseen":true,"points":-1}]}]}
        """;

    [Fact]
    public async Task Every_characteristic_is_shown_with_its_bin_points_and_rationale()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("scorecard", "explain", "a:1", "--model", folder.Write("m.json", Model), "--as-of", "2024-05-01", "--data", "unused", "--json"));

        using var json = JsonDocument.Parse(run.LastLine);
        var root = json.RootElement;
        Assert.Equal(
            """[{"name":"hard_inquiries_12","value":0,"bin":"below 1","points":5,"baseline":5,"lost":0,"rationale":"none looked"},{"name":"purpose","value":null,"bin":"missing","points":-2,"baseline":1,"lost":3,"rationale":"not said"}]""",
            root.GetProperty("characteristics").GetRawText());
        Assert.Equal("""[{"code":"R30","words":"What it is for.","points":3}]""", root.GetProperty("reasons").GetRawText());
        Assert.Equal(("m", "2024-05-01", 603, 600, 603), (
            root.GetProperty("model").GetString(), root.GetProperty("asOf").GetString(), root.GetProperty("score").GetInt32(),
            root.GetProperty("initialPoints").GetInt32(), root.GetProperty("points").GetInt32()));
        Assert.Equal(ScoreScale.From300To850.ProbabilityOfBad(603), root.GetProperty("probabilityOfBad").GetDouble(), 12);
    }

    [Theory]
    [InlineData("purpose=car", "\"bin\":\"car\",\"points\":1,")]
    [InlineData("purpose=boat", "\"bin\":\"not seen before\",\"points\":-1,")]
    public async Task Fields_of_the_application_can_be_given(string field, string shown)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("scorecard", "explain", "a:1", "--model", folder.Write("m.json", Model), "--field", field, "--data", "unused", "--json"));

        Assert.Contains(shown, run.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("purpose", "NAME=VALUE")]
    [InlineData("shoe=9", "no such input")]
    [InlineData("hard_inquiries_12=9", "ledger itself knows")]
    public async Task A_field_that_cannot_be_given_is_named(string field, string what)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("scorecard", "explain", "a:1", "--model", folder.Write("m.json", Model), "--field", field, "--data", "unused"));

        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Hosting.Opened);
    }

    [Fact]
    public async Task The_shipped_models_are_found_by_name_and_a_model_that_means_nothing_by_line()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("scorecard", "explain", "a:1", "--model", "thin-file", "--data", "unused"));
        Assert.Contains("history_months", run.Out, StringComparison.Ordinal);
        Assert.Contains("probability of bad", run.Out, StringComparison.Ordinal);

        Assert.Equal(2, await run.RunAsync("scorecard", "explain", "a:1", "--model", folder.Write("m.json", Model.Replace("\"to\":1,", "\"to\":2,", StringComparison.Ordinal)), "--data", "unused"));
        Assert.Contains("m.json line 4", run.Error, StringComparison.Ordinal);
    }
}
