using CreditGrains.Journal;

namespace CreditGrains.Cluster.Tests;

/// <summary>What callers see of a store on a bad day. The ledger's time moves only where a test moves it.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private static readonly PartitionLogOptions Options = new()
    {
        Lease = TimeSpan.Zero,
        InsertTimeout = TimeSpan.FromSeconds(2),
        SettleDeadline = TimeSpan.FromSeconds(6),
        MaxQueuedRecords = 4,
    };

    private readonly CitizenId _citizen = Made.Citizen(5);
    private LedgerCluster _ledger = null!;

    private ScriptedStore Store => _ledger.StoreOf(_citizen);

    public async ValueTask InitializeAsync() => _ledger = await LedgerCluster.StartAsync(silos: 2, Options, ownClock: true);

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task What_the_store_refuses_is_told_as_not_written_and_sent_again_it_is_recorded_once()
    {
        var entry = Made.Payment(_citizen, 1);
        Store.Next(Fault.Refuse);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.Grain(_citizen).Record(entry));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Fact]
    public async Task A_reply_that_is_lost_is_found_again_and_the_entry_is_recorded_exactly_once()
    {
        var entry = Made.Payment(_citizen, 1);
        Store.Next(Fault.LoseReply);

        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(entry).AsTask()));
        Assert.Equal(new RecordOutcome(RecordStatus.AlreadyRecorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Fact]
    public async Task A_request_that_is_lost_is_told_as_not_written_once_it_can_never_land()
    {
        var entry = Made.Payment(_citizen, 1);
        Store.Next(Fault.LoseRequest);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(entry).AsTask()));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Fact]
    public async Task A_write_that_lands_after_it_was_settled_as_not_written_changes_nothing()
    {
        var entry = Made.Payment(_citizen, 1);
        var late = Store.Next(Fault.Hold);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(entry).AsTask()));
        late.Release();
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_silent_beyond_the_deadline_is_told_as_unknown_and_sending_again_tells(bool isWritten)
    {
        var first = Made.Payment(_citizen, 1);
        var entry = Made.Payment(_citizen, 2);
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(first)).Status);
        Store.Next(isWritten ? Fault.LoseReply : Fault.LoseRequest);
        Store.Next(Fault.LoseRequest, 100, ScriptedStore.IsAny);

        Assert.Equal(new RecordOutcome(RecordStatus.Unknown), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(entry).AsTask()));
        Store.Forget();

        Assert.Equal(
            new RecordOutcome(isWritten ? RecordStatus.AlreadyRecorded : RecordStatus.Recorded, 2),
            await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)));
        await _ledger.AssertHoldsExactly(new Tally().Count(first, entry));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_round_of_the_intake_that_the_store_is_silent_about_is_settled_like_a_call(bool isWritten)
    {
        var second = Made.Citizen(5, 2);
        Assert.All(await RoundAsync(Made.Payment(_citizen, 1), Made.Payment(second, 1)), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));
        Entry[] round = [Made.Payment(_citizen, 2), Made.Payment(second, 2)];
        Store.Next(isWritten ? Fault.LoseReply : Fault.LoseRequest);

        var outcomes = await _ledger.PassTimeUntil(RoundAsync(round));

        Assert.All(outcomes, outcome => Assert.Equal(isWritten ? new(RecordStatus.Recorded, 2) : new(RecordStatus.NotWritten), outcome));
        Assert.All(await RoundAsync(round), outcome => Assert.Equal(new(isWritten ? RecordStatus.AlreadyRecorded : RecordStatus.Recorded, 2), outcome));
        await _ledger.AssertHoldsExactly(new Tally().Count([Made.Payment(_citizen, 1), Made.Payment(second, 1), .. round]));
    }

    [Fact]
    public async Task A_round_that_nobody_can_tell_of_is_unknown_and_sending_again_tells()
    {
        var (first, entry) = (Made.Payment(_citizen, 1), Made.Payment(_citizen, 2));
        Assert.All(await RoundAsync(first), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));
        Store.Next(Fault.LoseReply);
        Store.Next(Fault.LoseRequest, 100, ScriptedStore.IsAny);

        Assert.Equal([new RecordOutcome(RecordStatus.Unknown)], await _ledger.PassTimeUntil(RoundAsync(entry)));
        Store.Forget();
        Assert.Equal(
            new RecordOutcome(RecordStatus.AlreadyRecorded, 2),
            await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken)));
        await _ledger.AssertHoldsExactly(new Tally().Count(first, entry));
    }

    [Fact]
    public async Task A_store_that_throws_is_doubted_like_one_that_is_silent()
    {
        var entry = Made.Payment(_citizen, 1);
        Store.Next(Fault.Throw);

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(entry).AsTask()));
        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Fact]
    public async Task A_slow_store_is_told_as_overloaded_at_the_bound_and_nothing_is_queued_for_ever()
    {
        var entries = Enumerable.Range(1, 12).Select(number => Made.Payment(Made.Citizen(5, number), number)).ToList();
        var held = Store.Next(Fault.Hold);

        var first = _ledger.Grain(entries[0].Citizen).Record(entries[0]).AsTask();
        await held.Reached;
        var others = entries.Skip(1).Select(entry => _ledger.Grain(entry.Citizen).Record(entry).AsTask()).ToList();
        for (var refused = 0; refused < entries.Count - 1 - Options.MaxQueuedRecords; refused++)
        {
            var told = await Task.WhenAny(others);
            Assert.Equal(new RecordOutcome(RecordStatus.Overloaded), await told);
            others.Remove(told);
        }

        held.Release();
        Assert.Equal(RecordStatus.Recorded, (await first).Status);
        Assert.All(await Task.WhenAll(others), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));

        foreach (var entry in entries) await _ledger.Client.RecordAsync(entry, TestContext.Current.CancellationToken);
        await _ledger.AssertHoldsExactly(new Tally().Count(entries));
    }

    [Fact]
    public async Task Reads_of_a_store_that_is_down_are_told_as_unavailable_and_answered_when_it_is_back()
    {
        var entry = Made.Payment(_citizen, 1);
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(entry)).Status);
        Store.ReadsFail = true;

        Assert.Equal(ReadStatus.Unavailable, (await _ledger.Grain(_citizen).ReadFile(new())).Status);
        Assert.Equal(ReadStatus.Unavailable, (await _ledger.Grain(_citizen).ReadHistory(new())).Status);
        Assert.Equal(ReadStatus.Unavailable, (await TotalsOf(5)).Status);

        Store.ReadsFail = false;
        Assert.Equal(1, (await _ledger.FileAsync(_citizen)).Entries);
        Assert.Equal(1, (await TotalsOf(5)).Value!.Entries);
    }

    [Fact]
    public async Task A_citizen_whose_records_cannot_be_read_records_nothing_and_says_so()
    {
        var entry = Made.Payment(_citizen, 1);
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(entry)).Status);
        await _ledger.Orleans.DeactivateAsync(_ledger.Grain(_citizen));
        Store.ReadsFail = true;

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.Grain(_citizen).Record(Made.Payment(_citizen, 2)));
        Assert.Equal(ReadStatus.Unavailable, (await _ledger.Grain(_citizen).ReadFile(new())).Status);

        Store.ReadsFail = false;
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Client.RecordAsync(Made.Payment(_citizen, 2), TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task An_entry_sent_again_while_the_store_cannot_be_read_is_not_written_and_later_known_again()
    {
        var entry = Made.Payment(_citizen, 1);
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(entry)).Status);
        Store.ReadsFail = true;

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await _ledger.Grain(_citizen).Record(entry));
        Assert.Equal([new RecordOutcome(RecordStatus.NotWritten)], await _ledger.Grain(_citizen).RecordMany([entry]));

        Store.ReadsFail = false;
        Assert.Equal(new RecordOutcome(RecordStatus.AlreadyRecorded, 1), await _ledger.Grain(_citizen).Record(entry));
        await _ledger.AssertHoldsExactly(new Tally().Count(entry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_decision_that_waits_for_the_store_while_the_partition_is_lost_ends_as_not_written(bool isCorrected)
    {
        var paid = Made.Payment(_citizen, "paid");
        Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(paid)).Status);
        if (isCorrected) Assert.Equal(RecordStatus.Recorded, (await _ledger.Grain(_citizen).Record(Made.Correction(paid, "fix", 7))).Status);

        var reads = Store.HoldReads();
        var reversing = _ledger.Grain(_citizen).Record(Made.Reversal(paid, "undo")).AsTask();
        await reads.Reached;
        Store.Next(Fault.LoseRequest, 100, ScriptedStore.IsAny);
        Assert.Equal(new RecordOutcome(RecordStatus.Unknown), await _ledger.PassTimeUntil(_ledger.Grain(_citizen).Record(Made.Payment(_citizen, 2)).AsTask()));
        Store.Forget();
        reads.Release();

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await reversing);
        Assert.Equal(
            RecordStatus.Recorded,
            (await _ledger.PassTimeUntil(_ledger.Client.RecordAsync(Made.Reversal(paid, "undo"), TestContext.Current.CancellationToken))).Status);
    }

    private async Task<IReadOnlyList<RecordOutcome>> RoundAsync(params Entry[] entries) =>
        await _ledger.Orleans.Client.GetGrain<IPartitionGrain>(GrainTypes.PartitionKey(5, Made.Partitions)).RecordMany([.. entries]);

    private ValueTask<ReadAnswer<LedgerTotals>> TotalsOf(int partition) =>
        _ledger.Orleans.Client.GetGrain<IPartitionGrain>(GrainTypes.PartitionKey(partition, Made.Partitions)).ReadTotals();
}
