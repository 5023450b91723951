using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>A ledger in a folder changes its format, with real processes: one held back to format 1, as the program before this one was.</summary>
public sealed class FolderUpgradeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task It_stays_in_its_format_until_finalized_and_then_the_older_program_refuses_it()
    {
        var older = _temp.Write("older.json", """{ "newLedger": { "partitions": 8 }, "development": { "newestFormat": 1 } }""");
        var data = _temp["ledger"];
        string[] Simulate(int months) => ["simulate", "--citizens", "20", "--months", $"{months}", "--seed", "1", "--data", data, "--json"];

        Assert.Equal(ExitCode.Fine, (await LedgerProgram.RunAsync([.. Simulate(1), "--config", older])).Code);
        Assert.Equal(ExitCode.Fine, (await LedgerProgram.RunAsync(Simulate(2))).Code);
        var before = (await LedgerProgram.RunAsync("upgrade", "status", "--data", data, "--json")).Json;
        Assert.Equal((1, 2, false), (before.GetProperty("format").GetInt32(), before.GetProperty("newest").GetInt32(), before.GetProperty("final").GetBoolean()));

        // What the older program reads, it reads still.
        Assert.True((await LedgerProgram.RunAsync("verify", "--data", data, "--config", older, "--json")).Json.GetProperty("ok").GetBoolean());

        for (var time = 0; time < 2; time++)
        {
            var after = await LedgerProgram.RunAsync("upgrade", "finalize", "--data", data, "--json");
            Assert.Equal((ExitCode.Fine, 2), (after.Code, after.Json.GetProperty("format").GetInt32()));
        }

        Assert.Equal(ExitCode.Fine, (await LedgerProgram.RunAsync(Simulate(3))).Code);
        Assert.True((await LedgerProgram.RunAsync("verify", "--data", data, "--json")).Json.GetProperty("ok").GetBoolean());
        var refused = await LedgerProgram.RunAsync("totals", "--data", data, "--config", older);
        Assert.Equal(ExitCode.Unreachable, refused.Code);
        Assert.Contains("written in format 2; this program reads up to 1. Use a newer one.", refused.Error, StringComparison.Ordinal);
    }
}
