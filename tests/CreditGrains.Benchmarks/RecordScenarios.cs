using System.Diagnostics;
using CreditGrains.Client;
using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>Durable recording: in bulk, call by call, and all on one citizen.</summary>
internal static class RecordScenarios
{
    private const int Citizens = 100_000;
    private const int InFlight = 400;
    private const int BatchesInFlight = 64;
    private const int BatchSize = 256;
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(4);

    /// <summary><c>record-bulk</c>: durable entries a second through RecordManyAsync, one entry a citizen a batch.</summary>
    internal static async Task<Result> BulkAsync(int rounds)
    {
        using var folder = new ScratchFolder();
        await using var silo = await SiloProcess.StartAsync(folder.Path);
        var population = new Population(Citizens, (await silo.Ledger.DescribeAsync()).PartitionCount);
        var noop = new Noop(silo.Orleans, population);
        var number = 0L;

        await RecordAsync(silo.Ledger, Pass(1)); // every citizen active, as every noop grain below
        await noop.PingAllAsync();
        return await Measuring.AlternateAsync(silo, "record-bulk", "noop-fanout", rounds, () => noop.FanOutAsync(BatchesInFlight, BatchSize, SliceTime), async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            var recorded = await RecordAsync(silo.Ledger, Pass(5));
            return new(recorded, Stopwatch.GetElapsedTime(started));
        });

        async IAsyncEnumerable<Entry> Pass(int passes)
        {
            await Task.CompletedTask;
            for (var entry = 0L; entry < (long)passes * Citizens; entry++, number++)
                yield return population.Payment(population.Citizens[number % Citizens], number);
        }
    }

    /// <summary><c>record-single</c>: durable single calls from an external process, 400 in flight.</summary>
    internal static Task<Result> SingleAsync(int rounds) => CallsAsync("record-single", rounds, isHot: false);

    /// <summary><c>hot</c>: the same on one citizen, against record-single.</summary>
    internal static Task<Result> HotAsync(int rounds) => CallsAsync("hot", rounds, isHot: true);

    internal static async Task<long> RecordAsync(ILedgerClient ledger, IAsyncEnumerable<Entry> entries)
    {
        var recorded = 0L;
        await foreach (var outcome in ledger.RecordManyAsync(entries))
        {
            if (outcome.Status != RecordStatus.Recorded) throw new InvalidOperationException($"An entry was {outcome.Status} {outcome.Refusal} {outcome.Field}.");
            recorded++;
        }

        return recorded;
    }

    private static async Task<Result> CallsAsync(string name, int rounds, bool isHot)
    {
        using var folder = new ScratchFolder();
        await using var silo = await SiloProcess.StartAsync(folder.Path);
        var population = new Population(Citizens, (await silo.Ledger.DescribeAsync()).PartitionCount);
        var noop = new Noop(silo.Orleans, population);
        var number = 0L;

        await RecordAsync(silo.Ledger, Everyone());
        if (isHot)
            return await Measuring.AlternateAsync(silo, name, "record-single", rounds, () => RecordsAsync(null, Anyone), latencies => RecordsAsync(latencies, _ => population.Citizens[0]));

        await noop.PingAllAsync();
        return await Measuring.AlternateAsync(silo, name, "noop-call", rounds, () => noop.CallsAsync(InFlight, SliceTime), latencies => RecordsAsync(latencies, Anyone));

        CitizenId Anyone(long entry) => population.Citizens[unchecked((ulong)entry * 0x9E3779B97F4A7C15 >> 32) % Citizens];

        Task<Slice> RecordsAsync(LongHistogram? latencies, Func<long, CitizenId> whose) => Measuring.InFlightAsync(InFlight, SliceTime, latencies, async _ =>
        {
            var entry = Interlocked.Increment(ref number);
            var outcome = await silo.Ledger.RecordAsync(population.Payment(whose(entry), entry));
            if (outcome.Status != RecordStatus.Recorded) throw new InvalidOperationException($"An entry was {outcome.Status} {outcome.Refusal} {outcome.Field}.");
        });

        async IAsyncEnumerable<Entry> Everyone()
        {
            await Task.CompletedTask;
            foreach (var citizen in population.Citizens) yield return population.Payment(citizen, Interlocked.Increment(ref number));
        }
    }
}
