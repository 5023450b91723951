namespace CreditGrains.Journal.Tests.Stores;

/// <summary>What every store owes the journal. A new store subclasses this and adds nothing to be accepted.</summary>
public abstract class JournalStoreContract : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JournalId Ada = new(Space.Citizen, 0xADA);
    private static readonly JournalId Bob = new(Space.Citizen, 0xB0B);

    private readonly Lazy<IJournalStore> _store;

    protected JournalStoreContract() => _store = new(Open);

    /// <summary>Gets the store under test, opened on first use.</summary>
    protected IJournalStore Store => _store.Value;

    /// <summary>Opens an empty store.</summary>
    protected abstract IJournalStore Open();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store.IsValueCreated) await Store.DisposeAsync();
    }

    [Fact]
    public async Task What_was_inserted_is_read_back_byte_for_byte()
    {
        byte[] value = [0, 1, 2, 253, 254, 255];

        Assert.Equal(InsertVerdict.Inserted, await Insert(new Row(Key(3, Ada, 1), value)));

        var row = Assert.Single(await Read(3, Ada));
        Assert.Equal(Key(3, Ada, 1), row.Key);
        Assert.Equal(value, row.Value.ToArray());
    }

    [Fact]
    public async Task A_second_writer_of_one_key_is_told_so_and_leaves_nothing()
    {
        await Insert(At(Ada, 1, "winner"));

        Assert.Equal(InsertVerdict.KeyExists, await Insert(At(Ada, 1, "loser")));

        Assert.Equal(["winner"], Texts(await Read(0, Ada)));
    }

    [Fact]
    public async Task A_set_with_one_taken_key_is_not_written_at_all()
    {
        await Insert(At(Bob, 2, "there before"));

        Assert.Equal(InsertVerdict.KeyExists, await Insert(At(Ada, 1, "a"), At(Bob, 1, "b"), At(Bob, 2, "c"), At(Bob, 3, "d")));

        Assert.Empty(await Read(0, Ada));
        Assert.Equal(["there before"], Texts(await Read(0, Bob)));
        Assert.Equal(InsertVerdict.Inserted, await Insert(At(Ada, 1, "a"), At(Bob, 1, "b"), At(Bob, 3, "d")));
    }

    [Fact]
    public async Task A_set_that_names_one_key_twice_is_not_written()
    {
        Assert.Equal(InsertVerdict.KeyExists, await Insert(At(Ada, 1, "a"), At(Ada, 1, "b")));

        Assert.Empty(await Read(0, Ada));
    }

    [Fact]
    public async Task Of_many_writers_at_one_key_exactly_one_wins_and_all_its_rows_are_there()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(() =>
            Insert(At(new(Space.Citizen, (UInt128)writer), 1, "own"), At(Ada, 7, writer.ToString())))));

        var winner = Array.IndexOf(verdicts, InsertVerdict.Inserted);
        Assert.Equal(63, verdicts.Count(verdict => verdict == InsertVerdict.KeyExists));
        Assert.Equal([winner.ToString()], Texts(await Read(0, Ada)));
        for (var writer = 0; writer < 64; writer++)
            Assert.Equal(writer == winner ? 1 : 0, (await Read(0, new(Space.Citizen, (UInt128)writer))).Count);
    }

    [Fact]
    public async Task The_same_key_in_another_partition_space_or_journal_is_another_row()
    {
        Row[] rows =
        [
            new(Key(0, Ada, 1), "a"u8.ToArray()),
            new(Key(1, Ada, 1), "b"u8.ToArray()),
            new(Key(65_535, Ada, 1), "c"u8.ToArray()),
            new(Key(0, new(Space.Batch, Ada.Id), 1), "d"u8.ToArray()),
            new(Key(0, new(Space.System, Ada.Id), 1), "e"u8.ToArray()),
            new(Key(0, Bob, 1), "f"u8.ToArray()),
        ];

        foreach (var row in rows) Assert.Equal(InsertVerdict.Inserted, await Insert(row));

        foreach (var row in rows) Assert.Equal(Texts([row]), Texts(await Read(row.Key.Partition, row.Key.Journal)));
    }

    [Theory]
    [InlineData(ReadDirection.Ascending)]
    [InlineData(ReadDirection.Descending)]
    public async Task A_range_has_both_its_ends_and_comes_in_key_order(ReadDirection direction)
    {
        ulong[] numbers = [1, 2, 3, 255, 256, 257, 65_536, ulong.MaxValue];
        foreach (var number in numbers.Reverse()) await Insert(At(Ada, number, "x"));
        await Insert(At(Bob, 5, "another journal"));
        await Insert(At(new(Space.Citizen, Ada.Id - 1), 5, "another journal"));

        var all = await Read(0, Ada, 0, ulong.MaxValue, direction);
        var some = await Read(0, Ada, 3, 257, direction);

        Assert.Equal(direction == ReadDirection.Ascending ? numbers : [.. numbers.Reverse()], all.Select(row => row.Key.Number));
        Assert.Equal(direction == ReadDirection.Ascending ? [3, 255, 256, 257] : [257UL, 256, 255, 3], some.Select(row => row.Key.Number));
    }

    [Theory]
    [InlineData(ReadDirection.Ascending)]
    [InlineData(ReadDirection.Descending)]
    public async Task A_range_across_journals_and_spaces_comes_in_key_order(ReadDirection direction)
    {
        var random = new Random(7);
        var keys = new SortedSet<RowKey>();
        while (keys.Count < 500)
            keys.Add(Key(9, new((Space)random.Next(4), new UInt128((ulong)random.NextInt64(), (ulong)random.Next(3))), (ulong)random.Next(1, 4)));
        foreach (var key in keys.OrderBy(key => key.Number)) await Insert(new Row(key, new byte[] { 1 }));
        await Insert(new Row(Key(8, Ada, 1), new byte[] { 1 }));
        await Insert(new Row(Key(10, Ada, 1), new byte[] { 1 }));

        var read = await Collect(Store.ReadAsync(
            Key(9, new(Space.Batch, 0), 0), Key(9, new(Space.System, UInt128.MaxValue), ulong.MaxValue), direction, None));

        Assert.Equal(direction == ReadDirection.Ascending ? keys : keys.Reverse(), read.Select(row => row.Key));
    }

    [Theory]
    [InlineData(ReadDirection.Ascending)]
    [InlineData(ReadDirection.Descending)]
    public async Task An_empty_range_is_empty(ReadDirection direction)
    {
        await Insert(At(Ada, 5, "x"));

        Assert.Empty(await Read(0, Bob, 0, ulong.MaxValue, direction));
        Assert.Empty(await Read(0, Ada, 6, 9, direction));
        Assert.Empty(await Read(0, Ada, 1, 4, direction));
        Assert.Empty(await Read(0, Ada, 9, 1, direction));
        Assert.Empty(await Read(44, Ada, 0, ulong.MaxValue, direction));
    }

    [Fact]
    public async Task A_reader_that_stops_early_harms_nobody()
    {
        for (var number = 1UL; number <= 100; number++) await Insert(At(Ada, number, "x"));

        for (var i = 0; i < 100; i++)
        {
            await foreach (var row in Store.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 100), ReadDirection.Descending, None))
            {
                Assert.Equal(100UL, row.Key.Number);
                break;
            }
        }

        Assert.Equal(100, (await Read(0, Ada)).Count);
    }

    [Fact]
    public async Task A_range_can_be_enumerated_twice()
    {
        await Insert(At(Ada, 1, "x"));
        var range = Store.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 9), ReadDirection.Ascending, None);

        Assert.Single(await Collect(range));
        await Insert(At(Ada, 2, "y"));
        Assert.Equal(2, (await Collect(range)).Count);
    }

    [Fact]
    public async Task A_row_inserted_before_the_enumeration_is_seen_though_others_come_and_go()
    {
        for (var number = 1UL; number <= 1000; number += 2) await Insert(At(Ada, number, "x"));

        var seen = new List<ulong>();
        await foreach (var row in Store.ReadAsync(Key(0, Ada, 0), Key(0, Ada, ulong.MaxValue), ReadDirection.Ascending, None))
        {
            seen.Add(row.Key.Number);
            if (row.Key.Number % 2 == 1) await Insert(At(Ada, 1001 - row.Key.Number, "meanwhile"));
        }

        Assert.Equal(500, seen.Count(number => number % 2 == 1));
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task Values_belong_to_whoever_has_them()
    {
        var mine = "untouched"u8.ToArray();
        await Insert(new Row(Key(0, Ada, 1), mine));
        mine[0] = 0;
        var theirs = System.Runtime.InteropServices.MemoryMarshal.AsMemory((await Read(0, Ada))[0].Value);
        theirs.Span.Clear();

        Assert.Equal(["untouched"], Texts(await Read(0, Ada)));
    }

    [Fact]
    public async Task A_redaction_replaces_the_value_it_expects_and_no_other()
    {
        await Insert(At(Ada, 1, "with a name in it"));
        var read = (await Read(0, Ada))[0].Value;

        Assert.False(await Store.RedactAsync(Key(0, Ada, 1), "something else"u8.ToArray(), "x"u8.ToArray(), None));
        Assert.False(await Store.RedactAsync(Key(0, Ada, 2), read, "x"u8.ToArray(), None));
        Assert.Equal(["with a name in it"], Texts(await Read(0, Ada)));

        Assert.True(await Store.RedactAsync(Key(0, Ada, 1), read, "without"u8.ToArray(), None));
        Assert.False(await Store.RedactAsync(Key(0, Ada, 1), read, "again"u8.ToArray(), None));
        Assert.Equal(["without"], Texts(await Read(0, Ada)));
        Assert.Equal(InsertVerdict.KeyExists, await Insert(At(Ada, 1, "over it")));
    }

    [Fact]
    public async Task A_set_as_large_as_the_limits_is_written_and_a_larger_one_is_the_callers_bug()
    {
        var rows = Enumerable.Range(1, Store.Limits.MaxRows + 1).Select(number => At(Ada, (ulong)number, "x")).ToArray();

        await Assert.ThrowsAsync<ArgumentException>(() => Insert(rows));
        Assert.Equal(InsertVerdict.Inserted, await Insert(rows[..^1]));
        Assert.Equal(Store.Limits.MaxRows, (await Read(0, Ada)).Count);

        var room = Store.Limits.MaxBytes - RowKey.Length;
        await Assert.ThrowsAsync<ArgumentException>(() => Insert(new Row(Key(0, Bob, 1), new byte[room + 1])));
        Assert.Equal(InsertVerdict.Inserted, await Insert(new Row(Key(0, Bob, 1), new byte[room])));
    }

    [Fact]
    public async Task Nothing_and_two_partitions_at_once_are_the_callers_bug()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Insert());
        await Assert.ThrowsAsync<ArgumentException>(() => Insert(At(Ada, 1, "x"), new Row(Key(1, Ada, 1), new byte[1])));
        Assert.Throws<ArgumentException>(() => Store.ReadAsync(Key(0, Ada, 1), Key(1, Ada, 1), ReadDirection.Ascending, None));
    }

    [Fact]
    public async Task An_insertion_whose_caller_has_given_up_already_is_never_said_to_be_written_when_it_is_not()
    {
        var outcome = await Store.InsertAsync([At(Ada, 1, "x")], new CancellationToken(canceled: true));

        Assert.True(outcome.Verdict is InsertVerdict.Unknown or InsertVerdict.NotWritten, outcome.Verdict.ToString());
        if (outcome.Verdict == InsertVerdict.NotWritten) Assert.Empty(await Read(0, Ada));
    }

    [Theory]
    [InlineData(CipherSuite.Plain)]
    [InlineData(CipherSuite.AesGcm)]
    public async Task Records_of_both_suites_come_back_as_they_were_sealed(CipherSuite suite)
    {
        var keys = TestKeys.Of(suite);
        var tail = default(RecordTail);
        for (var i = 1; i <= 40; i++)
        {
            var record = RecordFrame.Seal(
                new()
                {
                    Format = LedgerFormats.NewestKnown,
                    Journal = Ada,
                    After = tail,
                    RecordedAt = i,
                    Kind = 7,
                    Bodies = [System.Text.Encoding.UTF8.GetBytes($"entry {i}"), "second"u8.ToArray()],
                    Snapshot = i % 8 == 0 ? new(1, (ulong)i, new byte[3000]) : null,
                },
                keys.Current(Ada));
            await Insert(new Row(Key(0, Ada, (ulong)i), record.Value));
            tail = new((ulong)i, record.Hash);
        }

        var chain = default(RecordTail);
        foreach (var row in await Read(0, Ada))
        {
            var record = RecordFrame.Open(row, keys);
            Assert.True(record.Header.Follows(chain));
            Assert.Equal($"entry {record.Header.Sequence}", System.Text.Encoding.UTF8.GetString(record.Bodies[0]!.Value.Span));
            Assert.Equal(record.Header.Sequence % 8 == 0, record.Snapshot is not null);
            chain = record.Tail;
        }

        Assert.Equal(tail, chain);
    }

    [Fact]
    public async Task A_closed_store_writes_nothing_and_says_so()
    {
        await Insert(At(Ada, 1, "x"));
        await Store.DisposeAsync();

        Assert.Equal(InsertVerdict.NotWritten, await Insert(At(Ada, 2, "y")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(0, Ada));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.RedactAsync(Key(0, Ada, 1), "x"u8.ToArray(), "y"u8.ToArray(), None));
        await Store.DisposeAsync(); // twice is once
    }

    protected static RowKey Key(int partition, JournalId journal, ulong number) => new(partition, journal, number);

    protected static Row At(JournalId journal, ulong number, string text) => new(Key(0, journal, number), System.Text.Encoding.UTF8.GetBytes(text));

    protected async Task<InsertVerdict> Insert(params Row[] rows) => (await Store.InsertAsync(rows, None)).Verdict;

    protected Task<List<Row>> Read(int partition, JournalId journal, ulong from = 0, ulong to = ulong.MaxValue, ReadDirection direction = ReadDirection.Ascending) =>
        Collect(Store.ReadAsync(Key(partition, journal, from), Key(partition, journal, to), direction, None));

    protected static async Task<List<Row>> Collect(IAsyncEnumerable<Row> range)
    {
        var rows = new List<Row>();
        await foreach (var row in range) rows.Add(row);
        return rows;
    }

    protected static IEnumerable<string> Texts(IEnumerable<Row> rows) => rows.Select(row => System.Text.Encoding.UTF8.GetString(row.Value.Span));
}
