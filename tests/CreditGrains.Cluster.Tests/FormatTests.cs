using CreditGrains.Journal;
using CreditGrains.Journal.InMemory;

namespace CreditGrains.Cluster.Tests;

/// <summary>A cluster changes from one format of records to the next while callers record and read.</summary>
public sealed class FormatTests
{
    private const int EntriesBetweenSteps = 20;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rolling_upgrade_changes_the_format_and_nothing_is_lost_or_doubled()
    {
        await using var ledger = await StartAsync(silos: 2, format: 1, newestFormat: 1);
        using var callers = new Callers(ledger);
        await callers.AdvanceAsync(EntriesBetweenSteps);

        // Silo by silo is replaced by one that reads both formats, and all go on in the older one.
        ledger.NewestFormatOfNext = 2;
        foreach (var old in ledger.Orleans.Silos.ToList())
        {
            await ledger.Orleans.StartAdditionalSiloAsync();
            await callers.AdvanceAsync(EntriesBetweenSteps);
            await ledger.Orleans.StopSiloAsync(old, None);
            await callers.AdvanceAsync(EntriesBetweenSteps);
        }

        Assert.Equal([1], (await FormatsInStoreAsync(ledger)).Keys);

        await ledger.ReplaceFormatAsync(2);
        while (ledger.Orleans.Silos.Any(silo => LedgerCluster.FormatsOf(silo).Written != 2)) await callers.AdvanceAsync(1);
        var atChange = (await FormatsInStoreAsync(ledger))[1];
        await callers.AdvanceAsync(EntriesBetweenSteps);

        await ledger.AssertHoldsExactly(await callers.StopAsync());
        var formats = await FormatsInStoreAsync(ledger);
        Assert.Equal([1, 2], formats.Keys.Order());
        Assert.InRange(formats[1], atChange, atChange + Callers.Count); // but for what was sealed at that moment, and on its way
        Assert.True(formats[2] >= Callers.Count * (EntriesBetweenSteps - 1));
    }

    [Fact]
    public async Task A_silo_that_does_not_read_the_new_format_asks_to_be_stopped_and_the_others_go_on()
    {
        await using var ledger = await StartAsync(silos: 1, format: 1, newestFormat: 1);
        ledger.NewestFormatOfNext = 2;
        await ledger.Orleans.StartAdditionalSiloAsync();
        var old = ledger.Orleans.Silos[0];
        using var callers = new Callers(ledger);
        await callers.AdvanceAsync(EntriesBetweenSteps);
        Assert.All(ledger.Orleans.Silos, silo => Assert.False(ledger.AskedToStop(silo).IsCompleted));

        await ledger.ReplaceFormatAsync(2);
        var reason = await ledger.AskedToStop(old);
        await ledger.Orleans.StopSiloAsync(old, None);
        await callers.AdvanceAsync(EntriesBetweenSteps);

        Assert.Equal("The ledger is written in format 2 now; this program reads 1 to 1. Start a newer one.", reason);
        Assert.False(ledger.AskedToStop(Assert.Single(ledger.Orleans.Silos)).IsCompleted);
        await ledger.AssertHoldsExactly(await callers.StopAsync());
        Assert.Contains(2, (await FormatsInStoreAsync(ledger)).Keys);
    }

    [Fact]
    public async Task A_silo_that_reads_format_1_alone_does_not_join_a_ledger_of_format_2()
    {
        await using var ledger = await StartAsync(silos: 1, format: 2);
        ledger.NewestFormatOfNext = 1;

        await Assert.ThrowsAnyAsync<Exception>(() => ledger.Orleans.StartAdditionalSiloAsync());

        Assert.Equal(RecordStatus.Recorded, (await ledger.Client.RecordAsync(Made.Payment(Made.Citizen(1), 1), None)).Status);
        Assert.Equal([2], (await FormatsInStoreAsync(ledger)).Keys);
    }

    [Fact]
    public async Task A_silo_whose_manifest_is_gone_asks_to_be_stopped()
    {
        await using var ledger = await StartAsync(silos: 1);

        ledger.Shared.Damage(new(0, LedgerManifest.Journal, 1), null);

        Assert.Equal("The ledger's manifest is gone from the store.", await ledger.AskedToStop(ledger.Orleans.Silos[0]));
    }

    [Fact]
    public async Task A_silo_whose_manifest_is_damaged_asks_to_be_stopped()
    {
        await using var ledger = await StartAsync(silos: 1);

        ledger.Shared.Damage(new(0, LedgerManifest.Journal, 1), new byte[40]);

        Assert.StartsWith("The ledger's manifest cannot be read.", await ledger.AskedToStop(ledger.Orleans.Silos[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_under_which_another_ledger_appears_asks_to_be_stopped()
    {
        await using var ledger = await StartAsync(silos: 1);
        await using var another = new InMemoryStore();
        await LedgerManifest.CreateIfAbsentAsync(another, (await LedgerManifest.ReadAsync(ledger.Shared, None))! with { LedgerId = 2 }, None);
        var key = new RowKey(0, LedgerManifest.Journal, 1);

        await foreach (var row in another.ReadAsync(key, key, ReadDirection.Ascending, None)) ledger.Shared.Damage(key, row.Value.ToArray());

        Assert.Equal("The store holds another ledger than this silo was started with.", await ledger.AskedToStop(ledger.Orleans.Silos[0]));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_stops_no_silo_and_what_it_says_later_counts()
    {
        await using var ledger = await LedgerCluster.StartAsync(silos: 1, ownClock: true, format: 1, watch: new() { Every = TimeSpan.FromSeconds(5) });
        var silo = ledger.Orleans.Silos[0];
        ledger.StoreOf(silo).ReadsFail = true;
        await ledger.ReplaceFormatAsync(2);

        await ledger.PassTimeUntil(ledger.StoreOf(silo).ReadFailed);
        Assert.Equal(1, LedgerCluster.FormatsOf(silo).Written);

        ledger.StoreOf(silo).ReadsFail = false;
        while (LedgerCluster.FormatsOf(silo).Written != 2) await ledger.PassTimeUntil(Task.Delay(TimeSpan.FromSeconds(5), ledger.Clock!, None));
        Assert.False(ledger.AskedToStop(silo).IsCompleted);
    }

    private static Task<LedgerCluster> StartAsync(int silos, int format = LedgerFormats.NewestKnown, int newestFormat = LedgerFormats.NewestKnown) =>
        LedgerCluster.StartAsync(
            silos, responseTimeout: TimeSpan.FromSeconds(3), format: format, newestFormat: newestFormat, watch: new() { Every = TimeSpan.FromMilliseconds(20) });

    /// <summary>Counts the citizens' records in the store by their format.</summary>
    private static async Task<Dictionary<int, int>> FormatsInStoreAsync(LedgerCluster ledger)
    {
        var counts = new Dictionary<int, int>();
        for (var partition = 0; partition < Made.Partitions; partition++)
        {
            await foreach (var row in ledger.Shared.ReadAsync(
                new(partition, new(Space.Citizen, 0), 0), new(partition, new(Space.Citizen, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Ascending, None))
            {
                var format = RecordFrame.Open(row, ledger.Keys).Header.Format;
                counts[format] = counts.GetValueOrDefault(format) + 1;
            }
        }

        return counts;
    }
}
