using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Journal.Tests.Stores;
using CreditGrains.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Backup;

/// <summary>A ledger goes from any store into a folder on disk and from there into any other.</summary>
public sealed class BackupAcrossStoresTests(AzuriteServer azurite, PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _rocks = new();
    private readonly TemporaryFolder _backup = new();
    private readonly string _table = $"t{Guid.NewGuid():N}";

    public enum Kind
    {
        RocksDb,
        AzureTables,
        Postgres,
        InMemory,
    }

    public void Dispose()
    {
        _rocks.Dispose();
        _backup.Dispose();
    }

    [Theory]
    [InlineData(Kind.RocksDb, Kind.AzureTables)]
    [InlineData(Kind.AzureTables, Kind.RocksDb)]
    [InlineData(Kind.Postgres, Kind.AzureTables)]
    [InlineData(Kind.RocksDb, Kind.Postgres)]
    [InlineData(Kind.InMemory, Kind.RocksDb)]
    public async Task A_backup_of_one_kind_of_store_is_restored_into_another(Kind from, Kind to)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var source = await Open(from);
        var ledger = await LivingLedger.CreateAsync(source, 41, citizens: 20);
        await ledger.StepsAsync(150);
        await LedgerBackup.RunAsync(new InterruptedStore(source, new(2), ledger.StepAsync), _backup.Path, new() { PartitionsAtOnce = 1 }, null, stop);
        await ledger.StepsAsync(50);
        var heads = await LivingLedger.HeadsAsync(source);
        await LedgerBackup.RunAsync(source, _backup.Path, new(), null, stop);

        await using var target = await Open(to);
        var summary = await LedgerRestore.RunAsync(target, _backup.Path, LivingLedger.Keys, new(), null, stop);

        Assert.True(summary.IsRestored);
        await ledger.AssertIsPastAsync(target, heads);
    }

    private async Task<IJournalStore> Open(Kind kind) => kind switch
    {
        Kind.RocksDb => RocksDbStore.Open(_rocks.Path, new() { MinFreeBytes = 0 }, NullLogger.Instance),
        Kind.AzureTables => await AzureTablesStore.OpenAsync(
            new() { Table = _table, Accounts = [new() { ConnectionString = azurite.ConnectionString() }] }, NullLogger.Instance, CancellationToken.None),
        Kind.Postgres => await PostgresStore.OpenAsync(await postgres.NewStoreAsync(), NullLogger.Instance, CancellationToken.None),
        _ => new InMemoryStore(),
    };
}
