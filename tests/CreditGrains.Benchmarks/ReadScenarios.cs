using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>Files read from outside.</summary>
internal sealed class ReadScenarios
{
    private const int Citizens = 4_000;
    private readonly LedgerUnderTest _ledger;
    private readonly Population _population;
    private long _number;

    private ReadScenarios(LedgerUnderTest ledger, Population population)
    {
        _ledger = ledger;
        _population = population;
    }

    /// <summary><c>read-file</c>: files of 24 months of ordinary life, as of today.</summary>
    internal static Task<IReadOnlyList<Result>> FileAsync(StoreUnderTest store, int rounds) => ReadAsync(store, "read-file", rounds, new FileRequest());

    /// <summary><c>read-file-past</c>: the same as of a day a year back, folded anew from the journal.</summary>
    internal static Task<IReadOnlyList<Result>> PastAsync(StoreUnderTest store, int rounds) =>
        ReadAsync(store, "read-file-past", rounds, new FileRequest(OrdinaryLife.LastDay.AddYears(-1)));

    /// <summary>Records the lives of citizens whose files are to be read.</summary>
    internal static async Task<ReadScenarios> StartAsync(LedgerUnderTest ledger)
    {
        var population = new Population(Citizens, (await ledger.Ledger.DescribeAsync()).PartitionCount);
        await Workload.RecordAsync(ledger.Ledger, OrdinaryLife.Of(population.Citizens));
        return new(ledger, population);
    }

    /// <summary>Keeps reads in flight.</summary>
    internal Task<Slice> ReadAsync(FileRequest request, LongHistogram? latencies = null) =>
        Measuring.InFlightAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime, latencies, async _ =>
        {
            var citizen = _population.Citizens[Interlocked.Increment(ref _number) % Citizens];
            var answer = await _ledger.Ledger.ReadFileAsync(citizen, request);
            if (answer is not { Status: ReadStatus.Answered, Value.Tradelines.Length: 2 }) throw new InvalidOperationException($"A file was {answer.Status} {answer.Field}.");
        });

    private static async Task<IReadOnlyList<Result>> ReadAsync(StoreUnderTest store, string name, int rounds, FileRequest request)
    {
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger());
        var reading = await StartAsync(ledger);
        var noop = new Noop(ledger.Orleans, reading._population);
        await noop.PingAllAsync();
        var call = new Baseline("noop-call", () => noop.CallsAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime), SiloTime: () => ledger.SiloTime);
        return await Measuring.AlternateAsync(store, ledger, name, rounds, [call], latencies => reading.ReadAsync(request, latencies));
    }
}
