using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Journal;

/// <summary>How a ledger is restored.</summary>
public sealed class RestoreOptions
{
    /// <summary>Gets the name of the cluster that will serve the restored ledger.</summary>
    /// <value>Default null: the one that the backup names.</value>
    public string? Cluster { get; init; }

    /// <summary>Gets how many partitions are checked, written and audited at once. An audit takes about 120 bytes of memory a record of its partition.</summary>
    /// <value>Default 4.</value>
    [Range(1, 256)]
    public int PartitionsAtOnce { get; init; } = 4;

    /// <summary>Gets how often a set of rows is offered to a store that does not say that it has them, before the restore gives up.</summary>
    /// <value>Default 10.</value>
    [Range(1, 1000)]
    public int Attempts { get; init; } = 10;

    /// <summary>Gets the pause after the first failed attempt. Each further pause is twice as long, up to 10 s.</summary>
    /// <value>Default 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the clock that pauses are taken by.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What a restore does, in this order.</summary>
public enum RestoreStage
{
    /// <summary>Every file of the backup is read and checked. The store is not written to.</summary>
    Checking = 1,

    /// <summary>The store is compared with the backup, and given what it has not.</summary>
    Writing = 2,

    /// <summary>Every partition of the store is audited.</summary>
    Auditing = 3,
}

/// <summary>How far a restore has come.</summary>
/// <param name="Stage">What it does now.</param>
/// <param name="PartitionsDone">Partitions that this stage is through with.</param>
/// <param name="PartitionCount">Partitions of the ledger.</param>
/// <param name="Rows">Rows that this stage has read or written so far.</param>
/// <param name="Bytes">Bytes of their keys and values; of an audit 0.</param>
public readonly record struct RestoreProgress(RestoreStage Stage, int PartitionsDone, int PartitionCount, long Rows, long Bytes);

/// <summary>What came of a restore.</summary>
/// <param name="Ledger">The restored ledger's manifest: the backup's, one era later.</param>
/// <param name="FinishedAt">When the backup was finished, microseconds since 1970-01-01 UTC.</param>
/// <param name="Batches">The batches that the store holds now, over all partitions.</param>
/// <param name="Rows">The rows that the store holds now, but for the manifest's.</param>
/// <param name="RowsWritten">Of those the rows that this run wrote; the others were there from an interrupted one.</param>
/// <param name="Unsound">The partitions that an audit found broken. If there are any, the ledger got no manifest, and cannot be opened.</param>
public sealed record RestoreSummary(
    LedgerManifest Ledger, long FinishedAt, ulong Batches, long Rows, long RowsWritten, ImmutableArray<AuditReport> Unsound)
{
    /// <summary>Gets whether the ledger is there and can be opened.</summary>
    public bool IsRestored => Unsound.IsEmpty;
}

/// <summary>Counts for all partitions of one stage, and tells who wants to hear.</summary>
internal sealed class RestoreCounter(RestoreStage stage, int partitionCount, IProgress<RestoreProgress>? progress)
{
    private const int ReportEvery = 1024;

    private int _partitions;
    private long _rows;
    private long _bytes;

    internal long Rows => Interlocked.Read(ref _rows);

    internal void CountRow(in Row row)
    {
        Interlocked.Add(ref _bytes, RowKey.Length + row.Value.Length);
        if (Interlocked.Increment(ref _rows) % ReportEvery == 0) Report();
    }

    internal void CountPartition(long rows = 0)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _partitions);
        Report();
    }

    private void Report() => progress?.Report(new(stage, Volatile.Read(ref _partitions), partitionCount, Rows, Interlocked.Read(ref _bytes)));
}
