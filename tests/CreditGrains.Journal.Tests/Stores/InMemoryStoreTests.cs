using CreditGrains.Journal.InMemory;

namespace CreditGrains.Journal.Tests.Stores;

public sealed class InMemoryStoreTests : JournalStoreContract
{
    protected override IJournalStore Open() => new InMemoryStore();
}
