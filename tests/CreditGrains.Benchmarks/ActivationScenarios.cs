using System.Collections.Immutable;
using System.Diagnostics;

namespace CreditGrains.Benchmarks;

/// <summary>Citizens brought into memory: how fast, and what each weighs.</summary>
internal static class ActivationScenarios
{
    private const int CallsInFlight = 16;

    /// <summary><c>cold-start</c>: activations a second from a store at rest, 100 entries a citizen, one entry a record.</summary>
    internal static async Task<IReadOnlyList<Result>> ColdStartAsync(StoreUnderTest store, int rounds)
    {
        const int Citizens = 100_000;
        const int Warming = Citizens / 2;
        const int EntriesEach = 100;
        var place = store.NewLedger();
        Population population;
        await using (var writing = await LedgerUnderTest.StartAsync(place))
        {
            population = new Population(Citizens, (await writing.Ledger.DescribeAsync()).PartitionCount);
            await Workload.RecordAsync(writing.Ledger, Entries(population, EntriesEach));
        }

        // Nobody is in memory now, and the store is through with what was written. Each slice touches citizens and noop grains that no slice
        // before has touched; half of all go to the warm-up, since a process compiles its code anew for tens of thousands of activations.
        await using var ledger = await LedgerUnderTest.StartAsync(place, new(IsSettled: true));
        var slices = new Queue<ImmutableArray<ImmutableArray<CitizenId>>>(
            population.Citizens[Warming..].Chunk((Citizens - Warming) / rounds).Prepend(population.Citizens[..Warming]).Select(part => Touch.Batches(part, population.PartitionCount)));
        var touch = new Touch(ledger.Orleans, population.PartitionCount);
        var noops = new Baseline("noop-activation", () => touch.NoopsAsync(slices.Peek(), CallsInFlight), SiloTime: () => ledger.SiloTime);
        return await Measuring.AlternateAsync(store, ledger, "cold-start", rounds, [noops], _ => touch.CitizensAsync(slices.Dequeue(), CallsInFlight));
    }

    /// <summary><c>memory</c>: bytes of the process an active citizen with 24 months of ordinary life.</summary>
    internal static async Task<IReadOnlyList<Result>> MemoryAsync(StoreUnderTest store)
    {
        const int Warming = 2_000;
        const int Weighed = 18_000;
        var place = store.NewLedger();
        CitizenId[] citizens;
        int partitionCount;
        await using (var writing = await LedgerUnderTest.StartAsync(place))
        {
            partitionCount = (await writing.Ledger.DescribeAsync()).PartitionCount;
            citizens = new Population(Warming + Weighed, partitionCount).Citizens;
            await Workload.RecordAsync(writing.Ledger, OrdinaryLife.Of(citizens));
        }

        await using var ledger = await LedgerUnderTest.StartAsync(place, new(HasSmallCache: true));
        var touch = new Touch(ledger.Orleans, partitionCount);
        var meter = ledger.Orleans.GetGrain<IMeterGrain>(0);
        await touch.CitizensAsync(Touch.Batches(citizens[..Warming], partitionCount), CallsInFlight);
        await touch.NoopsAsync(Touch.Batches(citizens[..Warming], partitionCount), CallsInFlight);
        var before = await meter.Weigh();
        await touch.NoopsAsync(Touch.Batches(citizens[Warming..], partitionCount), CallsInFlight);
        var empty = await meter.Weigh();
        await touch.CitizensAsync(Touch.Batches(citizens[Warming..], partitionCount), CallsInFlight);
        var full = await meter.Weigh();
        double each = (full.Process - empty.Process) / (double)Weighed, noop = (empty.Process - before.Process) / (double)Weighed;
        double heapEach = (full.Heap - empty.Heap) / (double)Weighed, heapNoop = (empty.Heap - before.Heap) / (double)Weighed;
        return
        [
            new("memory", store.Name)
            {
                Baseline = "noop-grain",
                Bytes = Math.Round(each),
                Ratio = Math.Round(each / noop, 3),
                Note = $"on the heap alone {heapEach:F0}; the empty grain: {noop:F0}, on the heap alone {heapNoop:F0}",
            },
        ];
    }

    private static async IAsyncEnumerable<Entry> Entries(Population population, int each)
    {
        await Task.CompletedTask;
        for (var number = 0L; number < (long)each * population.Citizens.Length; number++)
            yield return population.Payment(population.Citizens[number % population.Citizens.Length], number);
    }
}

/// <summary>Activates grains in batches through their partition's silo.</summary>
internal sealed class Touch(IGrainFactory grains, int partitionCount)
{
    private const int BatchSize = 256;

    /// <summary>Sorts citizens by partition, a batch a call.</summary>
    internal static ImmutableArray<ImmutableArray<CitizenId>> Batches(IEnumerable<CitizenId> citizens, int partitionCount) =>
    [
        .. citizens.GroupBy(citizen => citizen.PartitionOf(partitionCount)).SelectMany(partition => partition.Chunk(BatchSize)).Select(batch => batch.ToImmutableArray()),
    ];

    internal Task<Slice> CitizensAsync(ImmutableArray<ImmutableArray<CitizenId>> batches, int callers) =>
        AllAsync(batches, callers, (intake, batch) => intake.TouchCitizens(batch));

    internal Task<Slice> NoopsAsync(ImmutableArray<ImmutableArray<CitizenId>> batches, int callers) =>
        AllAsync(batches, callers, (intake, batch) => intake.PingMany(batch));

    internal Task<Slice> ScoresAsync(ImmutableArray<ImmutableArray<CitizenId>> batches, int callers) =>
        AllAsync(batches, callers, (intake, batch) => intake.ScoreCitizens(batch));

    private async Task<Slice> AllAsync(
        ImmutableArray<ImmutableArray<CitizenId>> batches, int callers, Func<INoopIntakeGrain, ImmutableArray<CitizenId>, ValueTask> touch)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = callers }, async (batch, _) =>
        {
            var key = GrainTypes.PartitionKey(batch[0].PartitionOf(partitionCount), partitionCount);
            await touch(grains.GetGrain<INoopIntakeGrain>(key), batch);
        });
        return new(batches.Sum(batch => batch.Length), Stopwatch.GetElapsedTime(started));
    }
}
