using System.Diagnostics;
using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>What one slice of work did.</summary>
/// <param name="Operations">How many operations ended.</param>
/// <param name="Elapsed">In how long.</param>
internal readonly record struct Slice(long Operations, TimeSpan Elapsed)
{
    internal double PerSecond => Operations / Elapsed.TotalSeconds;
}

/// <summary>What a scenario is measured against, in turn with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">Does a slice of it; null if it cannot be had here.</param>
/// <param name="LeftOut">Why it cannot be had.</param>
/// <param name="SiloTime">The processor time of the silos that serve it; null if none of ours do.</param>
internal sealed record Baseline(string Name, Func<Task<Slice>>? Run, string? LeftOut = null, Func<TimeSpan>? SiloTime = null);

internal static class Measuring
{
    /// <summary>Runs baselines and scenario in turn, so that whatever the machine does meets them all, and compares the medians. One row a baseline.</summary>
    /// <remarks>Processor times an operation are told too: what other programs do to the machine hardly touches them.</remarks>
    internal static async Task<IReadOnlyList<Result>> AlternateAsync(
        StoreUnderTest store, LedgerUnderTest ledger, string scenario, int rounds, IReadOnlyList<Baseline> baselines, Func<LongHistogram, Task<Slice>> measured)
    {
        var latencies = new LongHistogram(TimeStamp.Minutes(1), 3);
        var measurements = baselines.ToDictionary(baseline => baseline, _ => new List<Measurement>());
        var scenarios = new List<Measurement>();
        for (var round = 0; round <= rounds; round++)
        {
            var told = new List<string>();
            foreach (var baseline in baselines.Where(baseline => baseline.Run is not null))
            {
                var found = await MeasureAsync(baseline.Run!, null, baseline.SiloTime, null);
                if (round > 0) measurements[baseline].Add(found);
                told.Add($"{baseline.Name} {found.PerSecond:N0}/s");
            }

            // The first round warms up, and is not counted.
            var target = round == 0 ? new LongHistogram(TimeStamp.Minutes(1), 3) : latencies;
            var own = await MeasureAsync(() => measured(target), store, () => ledger.SiloTime, ledger);
            if (round > 0) scenarios.Add(own);
            Console.Error.WriteLine($"  {scenario} {(round == 0 ? "warm-up" : $"{round}/{rounds}")}: {string.Join(", ", told)}; {scenario} {own.PerSecond:N0}/s, silo {own.SiloMicroseconds:F1} us, server {own.ServerMicroseconds ?? 0:F1}, client {own.ClientMicroseconds:F1}, {own.RecordsPerBatch:F1} records a batch");
        }

        var result = scenarios.Summarise(new Result(scenario, store.Name)
        {
            ServerSettings = store.Settings,
            P50Ms = latencies.TotalCount == 0 ? null : Milliseconds(latencies.GetValueAtPercentile(50)),
            P99Ms = latencies.TotalCount == 0 ? null : Milliseconds(latencies.GetValueAtPercentile(99)),
        });
        return [.. baselines.Select(baseline => baseline.Run is null
            ? result with { Baseline = baseline.Name, Note = $"left out: {baseline.LeftOut}" }
            : result.Against(baseline.Name, scenarios, measurements[baseline], found => found.PerSecond))];
    }

    /// <summary>Measures one slice.</summary>
    /// <param name="work">Does it.</param>
    /// <param name="store">Whose server's time is told; null for none.</param>
    /// <param name="siloTime">The silos' time; null for none.</param>
    /// <param name="ledger">Whose counts are told; null for none.</param>
    internal static async Task<Measurement> MeasureAsync(Func<Task<Slice>> work, StoreUnderTest? store, Func<TimeSpan>? siloTime, LedgerUnderTest? ledger)
    {
        var counts = ledger is null ? default : await ledger.CountsAsync();
        var (silos, server, client) = (siloTime?.Invoke(), store?.ServerTime, Environment.CpuUsage.TotalTime);
        var slice = await work();
        var (silosAfter, serverAfter, clientAfter) = (siloTime?.Invoke(), store?.ServerTime, Environment.CpuUsage.TotalTime);
        counts = ledger is null ? default : await ledger.CountsAsync() - counts;
        return new(
            slice.PerSecond,
            (silosAfter - silos)?.TotalMicroseconds / slice.Operations,
            (serverAfter - server)?.TotalMicroseconds / slice.Operations,
            (clientAfter - client).TotalMicroseconds / slice.Operations,
            counts.Batches == 0 ? null : (double)counts.Records / counts.Batches,
            counts.Batches == 0 ? null : (double)counts.Records / slice.Operations,
            ledger is null ? null : (double)counts.Messages / slice.Operations);
    }

    /// <summary>Keeps a number of calls in flight for a time.</summary>
    internal static async Task<Slice> InFlightAsync(int callers, TimeSpan time, LongHistogram? latencies, Func<int, ValueTask> call)
    {
        var started = Stopwatch.GetTimestamp();
        var calls = new long[callers];
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                var begun = Stopwatch.GetTimestamp();
                await call(caller);
                calls[caller]++;
                if (latencies is not null) lock (latencies) latencies.RecordValue(Stopwatch.GetTimestamp() - begun);
            }
        })));
        return new(calls.Sum(), Stopwatch.GetElapsedTime(started));
    }

    private static double Milliseconds(long ticks) => Math.Round(ticks * 1000.0 / Stopwatch.Frequency, 3);
}
