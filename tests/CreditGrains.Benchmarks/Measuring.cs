using System.Diagnostics;
using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>One row of the result: a scenario against its baseline, measured in turn with it.</summary>
internal sealed record Result(
    string Scenario,
    string Store,
    double? PerSecond = null,
    string? Baseline = null,
    double? BaselinePerSecond = null,
    double? Ratio = null,
    double? P50Ms = null,
    double? P99Ms = null,
    double? Bytes = null,
    double? Seconds = null,
    double? SiloMicroseconds = null,
    double? BaselineSiloMicroseconds = null,
    string? Note = null);

/// <summary>What one slice of work did.</summary>
/// <param name="Operations">How many operations ended.</param>
/// <param name="Elapsed">In how long.</param>
internal readonly record struct Slice(long Operations, TimeSpan Elapsed)
{
    internal double PerSecond => Operations / Elapsed.TotalSeconds;
}

internal static class Measuring
{
    /// <summary>Runs baseline and scenario in turn, so that whatever the machine does meets both, and compares the medians.</summary>
    /// <remarks>The silo's processor time an operation is told too: what other programs do to the machine hardly touches it.</remarks>
    internal static async Task<Result> AlternateAsync(
        SiloProcess silo, string scenario, string baselineName, int rounds, Func<Task<Slice>> baseline, Func<LongHistogram, Task<Slice>> measured)
    {
        var meter = silo.Orleans.GetGrain<IMeterGrain>(0);
        List<double> baselineCosts = [], scenarioCosts = [];
        var latencies = new LongHistogram(TimeStamp.Minutes(1), 3);
        var baselines = new List<double>();
        var scenarios = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var warming = new LongHistogram(TimeStamp.Minutes(1), 3);
            var (baselineSlice, baselineCost) = await CostAsync(baseline);
            var (scenarioSlice, scenarioCost) = await CostAsync(() => measured(round == 0 ? warming : latencies));
            Console.Error.WriteLine($"  {scenario} {(round == 0 ? "warm-up" : $"{round}/{rounds}")}: {baselineName} {baselineSlice.PerSecond:N0}/s, {scenario} {scenarioSlice.PerSecond:N0}/s; silo {baselineCost:F1} and {scenarioCost:F1} us each");
            if (round == 0) continue;
            baselines.Add(baselineSlice.PerSecond);
            scenarios.Add(scenarioSlice.PerSecond);
            baselineCosts.Add(baselineCost);
            scenarioCosts.Add(scenarioCost);
        }

        var (baselineMedian, scenarioMedian) = (Median(baselines), Median(scenarios));
        return new(
            scenario, "rocksdb", Math.Round(scenarioMedian), baselineName, Math.Round(baselineMedian), Math.Round(scenarioMedian / baselineMedian, 3),
            latencies.TotalCount == 0 ? null : Milliseconds(latencies.GetValueAtPercentile(50)),
            latencies.TotalCount == 0 ? null : Milliseconds(latencies.GetValueAtPercentile(99)),
            SiloMicroseconds: Math.Round(Median(scenarioCosts), 2), BaselineSiloMicroseconds: Math.Round(Median(baselineCosts), 2));

        async Task<(Slice Slice, double Cost)> CostAsync(Func<Task<Slice>> work)
        {
            var before = await meter.Processor();
            var slice = await work();
            return (slice, (await meter.Processor() - before).TotalMicroseconds / slice.Operations);
        }
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

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static double Milliseconds(long ticks) => Math.Round(ticks * 1000.0 / Stopwatch.Frequency, 3);
}
