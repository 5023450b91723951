using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Tests.Azurite;
using CreditGrains.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

/// <summary>The contract against Azurite, and what only a store behind a wire has to prove.</summary>
public sealed class AzureTablesStoreTests(AzuriteServer azurite) : JournalStoreContract, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JournalId Ada = new(Space.Citizen, 0xADA);

    private readonly string _table = $"t{Guid.NewGuid():N}";
    private readonly string _spread = $"t{Guid.NewGuid():N}"; // for tests of several accounts
    private AzureTablesStore? _opened;
    private WatchedTransport? _wire;

    private WatchedTransport Wire => _wire!;

    // Before the contract asks for it, which it may do from every thread of the pool at once.
    public async ValueTask InitializeAsync() => _opened = await OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_opened is not null) await _opened.DisposeAsync();
    }

    protected override IJournalStore Open() => _opened!;

    [Fact]
    public async Task What_the_service_would_refuse_too_late_never_leaves()
    {
        Wire.Forget();

        await Assert.ThrowsAsync<ArgumentException>(() => Insert(At(Ada, 1, "x"), new Row(Key(1, Ada, 1), new byte[1])));
        await Assert.ThrowsAsync<ArgumentException>(() => Insert([.. Enumerable.Range(1, 101).Select(number => At(Ada, (ulong)number, "x"))]));
        await Assert.ThrowsAsync<ArgumentException>(() => Insert([.. Enumerable.Range(1, 10).Select(number => new Row(Key(0, Ada, (ulong)number), new byte[500_000]))]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RedactAsync(Key(0, Ada, 1), new byte[1], new byte[1_000_000], None));
        Assert.Equal(InsertVerdict.KeyExists, await Insert(At(Ada, 1, "a"), At(Ada, 2, "b"), At(Ada, 1, "c")));

        Assert.Empty(Wire.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)] // a property is full
    [InlineData(65_537)]
    [InlineData(2 * 65_536)]
    [InlineData(900_000)]
    [InlineData(15 * 65_536)] // all properties are full
    public async Task A_value_of_any_size_comes_back_whole_and_can_be_redacted(int length)
    {
        var value = new byte[length];
        new Random(length).NextBytes(value);
        byte[] redacted = [.. value.Take(length / 2), 7];

        Assert.Equal(InsertVerdict.Inserted, await Insert(new Row(Key(0, Ada, 1), value)));
        Assert.Equal(value, (await Read(0, Ada))[0].Value.ToArray());

        Assert.True(await Store.RedactAsync(Key(0, Ada, 1), value, redacted, None));
        Assert.Equal(redacted, (await Read(0, Ada))[0].Value.ToArray());
    }

    [Fact]
    public async Task The_fullest_set_stays_within_what_the_service_takes()
    {
        Wire.Forget();
        var each = (Store.Limits.MaxBytes / 100) - RowKey.Length;

        Assert.Equal(InsertVerdict.Inserted, await Insert([.. Enumerable.Range(1, 100).Select(number => new Row(Key(0, Ada, (ulong)number), new byte[each]))]));
        Assert.Equal(InsertVerdict.Inserted, await Insert([.. Enumerable.Range(101, 100).Select(number => new Row(Key(0, Ada, (ulong)number), default))]));

        var full = Wire.Transactions.First().Bytes;
        var empty = Wire.Transactions.Last().Bytes;
        Assert.InRange(empty, 1, 100L * AzureTablesLimits.MaxRowOverheadBytes);
        Assert.InRange(full, Store.Limits.MaxBytes * 4L / 3, AzureTablesLimits.MaxTransactionBytes - 1);
        Assert.True((Store.Limits.MaxBytes * 4L / 3) + (100L * AzureTablesLimits.MaxRowOverheadBytes) < AzureTablesLimits.MaxTransactionBytes);
    }

    [Fact]
    public async Task What_is_waited_for_costs_one_request_and_few_rows()
    {
        for (var number = 1UL; number <= 2_500; number += 100)
        {
            await Insert([.. Enumerable.Range(0, 100).Select(offset => new Row(BatchRow.KeyOf(0, number + (ulong)offset), new byte[10]))]);
            await Insert([.. Enumerable.Range(0, 100).Select(offset => At(Ada, number + (ulong)offset, "x"))]);
        }

        Assert.Equal([2_500UL], await Take(1, BatchRow.Journal, 0, ulong.MaxValue, ReadDirection.Descending)); // the head
        AssertAsked(1);
        Assert.Equal(Enumerable.Range(2_468, 33).Reverse().Select(number => (ulong)number), await Take(33, Ada, 1, ulong.MaxValue, ReadDirection.Descending));
        AssertAsked(33); // a citizen's newest records
        Assert.Equal([1_234UL], await Take(10, Ada, 1_234, 1_234, ReadDirection.Ascending));
        Assert.Contains("RowKey='", Assert.Single(Wire.Queries).Uri.AbsolutePath, StringComparison.Ordinal); // one row, by its key
        Assert.Equal([2_490UL], await Take(1, BatchRow.Journal, 2_490, ulong.MaxValue, ReadDirection.Ascending));
        AssertAsked(33); // the newest batch rows, by a follower that is nearly up to date
        Assert.Equal(Enumerable.Range(1, 2_500).Select(number => (ulong)number), await Take(9_999, BatchRow.Journal, 1, ulong.MaxValue, ReadDirection.Ascending));
        Assert.Equal(8, Wire.Queries.Count()); // all batch rows, by one that is not: the first look, then 33, 66, 132 … 1,000 at a time

        void AssertAsked(int rows)
        {
            Assert.Contains($"$top={rows}", Uri.UnescapeDataString(Assert.Single(Wire.Queries).Uri.Query), StringComparison.Ordinal);
        }

        async Task<List<ulong>> Take(int count, JournalId journal, ulong from, ulong to, ReadDirection direction)
        {
            Wire.Forget();
            var numbers = new List<ulong>();
            await foreach (var row in Store.ReadAsync(Key(0, journal, from), Key(0, journal, to), direction, None))
            {
                numbers.Add(row.Key.Number);
                if (numbers.Count == count) break;
            }

            return numbers;
        }
    }

    [Fact]
    public async Task Any_range_reads_as_it_does_in_memory()
    {
        var random = new Random(11);
        await using var memory = new InMemoryStore();
        var journals = new List<JournalId> { new(Space.Batch, 0), new(Space.Citizen, 0), new(Space.Citizen, UInt128.MaxValue), new((Space)255, UInt128.MaxValue) };
        while (journals.Count < 500) journals.Add(new((Space)random.Next(4), new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())));
        var rows = journals.SelectMany(journal => Enumerable.Range(1, random.Next(1, 5)).Select(number => new Row(Key(4, journal, (ulong)number), new byte[5]))).ToList();
        rows.AddRange(Enumerable.Range(2, 2_300).Select(number => new Row(Key(4, new(Space.Citizen, 77), (ulong)number), new byte[5]))); // longer than is turned around at once
        rows.AddRange(Enumerable.Range(2, 1_200).Select(number => new Row(Key(4, new(Space.Batch, 0), (ulong)number * 1_000_003), new byte[5]))); // and full of gaps
        rows.Add(new(Key(4, new(Space.Batch, 0), ulong.MaxValue), new byte[5]));
        foreach (var set in rows.DistinctBy(row => row.Key).Chunk(100))
        {
            Assert.Equal(InsertVerdict.Inserted, await Insert(set));
            Assert.Equal(InsertVerdict.Inserted, (await memory.InsertAsync(set, None)).Verdict);
        }

        List<(RowKey From, RowKey To)> ranges =
        [
            (Key(4, new(0, 0), 0), Key(4, new((Space)255, UInt128.MaxValue), ulong.MaxValue)),
            (Key(4, new(Space.Citizen, 77), 100), Key(4, new(Space.Citizen, 77), 2_000)),
            (Key(4, new(Space.Citizen, 77), 2_000), Key(4, new(Space.Citizen, 78), 3)),
            (Key(4, new(Space.Batch, 0), 0), Key(4, new(Space.Batch, 0), ulong.MaxValue)),
        ];
        for (var i = 0; i < 12; i++)
        {
            RowKey[] ends = [rows[random.Next(rows.Count)].Key, rows[random.Next(rows.Count)].Key];
            ranges.Add((ends.Min(), ends.Max()));
        }

        foreach (var (from, to) in ranges)
        {
            foreach (var direction in new[] { ReadDirection.Ascending, ReadDirection.Descending })
            {
                Assert.Equal(
                    (await Collect(memory.ReadAsync(from, to, direction, None))).Select(row => row.Key),
                    (await Collect(Store.ReadAsync(from, to, direction, None))).Select(row => row.Key));
            }
        }
    }

    [Fact]
    public async Task Large_rows_are_turned_around_a_few_at_a_time()
    {
        for (var number = 1UL; number <= 60; number++) await Insert(new Row(Key(0, Ada, number), new byte[500_000])); // 30 MB, more than is held at once

        Assert.Equal(Enumerable.Range(1, 60).Select(number => (ulong)number), (await Read(0, Ada)).Select(row => row.Key.Number));
    }

    [Fact]
    public async Task Partitions_lie_in_their_accounts_and_nowhere_else()
    {
        await using var store = await OpenAsync(accounts: [0, 1, 2]);
        for (var partition = 0; partition < 7; partition++)
            Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync([new(Key(partition, Ada, 1), "x"u8.ToArray())], None)).Verdict);

        for (var partition = 0; partition < 7; partition++)
        {
            Assert.Single(await Collect(store.ReadAsync(Key(partition, Ada, 0), Key(partition, Ada, 9), ReadDirection.Ascending, None)));
            for (var account = 0; account < 3; account++)
            {
                var table = new TableClient(azurite.ConnectionString(account), _spread);
                var found = await table.GetEntityIfExistsAsync<TableEntity>(TableRows.PartitionKey(partition), TableRows.RowKey(Ada, 1), cancellationToken: None);
                Assert.Equal(partition % 3 == account, found.HasValue);
            }
        }
    }

    [Fact]
    public async Task Accounts_that_are_not_those_of_the_first_opening_are_refused()
    {
        await (await OpenAsync(accounts: [0, 1])).DisposeAsync();
        await (await OpenAsync(accounts: [0, 1])).DisposeAsync();

        foreach (var others in new int[][] { [0], [1, 0], [0, 1, 2], [0, 2], [2, 1] })
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await OpenAsync(accounts: others));
            Assert.Contains("Configure the accounts that the ledger was made with", refused.Message, StringComparison.Ordinal);
        }

        // A refused opening has begun nothing.
        await foreach (var table in new TableServiceClient(azurite.ConnectionString(2)).QueryAsync(cancellationToken: None)) Assert.NotEqual(_spread, table.Name);
    }

    [Fact]
    public async Task An_account_of_another_ledger_is_refused()
    {
        await (await OpenAsync(accounts: [0, 1])).DisposeAsync();
        await new TableClient(azurite.ConnectionString(0), _spread).DeleteAsync(None); // and a new ledger begins there

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await OpenAsync(accounts: [0, 1]));
    }

    [Fact]
    public async Task Silos_that_open_an_empty_store_at_once_agree_on_it()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(accounts: [0, 1, 2])));

        Assert.Equal(InsertVerdict.Inserted, (await stores[0].InsertAsync([At(Ada, 1, "x")], None)).Verdict);
        Assert.All(await Task.WhenAll(stores.Select(store => Collect(store.ReadAsync(Key(0, Ada, 0), Key(0, Ada, 9), ReadDirection.Ascending, None)))), rows => Assert.Single(rows));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, null, "t", "either a connection string or an endpoint")]
    [InlineData("UseDevelopmentStorage=true", "https://a.table.core.windows.net", null, "ledger", "either a connection string or an endpoint")]
    [InlineData(null, "http://a.table.core.windows.net", null, "ledger", "not https")]
    [InlineData("UseDevelopmentStorage=true", null, "8d7e", "ledger", "goes with an endpoint")]
    [InlineData("AccountKey=c2VjcmV0", null, null, "ledger", "malformed")]
    [InlineData("UseDevelopmentStorage=true", null, null, "1edger", "Table")]
    public async Task Options_that_cannot_be_meant_are_refused_without_a_secret(string? connection, string? endpoint, string? identity, string table, string saying)
    {
        var options = new AzureTablesStoreOptions
        {
            Table = table == "t" ? "ledger" : table,
            Accounts = [new() { ConnectionString = connection, Endpoint = endpoint is null ? null : new(endpoint), ManagedIdentityClientId = identity }],
        };

        var refused = await Assert.ThrowsAsync<ValidationException>(async () => await AzureTablesStore.OpenAsync(options, NullLogger.Instance, None));

        Assert.Contains(saying, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_account_at_all_is_refused() =>
        await Assert.ThrowsAsync<ValidationException>(async () => await AzureTablesStore.OpenAsync(new(), NullLogger.Instance, None));

    [Fact]
    public async Task At_most_so_many_transactions_are_under_way_and_who_gives_up_waiting_has_written_nothing()
    {
        await using var store = await OpenAsync(inFlight: 2);
        var release = new TaskCompletionSource();
        var begun = 0;
        var both = new TaskCompletionSource();
        Wire.OnTransaction = async (_, send) =>
        {
            if (Interlocked.Increment(ref begun) == 2) both.SetResult();
            await release.Task;
            await send();
        };
        using var patience = new CancellationTokenSource();
        var sent = Enumerable.Range(1, 2).Select(number => store.InsertAsync([At(Ada, (ulong)number, "x")], None).AsTask()).ToArray();
        await both.Task;
        var waiting = store.InsertAsync([At(Ada, 3, "x")], patience.Token).AsTask();
        await patience.CancelAsync();

        Assert.Equal(InsertVerdict.NotWritten, (await waiting).Verdict);
        release.SetResult();
        Assert.All(await Task.WhenAll(sent), outcome => Assert.Equal(InsertVerdict.Inserted, outcome.Verdict));
        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task Who_gives_up_while_the_transaction_is_under_way_does_not_know()
    {
        using var patience = new CancellationTokenSource();
        Wire.OnTransaction = async (_, send) =>
        {
            await send();
            await patience.CancelAsync();
            patience.Token.ThrowIfCancellationRequested();
        };

        Assert.Equal(InsertVerdict.Unknown, (await Store.InsertAsync([At(Ada, 1, "x")], patience.Token)).Verdict);
        Assert.Single(await Read(0, Ada)); // it landed
    }

    [Fact]
    public async Task A_store_that_closes_waits_for_what_is_under_way()
    {
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        Wire.OnTransaction = async (_, send) =>
        {
            begun.SetResult();
            await release.Task;
            await send();
        };
        var insert = Insert(At(Ada, 1, "x"));
        await begun.Task;
        var closing = Store.DisposeAsync().AsTask();

        Assert.False(closing.IsCompleted);
        release.SetResult();
        Assert.Equal(InsertVerdict.Inserted, await insert);
        await closing;
    }

    [Fact]
    public async Task A_reader_still_open_when_the_store_closes_is_told_so()
    {
        await Insert([.. Enumerable.Range(1, 100).Select(number => At(Ada, (ulong)number, "x"))]);
        await using var rows = Store.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 100), ReadDirection.Descending, None).GetAsyncEnumerator(None);
        Assert.True(await rows.MoveNextAsync());

        await Store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            while (await rows.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task Nothing_is_written_out_or_read_on_the_callers_scheduler()
    {
        var schedulers = new ConcurrentBag<TaskScheduler>();
        Wire.OnTransaction = Wire.OnOther = (_, send) =>
        {
            schedulers.Add(TaskScheduler.Current);
            return send();
        };

        await await Task.Factory.StartNew(
            async () =>
            {
                await Insert(At(Ada, 1, "x"));
                await Read(0, Ada);
                await Store.RedactAsync(Key(0, Ada, 1), "x"u8.ToArray(), "y"u8.ToArray(), None);
                Assert.NotSame(TaskScheduler.Default, TaskScheduler.Current);
            },
            None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);

        Assert.Equal(4, schedulers.Count);
        Assert.All(schedulers, scheduler => Assert.Same(TaskScheduler.Default, scheduler));
    }

    [Fact]
    public async Task Two_redactions_of_one_row_at_once_are_one()
    {
        await Insert(At(Ada, 1, "with a name in it"));

        var redacted = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
            Store.RedactAsync(Key(0, Ada, 1), "with a name in it"u8.ToArray(), "without"u8.ToArray(), None).AsTask())));

        Assert.Single(redacted, true);
        Assert.Equal("without"u8.ToArray(), (await Read(0, Ada))[0].Value.ToArray());
    }

    [Fact]
    public async Task Of_many_logs_that_race_for_a_partition_one_has_it_and_nothing_is_lost()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var options = new PartitionLogOptions { ReleaseWait = TimeSpan.Zero, Lease = TimeSpan.Zero };
        var durable = new ConcurrentBag<JournalId>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(silo => Task.Run(async () =>
        {
            for (var claim = 0; claim < 5; claim++)
            {
                var log = (await PartitionLog.ClaimAsync(Store, 0, $"silo-{silo}", 1, TimeProvider.System, options, NullLogger.Instance, None)).Log;
                if (log is null) continue;
                for (var number = 0; number < 20; number++)
                {
                    var journal = new JournalId(Space.Citizen, ((UInt128)silo << 64) + (UInt128)((claim * 100) + number + 1));
                    var at = log.NextRecordedAt();
                    var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = default, RecordedAt = at, Kind = 1, Bodies = [new byte[50]] }, keys.Current(journal));
                    var verdict = await log.AppendAsync(new AppendRow(journal, 1, record.Value, record.Hash), at);
                    Assert.True(verdict is CommitVerdict.Durable or CommitVerdict.FenceLost, verdict.ToString());
                    if (verdict == CommitVerdict.FenceLost) break;
                    durable.Add(journal);
                }
            }
        })));

        var report = await PartitionAudit.RunAsync(Store, 0, keys, null, null, None);
        Assert.Empty(report.Findings);
        Assert.Equal(durable.Count, report.RecordsRead);
        foreach (var journal in durable) Assert.Single(await Read(0, journal));
    }

    [Fact]
    public async Task Partitions_written_at_once_by_their_logs_are_sound()
    {
        await using var store = await OpenAsync(accounts: [0, 1, 2]);

        await SoundPartitions.AssertAsync(store, partitions: 8, citizens: 16, records: 10);
    }

    private Task<AzureTablesStore> OpenAsync(int[]? accounts = null, int inFlight = 128) => AzureTablesStore.OpenAsync(
        new()
        {
            Table = accounts is null ? _table : _spread,
            Accounts = [.. (accounts ?? [0]).Select(account => new AzureTablesAccount { ConnectionString = azurite.ConnectionString(account) })],
            MaxTransactionsInFlight = inFlight,
            Transport = wire => _wire = new(wire),
        },
        NullLogger.Instance,
        None).AsTask();
}
