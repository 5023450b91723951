namespace CreditGrains.Cluster.Tests;

/// <summary>Many calls to one citizen at once.</summary>
public sealed class BusyCitizenTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private LedgerCluster Ledger => cluster.Ledger;

    [Fact]
    public async Task Many_calls_for_one_citizen_at_once_are_each_recorded_once()
    {
        var citizen = Made.Citizen(1, 201);
        var entries = Enumerable.Range(0, 400).Select(number => Made.Payment(citizen, number)).ToList();
        await Ledger.Grain(citizen).Record(Made.Payment(citizen, "first"));

        var outcomes = await Task.WhenAll(entries.Select(entry => Ledger.Grain(citizen).Record(entry).AsTask()));

        Assert.All(outcomes, outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));
        var history = await Ledger.HistoryAsync(citizen);
        Assert.Equal(401, history.Select(accepted => accepted.Entry!.Reference).Distinct().Count());
        Assert.Equal(401, history.Count);
        for (var place = 0; place < entries.Count; place++)
            Assert.Equal(outcomes[place].Sequence, history.Single(accepted => accepted.Entry!.Reference == entries[place].Reference).Sequence);
        new Tally().Count([Made.Payment(citizen, "first"), .. entries]).AssertFile(citizen, await Ledger.FileAsync(citizen));
    }

    [Fact]
    public async Task Entries_that_arrive_while_a_commit_is_on_its_way_share_the_next_record()
    {
        const int Calls = 8;
        var citizen = Made.Citizen(1, 205);
        await Ledger.Grain(citizen).Record(Made.Payment(citizen, "first"));
        var held = Ledger.StoreOf(citizen).Next(Fault.Hold, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));
        var holding = Ledger.Grain(citizen).Record(Made.Payment(citizen, "held")).AsTask();
        await held.Reached;
        var calls = Enumerable.Range(0, Calls).Select(call =>
            Ledger.Grain(citizen).RecordMany([.. Enumerable.Range(call * 50, 50).Select(number => Made.Payment(citizen, number))]).AsTask()).ToList();
        held.Release();

        // However late a call arrives, its own entries come together; those that came in time have one record among them.
        Assert.All((await Task.WhenAll(calls)).SelectMany(outcomes => outcomes), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 2), await holding);
        var history = await Ledger.HistoryAsync(citizen);
        Assert.Equal(402, history.Count);
        Assert.InRange(history[^1].Sequence, 3ul, 2ul + Calls);
    }

    [Fact]
    public async Task Of_the_same_entry_sent_many_times_at_once_one_is_recorded_and_the_others_name_the_same_record()
    {
        var citizen = Made.Citizen(2, 202);
        var entry = Made.Payment(citizen, "same");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Ledger.Grain(citizen).Record(entry).AsTask()));

        Assert.Single(outcomes, outcome => outcome.Status == RecordStatus.Recorded);
        Assert.Equal(49, outcomes.Count(outcome => outcome.Status == RecordStatus.AlreadyRecorded));
        Assert.Equal(1ul, Assert.Single(outcomes.Select(outcome => outcome.Sequence).Distinct()));
        Assert.Single(await Ledger.HistoryAsync(citizen));
    }

    [Fact]
    public async Task Of_different_entries_under_one_reference_at_once_one_is_recorded_and_the_others_are_refused()
    {
        var citizen = Made.Citizen(3, 203);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(amount => Ledger.Grain(citizen).Record(Made.Payment(citizen, "one", amount)).AsTask()));

        Assert.Single(outcomes, outcome => outcome.Status == RecordStatus.Recorded);
        Assert.Equal(49, outcomes.Count(outcome => outcome is { Status: RecordStatus.Refused, Refusal: RecordRefusal.ReferenceReused }));
        Assert.Single(await Ledger.HistoryAsync(citizen));
    }

    [Fact]
    public async Task Reads_while_a_commit_is_on_its_way_show_what_is_durable_and_nothing_more()
    {
        var citizen = Made.Citizen(4, 204);
        Assert.Equal(RecordStatus.Recorded, (await Ledger.Grain(citizen).Record(Made.Payment(citizen, 1))).Status);
        var held = Ledger.StoreOf(citizen).Next(Fault.Hold, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));
        var call = Ledger.Grain(citizen).Record(Made.Payment(citizen, 2)).AsTask();
        await held.Reached;

        Assert.Equal(1, (await Ledger.FileAsync(citizen)).Entries);
        Assert.Single(await Ledger.HistoryAsync(citizen));

        held.Release();
        Assert.Equal(RecordStatus.Recorded, (await call).Status);
        Assert.Equal(2, (await Ledger.FileAsync(citizen)).Entries);
        Assert.Equal(2, (await Ledger.HistoryAsync(citizen)).Count);
    }
}
