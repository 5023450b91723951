using System.Diagnostics;
using CreditGrains.Chaos;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.Clustering;

/// <summary>Real silo processes over real stores, with TLS, while one of them dies, freezes, leaves or is replaced. <c>scripts/cluster chaos</c> does it at full size.</summary>
public sealed class ChaosTests
{
    private const int Entries = 6_000;
    private static readonly string[] Stores = ["azurite", "postgres"];

    public static TheoryData<string, Scenario> Runs => Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1"
        ? [.. from store in Stores from scenario in Enum.GetValues<Scenario>() select (store, scenario)]
        : [("azurite", Scenario.Kill), ("azurite", Scenario.Upgrade), ("postgres", Scenario.Freeze), ("postgres", Scenario.Join), ("postgres", Scenario.StoreRestart)];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Nothing_acknowledged_is_lost_doubled_or_answered_too_late(string store, Scenario scenario)
    {
        await SkipWithoutAsync(store);
        var options = new ChaosOptions(store, scenario, Seed: 7, Entries) { Pause = TimeSpan.FromMilliseconds(50), Kills = 1, StoreFrozenFor = TimeSpan.FromSeconds(12) };

        var report = await ChaosRun.RunAsync(typeof(ExitCode).Assembly.Location, options, TextWriter.Null);

        Assert.True(report.IsSound, report.ToString());
        Assert.True(report.Acknowledged >= Entries);
        if (scenario is Scenario.Leave or Scenario.Join or Scenario.Upgrade) Assert.Equal(0, report.FailedCalls);
    }

    private static async Task SkipWithoutAsync(string store)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The cluster's script is written for bash.");
        Assert.SkipUnless(OnPath("pgrep") && OnPath("setsid"), "The cluster's script wants 'pgrep' and 'setsid', and one of them is not on the PATH.");
        if (store == "postgres")
        {
            using var find = Process.Start(new ProcessStartInfo(SourceRoot.Path("scripts", "servers", "postgres", "binaries")) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var why = await find.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await find.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(find.ExitCode != 0, $"There is no PostgreSQL here: {why.Trim()}");
        }
        else
        {
            Assert.SkipUnless(OnPath("node") && OnPath("npm"), "Azurite wants Node.js, and 'node' or 'npm' is not on the PATH.");
        }
    }

    private static bool OnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
