using Azure.Data.Tables;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.RocksDb;
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
