using System.Diagnostics;
using System.Globalization;

namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>
/// Does it hold on a bad day? <c>CREDITGRAINS_SEEDS=10000</c> runs more seeds, <c>CREDITGRAINS_SEED=17</c> runs one and prints what
/// happened in it.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 200;

    [Fact]
    public void Nothing_acknowledged_is_lost_and_no_verdict_is_contradicted()
    {
        var one = Setting("CREDITGRAINS_SEED");
        var seeds = one is { } seed ? [seed] : Enumerable.Range(1, Setting("CREDITGRAINS_SEEDS") ?? DefaultSeeds);
        var started = Stopwatch.GetTimestamp();
        var verdicts = new Dictionary<CommitVerdict, long>();
        var events = 0L;
        foreach (var next in seeds)
        {
            var result = World.Run(next, isTraced: one is not null);
            foreach (var line in result.Trace) output.WriteLine(line);
            foreach (var (verdict, count) in result.Verdicts) verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + count;
            events += result.EventsRun;
            Assert.True(result.Violation is null, $"seed {next}: {result.Violation}. Replay with scripts/test --seed {next}.");
        }

        output.WriteLine($"{events} events in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; {string.Join(", ", verdicts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        if (one is not null) return;

        // A storm in which nothing goes wrong proves nothing.
        foreach (var verdict in Enum.GetValues<CommitVerdict>()) Assert.True(verdicts.GetValueOrDefault(verdict) > 0, $"no append was ever {verdict}");
    }

    [Fact]
    public void A_seed_gives_the_same_run_every_time()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var first = World.Run(seed, isTraced: true);
            var second = World.Run(seed, isTraced: true);

            Assert.Equal(first.Trace, second.Trace);
            Assert.Equal(first.Fingerprint, second.Fingerprint);
        }
    }

    [Fact]
    public void Without_the_fence_the_checker_notices()
    {
        var caught = Enumerable.Range(1, DefaultSeeds).Count(seed => World.Run(seed, isFenceOff: true).Violation is not null);

        output.WriteLine($"{caught} of {DefaultSeeds} seeds show that the fence is off");
        Assert.True(caught > 0, "two silos wrote the same batches and nobody noticed");
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
