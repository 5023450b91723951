using CreditGrains.Grains.Models;
using CreditGrains.Grains.Partitions;
using CreditGrains.Grains.Placement;
using CreditGrains.Grains.Silos;
using CreditGrains.Journal;
using CreditGrains.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace CreditGrains.Grains.Citizens;

/// <summary>What every citizen's grain of a silo shares, behind one reference: each further one would cost eight bytes a citizen.</summary>
public sealed partial class CitizenServices(
    LedgerSettings ledger,
    LedgerClock clock,
    PartitionHost partitions,
    PartitionMap map,
    ICipherKeys keys,
    CitizenReferences citizens,
    ActiveCitizens active,
    RefusalTally refusals,
    ScoringModels models,
    ScoringOptions scoring,
    IOptions<GrainCollectionOptions> collection,
    ILogger<CitizenGrain> log)
{
    /// <summary>A snapshot rides in every record whose sequence is a multiple of this.</summary>
    internal const ulong RecordsPerSnapshot = 32;

    internal LedgerClock Clock => clock;

    internal PartitionHost Partitions => partitions;

    internal PartitionMap Map => map;

    internal ICipherKeys Keys => keys;

    internal LedgerFormats Formats => ledger.Formats;

    internal CitizenReferences Citizens => citizens;

    internal ActiveCitizens Active => active;

    internal RefusalTally Refusals => refusals;

    internal ScoringModels Models => models;

    internal ScoringOptions Scoring => scoring;

    /// <summary>The longest that a citizen goes without a call while its partition's intake brings it entries: half of what makes it idle.</summary>
    internal int SecondsBetweenCalls { get; } = (int)Math.Min(collection.Value.CollectionAge.TotalSeconds / 2, int.MaxValue);

    internal OlderReferences Older { get; } = new();

    internal ReferenceKey ReferenceKey => ledger.ReferenceKey;

    /// <summary>Opens a record, as <see cref="RecordFrame.Open"/> does.</summary>
    internal OpenedRecord Open(in Row row) => RecordFrame.Open(row, keys, ledger.Formats.Newest);

    /// <summary>Reads a citizen's journal newest first until a usable snapshot.</summary>
    /// <param name="partition">The partition, for what is logged.</param>
    /// <param name="newestFirst">The journal's rows.</param>
    /// <returns>The snapshot's state, or an empty one; and the records to fold into it, the last of them first.</returns>
    /// <exception cref="JournalBrokenException">A record does not follow the one before it, or cannot be opened.</exception>
    internal async ValueTask<(CitizenState State, List<OpenedRecord> After)> ReadBackAsync(int partition, IAsyncEnumerable<Row> newestFirst)
    {
        var records = new List<OpenedRecord>();
        await foreach (var row in newestFirst)
        {
            var record = Open(row);
            if (records.Count > 0 && !records[^1].Header.Follows(record.Tail))
                throw new JournalBrokenException(row.Key, JournalDamage.ChainBroken);

            records.Add(record);
            if (record.IsSnapshotBroken) LogSnapshotBroken(partition, record.Header.Sequence);
            if (record.Snapshot is { FoldVersion: CitizenState.FoldVersion } snapshot && CitizenState.TryRestore(snapshot.Bytes.Span, out var restored)) return (restored, records);
        }

        return (new(), records);
    }

    /// <summary>Logs a record that did not become durable. Where the fence was lost the partition's log has said so, once for all its citizens.</summary>
    internal void LogNotDurable(int partition, CommitVerdict verdict) =>
        LogNotDurable(verdict == CommitVerdict.FenceLost ? LogLevel.Debug : LogLevel.Warning, partition, verdict);

    [LoggerMessage("Partition {Partition}: a record's commit is {Verdict}; its citizen is deactivated and will read what happened")]
    private partial void LogNotDurable(LogLevel level, int partition, CommitVerdict verdict);

    [LoggerMessage(LogLevel.Error, "Partition {Partition}: a citizen could not be read")]
    internal partial void LogUnreadable(int partition, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: a snapshot of record {Sequence} does not verify and is passed over")]
    internal partial void LogSnapshotBroken(int partition, ulong sequence);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: the snapshot of record {Sequence} is too large and is left out")]
    internal partial void LogSnapshotLeftOut(int partition, ulong sequence);

    [LoggerMessage(LogLevel.Error, "Partition {Partition}: a record could not be committed")]
    internal partial void LogCommitFailed(int partition, Exception failure);
}
