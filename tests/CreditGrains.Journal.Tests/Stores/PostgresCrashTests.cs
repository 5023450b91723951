using System.Diagnostics;
using System.Globalization;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CreditGrains.Journal.Tests.Stores;

/// <summary>What becomes of commits whose server dies, or whose answer is lost, on a server that syncs its log.</summary>
public sealed class PostgresCrashTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ICipherKeys Keys = TestKeys.Of(CipherSuite.Plain);

    [Fact]
    public async Task A_server_killed_amid_commits_has_what_was_acknowledged_and_the_logs_settle_the_rest()
    {
        const int Partitions = 16;
        const int Citizens = 8;
        await using var server = await PostgresServer.StartDurableAsync();
        await using var store = await PostgresStore.OpenAsync(await server.NewStoreAsync(), NullLogger.Instance, None);
        var logs = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async partition =>
            (await PartitionLog.ClaimAsync(store, partition, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!));
        var acknowledged = 0;
        var wanted = int.MaxValue;

        // Each citizen goes on until enough is durable, and writes again what was not written.
        var journals = logs.SelectMany(log => Enumerable.Range(1, Citizens).Select(citizen => Task.Run(async () =>
        {
            var durable = new List<RecordHash>();
            var tail = default(RecordTail);
            while (Volatile.Read(ref acknowledged) < Volatile.Read(ref wanted))
            {
                var at = log.NextRecordedAt();
                var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = LogFixture.Citizen(citizen), After = tail, RecordedAt = at, Kind = 1, Bodies = [new byte[200]] }, Keys.Current(LogFixture.Citizen(citizen)));
                var verdict = await log.AppendAsync(new AppendRow(LogFixture.Citizen(citizen), tail.Sequence + 1, record.Value, record.Hash), at);
                if (verdict == CommitVerdict.NotWritten) continue;
                Assert.Equal(CommitVerdict.Durable, verdict);
                Interlocked.Increment(ref acknowledged);
                durable.Add(record.Hash);
                tail = new(tail.Sequence + 1, record.Hash);
            }

            return (log.Partition, Citizen: citizen, Durable: durable);
        }))).ToArray();

        try
        {
            for (var kill = 1; kill <= 2; kill++)
            {
                await Eventually.Is($"{200 * kill} durable records", () => Volatile.Read(ref acknowledged) >= 200 * kill, journals);
                await server.KillAsync();
                await server.StartAgainAsync();
            }
        }
        catch
        {
            // 128 citizens that write again and again to a closed store would leave no time to any other test.
            Volatile.Write(ref wanted, 0);
            throw;
        }

        Volatile.Write(ref wanted, Volatile.Read(ref acknowledged) + 500);
        foreach (var (partition, citizen, durable) in await Task.WhenAll(journals))
        {
            var kept = new List<RecordHash>();
            await foreach (var row in store.ReadJournal(partition, LogFixture.Citizen(citizen), 1, ulong.MaxValue, ReadDirection.Ascending, None))
                kept.Add(RecordFrame.Open(row, Keys).Hash);
            Assert.Equal(durable, kept);
        }

        for (var partition = 0; partition < Partitions; partition++) Assert.Empty((await PartitionAudit.RunAsync(store, partition, Keys, null, null, None)).Findings);
    }

    [Fact]
    public async Task A_commit_that_landed_while_its_answer_was_lost_is_unknown_to_the_store_and_durable_to_the_log()
    {
        await using var server = await PostgresServer.StartDurableAsync();
        var options = await server.NewStoreAsync();
        await using var store = await PostgresStore.OpenAsync(options, NullLogger.Instance, None);
        var log = (await PartitionLog.ClaimAsync(store, LogFixture.Partition, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;
        var fixture = new LogFixture();

        // A commit waits for a standby that there is not: it has landed here and is not acknowledged.
        await AwaitStandby(options);
        var commit = fixture.Append(log, 1);
        await Eventually.Is("the commit waits for its standby", () => EndWaiting(options), commit);
        await AwaitNoStandby(options);

        Assert.Equal(CommitVerdict.Durable, await commit);
        Assert.Equal(1UL, log.Epoch); // found to be there; nothing had to be claimed
        Assert.Equal(CommitVerdict.Durable, await fixture.Append(log, 1));
    }

    [Fact]
    public async Task A_commit_that_waits_for_its_standby_is_not_given_up_and_not_shown_before()
    {
        await using var server = await PostgresServer.StartDurableAsync();
        var options = server.Options((await server.NewStoreAsync()).ConnectionStrings[0], 1, TimeSpan.FromSeconds(3));
        await AwaitStandby(options);
        await using var store = await PostgresStore.OpenAsync(options, NullLogger.Instance, None);
        Row[] set = [new(new(0, LogFixture.Citizen(1), 1), new byte[1])];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        var insert = store.InsertAsync(set, patience.Token);
        Assert.Equal(InsertVerdict.Unknown, (await insert).Verdict);

        // Well past the point at which this side gives up on a server that waits for nobody.
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(7);)
        {
            Assert.Equal(1L, await PostgresServer.AskAsync<long>(options.ConnectionStrings[0], "select count(*) from pg_stat_activity where wait_event = 'SyncRep'"));
            Assert.Equal(0L, await PostgresServer.AskAsync<long>(options.ConnectionStrings[0], "select count(*) from journal_rows"));
        }

        await AwaitNoStandby(options);
        Assert.Equal(InsertVerdict.KeyExists, (await store.InsertAsync(set, None)).Verdict);
    }

    /// <summary>Lets commits wait for a standby that there is not. It is so when this ends: the server takes a setting up in its own time, and a commit may be quicker.</summary>
    private static async Task AwaitStandby(PostgresStoreOptions options)
    {
        await Configure(options, "nowhere");
        var probe = Task.CompletedTask;
        await Eventually.Is("a commit waits for its standby", async () =>
        {
            if (probe.IsCompleted)
            {
                await probe;
                probe = PostgresServer.ExecuteAsync(options.ConnectionStrings[0], "select pg_logical_emit_message(true, 'probe', '')");
            }

            return await EndWaiting(options);
        });
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => probe);
    }

    private static Task AwaitNoStandby(PostgresStoreOptions options) => Configure(options, "");

    private static async Task Configure(PostgresStoreOptions options, string standby)
    {
        await PostgresServer.ExecuteAsync(options.ConnectionStrings[0], string.Create(CultureInfo.InvariantCulture, $"alter system set synchronous_standby_names = '{standby}'"));
        await PostgresServer.ExecuteAsync(options.ConnectionStrings[0], "select pg_reload_conf()");
    }

    /// <summary>Cuts off whoever waits for a standby, and says whether there was one.</summary>
    private static async Task<bool> EndWaiting(PostgresStoreOptions options) =>
        await PostgresServer.AskAsync<long>(options.ConnectionStrings[0], "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'") > 0;
}
