using System.Text.Json;
using System.Text.Json.Serialization;
using CreditGrains.Benchmarks;

// The program is its own silo process: --silo FOLDER serves, everything else measures.
if (args is ["--silo", var silo, ..])
{
    await SiloProcess.ServeAsync(silo, args.Contains("--small-cache"), args.Contains("--settled"));
    return 0;
}

string[] ledger = ["record-bulk", "record-single", "hot", "read-file", "read-file-past", "cold-start", "memory", "import-berka"];
var (chosen, store, json, rounds, program) = (ledger, "rocksdb", false, 5, (string?)null);
for (var place = 0; place < args.Length; place++)
{
    switch (args[place])
    {
        case "--scenario" when place + 1 < args.Length:
            chosen = [.. args[++place].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(name => name == "ledger" ? ledger : [name])];
            break;
        case "--store" when place + 1 < args.Length:
            store = args[++place];
            break;
        case "--rounds" when place + 1 < args.Length && int.TryParse(args[place + 1], out var asked) && asked > 0:
            (rounds, place) = (asked, place + 1);
            break;
        case "--program" when place + 1 < args.Length:
            program = args[++place];
            break;
        case "--json":
            json = true;
            break;
        default:
            return Usage($"'{args[place]}' is not understood.");
    }
}

if (store != "rocksdb") return Usage($"There is no store '{store}'; there is rocksdb.");
if (chosen.FirstOrDefault(name => !ledger.Contains(name)) is { } unknown) return Usage($"There is no scenario '{unknown}'.");

var results = new List<Result>();
foreach (var scenario in chosen)
{
    Console.Error.WriteLine(scenario);
    results.Add(scenario switch
    {
        "record-bulk" => await RecordScenarios.BulkAsync(rounds),
        "record-single" => await RecordScenarios.SingleAsync(rounds),
        "hot" => await RecordScenarios.HotAsync(rounds),
        "read-file" => await ReadScenarios.FileAsync(rounds),
        "read-file-past" => await ReadScenarios.PastAsync(rounds),
        "cold-start" => await ActivationScenarios.ColdStartAsync(rounds),
        "memory" => await ActivationScenarios.MemoryAsync(),
        _ => await ImportScenario.RunAsync(rounds, program ?? "creditgrains", Environment.GetEnvironmentVariable("CREDITGRAINS_BERKA")),
    });
}

if (json)
{
    Console.WriteLine(JsonSerializer.Serialize(results, new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull }));
    return 0;
}

Console.WriteLine($"{"scenario",-16} {"per second",12} {"baseline",-16} {"per second",12} {"ratio",7} {"p50 ms",8} {"p99 ms",8} {"silo us",8}");
foreach (var result in results)
    Console.WriteLine($"{result.Scenario,-16} {result.PerSecond,12:N0} {result.Baseline,-16} {result.BaselinePerSecond,12:N0} {result.Ratio,7:F2} {result.P50Ms,8:F2} {result.P99Ms,8:F2} {result.SiloMicroseconds,8:F2}  {(result.Bytes is { } bytes ? $"{bytes:N0} bytes" : result.Seconds is { } seconds ? $"{seconds:F2} s" : "")} {result.Note}");
return 0;

int Usage(string fault)
{
    Console.Error.WriteLine($"{fault}\nusage: scripts/bench [--scenario NAMES-OR-GROUPS] [--store rocksdb] [--rounds N] [--json]\nscenarios, all in the group 'ledger': {string.Join(", ", ledger)}");
    return 2;
}
