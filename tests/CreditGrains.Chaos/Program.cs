using System.CommandLine;
using System.Text.Json;
using CreditGrains.Chaos;

var store = new Option<string>("--store") { Description = "azurite or postgres", DefaultValueFactory = _ => "azurite" };
store.AcceptOnlyFromAmong("azurite", "postgres");
var scenario = new Option<string>("--scenario") { Description = "What happens", Required = true };
var names = Enum.GetValues<Scenario>().ToDictionary(ChaosRun.NameOf);
scenario.AcceptOnlyFromAmong([.. names.Keys]);
var seed = new Option<int>("--seed") { Description = "Chooses whom it happens to, and when", DefaultValueFactory = _ => 1 };
var entries = new Option<int>("--entries") { Description = "How many entries are acknowledged before the run ends, 1,000 or more", DefaultValueFactory = _ => 200_000 };
entries.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1_000) result.AddError("--entries is 1,000 or more.");
});
var json = new Option<bool>("--json") { Description = "Write the report as one line of JSON" };
var root = new RootCommand("A cluster of real silo processes under load, while something happens to it") { store, scenario, seed, entries, json };
root.SetAction(async parsed =>
{
    var options = new ChaosOptions(parsed.GetValue(store)!, names[parsed.GetValue(scenario)!], parsed.GetValue(seed), parsed.GetValue(entries));
    var report = await ChaosRun.RunAsync(Environment.GetEnvironmentVariable("CREDITGRAINS_PROGRAM"), options, Console.Error);
    Console.WriteLine(parsed.GetValue(json)
        ? JsonSerializer.Serialize(report, JsonSerializerOptions.Web)
        : $"""
           {report.Scenario} over {report.Store}, seed {report.Seed}: {(report.IsSound ? "sound" : "NOT SOUND")}
             acknowledged   {report.Acknowledged,10:N0}   in {report.Seconds:F0} s
             lost           {report.Lost,10:N0}
             duplicated     {report.Duplicated,10:N0}
             stale answers  {report.Stale,10:N0}
             failed calls   {report.FailedCalls,10:N0}
             longest wait   {report.LongestWaitMs,10:N0} ms
             totals         {(report.TotalsExact ? "exact" : "NOT EXACT"),10}
             verify         {(report.VerifyOk ? "ok" : "NOT OK"),10}
           """);
    return report.IsSound ? 0 : 3;
});
return await root.Parse(args).InvokeAsync();
