using System.Security.Cryptography;
using System.Text.Json;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

public sealed class FitCommandTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_fit_writes_three_files_and_one_line_of_JSON()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        var code = await run.RunAsync(Fit(folder, "--json"));

        Assert.True(code == 0, run.Error);
        var json = JsonDocument.Parse(Assert.Single(run.Out.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal(2_000, json.GetProperty("rows").GetInt32());
        Assert.Equal(2_000, json.GetProperty("heldBack").GetProperty("rows").GetInt32() + json.GetProperty("training").GetProperty("rows").GetInt32());
        Assert.Equal((2 * json.GetProperty("auc").GetDouble()) - 1, json.GetProperty("gini").GetDouble(), 12);
        Assert.True(json.GetProperty("aucInterval").GetProperty("low").GetDouble() < json.GetProperty("auc").GetDouble());
        Assert.Equal("id", json.GetProperty("split").GetProperty("column").GetString());
        Assert.Equal(["income", "purpose", "utilisation"], json.GetProperty("characteristics").EnumerateArray().Select(NameOf).Order());
        Assert.Contains("noise", json.GetProperty("dropped").EnumerateArray().Select(NameOf));
        var purpose = json.GetProperty("characteristics").EnumerateArray().Single(one => NameOf(one) == "purpose");
        Assert.True(purpose.GetProperty("coefficient").GetDouble() < 0);
        Assert.True(purpose.GetProperty("informationValue").GetDouble() > 0.02);
        Assert.Contains("furniture, \"new\"", purpose.GetProperty("bins").EnumerateArray().Where(bin => bin.TryGetProperty("values", out _)).SelectMany(bin => bin.GetProperty("values").EnumerateArray()).Select(text => text.GetString()));
        Assert.Equal(folder["m.json"], json.GetProperty("files").GetProperty("json").GetString());

        var card = PmmlReader.Read(await File.ReadAllTextAsync(folder["m.pmml"], TestContext.Current.CancellationToken)).Card!;
        var document = ScorecardJson.Read(await File.ReadAllTextAsync(folder["m.json"], TestContext.Current.CancellationToken)).Document!;
        Assert.Equal(PmmlWriter.Write(document.ToScorecard()), PmmlWriter.Write(card));
        Assert.Equal("m", document.Model);
        Assert.Equal(ScoreScale.From300To850, document.Scale);
        Assert.True(File.Exists(folder["m.html"]));
        Assert.Empty(Directory.GetFiles(folder.Root, "*.new"));
    }

    [Theory]
    [InlineData("m.pmml")]
    [InlineData("m.json")]
    public async Task An_evaluation_of_the_rows_held_back_finds_the_figures_that_the_fit_reported(string model)
    {
        using var folder = new TempFolder();
        var fit = new CommandRun();
        Assert.Equal(0, await fit.RunAsync(Fit(folder, "--json", "--special", "income=700", "--monotone", "utilisation:up")));
        var heldBack = folder.Write("held.csv", LoanTable.HeldBackText());
        var evaluate = new CommandRun();

        var code = await evaluate.RunAsync("scorecard", "evaluate", "--model", folder[model], "--input", heldBack, "--target", "outcome", "--json");

        Assert.True(code == 0, evaluate.Error);
        var (reported, found) = (JsonDocument.Parse(fit.LastLine).RootElement, JsonDocument.Parse(evaluate.LastLine).RootElement);
        foreach (var figure in new[] { "auc", "gini", "ks", "brier" })
            Assert.Equal(reported.GetProperty(figure).GetDouble(), found.GetProperty(figure).GetDouble(), 12);
        Assert.Equal(reported.GetProperty("heldBack").GetProperty("rows").GetInt32(), found.GetProperty("rows").GetInt32());
        Assert.Equal(reported.GetProperty("heldBack").GetProperty("calibration").GetArrayLength(), found.GetProperty("calibration").GetArrayLength());
    }

    [Fact]
    public async Task Semicolons_and_ids_by_row_give_the_same_scorecard()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        Assert.Equal(0, await run.RunAsync(Fit(folder, "--exclude", "noise")));
        var document = await Document();

        // The ids are the rows, from 1, so either way the same rows train.
        folder.Write("in.csv", LoanTable.Text().Replace("furniture, ", "furniture; ", StringComparison.Ordinal).Replace("\"furniture; ", "\u0001", StringComparison.Ordinal).Replace(',', ';').Replace("\u0001", "\"furniture, ", StringComparison.Ordinal));
        Assert.Equal(0, await run.RunAsync(Fit(folder, "--exclude", "noise,id", "--id", "row")));

        Assert.Equal(document, await Document());

        // But for the notes, which say by what rows were held back.
        async Task<string> Document() => ScorecardJson.Write(
            ScorecardJson.Read(await File.ReadAllTextAsync(folder["m.json"], TestContext.Current.CancellationToken)).Document! with { Notes = "" });
    }

    [Fact]
    public async Task A_signed_scorecard_verifies_and_whole_points_are_whole()
    {
        using var folder = new TempFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync(Fit(folder, "--sign", folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem()), "--round", "--scale", "350-950", "--model", "standard")));

        var document = ScorecardJson.Read(await File.ReadAllTextAsync(folder["m.json"], TestContext.Current.CancellationToken)).Document!;
        Assert.True(ScorecardSigning.Verify(document, key));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), document.Signature!.KeyId);
        Assert.Equal(("standard", ScoreScale.From350To950), (document.Model, document.Scale));
        Assert.All(document.Characteristics.SelectMany(one => one.Bins), bin => Assert.Equal(Math.Round(bin.Points), bin.Points));
    }

    [Theory]
    [InlineData("time:id", "time", "id")]
    [InlineData("time:id@1500", "time", "id")]
    [InlineData("folds:5x2", "folds", null)]
    public async Task Rows_are_held_back_as_asked(string split, string kind, string? column)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.True(await run.RunAsync(Fit(folder, "--split", split, "--json")) == 0, run.Error);

        var json = JsonDocument.Parse(run.LastLine).RootElement;
        Assert.Equal(kind, json.GetProperty("split").GetProperty("kind").GetString());
        if (column is null)
        {
            Assert.Equal(10, json.GetProperty("folds").GetProperty("fits").GetInt32());
            Assert.Equal(json.GetProperty("folds").GetProperty("auc").GetProperty("mean").GetDouble(), json.GetProperty("auc").GetDouble());
            Assert.Equal(2_000, json.GetProperty("training").GetProperty("rows").GetInt32());
        }
        else
        {
            Assert.Equal(column, json.GetProperty("split").GetProperty("column").GetString());
            Assert.Equal(split.Contains('@', StringComparison.Ordinal) ? 501 : 600, json.GetProperty("heldBack").GetProperty("rows").GetInt32());
        }
    }

    [Fact]
    public async Task What_no_model_in_the_ledger_may_ask_for_is_named()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        folder.Write("in.csv", LoanTable.Text().Replace("income", "age_in_years", StringComparison.Ordinal));

        Assert.Equal(0, await run.RunAsync(Fit(folder)));

        Assert.Contains("age_in_years", run.Error, StringComparison.Ordinal);
        Assert.Contains("AUC", run.Out, StringComparison.Ordinal);
        Assert.Contains("dropped noise: tells too little", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task German_credit_reaches_an_AUC_of_76()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        var data = Path.Combine(SharedData.Folder("german"), "germancredit.csv");

        var code = await run.RunAsync(
            "scorecard", "fit", "--input", data, "--target", "creditability", "--bad", "bad", "--id", "row", "--split", "folds:5x20",
            "--exclude", "personal_status_and_sex,age_in_years,foreign_worker", "--out", folder["german.pmml"], "--json");

        Assert.True(code == 0, run.Error);
        var json = JsonDocument.Parse(run.LastLine).RootElement;
        output.WriteLine(run.LastLine);
        Assert.Equal(100, json.GetProperty("folds").GetProperty("fits").GetInt32());
        Assert.True(json.GetProperty("auc").GetDouble() >= 0.76, $"mean AUC {json.GetProperty("auc")}");
    }

    internal static string[] Fit(TempFolder folder, params string[] more)
    {
        if (!File.Exists(folder["in.csv"])) folder.Write("in.csv", LoanTable.Text());
        string[] id = more.Contains("--id") ? [] : ["--id", "id"];
        return ["scorecard", "fit", "--input", folder["in.csv"], "--target", "outcome", .. id, "--out", folder["m.pmml"], .. more];
    }

    private static string? NameOf(JsonElement element) => element.GetProperty("name").GetString();
}
