using CreditGrains.Benchmarks;

// The program is also its own silo processes. Everything else measures, or reckons with what was measured.
switch (args)
{
    case ["--silo", var settings, var name, var folder, .. var switches]:
        await SiloService.RunAsync(
            settings, name, folder.Length == 0 ? null : folder, new(switches.Contains("--small-cache"), switches.Contains("--settled"), switches.Contains("--count-messages")));
        return 0;
    case [Stock.Switch, var connectionString]:
        await Stock.ServeAsync(connectionString);
        return 0;
    case [SizingTable.Switch, .. var asked]:
        return SizingTable.Run(asked);
}

var (options, fault) = BenchOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine($"{fault}\n{BenchOptions.Usage}");
    return 2;
}

return await Bench.RunAsync(options) ? 0 : 1;
