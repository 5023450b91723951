using System.Diagnostics;

namespace CreditGrains.Benchmarks;

/// <summary><c>import-berka</c>: the 1993–94 file, from the start of the published program to its end.</summary>
internal static class ImportScenario
{
    internal static async Task<IReadOnlyList<Result>> RunAsync(int rounds, string program, string? data)
    {
        if (data is null || !File.Exists(Path.Combine(data, "trans_1993_1994q1.asc")))
            return [new("import-berka", StoreUnderTest.RocksDb) { Note = "left out: the Berka files are not here; name their folder in CREDITGRAINS_BERKA" }];

        var seconds = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            using var folder = new ScratchFolder();
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in new[] { "import", "berka", data, "--transactions", Path.Combine(data, "trans_1993_1994q1.asc"), "--data", folder.Path, "--json" })
                start.ArgumentList.Add(argument);
            var started = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (process.ExitCode != 0) throw new InvalidOperationException($"The import ended with {process.ExitCode}: {await errors}");
            Console.Error.WriteLine($"  import-berka {round + 1}/{rounds}: {seconds[^1]:F2} s {output.Trim()}");
        }

        return [new("import-berka", StoreUnderTest.RocksDb) { Seconds = Math.Round(seconds.Median(), 2) }];
    }
}
