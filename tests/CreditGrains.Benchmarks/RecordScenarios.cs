namespace CreditGrains.Benchmarks;

/// <summary>Durable recording: in bulk, call by call, and all on one citizen.</summary>
internal static class RecordScenarios
{
    internal const int InFlight = 400;
    internal static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(4);

    private const int Citizens = 100_000;
    private const int BatchesInFlight = 64;
    private const int BatchSize = 256;

    // Azurite is slow to read citizens into memory. There are few of them, eighty a partition, a transaction, and no
    // more entries in flight than citizens: each entry is a record then.
    private const int FewerCitizens = 20_480;
    private const int FewerEntriesInFlight = 20_480;
    private const int ManyInFlight = 4_000;

    /// <summary><c>record-bulk</c>: durable entries a second through RecordManyAsync, one entry a citizen a batch.</summary>
    internal static async Task<IReadOnlyList<Result>> BulkAsync(StoreUnderTest store, int rounds)
    {
        var isAzurite = store.Name == StoreUnderTest.Azurite;
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger(), entriesInFlight: isAzurite ? FewerEntriesInFlight : null);
        var work = await Workload.StartAsync(ledger, isAzurite ? FewerCitizens : Citizens);
        if (!store.IsServer)
        {
            var noop = new Noop(ledger.Orleans, work.Population);
            await noop.PingAllAsync();
            var fanOut = new Baseline("noop-fanout", () => noop.FanOutAsync(BatchesInFlight, BatchSize, SliceTime), SiloTime: () => ledger.SiloTime);
            return await Measuring.AlternateAsync(store, ledger, "record-bulk", rounds, [fanOut], _ => work.BulkAsync(5 * Citizens));
        }

        await using var baselines = await ServerBaselines.StartAsync(store, await ledger.ValueBytesAsync(), InFlight);
        var entries = isAzurite ? FewerCitizens : 3 * Citizens;
        return await Measuring.AlternateAsync(store, ledger, "record-bulk", rounds, baselines.All, _ => work.BulkAsync(entries));
    }

    /// <summary><c>record-single</c>: durable single calls from an external process, 400 in flight, on Azurite 4,000.</summary>
    internal static async Task<IReadOnlyList<Result>> SingleAsync(StoreUnderTest store, int rounds)
    {
        var isAzurite = store.Name == StoreUnderTest.Azurite;
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger());
        var work = await Workload.StartAsync(ledger, isAzurite ? FewerCitizens : Citizens);
        if (!store.IsServer)
        {
            var noop = new Noop(ledger.Orleans, work.Population);
            await noop.PingAllAsync();
            var call = new Baseline("noop-call", () => noop.CallsAsync(InFlight, SliceTime), SiloTime: () => ledger.SiloTime);
            return await Measuring.AlternateAsync(store, ledger, "record-single", rounds, [call], latencies => work.SingleAsync(InFlight, SliceTime, latencies));
        }

        var inFlight = isAzurite ? ManyInFlight : InFlight;
        await using var baselines = await ServerBaselines.StartAsync(store, await ledger.ValueBytesAsync(), inFlight);
        return await Measuring.AlternateAsync(store, ledger, "record-single", rounds, baselines.All, latencies => work.SingleAsync(inFlight, SliceTime, latencies));
    }

    /// <summary><c>hot</c>: single calls on one citizen, against record-single.</summary>
    internal static async Task<IReadOnlyList<Result>> HotAsync(StoreUnderTest store, int rounds)
    {
        await using var ledger = await LedgerUnderTest.StartAsync(store.NewLedger());
        var work = await Workload.StartAsync(ledger, Citizens);
        var single = new Baseline("record-single", () => work.SingleAsync(InFlight, SliceTime), SiloTime: () => ledger.SiloTime);
        return await Measuring.AlternateAsync(store, ledger, "hot", rounds, [single], latencies => work.HotAsync(InFlight, SliceTime, latencies));
    }
}
