using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace CreditGrains.Journal.AzureTables;

/// <summary>One storage account's table: sends transactions, a bounded number at once, and reads pages.</summary>
internal sealed class TableAccount : IAsyncDisposable
{
    private readonly int _maxInFlight;
    private readonly SemaphoreSlim _slots;
    private readonly HttpPipelineTransport _transport;
    private readonly TableClient _writes;
    private readonly TableClient _reads;
    private volatile bool _isClosed;

    internal TableAccount(AzureTablesAccount account, AzureTablesStoreOptions options)
    {
        _maxInFlight = options.MaxTransactionsInFlight;
        _slots = new(_maxInFlight);

        // The SDK's own transport opens at most 50 connections. A request of ours with a body is sent once or not at all: the handler tries
        // again by itself only where no byte of a body has left.
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 2 * _maxInFlight,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // so that a changed address is noticed
            ConnectTimeout = options.RequestTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        _transport = options.Transport(new HttpClientTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }));
        _writes = Client(account, options, retries: 0);
        _reads = Client(account, options, options.ReadRetries);
    }

    /// <summary>Gets the table, for what has no effect when it is done twice.</summary>
    internal TableClient Table => _reads;

    /// <summary>Gets where the table is, without what grants access to it.</summary>
    internal string Place => _reads.Uri.GetLeftPart(UriPartial.Path);

    internal async ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        if (!await TryEnterAsync(cancellation).ConfigureAwait(false)) return InsertOutcomes.NotBegun;
        try
        {
            if (_isClosed) return InsertOutcomes.Closed;

            await LeaveCallersSchedulerAsync();
            var actions = new List<TableTransactionAction>(rows.Count);
            for (var i = 0; i < rows.Count; i++) actions.Add(new(TableTransactionActionType.Add, TableRows.ToEntity(rows[i])));
            if (cancellation.IsCancellationRequested) return InsertOutcomes.NotBegun;

            // From here on a cancellation says nothing about the write.
            var answers = (await _writes.SubmitTransactionAsync(actions, cancellation).ConfigureAwait(false)).Value;
            return answers.Count == rows.Count && answers.All(answer => answer.Status is 201 or 204)
                ? InsertOutcomes.Inserted
                : new(InsertVerdict.Unknown, $"The storage account gave {answers.Count} answers to {rows.Count} rows, or other than that they are there.");
        }
        catch (Exception failure)
        {
            return InsertOutcomes.Of(failure);
        }
        finally
        {
            _slots.Release();
        }
    }

    internal async ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            await LeaveCallersSchedulerAsync();
            var found = await _reads.GetEntityIfExistsAsync<TableEntity>(
                TableRows.PartitionKey(key.Partition), TableRows.RowKey(key.Journal, key.Number), cancellationToken: cancellation).ConfigureAwait(false);
            if (!found.HasValue || !TableRows.ValueOf(found.Value!).Span.SequenceEqual(expected.Span)) return false;

            await _writes.UpdateEntityAsync(TableRows.ToEntity(new(key, redacted)), found.Value!.ETag, TableUpdateMode.Replace, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return false; // somebody else redacted it since it was read
        }
        catch (Exception failure) when (!IsTheCallers(failure, cancellation))
        {
            throw Unavailable($"Row {key} could not be redacted, or may have been", failure);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Reads the next rows between two keys, both included, in the order they lie in.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="first">The RowKey that lies first.</param>
    /// <param name="last">The RowKey that lies last.</param>
    /// <param name="maxRows">The most rows wanted.</param>
    /// <param name="continuation">Where the page before ended; null for the first.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The rows, possibly none, and where to go on; null if that was all.</returns>
    internal async ValueTask<(List<Row> Rows, string? Continuation)> ReadPageAsync(
        int partition, string first, string last, int maxRows, string? continuation, CancellationToken cancellation)
    {
        ThrowIfClosed();
        await LeaveCallersSchedulerAsync();
        var partitionKey = TableRows.PartitionKey(partition);
        var range = $"PartitionKey eq '{partitionKey}' and RowKey ge '{first}' and RowKey le '{last}'";
        try
        {
            if (first == last)
            {
                // By its key: the service, and Azurite more so, finds one row sooner than a range of one.
                var found = await _reads.GetEntityIfExistsAsync<TableEntity>(partitionKey, first, cancellationToken: cancellation).ConfigureAwait(false);
                return (found.HasValue ? [TableRows.ToRow(partition, found.Value!)] : [], null);
            }

            await foreach (var page in _reads.QueryAsync<TableEntity>(range, maxRows, null, cancellation).AsPages(continuation, maxRows).ConfigureAwait(false))
            {
                var rows = new List<Row>(page.Values.Count);
                foreach (var entity in page.Values) rows.Add(TableRows.ToRow(partition, entity));
                return (rows, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }

            return ([], null);
        }
        catch (Exception failure) when (!IsTheCallers(failure, cancellation))
        {
            throw Unavailable($"Partition {partition} could not be read", failure);
        }
    }

    /// <summary>Waits for the transactions under way, then closes. What still waits for its turn is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < _maxInFlight; i++) await _slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _slots.Release(_maxInFlight); // for those who come late, and find the store closed
        (_transport as IDisposable)?.Dispose();
    }

    /// <summary>Says what went wrong, without what the service may have quoted.</summary>
    internal StoreUnavailableException Unavailable(string what, Exception failure) => failure switch
    {
        StoreUnavailableException already => already,
        RequestFailedException { Status: not 0 } refused => new($"{what}. {InsertOutcomes.Reason(refused)}"),
        AggregateException { InnerExceptions: [.., var last] } => Unavailable(what, last), // all attempts; the last says enough
        _ => new($"{what}: {Place} gave no answer ({failure.GetBaseException().GetType().Name})."),
    };

    internal static bool IsTheCallers(Exception failure, CancellationToken cancellation) =>
        failure is OperationCanceledException && cancellation.IsCancellationRequested;

    private async ValueTask<bool> TryEnterAsync(CancellationToken cancellation)
    {
        try
        {
            await _slots.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Goes on in the pool: a hundred rows take a millisecond to write out, and the caller may be a grain in its turn.</summary>
    private static ConfiguredTaskAwaitable LeaveCallersSchedulerAsync() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private void ThrowIfClosed()
    {
        if (_isClosed) throw new StoreUnavailableException("The store is closed.");
    }

    private TableClient Client(AzureTablesAccount account, AzureTablesStoreOptions options, int retries)
    {
        var client = new TableClientOptions
        {
            Transport = _transport,
            Retry =
            {
                MaxRetries = retries,
                Mode = RetryMode.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                NetworkTimeout = options.RequestTimeout,
            },
        };
        return account.CreateClient(client).GetTableClient(options.Table);
    }
}
