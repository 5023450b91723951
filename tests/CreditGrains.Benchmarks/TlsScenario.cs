namespace CreditGrains.Benchmarks;

/// <summary><c>tls-cost</c>: what mutual TLS between client and silo costs, against the same without it.</summary>
internal static class TlsScenario
{
    private const int Citizens = 100_000;
    private const int BulkEntries = 5 * Citizens;

    internal static async Task<IReadOnlyList<Result>> RunAsync(StoreUnderTest store, int rounds)
    {
        await using var encrypted = await LedgerUnderTest.StartAsync(store.NewLedger(isEncrypted: true));
        await using var plain = await LedgerUnderTest.StartAsync(store.NewLedger());
        var (encryptedWork, plainWork) = (await Workload.StartAsync(encrypted, Citizens), await Workload.StartAsync(plain, Citizens));
        var rows = new List<Result>();
        rows.AddRange(await CompareAsync("record-bulk", () => plainWork.BulkAsync(BulkEntries), () => encryptedWork.BulkAsync(BulkEntries)));
        rows.AddRange(await CompareAsync(
            "record-single",
            () => plainWork.SingleAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime),
            () => encryptedWork.SingleAsync(RecordScenarios.InFlight, RecordScenarios.SliceTime)));

        var (encryptedReads, plainReads) = (await ReadScenarios.StartAsync(encrypted), await ReadScenarios.StartAsync(plain));
        rows.AddRange(await CompareAsync("read-file", () => plainReads.ReadAsync(new()), () => encryptedReads.ReadAsync(new())));
        return rows;

        async Task<IEnumerable<Result>> CompareAsync(string workload, Func<Task<Slice>> without, Func<Task<Slice>> with)
        {
            Console.Error.WriteLine($"  {workload}");
            var baseline = new Baseline("plain-text", without, SiloTime: () => plain.SiloTime);
            var found = await Measuring.AlternateAsync(store, encrypted, "tls-cost", rounds, [baseline], _ => with());
            return found.Select(row => row with { Workload = workload });
        }
    }
}
