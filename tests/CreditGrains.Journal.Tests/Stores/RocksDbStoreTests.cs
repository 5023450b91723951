using CreditGrains.Journal.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

public sealed class RocksDbStoreTests : JournalStoreContract
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override IJournalStore Open() => OpenIn(_folder.Path);

    private static RocksDbStore OpenIn(string folder) => RocksDbStore.Open(folder, new() { MinFreeBytes = 0 }, NullLogger.Instance);
}
