using System.Text.Json;

namespace CreditGrains.Benchmarks;

/// <summary>Reckons what a nation needs, from what the benchmark has measured.</summary>
internal static class SizingTable
{
    internal const string Switch = "--sizing";

    private static readonly double[] Shares = [0.01, 0.1, 0.5, 1];

    private static readonly string Usage =
        $"""
        usage: scripts/sizing [RESULTS.json ...] [--citizens N] [--entries-per-day N] [--peak ENTRIES/S] [--inquiries N/S]
                              [--busy SHARE] [--processors N] [--memory GiB] [--json]
        Prints what a nation needs, reckoned from the output of scripts/bench --json: one file, or several whose rows go together. Without a file it
        measures first, some minutes long.

        {SizingRow.Formulas}
        """;

    /// <summary>Prints the table.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        var (nation, files, json) = (new Nation(), new List<string>(), false);
        for (var place = 0; place < args.Length; place++)
        {
            if (args[place] == "--help")
            {
                Console.WriteLine(Usage);
                return 0;
            }

            if (args[place] == "--json") json = true;
            else if (!args[place].StartsWith("--", StringComparison.Ordinal)) files.Add(args[place]);
            else if (place + 1 < args.Length && nation.With(args[place], args[place + 1]) is { } changed) (nation, place) = (changed, place + 1);
            else return Fault($"'{args[place]}' is not understood.\n{Usage}");
        }

        var results = new List<Result>();
        foreach (var file in files)
        {
            try
            {
                results.AddRange(JsonSerializer.Deserialize<List<Result>>(File.ReadAllText(file), Bench.JsonOptions)!);
            }
            catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
            {
                return Fault($"{file}: {failure.Message}");
            }
        }

        var (measured, missing) = Measured.In(results);
        if (measured is null) return Fault($"The results lack: {missing}. Measure them with scripts/bench --json.");
        SizingRow[] rows = [.. Shares.Select(share => SizingRow.Of(nation, measured, share))];
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { nation, measured, rows }, Bench.JsonOptions));
        else Print(nation, measured, rows);
        return 0;
    }

    private static void Print(Nation nation, Measured measured, SizingRow[] rows)
    {
        Console.WriteLine($"{nation.Citizens:N0} citizens, {nation.MeanEntries:N0} entries a second on the mean and {nation.PeakEntries:N0} at the peak, {nation.Inquiries:N0} inquiries a second.");
        Console.WriteLine($"Measured on {measured.Store}: an entry {measured.Entry:F1} us of the silos, alone {measured.SingleEntry:F1}, of the server {measured.Server?.ToString("F1", null) ?? "unknown"}, {measured.RowsPerEntry:F2} rows; a file read {measured.Read:F1} us, a citizen read into memory {measured.Activation:F1} us and {measured.CitizenBytes:N0} bytes.");
        Console.WriteLine($"Machines of {nation.Processors:N0} processors and {nation.MemoryGiB:N0} GiB for citizens; {nation.BusyShare:P0} busy at the peak.");
        Console.WriteLine();
        Console.WriteLine($"{"resident",8} {"memory GiB",11} {"busy, mean",11} {"processors",11} {"silos",6} {"databases",10} {"(processors)",12} or {"accounts",9} {"(partitions)",12}");
        foreach (var row in rows)
            Console.WriteLine($"{row.ResidentShare,8:P0} {row.MemoryGiB,11:N0} {row.MeanProcessors,11:N1} {row.PeakProcessors,11:N0} {row.Silos,6:N0} {row.Databases?.ToString("N0", null) ?? "-",10} {row.DatabaseProcessors?.ToString("N0", null) ?? "-",12}    {row.Accounts,9:N0} {row.AccountPartitions,12:N0}");
    }

    private static int Fault(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
