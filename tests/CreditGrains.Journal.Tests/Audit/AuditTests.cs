using Azure.Data.Tables;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Journal.Tests.Stores;
using CreditGrains.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Audit;

public sealed class InMemoryAuditTests : AuditContract
{
    private readonly InMemoryStore _store = new();

    protected override IJournalStore Store => _store;

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    protected override Task Damage(RowKey key, byte[]? value)
    {
        _store.Damage(key, value);
        return Task.CompletedTask;
    }
}

public sealed class RocksDbAuditTests : AuditContract
{
    private static readonly RocksDbStoreOptions Options = new() { MinFreeBytes = 0 };

    private readonly TemporaryFolder _folder = new();
    private RocksDbStore _store;

    public RocksDbAuditTests() => _store = Open();

    protected override IJournalStore Store => _store;

    public override async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Behind the store's back, as somebody with a tool would.</summary>
    protected override async Task Damage(RowKey key, byte[]? value)
    {
        await _store.DisposeAsync();
        using (var database = RocksDbSharp.RocksDb.Open(RocksDbSetup.For(Options), _folder.Path))
        {
            var bytes = new byte[RowKey.Length];
            key.Write(bytes);
            if (value is null) database.Remove(bytes);
            else database.Put(bytes, value);
        }

        _store = Open();
    }

    private RocksDbStore Open() => RocksDbStore.Open(_folder.Path, Options, NullLogger.Instance);
}

public sealed class AzureTablesAuditTests(AzuriteServer azurite) : AuditContract
{
    private readonly string _table = $"t{Guid.NewGuid():N}";
    private AzureTablesStore? _store;

    protected override IJournalStore Store => _store ??= AzureTablesStore.OpenAsync(
        new() { Table = _table, Accounts = [new() { ConnectionString = azurite.ConnectionString() }] }, NullLogger.Instance, CancellationToken.None)
        .AsTask().GetAwaiter().GetResult();

    public override ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    /// <summary>Behind the store's back, as somebody with a tool would.</summary>
    protected override async Task Damage(RowKey key, byte[]? value)
    {
        var table = new TableClient(azurite.ConnectionString(), _table);
        if (value is null) await table.DeleteEntityAsync(TableRows.PartitionKey(key.Partition), TableRows.RowKey(key.Journal, key.Number));
        else await table.UpsertEntityAsync(TableRows.ToEntity(new(key, value)), TableUpdateMode.Replace);
    }
}

public sealed class PostgresAuditTests(PostgresServer server) : AuditContract, IAsyncLifetime
{
    private PostgresStoreOptions _options = new();
    private PostgresStore? _store;

    protected override IJournalStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _options = await server.NewStoreAsync();
        _store = await PostgresStore.OpenAsync(_options, NullLogger.Instance, CancellationToken.None);
    }

    public override ValueTask DisposeAsync() => Store.DisposeAsync();

    /// <summary>Behind the store's back, as an operator would.</summary>
    protected override Task Damage(RowKey key, byte[]? value)
    {
        var row = $"partition = {key.Partition} and space = {(int)key.Journal.Space} and id = '{RowColumns.OfId(key.Journal.Id)}' and number = {RowColumns.OfNumber(key.Number)}";
        return PostgresServer.ExecuteAsync(_options.ConnectionStrings[0], value is null
            ? $"delete from journal_rows where {row}"
            : $"update journal_rows set value = '\\x{Convert.ToHexString(value)}' where {row}");
    }
}
