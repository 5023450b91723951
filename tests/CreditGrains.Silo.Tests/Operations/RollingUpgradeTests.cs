using System.Globalization;
using CreditGrains.Journal.Tests.Stores;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;
using CreditGrains.Silo.Tests.Crash;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>A cluster of processes changes its format: one of them held back to format 1, as the program before this one was.</summary>
public sealed class RollingUpgradeTests(PostgresServer server)
{
    [Fact]
    public async Task The_format_changes_when_the_last_older_silo_has_left_and_none_comes_back()
    {
        using var temp = new TempFolder();
        temp.Write("database.txt", await server.NewDatabaseAsync());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temp["database.txt"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, (await LedgerProgram.RunAsync("keys", temp.Root)).Code);
        var older = temp.Write("older.json", Settings("""  "development": { "newestFormat": 1 }, """));
        var newer = temp.Write("newer.json", Settings(""));

        using var first = await ServeAsync(older, "silo-1");
        using var second = await ServeAsync(newer, "silo-2");
        var refused = await LedgerProgram.RunAsync("upgrade", "finalize", "--config", newer, "--json");
        Assert.Equal(ExitCode.NotReady, refused.Code);
        Assert.Contains("nothing is changed: silo-1 reads up to format 1.", refused.Error, StringComparison.Ordinal);
        Assert.Equal("1 [silo-1 1 1, silo-2 2 1]", await StatusAsync(newer));

        await first.SignalAsync("TERM");
        Assert.Equal(0, (await first.EndAsync()).Code);
        for (var time = 0; time < 2; time++)
        {
            var done = await LedgerProgram.RunAsync("upgrade", "finalize", "--config", newer, "--json");
            Assert.True(done.Code == 0, done.Error);
            Assert.True(done.Json.GetProperty("final").GetBoolean());
        }

        Assert.Equal("2 [silo-2 2 2]", await StatusAsync(newer));
        var back = await LedgerProgram.RunAsync(Serving(older, "silo-1"));
        Assert.Equal(ExitCode.Unreachable, back.Code);
        Assert.Contains("written in format 2; this program reads up to 1. Use a newer one.", back.Error, StringComparison.Ordinal);
    }

    private static string Settings(string development) =>
        $$"""
        {
          {{development}}
          "manifestEvery": "00:00:00.200",
          "tls": { "developmentPlainText": true },
          "newLedger": { "partitions": 16 },
          "store": { "kind": "postgres", "postgres": { "databases": [ { "connectionStringFile": "database.txt" } ], "developmentWithoutFsync": true } },
          "keys": { "pseudonym": "pseudonym.key", "reference": "reference.key" }
        }
        """;

    private static string[] Serving(string config, string name) =>
    [
        "serve", "--config", config, "--name", name, "--json",
        "--silo-port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--gateway-port", FreePort.Next().ToString(CultureInfo.InvariantCulture),
    ];

    private static async Task<LedgerProgram> ServeAsync(string config, string name)
    {
        var silo = LedgerProgram.Start(Serving(config, name));
        if ((await silo.FirstLine).Length == 0) Assert.Fail((await silo.EndAsync()).Error);
        return silo;
    }

    private static async Task<string> StatusAsync(string config)
    {
        var status = await LedgerProgram.RunAsync("upgrade", "status", "--config", config, "--json");
        Assert.True(status.Code == 0, status.Error);
        var silos = status.Json.GetProperty("silos").EnumerateArray().Select(silo => $"{silo.GetProperty("name")} {silo.GetProperty("newest")} {silo.GetProperty("writes")}");
        return $"{status.Json.GetProperty("format")} [{string.Join(", ", silos)}]";
    }
}
