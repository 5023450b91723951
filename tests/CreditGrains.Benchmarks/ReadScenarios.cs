namespace CreditGrains.Benchmarks;

/// <summary>Files read from outside.</summary>
internal static class ReadScenarios
{
    private const int Citizens = 4_000;
    private const int InFlight = 400;
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(4);

    /// <summary><c>read-file</c>: files of 24 months of ordinary life, as of today.</summary>
    internal static Task<Result> FileAsync(int rounds) => ReadAsync("read-file", rounds, new FileRequest());

    /// <summary><c>read-file-past</c>: the same as of a day a year back, folded anew from the journal.</summary>
    internal static Task<Result> PastAsync(int rounds) => ReadAsync("read-file-past", rounds, new FileRequest(OrdinaryLife.LastDay.AddYears(-1)));

    private static async Task<Result> ReadAsync(string name, int rounds, FileRequest request)
    {
        using var folder = new ScratchFolder();
        await using var silo = await SiloProcess.StartAsync(folder.Path);
        var population = new Population(Citizens, (await silo.Ledger.DescribeAsync()).PartitionCount);
        await RecordScenarios.RecordAsync(silo.Ledger, OrdinaryLife.Of(population.Citizens));
        var noop = new Noop(silo.Orleans, population);
        await noop.PingAllAsync();
        var number = 0L;
        return await Measuring.AlternateAsync(silo, name, "noop-call", rounds, () => noop.CallsAsync(InFlight, SliceTime), latencies =>
            Measuring.InFlightAsync(InFlight, SliceTime, latencies, async _ =>
            {
                var citizen = population.Citizens[Interlocked.Increment(ref number) % Citizens];
                var answer = await silo.Ledger.ReadFileAsync(citizen, request);
                if (answer is not { Status: ReadStatus.Answered, Value.Tradelines.Length: 2 }) throw new InvalidOperationException($"A file was {answer.Status} {answer.Field}.");
            }));
    }
}
