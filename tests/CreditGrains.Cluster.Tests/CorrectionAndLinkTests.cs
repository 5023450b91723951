namespace CreditGrains.Cluster.Tests;

/// <summary>Entries about other entries, and ids that are one person.</summary>
public sealed class CorrectionAndLinkTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private LedgerCluster Ledger => cluster.Ledger;

    [Fact]
    public async Task A_payment_that_is_still_on_its_way_can_be_reversed()
    {
        var citizen = Made.Citizen(1, 301);
        var payment = Made.Payment(citizen, "paid");
        var held = HoldNext(citizen);
        var recording = Ledger.Grain(citizen).Record(payment).AsTask();
        await held.Reached;
        var reversing = Ledger.Grain(citizen).Record(Made.Reversal(payment, "undo")).AsTask();
        held.Release();

        Assert.Equal(RecordStatus.Recorded, (await recording).Status);
        Assert.Equal(RecordStatus.Recorded, (await reversing).Status);
        Assert.Empty((await Ledger.FileAsync(citizen)).Totals);
        Assert.Equal(2, (await Ledger.HistoryAsync(citizen)).Count);
    }

    [Fact]
    public async Task A_reversal_is_final_and_of_corrections_the_last_stands()
    {
        var citizen = Made.Citizen(2, 302);
        var (first, second) = (Made.Payment(citizen, "first", 100), Made.Payment(citizen, "second", 200));
        Assert.Equal(
            [RecordStatus.Recorded, RecordStatus.Recorded, RecordStatus.Recorded, RecordStatus.Recorded, RecordStatus.Recorded],
            (await Ledger.Grain(citizen).RecordMany(
                [first, second, Made.Reversal(first, "undo-1"), Made.Correction(second, "fix-1", 250), Made.Correction(second, "fix-2", 270)])).Select(outcome => outcome.Status));

        Assert.Equal(RecordRefusal.AlreadyReversed, (await Ledger.Grain(citizen).Record(Made.Reversal(first, "undo-2"))).Refusal);
        Assert.Equal(RecordRefusal.AlreadyReversed, (await Ledger.Grain(citizen).Record(Made.Correction(first, "fix-3", 1))).Refusal);
        Assert.Equal(RecordRefusal.UnknownEntry, (await Ledger.Grain(citizen).Record(Made.Reversal(Made.Payment(citizen, "never"), "undo-3"))).Refusal);
        Assert.Equal(
            RecordRefusal.NotFurnishersEntry,
            (await Ledger.Grain(citizen).Record(Made.Reversal(second, "undo-4") with { Furnisher = new("bank-b") })).Refusal);
        Assert.Equal(RecordRefusal.NotReversible, (await Ledger.Grain(citizen).Record(
            Made.Reversal(second, "undo-5") with { Corrects = new(Made.Bank, "fix-1") })).Refusal);

        Assert.Equal(new Total(1, 270), Assert.Single((await Ledger.FileAsync(citizen)).Totals)[Window.Lifetime]);
        await Ledger.Orleans.DeactivateAsync(Ledger.Grain(citizen));
        Assert.Equal(new Total(1, 270), Assert.Single((await Ledger.FileAsync(citizen)).Totals)[Window.Lifetime]);
        Assert.Equal(RecordRefusal.AlreadyReversed, (await Ledger.Grain(citizen).Record(Made.Reversal(first, "undo-2"))).Refusal);
    }

    [Fact]
    public async Task A_reversal_sent_behind_its_payment_is_recorded_behind_it_whatever_the_store_refuses()
    {
        var citizen = Made.Citizen(3, 303);
        var payment = Made.Payment(citizen, "paid");
        Ledger.StoreOf(citizen).Next(Fault.Refuse, IsOf(citizen));

        var outcomes = new List<RecordStatus>();
        await foreach (var outcome in Ledger.Client.RecordManyAsync(Made.Stream([payment, Made.Reversal(payment, "undo")]), TestContext.Current.CancellationToken))
            outcomes.Add(outcome.Status);

        Assert.Equal([RecordStatus.Recorded, RecordStatus.Recorded], outcomes);
        Assert.Equal(["paid", "undo"], (await Ledger.HistoryAsync(citizen)).Select(accepted => accepted.Entry!.Reference));
    }

    [Fact]
    public async Task What_was_accepted_behind_a_record_that_was_not_written_is_not_written_before_it()
    {
        var citizen = Made.Citizen(4, 304);
        await Ledger.Grain(citizen).Record(Made.Payment(citizen, "first"));

        // The first record holds 64 KiB at most, so that the others wait behind it.
        var entries = Enumerable.Range(0, 3_000).Select(number => Made.Payment(citizen, number)).ToList();
        Ledger.StoreOf(citizen).Next(Fault.Refuse, IsOf(citizen));
        var outcomes = await Ledger.Grain(citizen).RecordMany([.. entries]);

        Assert.Equal(RecordStatus.NotWritten, outcomes[0].Status);
        Assert.All(outcomes, outcome => Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), outcome));
    }

    [Fact]
    public async Task Reading_either_of_two_linked_ids_gives_the_same_file_and_unlinking_gives_each_its_own()
    {
        var principal = Made.Citizen(5, 305);
        var alias = OnAnotherSilo(principal, 305);
        var (own, others) = (Made.Payment(principal, "own", 100), Made.Payment(alias, "theirs", 30));
        await Ledger.Client.RecordAsync(own, TestContext.Current.CancellationToken);
        await Ledger.Client.RecordAsync(others, TestContext.Current.CancellationToken);

        var link = Made.Link(principal, alias, "link");
        Assert.Equal(RecordStatus.Recorded, (await Ledger.Client.RecordAsync(link, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(RecordStatus.AlreadyRecorded, (await Ledger.Client.RecordAsync(link, TestContext.Current.CancellationToken)).Status);

        var (byPrincipal, byAlias) = (await Ledger.FileAsync(principal), await Ledger.FileAsync(alias));
        Assert.Equal(new Total(2, 130), PaidIn(byPrincipal));
        Assert.Equal([alias], byPrincipal.Aliases.AsEnumerable());
        Assert.Equal(principal, byAlias.Citizen);
        Assert.Equal(Flat(byPrincipal), Flat(byAlias));
        var (ofPrincipal, ofAlias) = (await VectorAsync(principal), await VectorAsync(alias));
        Assert.Equal(principal, ofAlias.Citizen);
        Assert.Equal(ofPrincipal.Values.AsEnumerable(), ofAlias.Values);
        Assert.NotNull(ofAlias.Values.Single(value => value.Name == "history_months").Value);

        Assert.Equal(
            RecordStatus.Recorded,
            (await Ledger.Client.RecordAsync(Made.Link(principal, alias, "unlink", EntryKind.IdentityUnlinked), TestContext.Current.CancellationToken)).Status);
        Assert.Equal(new Total(1, 100), PaidIn(await Ledger.FileAsync(principal)));
        Assert.Equal(new Total(1, 30), PaidIn(await Ledger.FileAsync(alias)));
        Assert.Equal(alias, (await Ledger.FileAsync(alias)).Citizen);
    }

    [Fact]
    public async Task Two_ids_linked_from_both_sides_at_once_end_as_one_person_and_nobody_waits_for_ever()
    {
        for (var round = 0; round < 20; round++)
        {
            var left = Made.Citizen(round, 400);
            var right = OnAnotherSilo(left, 450 + round);
            await Ledger.Client.RecordAsync(Made.Payment(left, "left", 100), TestContext.Current.CancellationToken);
            await Ledger.Client.RecordAsync(Made.Payment(right, "right", 30), TestContext.Current.CancellationToken);

            var outcomes = await Task.WhenAll(
                Ledger.Client.RecordAsync(Made.Link(left, right, "link-left"), TestContext.Current.CancellationToken),
                Ledger.Client.RecordAsync(Made.Link(right, left, "link-right"), TestContext.Current.CancellationToken));

            Assert.Single(outcomes, outcome => outcome.Status == RecordStatus.Recorded);
            Assert.Single(outcomes, outcome => outcome.Refusal == RecordRefusal.AlreadyLinked);
            var (byLeft, byRight) = (await Ledger.FileAsync(left), await Ledger.FileAsync(right));
            Assert.Equal(new Total(2, 130), PaidIn(byLeft));
            Assert.Equal(Flat(byLeft), Flat(byRight));
        }
    }

    private static Total PaidIn(CreditFile file) => file.Totals.Single(row => row.Kind == EntryKind.PaymentMade)[Window.Lifetime];

    private CitizenId OnAnotherSilo(CitizenId citizen, int number) => Enumerable.Range(0, Made.Partitions)
        .Select(partition => Made.Citizen(partition, number))
        .First(other => !Ledger.OwnerOf(other).SiloAddress.Equals(Ledger.OwnerOf(citizen).SiloAddress));

    private ScriptedFault HoldNext(CitizenId citizen) => Ledger.StoreOf(citizen).Next(Fault.Hold, IsOf(citizen));

    private static Func<IReadOnlyList<Journal.Row>, bool> IsOf(CitizenId citizen) => rows => rows.Any(row => row.Key.Journal.Id == citizen.Value);

    /// <summary>What a file says, without the instant at which it was asked.</summary>
    private static string Flat(CreditFile file) => string.Join('|',
        file.Citizen, file.AsOf, file.Entries, file.Coverage, string.Join(',', file.Aliases),
        string.Join(';', file.Totals.Select(row => $"{row.Kind} {row.Currency} {string.Join(',', row.Totals)}")));

    private async Task<CharacteristicVector> VectorAsync(CitizenId citizen) =>
        (await Ledger.Client.ReadCharacteristicsAsync(citizen, cancellation: TestContext.Current.CancellationToken)).Value!;
}
