namespace CreditGrains.Benchmarks;

/// <summary>What the sizing reckons with, each taken from a row of the benchmark's output. Processor times in microseconds.</summary>
/// <param name="Store">Where entries were recorded.</param>
/// <param name="Entry">Silos, an entry that comes in bulk.</param>
/// <param name="SingleEntry">Silos, an entry that comes alone.</param>
/// <param name="Server">The store's server, an entry in bulk; null where it was not told.</param>
/// <param name="RowsPerEntry">Rows that an entry in bulk puts into the store: its record, and its share of a batch row.</param>
/// <param name="Read">Silos, a file read by a citizen in memory.</param>
/// <param name="Activation">Silos, a citizen read into memory.</param>
/// <param name="CitizenBytes">Memory of a citizen.</param>
internal sealed record Measured(
    string Store, double Entry, double SingleEntry, double? Server, double RowsPerEntry, double Read, double Activation, double CitizenBytes)
{
    /// <summary>Finds the rows that are needed.</summary>
    /// <param name="results">Rows of one run or of several.</param>
    /// <returns>What was found, or which rows are missing.</returns>
    internal static (Measured? Found, string? Missing) In(IReadOnlyList<Result> results)
    {
        var missing = new List<string>();
        var bulk = Row("record-bulk", row => row is { Store: not StoreUnderTest.RocksDb, SiloMicroseconds: not null, RecordsPerBatch: not null, RecordsPerEntry: not null });
        var single = Row("record-single", row => row.Store == bulk?.Store && row.SiloMicroseconds is not null);
        var read = Row("read-file", row => row.SiloMicroseconds is not null);
        var activation = Row("cold-start", row => row.SiloMicroseconds is not null);
        var memory = Row("memory", row => row.Bytes is not null);
        if (missing.Count > 0) return (null, string.Join(", ", missing));

        var rows = bulk!.RecordsPerEntry!.Value * (1 + (1 / bulk.RecordsPerBatch!.Value));
        return (new(
            bulk.Store, bulk.SiloMicroseconds!.Value, single!.SiloMicroseconds!.Value, bulk.ServerMicroseconds, rows,
            read!.SiloMicroseconds!.Value, activation!.SiloMicroseconds!.Value, memory!.Bytes!.Value), null);

        Result? Row(string scenario, Func<Result, bool> fits)
        {
            var found = results.FirstOrDefault(row => row.Scenario == scenario && fits(row));
            if (found is null) missing.Add(scenario is "record-bulk" or "record-single" ? $"{scenario} on azurite or postgres" : scenario);
            return found;
        }
    }
}
