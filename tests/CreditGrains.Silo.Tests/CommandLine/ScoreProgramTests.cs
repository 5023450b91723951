using CreditGrains.Ledger;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Tests.Crash;

namespace CreditGrains.Silo.Tests.CommandLine;

/// <summary>Scores and models as an operator has them: the program itself, on a ledger in a folder.</summary>
public sealed class ScoreProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditgrains-score-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_is_put_in_force_by_two_persons_and_an_older_score_is_still_repeated()
    {
        await FillAsync();
        var first = await RunAsync("score", "test:1", "--purpose", Purposes.LoanApproval, "--as-of", "2024-12-31");
        Assert.Equal(("THIN", "thin-file", 1), (Text(first, "coverage"), Text(first, "model"), first.Json.GetProperty("version").GetInt32()));
        var score = first.Json.GetProperty("score").GetInt32();
        Assert.InRange(score, 300, 850);
        Assert.NotEmpty(first.Json.GetProperty("reasons").EnumerateArray());

        var document = Path.Combine(_folder, "ours.json");
        await File.WriteAllTextAsync(document, ScorecardJson.Write(ShippedModels.ThinFile with { InitialPoints = ShippedModels.ThinFile.InitialPoints - 20 }), TestContext.Current.CancellationToken);
        await RunAsync("model", "register", "thin-file", document, "--by", "ada");
        foreach (var state in new[] { "challenger", "champion" })
        {
            await RunAsync("model", "propose", "thin-file", "2", state, "--by", "ben");
            var alone = await LedgerProgram.RunAsync(["model", "approve", "thin-file", "2", state, "--by", "ben", "--data", Data]);
            Assert.Equal(ExitCode.Usage, alone.Code);
            Assert.StartsWith("SAME_PERSON", alone.Error, StringComparison.Ordinal);
            Assert.Equal(state, Text(await RunAsync("model", "approve", "thin-file", "2", state, "--by", "cleo"), "state"));
        }

        var second = await RunAsync("score", "test:1", "--purpose", Purposes.LoanApproval, "--as-of", "2024-12-31");
        Assert.Equal((score - 20, 2), (second.Json.GetProperty("score").GetInt32(), second.Json.GetProperty("version").GetInt32()));
        var again = await RunAsync("score", "test:1", "--replay", first.Json.GetProperty("sequence").GetRawText());
        Assert.True(again.Json.GetProperty("isSame").GetBoolean());
        Assert.Equal((score, 1), (again.Json.GetProperty("score").GetInt32(), again.Json.GetProperty("version").GetInt32()));
        Assert.True((await RunAsync("verify")).Json.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task What_cannot_be_done_is_named()
    {
        await FillAsync();
        var banned = Path.Combine(_folder, "banned.pmml");
        var pmml = PmmlWriter.Write(ShippedModels.ThinFile.ToScorecard()).Replace(ShippedModels.ThinFile.Characteristics[0].Name, "nationality", StringComparison.Ordinal);
        await File.WriteAllTextAsync(banned, pmml, TestContext.Current.CancellationToken);

        foreach (var (words, said) in new (string[], string)[]
        {
            (["model", "register", "thin-file", banned, "--by", "ada"], "INPUT_BANNED"),
            (["model", "show", "thin-file", "7"], "There is no thin-file 7"),
            (["score", "test:1", "--purpose", "CURIOSITY"], "--purpose takes one of"),
            (["score", "test:1", "--replay", "1"], "No score stands in that record"),
            (["score", "test:1"], "Give --purpose CODE"),
        })
        {
            var ended = await LedgerProgram.RunAsync([.. words, "--data", Data]);
            Assert.Equal(ExitCode.Usage, ended.Code);
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await RunAsync("model", "list")).Json.GetArrayLength());
    }

    private string Data => Path.Combine(_folder, "ledger");

    private async Task FillAsync()
    {
        var file = Path.Combine(_folder, "entries.jsonl");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, 24).Select(number =>
                $$$"""{"citizen":"test:1","kind":"{{{(number % 2 == 0 ? "PaymentReceived" : "PaymentMade")}}}","furnisher":"bank","reference":"p/{{{number}}}","occurredOn":"2024-{{{(number / 2) + 1:D2}}}-15","money":{"currency":"CNY","minorUnits":{{{10_000 - (number % 2 * 3_000)}}}}}"""),
            TestContext.Current.CancellationToken);
        await RunAsync("import", "entries", file);
    }

    private async Task<Ended> RunAsync(params string[] words)
    {
        var ended = await LedgerProgram.RunAsync([.. words, "--data", Data, "--json"]);
        Assert.Equal((ExitCode.Fine, ""), (ended.Code, ended.Error));
        return ended;
    }

    private static string? Text(Ended ended, string name) => ended.Json.GetProperty(name).GetString();
}
