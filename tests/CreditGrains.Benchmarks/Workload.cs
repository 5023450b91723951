using System.Diagnostics;
using CreditGrains.Client;
using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>What is done to a ledger, a slice at a time: every citizen once to begin with, so that all are in memory.</summary>
internal sealed class Workload
{
    private const int BatchesAwakenedAtOnce = 4;
    private const int RecordedAtOnce = 16_384;

    private readonly LedgerUnderTest _ledger;
    private long _number;

    private Workload(LedgerUnderTest ledger, Population population)
    {
        _ledger = ledger;
        Population = population;
    }

    internal Population Population { get; }

    /// <summary>Makes citizens and records one entry of each.</summary>
    internal static async Task<Workload> StartAsync(LedgerUnderTest ledger, int citizens)
    {
        var workload = new Workload(ledger, new Population(citizens, (await ledger.Ledger.DescribeAsync()).PartitionCount));

        // Read into memory before anything is recorded: Azurite looks through the whole table for each, which is quick while it is empty. Few at
        // once, since a silo gives up on a call after some seconds, and such a store on a busy machine reads hundreds a second.
        await new Touch(ledger.Orleans, workload.Population.PartitionCount).CitizensAsync(Touch.Batches(workload.Population.Citizens, workload.Population.PartitionCount), BatchesAwakenedAtOnce);
        for (var begun = 0; begun < citizens; begun += RecordedAtOnce) await workload.BulkAsync(Math.Min(RecordedAtOnce, citizens - begun), isWarmUp: true);
        return workload;
    }

    /// <summary>Records entries through RecordManyAsync, one citizen after another.</summary>
    internal async Task<Slice> BulkAsync(long entries, bool isWarmUp = false)
    {
        var started = Stopwatch.GetTimestamp();
        return new(await RecordAsync(_ledger.Ledger, NextAsync(), isWarmUp), Stopwatch.GetElapsedTime(started));

        async IAsyncEnumerable<Entry> NextAsync()
        {
            await Task.CompletedTask;
            for (var entry = 0L; entry < entries; entry++)
            {
                var number = _number++;
                yield return Population.Payment(Population.Citizens[number % Population.Citizens.Length], number);
            }
        }
    }

    /// <summary>Keeps single calls in flight, on citizens in no order.</summary>
    internal Task<Slice> SingleAsync(int inFlight, TimeSpan time, LongHistogram? latencies = null) =>
        CallsAsync(inFlight, time, latencies, number => Population.Citizens[unchecked((ulong)number * 0x9E3779B97F4A7C15 >> 32) % (ulong)Population.Citizens.Length]);

    /// <summary>Keeps single calls in flight, all on one citizen.</summary>
    internal Task<Slice> HotAsync(int inFlight, TimeSpan time, LongHistogram latencies) => CallsAsync(inFlight, time, latencies, _ => Population.Citizens[0]);

    /// <summary>Records entries, each of which must be new.</summary>
    /// <param name="ledger">Where.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="isWarmUp">Whether an answer may have been late, so that an entry was sent twice. What is measured must be recorded once.</param>
    internal static async Task<long> RecordAsync(ILedgerClient ledger, IAsyncEnumerable<Entry> entries, bool isWarmUp = false)
    {
        var recorded = 0L;
        await foreach (var outcome in ledger.RecordManyAsync(entries))
        {
            if (!isWarmUp || outcome.Status != RecordStatus.AlreadyRecorded) Demand(outcome);
            recorded++;
        }

        return recorded;
    }

    private Task<Slice> CallsAsync(int inFlight, TimeSpan time, LongHistogram? latencies, Func<long, CitizenId> whose) =>
        Measuring.InFlightAsync(inFlight, time, latencies, async _ =>
        {
            var number = Interlocked.Increment(ref _number);
            Demand(await _ledger.Ledger.RecordAsync(Population.Payment(whose(number), number)));
        });

    private static void Demand(RecordOutcome outcome)
    {
        // A late call is sent once more, and the copy may be the one that is heard.
        if (outcome.Status is not (RecordStatus.Recorded or RecordStatus.AlreadyRecorded)) throw new InvalidOperationException($"An entry was {outcome.Status} {outcome.Refusal} {outcome.Field}.");
    }
}
