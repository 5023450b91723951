using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Journal.Tests.Stores;
using CreditGrains.Silo.Hosting;
using CreditGrains.Silo.Tests.Crash;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>A cluster of processes, of which one dies: who asks how the silos are hears so, and soon.</summary>
public sealed class DeadSiloTests(PostgresServer server)
{
    // Three attempts at a list and one at a report, with two seconds for each, and the start of a process on a busy machine.
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_silo_that_was_killed_is_listed_as_not_answering_and_the_others_with_their_reports()
    {
        using var temp = new TempFolder();
        temp.Write("database.txt", await server.NewDatabaseAsync());
        var config = temp.Write("silo.json", """
            {
              "tls": { "developmentPlainText": true },
              "newLedger": { "partitions": 16 },
              "store": { "kind": "postgres", "postgres": { "databases": [ { "connectionStringFile": "database.txt" } ], "developmentWithoutFsync": true } },
              "keys": { "pseudonym": "pseudonym.key", "reference": "reference.key" }
            }
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temp["database.txt"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, (await LedgerProgram.RunAsync("keys", temp.Root)).Code);
        var silos = new List<LedgerProgram>();
        try
        {
            for (var number = 1; number <= 3; number++) silos.Add(await ServeAsync(config, $"silo-{number}"));
            var before = await StatusAsync(config);
            Assert.Equal(["silo-1 active", "silo-2 active", "silo-3 active"], before.Select(silo => silo.State));
            Assert.Equal(16, before.Sum(silo => silo.Report.GetProperty("partitionsAssigned").GetInt32()));

            await silos[1].KillAsync();
            var started = Stopwatch.GetTimestamp();
            var after = await StatusAsync(config);

            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Promptly);
            Assert.Equal("silo-1 active", after[0].State);
            Assert.True(after[1].State is "silo-2 notAnswering" or "silo-2 gone", after[1].State); // the others may have given it up by now
            Assert.Equal(JsonValueKind.Null, after[1].Report.ValueKind);
            Assert.Equal("silo-3 active", after[2].State);
        }
        finally
        {
            foreach (var silo in silos) silo.Dispose();
        }
    }

    private static async Task<LedgerProgram> ServeAsync(string config, string name)
    {
        var silo = LedgerProgram.Start(
            "serve", "--config", config, "--name", name, "--json",
            "--silo-port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--gateway-port", FreePort.Next().ToString(CultureInfo.InvariantCulture));
        if ((await silo.FirstLine).Length == 0) Assert.Fail((await silo.EndAsync()).Error);
        return silo;
    }

    private static async Task<List<(string State, JsonElement Report)>> StatusAsync(string config)
    {
        var status = await LedgerProgram.RunAsync("cluster", "status", "--config", config, "--json");
        Assert.True(status.Code == 0, status.Error);
        return [.. status.Json.GetProperty("silos").EnumerateArray().Select(silo => ($"{silo.GetProperty("name")} {silo.GetProperty("state")}", silo.GetProperty("report")))];
    }
}
