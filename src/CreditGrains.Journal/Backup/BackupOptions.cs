using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Journal;

/// <summary>How a ledger is backed up.</summary>
public sealed class BackupOptions
{
    /// <summary>
    /// Gets whether everything is read anew, and what the folder holds is replaced when that is done. It takes as long as the first run did. What
    /// the journals no longer hold, redacted bodies, is then no longer in the backup either; and a damaged backup is made whole.
    /// </summary>
    /// <value>Default false: only what is new since the last run is read.</value>
    public bool Anew { get; init; }

    /// <summary>Gets how many partitions are read at once.</summary>
    /// <value>Default 4.</value>
    [Range(1, 256)]
    public int PartitionsAtOnce { get; init; } = 4;

    /// <summary>Gets the clock that says when a backup was finished.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How far a backup has come.</summary>
/// <param name="PartitionsDone">Partitions that are up to date.</param>
/// <param name="PartitionCount">Partitions of the ledger.</param>
/// <param name="Rows">Rows written so far, by this run.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
public readonly record struct BackupProgress(int PartitionsDone, int PartitionCount, long Rows, long Bytes);

/// <summary>What a finished backup holds.</summary>
/// <param name="LedgerId">Whose backup it is.</param>
/// <param name="PartitionCount">The partitions of the ledger.</param>
/// <param name="Batches">The batches that are in it, over all partitions.</param>
/// <param name="Rows">The rows that are in it; some written while the first run went on count twice.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
/// <param name="RowsWritten">The rows that this run added.</param>
/// <param name="BytesWritten">Bytes of their keys and values.</param>
public sealed record BackupSummary(UInt128 LedgerId, int PartitionCount, ulong Batches, long Rows, long Bytes, long RowsWritten, long BytesWritten);

/// <summary>Counts for all partitions of a run, and tells who wants to hear.</summary>
internal sealed class BackupCounter(int partitionCount, IProgress<BackupProgress>? progress)
{
    // Rows come by the million; whoever draws a bar looks a few times a second.
    private const int ReportEvery = 1024;

    private int _partitions;
    private long _rows;
    private long _bytes;

    internal long Rows => Interlocked.Read(ref _rows);

    internal long Bytes => Interlocked.Read(ref _bytes);

    internal void CountRow(in Row row)
    {
        Interlocked.Add(ref _bytes, RowKey.Length + row.Value.Length);
        if (Interlocked.Increment(ref _rows) % ReportEvery == 0) Report();
    }

    internal void CountPartition()
    {
        Interlocked.Increment(ref _partitions);
        Report();
    }

    private void Report() => progress?.Report(new(Volatile.Read(ref _partitions), partitionCount, Rows, Bytes));
}
