namespace CreditGrains.Cluster.Tests;

public sealed class RecordingTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private LedgerCluster Ledger => cluster.Ledger;

    [Fact]
    public async Task What_is_recorded_lands_once_and_files_histories_and_totals_are_what_was_sent()
    {
        await using var ledger = await LedgerCluster.StartAsync(options: new());
        var tally = new Tally();
        var entries = new List<Entry>();
        for (var number = 0; number < 1_500; number++)
        {
            var entry = Made.Payment(Made.Citizen(number % Made.Partitions, number % 3 + 1), number);
            if (number % 5 == 0) entry = entry with { Kind = EntryKind.PaymentReceived, Furnisher = new("bank-b") };
            entries.Add(entry);
        }

        tally.Count(entries);
        var outcomes = new List<RecordOutcome>();
        await foreach (var outcome in ledger.Client.RecordManyAsync(Made.Stream(entries), TestContext.Current.CancellationToken)) outcomes.Add(outcome);
        Assert.All(outcomes, outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));

        foreach (var entry in entries.Take(50))
            Assert.Equal(RecordStatus.AlreadyRecorded, (await ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
        await ledger.AssertHoldsExactly(tally);
    }

    [Fact]
    public async Task The_citizens_of_a_partition_live_on_one_silo_and_the_silos_share_the_partitions()
    {
        for (var partition = 0; partition < Made.Partitions; partition++)
        {
            for (var number = 101; number < 104; number++)
            {
                var entry = Made.Payment(Made.Citizen(partition, number), number);
                Assert.Equal(RecordStatus.Recorded, (await Ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
            }
        }

        var grains = await Ledger.Orleans.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, null, TestContext.Current.CancellationToken);
        var places = grains
            .Where(grain => CitizenId.TryParse(grain.GrainId.Key.ToString(), out var id) && id.Low is >= 101 and < 104)
            .ToLookup(grain => Ledger.Map.PartitionOf(grain.GrainId), grain => grain.SiloAddress);

        Assert.Equal(Made.Partitions, places.Count);
        Assert.All(places, place =>
        {
            Assert.Equal(3, place.Count());
            Assert.Equal(Ledger.Map.OwnerOf(place.Key), Assert.Single(place.Distinct()));
        });
        Assert.Equal(3, places.Select(place => place.First()).Distinct().Count());
    }
}
