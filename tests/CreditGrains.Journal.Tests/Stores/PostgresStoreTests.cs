using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

public sealed class PostgresStoreTests(PostgresServer server) : JournalStoreContract, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JournalId Ada = new(Space.Citizen, 0xADA);

    private PostgresStoreOptions _options = new();
    private PostgresStore? _opened;

    public async ValueTask InitializeAsync()
    {
        _options = await server.NewStoreAsync();
        _opened = await Open(_options);
    }

    protected override IJournalStore Open() => _opened!;

    private string Database => _options.ConnectionStrings[0];

    [Fact]
    public async Task Of_a_group_of_many_partitions_only_the_set_that_lost_its_fence_is_left_out()
    {
        await Store.InsertAsync([Fence(7, 1, "winner")], None);

        var verdicts = await InOneGroup(partition => Batch(partition, 1));

        for (var partition = 0; partition < verdicts.Length; partition++)
        {
            Assert.Equal(partition == 7 ? InsertVerdict.KeyExists : InsertVerdict.Inserted, verdicts[partition]);
            Assert.Equal(partition == 7 ? 0 : 3, (await Read(partition, Ada)).Count);
        }

        Assert.Equal(["winner"], Texts(await Read(7, BatchRow.Journal)));
    }

    [Fact]
    public async Task A_key_taken_behind_a_free_fence_fails_its_own_set_alone()
    {
        await Store.InsertAsync([new(Key(7, Ada, 2), "in the way"u8.ToArray())], None);
        await Store.InsertAsync([new(Key(40, Ada, 3), "in the way"u8.ToArray())], None);

        var verdicts = await InOneGroup(partition => Batch(partition, 1));

        for (var partition = 0; partition < verdicts.Length; partition++)
        {
            var isFree = partition is not (7 or 40);
            Assert.Equal(isFree ? InsertVerdict.Inserted : InsertVerdict.KeyExists, verdicts[partition]);
            Assert.Equal(isFree ? 3 : 1, (await Read(partition, Ada)).Count);
            Assert.Equal(isFree ? 1 : 0, (await Read(partition, BatchRow.Journal)).Count);
        }
    }

    [Fact]
    public async Task Two_sets_with_one_key_that_wait_for_one_group_are_told_apart()
    {
        using var hold = await Hold.Take(Database, Key(0, Ada, 99));
        var held = Store.InsertAsync([new(Key(0, Ada, 99), new byte[1])], None).AsTask(); // keeps the first connection busy
        await hold.SomebodyWaits();
        var sets = Enumerable.Range(0, 10).Select(i => Store.InsertAsync([Fence(3, 1, $"set {i}"), new(Key(3, Ada, (ulong)i), new byte[1])], None).AsTask()).ToArray();
        hold.Dispose();

        var verdicts = (await Task.WhenAll(sets)).Select(outcome => outcome.Verdict).ToArray();

        Assert.Equal(InsertVerdict.Inserted, verdicts[0]);
        Assert.All(verdicts[1..], verdict => Assert.Equal(InsertVerdict.KeyExists, verdict));
        Assert.Equal([0UL], (await Read(3, Ada)).Select(row => row.Key.Number));
        Assert.Equal(["set 0"], Texts(await Read(3, BatchRow.Journal)));
        Assert.Equal(InsertVerdict.Inserted, (await held).Verdict);
    }

    [Theory]
    [InlineData(1, "read committed")]
    [InlineData(4, "read committed")]
    [InlineData(2, "serializable")] // by the database's default, which is not for the store
    public async Task Of_two_silos_that_race_for_every_fence_one_wins_each_and_both_are_told_the_truth(int groupsInFlight, string isolation)
    {
        const int Partitions = 64;
        const int Rounds = 20;
        await PostgresServer.ExecuteAsync(Database, $"do $$ begin execute format('alter database %I set default_transaction_isolation = %L', current_database(), '{isolation}'); end $$");
        var options = server.Options(Database, groupsInFlight);
        await using var a = await Open(options);
        await using var b = await Open(options);

        var won = await Task.WhenAll(Enumerable.Range(0, Partitions).SelectMany(partition => new[] { (Store: a, Name: "a"), (Store: b, Name: "b") }.Select(async silo =>
        {
            var rounds = new List<(int Partition, ulong Round, string Name)>();
            for (var round = 1UL; round <= Rounds; round++)
            {
                var outcome = await silo.Store.InsertAsync(
                    [new(Key(partition, new(Space.Citizen, (UInt128)silo.Name[0]), round), new byte[9]), Fence(partition, round, silo.Name)], None);
                Assert.True(outcome.Verdict is InsertVerdict.Inserted or InsertVerdict.KeyExists, $"{outcome}");
                if (outcome.Verdict == InsertVerdict.Inserted) rounds.Add((partition, round, silo.Name));
            }

            return rounds;
        })));

        var winners = won.SelectMany(rounds => rounds).OrderBy(win => win.Partition).ThenBy(win => win.Round).ToList();
        Assert.Equal(Partitions * Rounds, winners.Count);
        Assert.Equal(Partitions * Rounds, winners.DistinctBy(win => (win.Partition, win.Round)).Count());
        for (var partition = 0; partition < Partitions; partition++)
        {
            var its = winners.Where(win => win.Partition == partition).ToList();
            Assert.Equal(its.Select(win => win.Name), Texts(await Read(partition, BatchRow.Journal)));
            foreach (var name in new[] { "a", "b" })
                Assert.Equal(its.Where(win => win.Name == name).Select(win => win.Round), (await Read(partition, new(Space.Citizen, (UInt128)name[0]))).Select(row => row.Key.Number));
        }
    }

    [Fact]
    public async Task A_fence_that_another_transaction_may_yet_give_up_is_waited_for()
    {
        using var hold = await Hold.Take(Database, Fence(5, 1, "").Key);
        var verdicts = InOneGroup(partition => Batch(partition, 1));
        await hold.SomebodyWaits();
        Assert.False(verdicts.IsCompleted);

        hold.Dispose(); // it rolls back

        Assert.All(await verdicts, verdict => Assert.Equal(InsertVerdict.Inserted, verdict));
    }

    [Fact]
    public async Task A_statement_that_the_server_gives_up_is_not_written()
    {
        var options = server.Options(Database, 1, TimeSpan.FromSeconds(1));
        await using var store = await Open(options);
        using var hold = await Hold.Take(Database, Fence(5, 1, "").Key);

        var refused = await store.InsertAsync(Batch(5, 1), None);

        Assert.Equal(InsertVerdict.NotWritten, refused.Verdict);
        Assert.StartsWith("57014", refused.Reason, StringComparison.Ordinal);
        hold.Dispose();
        Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync(Batch(5, 1), None)).Verdict);
    }

    [Fact]
    public async Task A_connection_ended_before_the_commit_began_leaves_nothing_and_says_so()
    {
        using var hold = await Hold.Take(Database, Fence(5, 1, "").Key);
        var refused = Store.InsertAsync(Batch(5, 1), None);
        await hold.SomebodyWaits();

        await PostgresServer.ExecuteAsync(Database, "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");

        Assert.Equal(InsertVerdict.NotWritten, (await refused).Verdict);
        hold.Dispose();
        Assert.Equal(InsertVerdict.Inserted, (await Store.InsertAsync(Batch(5, 1), None)).Verdict);
    }

    [Fact]
    public async Task A_connection_ended_once_the_commit_began_leaves_the_outcome_unknown_and_the_log_settles_it()
    {
        var log = (await PartitionLog.ClaimAsync(Store, LogFixture.Partition, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;
        await PostgresServer.ExecuteAsync(Database, """
            create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$;
            create constraint trigger dawdle after insert on journal_rows deferrable initially deferred for each row execute function dawdle()
            """);
        var fixture = new LogFixture();

        var commit = fixture.Append(log, 1);
        await Eventually.Is(
            "the commit dawdles",
            async () => await PostgresServer.AskAsync<long>(Database, "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()") > 0,
            commit);
        await PostgresServer.ExecuteAsync(Database, "drop trigger dawdle on journal_rows");

        Assert.Equal(CommitVerdict.NotWritten, await commit);
        Assert.Equal(2UL, log.Epoch); // it was unknown, and settled by a claim
        Assert.Empty(await Read(LogFixture.Partition, LogFixture.Citizen(1)));
        Assert.Equal(CommitVerdict.Durable, await fixture.Append(log, 1));
    }

    [Fact]
    public async Task A_server_made_read_only_writes_nothing_and_goes_on_when_it_is_no_longer()
    {
        await Insert(Batch(0, 1));
        await SetReadOnly(true);
        await PostgresServer.ExecuteAsync(Database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        Assert.Equal(InsertVerdict.NotWritten, await Insert(Batch(1, 1))); // on the session that was ended
        var refused = await Store.InsertAsync(Batch(1, 1), None);
        await SetReadOnly(false);

        Assert.Equal(InsertVerdict.NotWritten, refused.Verdict);
        Assert.StartsWith("25006", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(InsertVerdict.Inserted, (await Store.InsertAsync(Batch(1, 1), None)).Verdict);

        Task SetReadOnly(bool isReadOnly) => PostgresServer.ExecuteAsync(
            Database + ";Options=-c default_transaction_read_only=off", $"do $$ begin execute format('alter database %I set default_transaction_read_only = {isReadOnly}', current_database()); end $$");
    }

    [Fact]
    public async Task A_table_that_is_gone_is_refused_without_a_word_of_what_was_to_be_written()
    {
        await Insert(Batch(1, 1));
        await PostgresServer.ExecuteAsync(Database, "drop table journal_rows");

        var refused = await Store.InsertAsync(Batch(1, 2), None);

        Assert.Equal(InsertVerdict.NotWritten, refused.Verdict);
        Assert.Equal("42P01: relation \"journal_rows\" does not exist", refused.Reason);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(1, Ada));
    }

    [Fact]
    public async Task Of_four_that_open_an_empty_database_at_once_one_makes_the_tables_and_all_use_them()
    {
        var options = server.Options(await server.NewDatabaseAsync());

        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Open(options)));

        var verdicts = new List<InsertVerdict>();
        foreach (var store in stores) verdicts.Add((await store.InsertAsync(Batch(0, 1), None)).Verdict);
        Assert.Equal([InsertVerdict.Inserted, InsertVerdict.KeyExists, InsertVerdict.KeyExists, InsertVerdict.KeyExists], verdicts);
        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal(JournalSchema.Migrations.Count, await PostgresServer.AskAsync<long>(options.ConnectionStrings[0], "select count(*) from creditgrains_schema"));
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_refused_and_left_as_they_are()
    {
        await PostgresServer.ExecuteAsync(Database, "insert into creditgrains_schema (part, version) values ('journal', 7)");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(_options));

        Assert.Equal(
            $"The tables of the journal are of version 7; this program knows them up to {JournalSchema.Migrations.Count}. Use the program that made them, or a newer one.", refused.Message);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        var database = Npgsql.NpgsqlDataSource.Create(Database);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresSchema.MigrateAsync(database, "other", ["create table one (n int)", "create table two (n nonsense)"], None));
        Assert.True(await PostgresServer.AskAsync<bool>(Database, "select to_regclass('one') is null"));

        await PostgresSchema.MigrateAsync(database, "other", ["create table one (n int)", "create table two (n int)"], None);
        await PostgresSchema.MigrateAsync(database, "other", ["create table one (n int)", "create table two (n int)", "alter table one add column m int"], None);
        Assert.Equal(3L, await PostgresServer.AskAsync<long>(Database, "select count(*) from creditgrains_schema where part = 'other'"));
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Partitions_are_spread_over_the_databases_by_their_number()
    {
        string[] databases = [await server.NewDatabaseAsync(), await server.NewDatabaseAsync(), await server.NewDatabaseAsync()];
        await using (var store = await Open(server.Options(databases)))
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(partition => store.InsertAsync(Batch(partition, 1), None).AsTask()));
            Assert.All(outcomes, outcome => Assert.Equal(InsertVerdict.Inserted, outcome.Verdict));
            for (var partition = 0; partition < 30; partition++)
                Assert.Equal(4, (await Collect(store.ReadAsync(Key(partition, BatchRow.Journal, 0), Key(partition, Ada, 99), ReadDirection.Ascending, None))).Count);
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(
                Enumerable.Range(0, 30).Where(partition => partition % 3 == i),
                await PostgresServer.AskAsync<int[]>(databases[i], "select array_agg(distinct partition) from journal_rows"));
        }

        // A list in another order, a shorter one, or one with another store's database would look for rows where they are not.
        var order = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(server.Options(databases[1], databases[0], databases[2])));
        Assert.Contains("place 1 of 3 in the list was made as number 2 of 3", order.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(server.Options(databases[0], databases[1])));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(server.Options(Database, databases[1], databases[2])));
        await (await Open(server.Options(databases))).DisposeAsync();
    }

    [Theory]
    [InlineData(3000)] // in its page
    [InlineData(300 * 1024)]
    [InlineData(4 * 1024 * 1024)]
    public async Task Large_values_come_back_whole_in_pages_that_stay_small(int bytes)
    {
        var random = new Random(11);
        var values = Enumerable.Range(1, 40).ToDictionary(number => (ulong)number, _ => new byte[bytes]);
        foreach (var (number, value) in values)
        {
            random.NextBytes(value);
            if (bytes > 1024 * 1024 && number > 5) break;
            Assert.Equal(InsertVerdict.Inserted, await Insert(new Row(Key(0, Ada, number), value)));
        }

        var read = await Read(0, Ada, direction: ReadDirection.Descending);

        Assert.Equal(bytes > 1024 * 1024 ? 5 : 40, read.Count);
        Assert.All(read, row => Assert.True(row.Value.Span.SequenceEqual(values[row.Key.Number])));
    }

    [Fact]
    public async Task Keys_at_the_ends_of_their_range_are_paged_over()
    {
        var keys = new SortedSet<RowKey>();
        foreach (var space in Enum.GetValues<Space>())
        {
            foreach (var id in (UInt128[])[0, 1, UInt128.MaxValue / 2, UInt128.MaxValue - 1, UInt128.MaxValue])
            {
                foreach (var number in (ulong[])[0, 1, long.MaxValue, long.MaxValue + 1UL, ulong.MaxValue - 1, ulong.MaxValue]) keys.Add(Key(2, new(space, id), number));
            }
        }

        foreach (var chunk in keys.Chunk(40)) Assert.Equal(InsertVerdict.Inserted, await Insert([.. chunk.Select(key => new Row(key, new byte[1]))]));

        foreach (var direction in Enum.GetValues<ReadDirection>())
        {
            var read = await Collect(Store.ReadAsync(keys.Min, keys.Max, direction, None));
            Assert.Equal(direction == ReadDirection.Ascending ? keys : keys.Reverse(), read.Select(row => row.Key));
        }
    }

    [Fact]
    public async Task Every_read_is_a_range_of_the_index_whatever_the_statistics_say()
    {
        await PostgresServer.ExecuteAsync(Database, "analyze journal_rows"); // of an empty table
        for (var number = 1UL; number <= 20; number++) await Insert(At(Ada, number, "x"));
        for (var i = 0; i < 5; i++) Assert.Equal(20, (await Read(0, Ada, direction: ReadDirection.Descending)).Count);
        await Store.DisposeAsync(); // sessions report what they did when they end

        Assert.Equal(0L, await PostgresServer.AskAsync<long>(Database, "select seq_scan from pg_stat_user_tables where relname = 'journal_rows'"));
    }

    [Fact]
    public async Task What_is_queued_when_the_store_closes_is_written_first()
    {
        var inserts = Enumerable.Range(0, 200).Select(partition => Store.InsertAsync(Batch(partition % 50, (ulong)partition + 1), None).AsTask()).ToArray();
        await Store.DisposeAsync();

        Assert.All(await Task.WhenAll(inserts), outcome => Assert.Equal(InsertVerdict.Inserted, outcome.Verdict));
        Assert.Equal(800L, await PostgresServer.AskAsync<long>(Database, "select count(*) from journal_rows"));
    }

    [Fact]
    public async Task A_server_that_does_not_sync_its_log_is_refused()
    {
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(new() { ConnectionStrings = [Database] }));

        Assert.Contains("fsync=off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_commits_asynchronously_commits_durably_here()
    {
        await PostgresServer.ExecuteAsync(Database, "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$");

        await using var store = await Open(_options); // it asks, and would refuse

        Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync(Batch(1, 1), None)).Verdict);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(new() { ConnectionStrings = ["Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d"] }));

        Assert.StartsWith("The database at place 1 of the list cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection string 1 cannot be read as one.", "secret=;;nonsense")]
    [InlineData("Connection string 1 names no host.", "Database=d;Password=secret")]
    [InlineData("Connection string 1 names several hosts; name the one that is written to.", "Host=a,b;Password=secret")]
    [InlineData("Connection strings 1 and 3 name the same database.", "Host=a;Database=d;Password=secret", "Host=b;Database=d", "Host=a;Database=d;Password=other")]
    [InlineData("minimum length of '1'")]
    public async Task Options_that_cannot_be_right_are_refused_before_anything_is_done(string why, params string[] connectionStrings)
    {
        var refused = await Assert.ThrowsAsync<ValidationException>(() => Open(new() { ConnectionStrings = connectionStrings }));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static Task<PostgresStore> Open(PostgresStoreOptions options) => PostgresStore.OpenAsync(options, NullLogger.Instance, None);

    private static Row Fence(int partition, ulong batch, string text) =>
        new(BatchRow.KeyOf(partition, batch), System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Three records and the fence, which a log puts last.</summary>
    private static Row[] Batch(int partition, ulong batch) =>
        [.. Enumerable.Range(1, 3).Select(i => new Row(Key(partition, Ada, (3 * batch) + (ulong)i - 3), new byte[20])), Fence(partition, batch, "mine")];

    /// <summary>Inserts a set for each of 64 partitions, all of which go in one group: they wait for the only connection, held up by another set.</summary>
    private async Task<InsertVerdict[]> InOneGroup(Func<int, Row[]> set)
    {
        await using var store = await Open(server.Options(Database, groupsInFlight: 1));
        var stopper = Key(64, Ada, 1);
        using var hold = await Hold.Take(Database, stopper);
        var stopped = store.InsertAsync([new(stopper, new byte[1])], None).AsTask();
        await hold.SomebodyWaits();
        var sets = Enumerable.Range(0, 64).Select(partition => store.InsertAsync(set(partition), None).AsTask()).ToArray();
        hold.Dispose();

        Assert.Equal(InsertVerdict.Inserted, (await stopped).Verdict);
        return [.. (await Task.WhenAll(sets)).Select(outcome => outcome.Verdict)];
    }

    /// <summary>Another's transaction that has inserted a row and has not committed. Disposing of it rolls back.</summary>
    internal sealed class Hold(Npgsql.NpgsqlConnection connection) : IDisposable
    {
        internal static async Task<Hold> Take(string database, RowKey key)
        {
            var connection = new Npgsql.NpgsqlConnection(database + ";Pooling=false");
            await connection.OpenAsync();
            await using var insert = new Npgsql.NpgsqlCommand("insert into journal_rows values ($1, $2, $3, $4, '')", connection);
            await using (var begin = new Npgsql.NpgsqlCommand("begin", connection)) await begin.ExecuteNonQueryAsync();
            insert.Parameters.Add(new() { Value = key.Partition });
            insert.Parameters.Add(new() { Value = (short)key.Journal.Space });
            insert.Parameters.Add(new() { Value = RowColumns.OfId(key.Journal.Id) });
            insert.Parameters.Add(new() { Value = RowColumns.OfNumber(key.Number) });
            await insert.ExecuteNonQueryAsync();
            return new(connection);
        }

        /// <summary>Waits until some other transaction waits for this one.</summary>
        internal Task SomebodyWaits() => Eventually.Is(
            "a transaction waits for this one",
            async () => await PostgresServer.AskAsync<long>(
                connection.ConnectionString, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);

        public void Dispose() => connection.Dispose();
    }
}
