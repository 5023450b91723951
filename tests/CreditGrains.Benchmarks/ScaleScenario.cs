namespace CreditGrains.Benchmarks;

/// <summary>
/// <c>scale-cost</c>: what an entry costs as a cluster grows, in processor time of all silos and in messages between them. Clusters of one to four
/// silos of this machine stand beside each other, each with its own database of one server, and take their turns.
/// </summary>
/// <remarks>Processor time and not speed: the machine has no more processors for four silos than for one.</remarks>
internal static class ScaleScenario
{
    private const int MostSilos = 4;
    private const int ComparedWith = 2;
    private const int Citizens = 70_000; // more than a client has in flight, so that each has one entry on its way
    private const int BulkEntries = Citizens;
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(2);

    /// <summary>Measures on the store that is named, else on PostgreSQL, else on Azurite.</summary>
    /// <exception cref="MissingException">None of them can be started here.</exception>
    internal static async Task<IReadOnlyList<Result>> RunAsync(string? named, int rounds)
    {
        if (named is not null) return await MeasureAsync(named, rounds, null);
        try
        {
            return await MeasureAsync(StoreUnderTest.Postgres, rounds, null);
        }
        catch (MissingException missing)
        {
            return await MeasureAsync(StoreUnderTest.Azurite, rounds, $"on Azurite: {missing.Message}");
        }
    }

    private static async Task<IReadOnlyList<Result>> MeasureAsync(string name, int rounds, string? note)
    {
        await using var store = await StoreUnderTest.StartAsync(name, databases: MostSilos);
        var clusters = new List<(LedgerUnderTest Ledger, Workload Work)>();
        try
        {
            for (var silos = 1; silos <= MostSilos; silos++)
            {
                var ledger = await LedgerUnderTest.StartAsync(store.NewLedger(), new(CountsMessages: true), silos);
                clusters.Add((ledger, await Workload.StartAsync(ledger, Citizens)));
            }

            return
            [
                .. await MeasureAsync(store, clusters, "record-bulk", rounds, note, work => work.BulkAsync(BulkEntries)),
                .. await MeasureAsync(store, clusters, "record-single", rounds, note, work => work.SingleAsync(RecordScenarios.InFlight, SliceTime)),
            ];
        }
        finally
        {
            foreach (var (ledger, _) in clusters) await ledger.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyList<Result>> MeasureAsync(
        StoreUnderTest store, List<(LedgerUnderTest Ledger, Workload Work)> clusters, string workload, int rounds, string? note, Func<Workload, Task<Slice>> slice)
    {
        var found = clusters.Select(_ => new List<Measurement>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var place = 0; place < clusters.Count; place++)
            {
                var (ledger, work) = clusters[place];

                // Each silo has its code to compile, and so the first round is as many slices as there are silos.
                for (var warming = round == 0 ? place : 0; warming > 0; warming--) await slice(work);
                var one = await Measuring.MeasureAsync(() => slice(work), store, () => ledger.SiloTime, ledger);
                if (round > 0) found[place].Add(one);
                Console.Error.WriteLine($"  {workload} {(round == 0 ? "warm-up" : $"{round}/{rounds}")}, {place + 1} silos: {one.PerSecond:N0}/s, silos {one.SiloMicroseconds:F1} us, server {one.ServerMicroseconds ?? 0:F1}, {one.MessagesBetweenSilos:F3} messages, {one.RecordsPerBatch:F1} records a batch");
            }
        }

        return
        [
            .. found.Select((measured, place) => measured
                .Summarise(new("scale-cost", store.Name) { Workload = workload, Silos = place + 1, ServerSettings = store.Settings, Note = note })
                .Against($"cost at {ComparedWith}", measured, found[ComparedWith - 1], one => one.SiloMicroseconds!.Value)),
        ];
    }
}
