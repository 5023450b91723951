namespace CreditGrains.Cluster.Tests;

/// <summary>What a silo reads before it joins.</summary>
public sealed class RehearsalTests
{
    // The newest record of the partition puts aside what stands in an older one: only in their order can they be folded.
    [Fact]
    public async Task A_silo_joins_a_ledger_whose_newest_records_are_reversals_and_corrections()
    {
        await using var ledger = await LedgerCluster.StartAsync(silos: 1, options: new());
        for (var partition = 0; partition < Made.Partitions; partition++)
        {
            var payment = Made.Payment(Made.Citizen(partition), "first");
            Entry[] entries = [payment, partition % 2 == 0 ? Made.Reversal(payment, "second") : Made.Correction(payment, "second", 70)];
            foreach (var entry in entries)
                Assert.Equal(RecordStatus.Recorded, (await ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
        }

        await ledger.Orleans.StartAdditionalSiloAsync();

        Assert.Equal(2, ledger.Orleans.Silos.Count);
        for (var partition = 0; partition < Made.Partitions; partition++)
            Assert.Equal(2, (await ledger.Client.ReadFileAsync(Made.Citizen(partition), cancellation: TestContext.Current.CancellationToken)).Value!.Entries);
    }
}
