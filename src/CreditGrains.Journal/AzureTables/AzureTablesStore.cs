using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal.AzureTables;

/// <summary>The store of a cluster on Azure: tables in one or more storage accounts, shared by all silos.</summary>
/// <remarks>
/// <para>
/// A set of rows is one entity group transaction that adds and never replaces, so it is written as a whole or not at all, and only if all its keys are
/// free. It relies on the service for that, and on nothing else: what the service refuses too late or not at all (another partition, a row twice, too many) is
/// refused here before anything is sent.
/// </para>
/// <para>
/// A transaction is sent once. The SDK's own retries are off for writes, because a second attempt cannot tell its own first from somebody else's row.
/// What cannot be told is <see cref="InsertVerdict.Unknown"/>, and a request given up for lost may still land; the log above settles that.
/// </para>
/// </remarks>
public sealed partial class AzureTablesStore : IJournalStore
{
    private readonly TableAccount[] _accounts;
    private readonly Lock _gate = new();
    private Task? _disposal;

    private AzureTablesStore(TableAccount[] accounts) => _accounts = accounts;

    /// <inheritdoc/>
    public StoreLimits Limits => AzureTablesLimits.Store;

    /// <summary>Opens the store. Tables that are missing are made.</summary>
    /// <param name="options">Which accounts, and how.</param>
    /// <param name="logger">Where openings are logged.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="ValidationException">The options are not valid; the message says which.</exception>
    /// <exception cref="StoreUnavailableException">An account cannot be reached, or belongs to another layout of accounts.</exception>
    public static async ValueTask<AzureTablesStore> OpenAsync(AzureTablesStoreOptions options, ILogger logger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        Validator.ValidateObject(options, new(options), validateAllProperties: true);

        TableAccount[] accounts = [.. options.Accounts.Select(account => new TableAccount(account, options))];
        var store = new AzureTablesStore(accounts);
        try
        {
            await AccountLayout.ConfirmAsync(accounts, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        LogOpened(logger, options.Table, accounts.Length);
        return store;
    }

    /// <inheritdoc/>
    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        StoreRequests.Check(rows, Limits);
        if (cancellation.IsCancellationRequested) return new(InsertOutcomes.NotBegun);
        if (NamesARowTwice(rows)) return new(InsertOutcomes.KeyExists);
        return AccountOf(rows[0].Key.Partition).InsertAsync(rows, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>A page at a time, from 1 or 33 rows to 1,000. Newest first within one journal costs least.</remarks>
    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    {
        StoreRequests.Check(from, to);
        return TableReads.ReadAsync(AccountOf(from.Partition), from, to, direction, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation)
    {
        if (redacted.Length > AzureTablesLimits.MaxSetBytes - RowKey.Length)
            throw new ArgumentException($"A row has at most {AzureTablesLimits.MaxSetBytes - RowKey.Length} bytes.", nameof(redacted));
        return AccountOf(key.Partition).RedactAsync(key, expected, redacted, cancellation);
    }

    /// <summary>Waits for the transactions under way, then refuses everything. What still waits for its turn is not written.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new(_disposal ??= Task.WhenAll(_accounts.Select(account => account.DisposeAsync().AsTask())));
    }

    private TableAccount AccountOf(int partition) => _accounts[partition % _accounts.Length];

    /// <summary>A set that names a key twice collides with itself. The service would call it malformed, Azurite's older versions an existing row.</summary>
    private static bool NamesARowTwice(IReadOnlyList<Row> rows)
    {
        if (rows.Count == 1) return false;
        var keys = new HashSet<RowKey>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (!keys.Add(rows[i].Key)) return true;
        }

        return false;
    }

    [LoggerMessage(LogLevel.Information, "Table {Table} is open in {Accounts} storage accounts")]
    private static partial void LogOpened(ILogger logger, string table, int accounts);
}
