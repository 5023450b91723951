using CreditGrains.Ledger;

namespace CreditGrains.Cluster.Tests;

/// <summary>Citizens with long histories, and reads of the past.</summary>
public sealed class LongHistoryTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private const int Entries = 100_000;
    private const int EntriesPerCall = 4_000;

    private LedgerCluster Ledger => cluster.Ledger;

    [Fact]
    public async Task After_a_hundred_thousand_entries_the_first_is_still_known_and_totals_are_exact()
    {
        var citizen = Made.Citizen(9, 501);
        var grain = Ledger.Grain(citizen);
        Int128 sum = 0;
        for (var from = 0; from < Entries; from += EntriesPerCall)
        {
            var entries = Enumerable.Range(from, EntriesPerCall).Select(number => Made.Payment(citizen, number)).ToList();
            sum += entries.Sum(entry => entry.Money!.Value.MinorUnits);
            Assert.All(await grain.RecordMany([.. entries]), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));
        }

        await AssertKnowsAll();
        await Ledger.Orleans.DeactivateAsync(grain);
        await AssertKnowsAll();

        async Task AssertKnowsAll()
        {
            var file = await Ledger.FileAsync(citizen);
            Assert.Equal(Entries, file.Entries);
            Assert.Equal(new Total(Entries, sum), Assert.Single(file.Totals)[Window.Lifetime]);
            Assert.Equal(new RecordOutcome(RecordStatus.AlreadyRecorded, 1), await grain.Record(Made.Payment(citizen, 0)));
            foreach (var number in new[] { 1, 999, Entries / 2, Entries - 1 })
                Assert.Equal(RecordStatus.AlreadyRecorded, (await grain.Record(Made.Payment(citizen, number))).Status);
            Assert.Equal(
                RecordRefusal.ReferenceReused,
                (await grain.Record(Made.Payment(citizen, 0) with { Money = new Money(1, Made.Czk) })).Refusal);
        }
    }

    [Fact]
    public async Task A_file_as_of_a_day_and_as_known_at_an_instant_is_the_fold_of_the_history_up_to_there()
    {
        var citizen = Made.Citizen(10, 502);
        var payments = Enumerable.Range(0, 60).Select(number => Made.Payment(citizen, number)).ToList();
        foreach (var payment in payments) Assert.Equal(RecordStatus.Recorded, (await Ledger.Grain(citizen).Record(payment)).Status);
        Assert.Equal(RecordStatus.Recorded, (await Ledger.Grain(citizen).Record(Made.Reversal(payments[3], "undo"))).Status);
        Assert.Equal(RecordStatus.Recorded, (await Ledger.Grain(citizen).Record(Made.Correction(payments[7], "fix", 9_999))).Status);

        var history = await Ledger.HistoryAsync(citizen);
        var stored = history.Select(accepted => new StoredEntry(accepted.Entry!, null, accepted.Sequence, LedgerDay.MicrosecondsOf(accepted.RecordedAt))).ToList();
        foreach (var asOf in new[] { Made.Day, Made.Day.AddDays(-3), Made.Day.AddDays(-30), Made.Day.AddDays(-150), Made.Day.AddYears(-1) })
        {
            foreach (var knownAt in new[] { history[0].RecordedAt, history[30].RecordedAt, history[^2].RecordedAt, history[^1].RecordedAt })
            {
                var file = await Ledger.FileAsync(citizen, new FileRequest(asOf, knownAt));
                var expected = PastFold.Fold(stored, asOf, LedgerDay.MicrosecondsOf(knownAt)).View(citizen, asOf, knownAt);
                Assert.Equal((asOf, knownAt, expected.Entries), (file.AsOf, file.KnownAt, file.Entries));
                Assert.Equal(expected.Totals.Select(Flat), file.Totals.Select(Flat));
            }
        }

        Assert.Equal(ReadStatus.BadRequest, (await Ledger.Grain(citizen).ReadFile(new(KnownAt: DateTimeOffset.UtcNow.AddDays(1)))).Status);
        Assert.Equal(ReadStatus.BadRequest, (await Ledger.Grain(citizen).ReadFile(new(AsOf: DateOnly.MaxValue))).Status);
    }

    private static string Flat(KindTotals row) => $"{row.Kind} {row.Currency} {string.Join(',', row.Totals)}";
}
