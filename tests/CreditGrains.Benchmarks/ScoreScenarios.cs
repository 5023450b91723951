using System.Diagnostics;
using CreditGrains.Ledger;
using CreditGrains.Silo.Nation;
using HdrHistogram;

namespace CreditGrains.Benchmarks;

/// <summary>Scores: asked for from outside, computed from vectors, and over everybody.</summary>
internal static class ScoreScenarios
{
    private const int Files = 256;
    private const int NationSize = 200_000;
    private const int EntriesEach = 10;
    private const int BatchesInFlight = 64;
    private const int BatchSize = 256;

    /// <summary><c>score</c>: files of 24 months of ordinary life, scored and recorded, 400 in flight.</summary>
    internal static async Task<IReadOnlyList<Result>> ScoreAsync(StoreUnderTest store, int rounds)
    {
        const int Citizens = 4_000;
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger());
        var population = new Population(Citizens, (await ledger.Ledger.DescribeAsync()).PartitionCount);
        await Workload.RecordAsync(ledger.Ledger, OrdinaryLife.Of(population.Citizens));
        var noop = new Noop(ledger.Orleans, population);
        await noop.PingAllAsync();
        var call = new Baseline("noop-call", () => noop.CallsAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime), SiloTime: () => ledger.SiloTime);
        var number = 0L;
        Task<Slice> MeasuredAsync(LongHistogram latencies) => Measuring.InFlightAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime, latencies, async _ =>
        {
            var next = Interlocked.Increment(ref number);
            var answer = await ledger.Ledger.ScoreAsync(population.Citizens[next % Citizens], new(Purposes.LoanApproval, $"{next}"));
            if (answer is not { Status: ReadStatus.Answered, Value: { Score: not null, Reasons.Length: > 0 } }) throw new InvalidOperationException($"A score was {answer.Status} {answer.Field}.");
        });
        return await Measuring.AlternateAsync(store, ledger, "score", rounds, [call], MeasuredAsync);
    }

    /// <summary><c>score-nation</c>: 200,000 citizens through their grains, a batch of a partition's a call, nothing recorded.</summary>
    internal static async Task<IReadOnlyList<Result>> NationAsync(StoreUnderTest store, int rounds)
    {
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger());
        var population = new Population(NationSize, (await ledger.Ledger.DescribeAsync()).PartitionCount);
        await Workload.RecordAsync(ledger.Ledger, Payments(population));
        var noop = new Noop(ledger.Orleans, population);
        await noop.PingAllAsync();
        var touch = new Touch(ledger.Orleans, population.PartitionCount);
        var batches = Touch.Batches(population.Citizens, population.PartitionCount);
        var fanOut = new Baseline("noop-fanout", () => noop.FanOutAsync(BatchesInFlight, BatchSize, RecordScenarios.SliceTime), SiloTime: () => ledger.SiloTime);
        return await Measuring.AlternateAsync(store, ledger, "score-nation", rounds, [fanOut], _ => touch.ScoresAsync(batches, BatchesInFlight));
    }

    /// <summary><c>points</c> and <c>characterise</c>: what a score costs beside its grain, on one core, in this process.</summary>
    internal static IReadOnlyList<Result> Floor(string name, int rounds)
    {
        var asOf = OrdinaryLife.LastDay;
        var states = Enumerable.Range(0, Files).Select(number =>
        {
            var state = new CitizenState();
            foreach (var entry in OrdinaryCitizen.Entries(1, (ulong)number, new((ulong)number + 1, 1), asOf.AddMonths(-OrdinaryCitizen.Months).AddDays(1))) state.Apply(new(entry));
            state.Trim();
            return state;
        }).ToArray();
        var vectors = states.Select(state =>
        {
            var vector = new double[Characteristics.Count];
            state.Characterise(asOf, vector);
            return vector;
        }).ToArray();
        var model = ModelRegister.Empty.Standing(ModelNames.Standard, ModelState.Champion)!;
        var target = new double[Characteristics.Count];
        Action<int> work = name == "points"
            ? place => { if (model.Score(vectors[place]) is null) throw new InvalidOperationException("The standard model gave no score."); }
            : place => states[place].Characterise(asOf, target);

        var (speeds, bytes) = (new List<double>(), 0.0);
        for (var round = 0; round <= rounds; round++)
        {
            var (done, started, before) = (0L, Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
                for (var place = 0; place < Files; place++, done++) work(place);
            if (round == 0) continue;
            speeds.Add(done / Stopwatch.GetElapsedTime(started).TotalSeconds);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)done;
        }

        speeds.Sort();
        return [new(name, StoreUnderTest.RocksDb) { PerSecond = Math.Round(speeds[speeds.Count / 2]), Bytes = Math.Round(bytes), Note = "one core, in this process; bytes allocated each" }];
    }

    private static async IAsyncEnumerable<Entry> Payments(Population population)
    {
        await Task.CompletedTask;
        for (var number = 0L; number < (long)EntriesEach * population.Citizens.Length; number++)
            yield return population.Payment(population.Citizens[number % population.Citizens.Length], number);
    }
}
