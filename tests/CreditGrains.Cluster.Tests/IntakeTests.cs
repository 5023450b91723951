using System.Collections.Immutable;
using CreditGrains.Grains.Citizens;
using CreditGrains.Journal;

namespace CreditGrains.Cluster.Tests;

/// <summary>The partition's intake: citizens in memory take their entries without a call, and nothing else about them changes.</summary>
public sealed class IntakeTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private LedgerCluster Ledger => cluster.Ledger;

    [Fact]
    public async Task A_round_for_citizens_in_memory_shares_one_batch()
    {
        const int Partition = 10;
        var citizens = Enumerable.Range(1, 20).Select(number => Made.Citizen(Partition, number)).ToArray();
        await RecordAllAsync(Partition, citizens.Select(citizen => Made.Payment(citizen, "first")));
        var before = await HeadAsync(Partition);

        var outcomes = await RoundAsync(Partition, citizens.Select(citizen => Made.Payment(citizen, "second")));

        Assert.All(outcomes, outcome => Assert.Equal(new(RecordStatus.Recorded, 2), outcome));
        Assert.Equal(before.Number + 1, (await HeadAsync(Partition)).Number);
        Assert.Equal(citizens.Length, (await HeadAsync(Partition)).Entries.Length);
    }

    [Fact]
    public async Task Entries_of_one_citizen_in_a_round_are_decided_in_their_order_whatever_each_needs()
    {
        var citizen = Made.Citizen(11, 1);
        var paid = Made.Payment(citizen, "paid");
        var undone = Made.Payment(citizen, "undone");
        await RecordAllAsync(11, [paid]);

        var outcomes = await RoundAsync(11,
        [
            undone,
            Made.Payment(citizen, "no-money") with { Money = null },
            paid,
            Made.Reversal(undone, "undo"),
            Made.Reversal(Made.Payment(citizen, "nowhere"), "undo-nothing"),
            Made.Payment(citizen, "last"),
            undone with { Money = new Money(7, Made.Czk) },
        ]);

        Assert.Equal(
        [
            new(RecordStatus.Recorded, 2),
            RecordOutcome.Refused(RecordRefusal.FieldMissing, "money"),
            new(RecordStatus.AlreadyRecorded, 1),
            new(RecordStatus.Recorded, 3),
            RecordOutcome.Refused(RecordRefusal.UnknownEntry, "corrects"),
            new(RecordStatus.Recorded, 4),
            RecordOutcome.Refused(RecordRefusal.ReferenceReused, "reference"),
        ], outcomes);
        var standing = (await Ledger.FileAsync(citizen)).Totals.Single(total => total.Kind == EntryKind.PaymentMade);
        Assert.Equal(new Total(2, 200), standing[Window.Lifetime]);
    }

    [Fact]
    public async Task Entries_of_one_citizen_that_need_nothing_share_a_record_in_a_round()
    {
        var citizen = Made.Citizen(12, 1);
        await RecordAllAsync(12, [Made.Payment(citizen, "first")]);

        var outcomes = await RoundAsync(12, Enumerable.Range(0, 5).Select(number => Made.Payment(citizen, number)));

        Assert.All(outcomes, outcome => Assert.Equal(new(RecordStatus.Recorded, 2), outcome));
        Assert.Equal([1ul, 2ul, 2ul, 2ul, 2ul, 2ul], (await Ledger.HistoryAsync(citizen)).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task The_same_entry_twice_in_a_round_is_recorded_once()
    {
        var citizen = Made.Citizen(13, 1);
        await RecordAllAsync(13, [Made.Payment(citizen, "first")]);

        var outcomes = await RoundAsync(13, [Made.Payment(citizen, "twice"), Made.Payment(citizen, "twice")]);

        Assert.Equal([new(RecordStatus.Recorded, 2), new(RecordStatus.AlreadyRecorded, 2)], outcomes);
    }

    [Fact]
    public async Task What_the_store_refuses_of_a_round_is_not_written_with_all_that_was_to_come_behind_it()
    {
        var (one, two) = (Made.Citizen(14, 1), Made.Citizen(14, 2));
        await RecordAllAsync(14, [Made.Payment(one, "first"), Made.Payment(two, "first")]);
        Entry[] entries = [Made.Payment(one, "a"), Made.Payment(two, "b"), Made.Reversal(Made.Payment(one, "a"), "undo")];
        Ledger.StoreOf(one).Next(Fault.Refuse, rows => rows.Any(row => row.Key.Journal.Id == one.Value));

        Assert.All(await RoundAsync(14, entries), outcome => Assert.Equal(new(RecordStatus.NotWritten), outcome));
        Assert.Equal([new(RecordStatus.Recorded, 2), new(RecordStatus.Recorded, 2), new(RecordStatus.Recorded, 3)], await RoundAsync(14, entries));
    }

    [Fact]
    public async Task A_round_that_finds_a_citizen_busy_waits_for_it_and_calls_that_find_a_round_wait_for_that()
    {
        var citizen = Made.Citizen(15, 1);
        await RecordAllAsync(15, [Made.Payment(citizen, "first")]);
        var held = Ledger.StoreOf(citizen).Next(Fault.Hold, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));

        var round = RoundAsync(15, [Made.Payment(citizen, "round")]);
        await held.Reached;
        var same = Ledger.Grain(citizen).Record(Made.Payment(citizen, "round")).AsTask();
        var other = Ledger.Grain(citizen).Record(Made.Payment(citizen, "call")).AsTask();
        var later = RoundAsync(15, [Made.Payment(citizen, "later")]);
        Assert.Single(await Ledger.HistoryAsync(citizen)); // the calls before it have arrived, and nothing of them shows
        held.Release();

        Assert.Equal([new(RecordStatus.Recorded, 2)], await round);
        Assert.Equal(new(RecordStatus.AlreadyRecorded, 2), await same);
        Assert.Equal(RecordStatus.Recorded, (await other).Status);
        Assert.Equal(RecordStatus.Recorded, Assert.Single(await later).Status);
        Assert.Equal(4, (await Ledger.FileAsync(citizen)).Entries);
    }

    [Fact]
    public async Task A_citizen_that_leaves_memory_while_its_round_is_on_its_way_comes_back_with_it()
    {
        var citizen = Made.Citizen(16, 1);
        var grain = Ledger.Grain(citizen);
        await RecordAllAsync(16, [Made.Payment(citizen, "first")]);
        var held = Ledger.StoreOf(citizen).Next(Fault.Hold, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));

        var round = RoundAsync(16, [Made.Payment(citizen, "round")]);
        await held.Reached;
        var leaving = Ledger.Orleans.DeactivateAsync(grain);
        var next = grain.Record(Made.Payment(citizen, "next")).AsTask();
        held.Release();

        Assert.Equal([new(RecordStatus.Recorded, 2)], await round);
        await leaving;
        Assert.Equal(new(RecordStatus.Recorded, 3), await next);
        await Ledger.AssertSound();
    }

    [Fact]
    public async Task The_intake_finds_the_citizens_that_are_in_memory_and_no_others()
    {
        const int Partition = 17;
        var random = new Random(17);
        var citizens = Enumerable.Range(1, 300).Select(_ => new CitizenId(((ulong)Partition << (64 - 5)) + (ulong)random.Next(), (ulong)random.NextInt64())).ToArray();
        var active = LedgerCluster.Service<ActiveCitizens>(Ledger.OwnerOf(citizens[0]));
        await RecordAllAsync(Partition, citizens.Select(citizen => Made.Payment(citizen, "first")));
        Assert.All(citizens, citizen => Assert.NotNull(active.Find(Partition, citizen)));

        var gone = citizens.Where((_, place) => place % 3 != 0).ToHashSet();
        await Task.WhenAll(gone.Select(citizen => Ledger.Orleans.DeactivateAsync(Ledger.Grain(citizen))));
        Assert.All(citizens, citizen => Assert.Equal(gone.Contains(citizen), active.Find(Partition, citizen) is null));

        await RecordAllAsync(Partition, citizens.Select(citizen => Made.Payment(citizen, "second")));
        Assert.All(citizens, citizen => Assert.NotNull(active.Find(Partition, citizen)));
    }

    [Fact]
    public async Task Rounds_calls_and_reads_of_the_same_citizens_at_once_lose_and_double_nothing()
    {
        const int Partition = 18;
        var citizens = Enumerable.Range(1, 4).Select(number => Made.Citizen(Partition, number)).ToArray();
        var rounds = Enumerable.Range(0, 60).Select(round =>
            citizens.SelectMany(citizen => Enumerable.Range(0, 3).Select(number => Made.Payment(citizen, $"round/{round}/{number}", 1 + round + number))).ToArray()).ToArray();
        var calls = Enumerable.Range(0, 300).Select(number => Made.Payment(citizens[number % 4], $"call/{number}", number + 1)).ToArray();

        // Each sent twice, and every file read all the while.
        var sent = new List<Task<IEnumerable<RecordStatus>>>();
        foreach (var entries in rounds.Concat(rounds)) sent.Add(Task.Run(async () => (await RoundAsync(Partition, entries)).Select(outcome => outcome.Status)));
        foreach (var entry in calls.Concat(calls)) sent.Add(Task.Run(async () => Enumerable.Repeat((await Ledger.Grain(entry.Citizen).Record(entry)).Status, 1)));
        var recorded = Task.WhenAll(sent);
        var last = citizens.ToDictionary(citizen => citizen, _ => 0L);
        while (!recorded.IsCompleted)
        {
            foreach (var citizen in citizens)
            {
                var entries = (await Ledger.FileAsync(citizen)).Entries;
                Assert.True(entries >= last[citizen], "A file has forgotten an entry.");
                last[citizen] = entries;
            }
        }

        var statuses = (await recorded).SelectMany(status => status).ToList();
        Assert.Equal(rounds.Sum(round => round.Length) + calls.Length, statuses.Count(status => status == RecordStatus.Recorded));
        Assert.Equal(statuses.Count / 2, statuses.Count(status => status == RecordStatus.AlreadyRecorded));
        foreach (var citizen in citizens)
            new Tally().Count(rounds.SelectMany(round => round).Concat(calls).Where(entry => entry.Citizen == citizen)).AssertFile(citizen, await Ledger.FileAsync(citizen));
        await Ledger.AssertSound();
    }

    [Fact]
    public async Task Nobody_is_inside_a_gate_with_one_who_is_alone()
    {
        const int Times = 20_000;
        var held = new Held();
        var inside = 0;
        var alone = 0;
        var broken = 0;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(party => Task.Run(() =>
        {
            for (var time = 0; time < Times; time++)
            {
                if (party < 3)
                {
                    held.Gate.Enter();
                    Interlocked.Increment(ref inside);
                    if (Volatile.Read(ref alone) != 0) Interlocked.Increment(ref broken);
                    Interlocked.Decrement(ref inside);
                    held.Gate.Leave();
                }
                else if (held.Gate.TryEnterAlone())
                {
                    if (Interlocked.Increment(ref alone) != 1 || Volatile.Read(ref inside) != 0) Interlocked.Increment(ref broken);
                    Interlocked.Decrement(ref alone);
                    held.Gate.LeaveAlone();
                }
            }
        })));

        Assert.Equal(0, broken);
        Assert.True(held.Gate.TryEnterAlone());
    }

    private async Task<ImmutableArray<RecordOutcome>> RoundAsync(int partition, IEnumerable<Entry> entries) =>
        await Ledger.Orleans.Client.GetGrain<IPartitionGrain>(GrainTypes.PartitionKey(partition, Made.Partitions)).RecordMany([.. entries]);

    private async Task RecordAllAsync(int partition, IEnumerable<Entry> entries) =>
        Assert.All(await RoundAsync(partition, entries), outcome => Assert.Equal(RecordStatus.Recorded, outcome.Status));

    private async Task<BatchRow> HeadAsync(int partition)
    {
        await foreach (var row in Ledger.Shared.ReadAsync(
            BatchRow.KeyOf(partition, 1), BatchRow.KeyOf(partition, ulong.MaxValue), ReadDirection.Descending, TestContext.Current.CancellationToken))
            return BatchRow.Decode(row);
        throw new InvalidOperationException("The partition has no batch.");
    }

    private sealed class Held
    {
        internal TurnGate Gate;
    }
}
