namespace CreditGrains.Journal.AzureTables;

/// <summary>What Azure Tables allows, and what we make of it.</summary>
internal static class AzureTablesLimits
{
    // The service's own: learn.microsoft.com, "Performing entity group transactions".
    internal const int MaxEntitiesPerTransaction = 100;
    internal const int MaxTransactionBytes = 4 * 1024 * 1024;

    // The service's own: learn.microsoft.com, "Understanding the Table service data model".
    internal const int MaxPropertyBytes = 64 * 1024;
    internal const int MaxEntityBytes = 1024 * 1024;

    // The service's own: learn.microsoft.com, "Query timeout and pagination".
    internal const int MaxPageRows = 1000;

    // Ours. Fifteen full properties leave 64 KiB of an entity's 1 MiB to its keys, property names and what the service counts besides.
    internal const int MaxValueProperties = 15;

    // Ours. One row must be able to carry as much as a whole set may, so an entity binds before a transaction does: on the wire the values
    // grow by a third (base64), and each row brings headers, keys and property names, measured at 560 bytes and the endpoint. That makes 1.4 MiB of 4.
    internal const int MaxSetBytes = (MaxValueProperties * MaxPropertyBytes) + RowKey.Length;

    // Ours, generous: what a row costs on the wire beside its value, an endpoint of 200 characters included.
    internal const int MaxRowOverheadBytes = 2 * 1024;

    // Ours. An activation reads newest first until a snapshot, which rides in every 32nd record; a head is one row.
    internal const int FirstPageRows = 33;
    internal const int HeadPageRows = 1;
    internal const int PageGrowth = 4;

    // Ours. What is held in memory to turn storage order around; more is read in narrower pieces.
    internal const int MaxTurnedBytes = 16 * 1024 * 1024;

    internal static readonly StoreLimits Store = new(MaxEntitiesPerTransaction, MaxSetBytes);
}
