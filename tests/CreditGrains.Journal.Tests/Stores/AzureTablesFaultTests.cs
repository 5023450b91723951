using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Identity;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.Tests.Azurite;
using CreditGrains.Journal.Tests.Log;
using CreditGrains.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

/// <summary>What a store behind a wire makes of refusals, throttling, silence and broken connections.</summary>
public sealed class AzureTablesFaultTests(AzuriteServer azurite) : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JournalId Ada = new(Space.Citizen, 0xADA);
    private static readonly Row[] Rows = [new(new(5, Ada, 1), "a secret"u8.ToArray()), new(new(5, Ada, 2), "another"u8.ToArray())];

    private readonly string _table = $"t{Guid.NewGuid():N}";
    private readonly List<IDisposable> _proxies = [];
    private readonly List<AzureTablesStore> _stores = [];
    private WatchedTransport? _wire;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        foreach (var proxy in _proxies) proxy.Dispose();
    }

    [Theory]
    // Whatever the service refuses before it does anything, under a code of its own.
    [InlineData(409, "EntityAlreadyExists", InsertVerdict.KeyExists)]
    [InlineData(400, "InvalidInput", InsertVerdict.NotWritten)]
    [InlineData(400, "InvalidDuplicateRow", InsertVerdict.NotWritten)]
    [InlineData(400, "PropertyValueTooLarge", InsertVerdict.NotWritten)]
    [InlineData(400, "EntityTooLarge", InsertVerdict.NotWritten)]
    [InlineData(400, "CommandsInBatchActOnDifferentPartitions", InsertVerdict.NotWritten)]
    [InlineData(401, "InvalidAuthenticationInfo", InsertVerdict.NotWritten)]
    [InlineData(403, "AuthenticationFailed", InsertVerdict.NotWritten)]
    [InlineData(403, "AuthorizationPermissionMismatch", InsertVerdict.NotWritten)]
    [InlineData(403, "AccountIsDisabled", InsertVerdict.NotWritten)]
    [InlineData(404, "TableNotFound", InsertVerdict.NotWritten)]
    [InlineData(404, "ResourceNotFound", InsertVerdict.NotWritten)]
    [InlineData(409, "TableBeingDeleted", InsertVerdict.NotWritten)]
    [InlineData(413, "RequestBodyTooLarge", InsertVerdict.NotWritten)]
    // Throttling: nowhere promised to mean that nothing was done.
    [InlineData(429, "TooManyRequests", InsertVerdict.Unknown)]
    [InlineData(503, "ServerBusy", InsertVerdict.Unknown)]
    // Said to happen before or after the work.
    [InlineData(500, "InternalError", InsertVerdict.Unknown)]
    [InlineData(500, "OperationTimedOut", InsertVerdict.Unknown)]
    [InlineData(408, "RequestTimeout", InsertVerdict.Unknown)]
    // Not known to be harmless.
    [InlineData(404, "EntityNotFound", InsertVerdict.Unknown)]
    [InlineData(409, "Conflict", InsertVerdict.Unknown)]
    [InlineData(412, "UpdateConditionNotSatisfied", InsertVerdict.Unknown)]
    [InlineData(301, "Moved", InsertVerdict.Unknown)]
    // Not by the service: somebody on the way.
    [InlineData(400, null, InsertVerdict.Unknown)]
    [InlineData(403, null, InsertVerdict.Unknown)]
    [InlineData(404, null, InsertVerdict.Unknown)]
    [InlineData(409, null, InsertVerdict.Unknown)]
    [InlineData(413, null, InsertVerdict.Unknown)]
    [InlineData(502, null, InsertVerdict.Unknown)]
    [InlineData(504, null, InsertVerdict.Unknown)]
    public async Task An_answer_is_read_for_what_it_proves_and_never_asked_for_twice(int status, string? code, InsertVerdict verdict)
    {
        var store = await Open();
        var answers = new Queue<MadeUpResponse>([new(status, code), .. status >= 400 ? [MadeUpResponse.Refused(status, code)] : Array.Empty<MadeUpResponse>()]);
        while (answers.TryDequeue(out var answer))
        {
            _wire!.Forget();
            _wire.OnTransaction = (message, _) =>
            {
                message.Response = answer;
                return default;
            };

            var outcome = await store.InsertAsync(Rows, None);

            Assert.Equal(verdict, outcome.Verdict);
            Assert.Single(_wire.Transactions);
            if (verdict == InsertVerdict.KeyExists) continue;
            Assert.Contains($"{status} {code ?? "without a code"}", outcome.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("quoted", outcome.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new[] { 204 })] // one answer to two rows
    [InlineData(new[] { 204, 204, 204 })]
    [InlineData(new[] { 204, 500 })]
    [InlineData(new[] { 409, 409 })]
    [InlineData(new int[0])]
    public async Task An_answer_that_does_not_say_of_every_row_that_it_is_there_is_no_success(int[] statuses)
    {
        var store = await Open();
        _wire!.OnTransaction = (message, _) =>
        {
            message.Response = MadeUpResponse.Accepted(statuses);
            return default;
        };

        Assert.Equal(InsertVerdict.Unknown, (await store.InsertAsync(Rows, None)).Verdict);
    }

    public static TheoryData<Exception, InsertVerdict> Failures => new()
    {
        { new RequestFailedException("x", new HttpRequestException(HttpRequestError.ConnectionError)), InsertVerdict.NotWritten },
        { new RequestFailedException("x", new HttpRequestException(HttpRequestError.NameResolutionError)), InsertVerdict.NotWritten },
        { new RequestFailedException("x", new HttpRequestException(HttpRequestError.SecureConnectionError)), InsertVerdict.NotWritten },
        { new AuthenticationFailedException("x"), InsertVerdict.NotWritten },
        { new RequestFailedException("x", new HttpRequestException(HttpRequestError.ResponseEnded)), InsertVerdict.Unknown },
        { new RequestFailedException("x", new HttpRequestException(HttpRequestError.Unknown)), InsertVerdict.Unknown },
        { new RequestFailedException("x", new IOException()), InsertVerdict.Unknown },
        { new RequestFailedException("x"), InsertVerdict.Unknown },
        { new TaskCanceledException(), InsertVerdict.Unknown },
        { new TimeoutException(), InsertVerdict.Unknown },
        { new SocketException(), InsertVerdict.Unknown },
        { new InvalidOperationException("Expected an HTTP status line"), InsertVerdict.Unknown },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_without_an_answer_is_unknown_unless_nothing_was_sent(Exception failure, InsertVerdict verdict) =>
        Assert.Equal(verdict, InsertOutcomes.Of(failure).Verdict);

    [Fact]
    public async Task A_server_that_is_not_there_has_written_nothing_and_cannot_be_read()
    {
        var proxy = Proxy();
        var store = await Open(proxy.Port);
        proxy.Dispose();
        _ = await store.InsertAsync(Rows, None); // this one may still have found a connection that looks open

        var outcome = await store.InsertAsync(Rows, None);

        Assert.Equal(InsertVerdict.NotWritten, outcome.Verdict);
        Assert.Contains("ConnectionError", outcome.Reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(store));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_lost_before_or_after_the_request_arrived_is_unknown_and_the_request_was_sent_once(bool arrived)
    {
        var proxy = Proxy();
        var store = await Open(proxy.Port); // and so there is a connection to be used again
        Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync([new(new(5, Ada, 9), "x"u8.ToArray())], None)).Verdict);
        var before = proxy.Transactions;
        proxy.Next = arrived ? Wire.LosesReply : Wire.LosesRequest;

        var outcome = await store.InsertAsync(Rows, None);

        Assert.Equal(InsertVerdict.Unknown, outcome.Verdict);
        Assert.Equal(before + 1, proxy.Transactions);
        Assert.Equal(arrived ? 3 : 1, (await Read(store)).Count);
    }

    [Theory]
    [InlineData(false, CommitVerdict.NotWritten)]
    [InlineData(true, CommitVerdict.Durable)]
    public async Task The_log_settles_a_lost_connection_as_what_really_happened(bool arrived, CommitVerdict verdict)
    {
        var proxy = Proxy();
        var store = await Open(proxy.Port);
        var keys = TestKeys.Of(CipherSuite.Plain);
        var log = (await PartitionLog.ClaimAsync(store, 5, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;
        proxy.Next = arrived ? Wire.LosesReply : Wire.LosesRequest;

        Assert.Equal(verdict, await Append(1));
        Assert.Equal(CommitVerdict.Durable, await Append(2)); // the log goes on

        var report = await PartitionAudit.RunAsync(store, 5, keys, null, null, None);
        Assert.Empty(report.Findings);
        Assert.Equal(arrived ? 2 : 1, report.RecordsRead);

        async Task<CommitVerdict> Append(int citizen)
        {
            var journal = LogFixture.Citizen(citizen);
            var at = log.NextRecordedAt();
            var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = default, RecordedAt = at, Kind = 1, Bodies = [new byte[50]] }, keys.Current(journal));
            return await log.AppendAsync(new AppendRow(journal, 1, record.Value, record.Hash), at);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Through_any_run_of_faults_a_verdict_once_given_stays_true(int seed)
    {
        var random = new Random(seed);
        var proxy = Proxy();
        var store = await Open(proxy.Port);
        var keys = TestKeys.Of(CipherSuite.Plain);
        var log = (await PartitionLog.ClaimAsync(store, 5, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;
        var faults = new[] { Wire.Passes, Wire.LosesRequest, Wire.LosesReply, Wire.DeliversLate };
        var answers = new (int Status, string Code)?[] { null, null, null, (503, "ServerBusy"), (400, "InvalidInput"), (500, "OperationTimedOut") };
        _wire!.OnTransaction = (message, send) =>
        {
            if (answers[random.Next(answers.Length)] is not { } answer) return send();
            message.Response = new MadeUpResponse(answer.Status, answer.Code);
            return default;
        };
        var verdicts = new Dictionary<JournalId, CommitVerdict>();
        for (var citizen = 1; citizen <= 60; citizen++)
        {
            // A request is lost or late once; what follows it, the settlement among it, may be refused or throttled as well.
            proxy.Delay = TimeSpan.FromMilliseconds(random.Next(40));
            proxy.Next = faults[random.Next(faults.Length)];
            var journal = LogFixture.Citizen(citizen);
            var at = log.NextRecordedAt();
            var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = default, RecordedAt = at, Kind = 1, Bodies = [new byte[50]] }, keys.Current(journal));
            verdicts[journal] = await log.AppendAsync(new AppendRow(journal, 1, record.Value, record.Hash), at);
        }

        await Eventually.Is("the late requests have arrived", () => proxy.Late == 0);

        Assert.All(verdicts.Values, verdict => Assert.True(verdict is CommitVerdict.Durable or CommitVerdict.NotWritten, verdict.ToString()));
        Assert.Contains(CommitVerdict.Durable, verdicts.Values);
        Assert.Contains(CommitVerdict.NotWritten, verdicts.Values);
        await using var clean = await AzureTablesStore.OpenAsync(
            new() { Table = _table, Accounts = [new() { ConnectionString = azurite.ConnectionString() }] }, NullLogger.Instance, None);
        var report = await PartitionAudit.RunAsync(clean, 5, keys, null, null, None);
        Assert.Empty(report.Findings);
        foreach (var (journal, verdict) in verdicts)
        {
            var rows = 0;
            await foreach (var _ in clean.ReadJournal(5, journal, 0, ulong.MaxValue, ReadDirection.Ascending, None)) rows++;
            Assert.Equal(verdict == CommitVerdict.Durable ? 1 : 0, rows);
        }
    }

    [Fact]
    public async Task A_throttled_commit_is_settled_once_the_store_takes_writes_again()
    {
        var store = await Open();
        var keys = TestKeys.Of(CipherSuite.Plain);
        var log = (await PartitionLog.ClaimAsync(store, 5, "a", 1, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;
        var refusals = 3;
        _wire!.OnTransaction = (message, send) =>
        {
            if (refusals-- <= 0) return send();
            message.Response = new MadeUpResponse(503, "ServerBusy");
            return default;
        };
        var journal = LogFixture.Citizen(1);
        var at = log.NextRecordedAt();
        var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = default, RecordedAt = at, Kind = 1, Bodies = [new byte[50]] }, keys.Current(journal));

        Assert.Equal(CommitVerdict.NotWritten, await log.AppendAsync(new AppendRow(journal, 1, record.Value, record.Hash), at));
        Assert.Equal(CommitVerdict.Durable, await log.AppendAsync(new AppendRow(journal, 1, record.Value, record.Hash), at));
        Assert.Empty((await PartitionAudit.RunAsync(store, 5, keys, null, null, None)).Findings);
    }

    [Fact]
    public async Task A_table_that_was_deleted_takes_nothing_and_cannot_be_read()
    {
        var store = await Open();
        await new global::Azure.Data.Tables.TableClient(azurite.ConnectionString(), _table).DeleteAsync(None);

        Assert.Equal(InsertVerdict.NotWritten, (await store.InsertAsync(Rows, None)).Verdict);
        var failed = await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(store));
        Assert.Contains("404 TableNotFound", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_when_the_store_is_opened()
    {
        var wrong = azurite.ConnectionString().Replace("AccountKey=Eby8", "AccountKey=AAAA", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await AzureTablesStore.OpenAsync(
            new() { Table = _table, Accounts = [new() { ConnectionString = wrong }] }, NullLogger.Instance, None));

        Assert.Contains("could not be opened", refused.Message, StringComparison.Ordinal);
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_fails_in_passing_is_tried_again_and_one_that_goes_on_failing_is_said_to()
    {
        var store = await Open();
        await store.InsertAsync(Rows, None);
        var refusals = 2;
        _wire!.OnOther = (message, send) =>
        {
            if (refusals-- <= 0) return send();
            message.Response = new MadeUpResponse(503, "ServerBusy");
            return default;
        };

        Assert.Equal(2, (await Read(store)).Count);
        refusals = int.MaxValue;
        var failed = await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(store));
        Assert.Contains("Partition 5 could not be read", failed.Message, StringComparison.Ordinal);
        Assert.Contains("503 ServerBusy", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_reading_hears_that_and_no_failure()
    {
        var store = await Open();
        using var patience = new CancellationTokenSource();
        _wire!.OnOther = async (_, _) =>
        {
            await patience.CancelAsync();
            patience.Token.ThrowIfCancellationRequested();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in store.ReadAsync(new(5, Ada, 0), new(5, Ada, 9), ReadDirection.Ascending, patience.Token))
            {
            }
        });
    }

    [Fact]
    public async Task A_redaction_whose_reply_is_lost_is_said_to_be_in_doubt_and_is_not_repeated()
    {
        var store = await Open();
        await store.InsertAsync(Rows, None);
        var updates = 0;
        _wire!.OnOther = async (message, send) =>
        {
            await send();
            if (message.Request.Method != RequestMethod.Put) return;
            updates++;
            throw new RequestFailedException("x", new IOException());
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.RedactAsync(Rows[0].Key, Rows[0].Value, "gone"u8.ToArray(), None));

        Assert.Equal(1, updates);
    }

    [Fact]
    public async Task An_entity_that_is_not_the_ledgers_stops_the_reader()
    {
        var store = await Open();
        var table = new global::Azure.Data.Tables.TableClient(azurite.ConnectionString(), _table);
        await table.AddEntityAsync(new global::Azure.Data.Tables.TableEntity(TableRows.PartitionKey(5), TableRows.RowKey(Ada, 7)[..^1]), None);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Read(store));
    }

    private FaultyProxy Proxy()
    {
        var proxy = new FaultyProxy(azurite.Port());
        _proxies.Add(proxy);
        return proxy;
    }

    private async Task<AzureTablesStore> Open(int? proxy = null)
    {
        var store = await AzureTablesStore.OpenAsync(
            new() { Table = _table, Accounts = [new() { ConnectionString = azurite.ConnectionString(0, proxy) }], Transport = wire => _wire = new(wire) }, NullLogger.Instance, None);
        _stores.Add(store);
        return store;
    }

    private static async Task<List<Row>> Read(AzureTablesStore store)
    {
        var rows = new List<Row>();
        await foreach (var row in store.ReadAsync(new(5, Ada, 0), new(5, Ada, ulong.MaxValue), ReadDirection.Ascending, None)) rows.Add(row);
        return rows;
    }
}
