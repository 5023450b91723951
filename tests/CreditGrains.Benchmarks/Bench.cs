using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditGrains.Benchmarks;

/// <summary>Runs what was asked for, scenario after scenario, and prints the rows.</summary>
internal static class Bench
{
    internal static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Measures. A scenario that breaks off is a row that says why, and costs no other its row.</summary>
    /// <returns>Whether all ran to their end, or were left out for want of a program.</returns>
    internal static async Task<bool> RunAsync(BenchOptions options)
    {
        var isWhole = true;
        var results = new List<Result>();
        foreach (var scenario in options.Scenarios)
        {
            Console.Error.WriteLine(scenario);
            try
            {
                results.AddRange(await RunAsync(scenario, options));
            }
            catch (MissingException missing)
            {
                results.Add(new(scenario, options.Store ?? StoreUnderTest.Postgres) { Note = $"left out: {missing.Message}" });
            }
            catch (Exception failure)
            {
                isWhole = false;
                Console.Error.WriteLine(failure);
                results.Add(new(scenario, options.Store ?? StoreUnderTest.RocksDb) { Note = $"broke off: {failure.Message}" });
            }
        }

        if (options.Json) Console.WriteLine(JsonSerializer.Serialize(results, JsonOptions));
        else Print(results);
        return isWhole;
    }

    private static async Task<IReadOnlyList<Result>> RunAsync(string scenario, BenchOptions options)
    {
        if (scenario == "scale-cost") return await ScaleScenario.RunAsync(options.Store, options.Rounds);

        // Three databases: the ledger's, and one for each baseline.
        await using var store = await StoreUnderTest.StartAsync(options.Store ?? StoreUnderTest.RocksDb, databases: 3);
        return scenario switch
        {
            "record-bulk" => await RecordScenarios.BulkAsync(store, options.Rounds),
            "record-single" => await RecordScenarios.SingleAsync(store, options.Rounds),
            "hot" => await RecordScenarios.HotAsync(store, options.Rounds),
            "read-file" => await ReadScenarios.FileAsync(store, options.Rounds),
            "read-file-past" => await ReadScenarios.PastAsync(store, options.Rounds),
            "cold-start" => await ActivationScenarios.ColdStartAsync(store, options.Rounds),
            "memory" => await ActivationScenarios.MemoryAsync(store),
            "score" => await ScoreScenarios.ScoreAsync(store, options.Rounds),
            "score-nation" => await ScoreScenarios.NationAsync(store, options.Rounds),
            "points" or "characterise" => ScoreScenarios.Floor(scenario, options.Rounds),
            "tls-cost" => await TlsScenario.RunAsync(store, options.Rounds),
            _ => await ImportScenario.RunAsync(options.Rounds, options.Program ?? "creditgrains", Environment.GetEnvironmentVariable("CREDITGRAINS_BERKA")),
        };
    }

    private static void Print(List<Result> results)
    {
        Console.WriteLine($"{"scenario",-28} {"per second",10} {"baseline",-15} {"per second",10} {"ratio",6} {"of rounds",13} {"p50 ms",8} {"p99 ms",8} {"silo us",8} {"server us",9} {"batch",6}");
        foreach (var result in results)
        {
            var name = string.Join(' ', new[] { result.Scenario, result.Workload, result.Silos is { } silos ? $"{silos} silos" : null }.OfType<string>());
            var spread = result.RatioLow is null ? "" : $"{result.RatioLow:F2}-{result.RatioHigh:F2}";
            string[] remarks =
            [
                .. result.Bytes is { } bytes ? [$"{bytes:N0} bytes"] : Array.Empty<string>(),
                .. result.Seconds is { } seconds ? [$"{seconds:F2} s"] : Array.Empty<string>(),
                .. result.RecordsPerEntry is { } records ? [$"{records:F2} records an entry"] : Array.Empty<string>(),
                .. result.MessagesBetweenSilos is > 0 and { } messages ? [$"{messages:F3} messages between silos"] : Array.Empty<string>(),
                .. new[] { result.ServerSettings, result.Note }.OfType<string>(),
            ];
            Console.WriteLine($"{name,-28} {result.PerSecond,10:N0} {result.Baseline,-15} {result.BaselinePerSecond,10:N0} {result.Ratio,6:F2} {spread,13} {result.P50Ms,8:F2} {result.P99Ms,8:F2} {result.SiloMicroseconds,8:F2} {result.ServerMicroseconds,9:F2} {result.RecordsPerBatch,6:F1}  {string.Join("; ", remarks)}");
        }
    }
}
