using System.Collections.Immutable;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Backs ledgers up into folders, and restores them, for the command line.</summary>
internal interface ILedgerCopies
{
    /// <summary>Backs a ledger up, or brings its backup up to the present.</summary>
    /// <param name="location">The ledger: in a folder, or in the store that settings name.</param>
    /// <param name="folder">The backup's folder, absolute.</param>
    /// <param name="anew">Whether everything is read anew, and replaces what is there.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellation">Stops it; the next run continues.</param>
    /// <exception cref="UsageException">The folder is not for this ledger, or the location is none of these.</exception>
    /// <exception cref="LedgerNotOpenedException">The ledger cannot be opened, or the store stopped answering.</exception>
    /// <exception cref="LedgerBrokenException">The ledger or the backup is damaged; the message names where.</exception>
    Task<BackupOutcome> BackUpAsync(LedgerLocation location, string folder, bool anew, IProgress<CopyProgress> progress, CancellationToken cancellation);

    /// <summary>Restores a ledger into a place that holds none.</summary>
    /// <param name="folder">The backup's folder, absolute.</param>
    /// <param name="location">Where to: a folder with the keys in it, or the store that settings name.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellation">Stops it; the next run continues.</param>
    /// <exception cref="UsageException">The backup is not finished, the place holds something else, or the location is none of these.</exception>
    /// <exception cref="LedgerNotOpenedException">The keys are not the ledger's, or the store cannot be opened or stopped answering.</exception>
    /// <exception cref="LedgerBrokenException">The backup is damaged; the message names every place, and nothing was restored.</exception>
    Task<RestoreOutcome> RestoreAsync(string folder, LedgerLocation location, IProgress<CopyProgress> progress, CancellationToken cancellation);
}

/// <summary>How far a backup or a restore is.</summary>
/// <param name="Done">From 0 to 1.</param>
/// <param name="Rows">Rows read or written so far, in the present stage.</param>
/// <param name="Stage">What it does now.</param>
internal readonly record struct CopyProgress(double Done, long Rows, string Stage);

/// <summary>What a finished backup holds.</summary>
/// <param name="LedgerId">Whose it is.</param>
/// <param name="Partitions">The partitions of the ledger.</param>
/// <param name="Batches">The batches in it.</param>
/// <param name="Rows">The rows in it.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
/// <param name="RowsWritten">The rows that this run added.</param>
internal sealed record BackupOutcome(UInt128 LedgerId, int Partitions, ulong Batches, long Rows, long Bytes, long RowsWritten);

/// <summary>What came of a restore.</summary>
/// <param name="LedgerId">The ledger.</param>
/// <param name="Era">Its era from now on.</param>
/// <param name="BackedUpAt">When the backup was finished.</param>
/// <param name="Partitions">The partitions of the ledger.</param>
/// <param name="Batches">The batches that it has now.</param>
/// <param name="Rows">The rows that it has now.</param>
/// <param name="RowsWritten">The rows that this run wrote.</param>
/// <param name="Broken">The places that do not verify. If there are any, the ledger was not opened for use.</param>
internal sealed record RestoreOutcome(
    UInt128 LedgerId, int Era, DateTimeOffset BackedUpAt, int Partitions, ulong Batches, long Rows, long RowsWritten, ImmutableArray<BrokenPlace> Broken)
{
    /// <summary>Gets whether the ledger is there and verifies.</summary>
    public bool IsOk => Broken.IsEmpty;
}

/// <summary>Keeps the last that a backup or a restore told of its progress, for whoever draws it.</summary>
internal sealed class CopyLook : IProgress<CopyProgress>
{
    private readonly Lock _gate = new();
    private CopyProgress _last;

    /// <inheritdoc/>
    public void Report(CopyProgress value)
    {
        lock (_gate)
        {
            // Threads report as they please; a bar goes one way.
            if (value.Done >= _last.Done) _last = value;
        }
    }

    /// <summary>Gives what to draw.</summary>
    public ProgressLook Look()
    {
        lock (_gate) return new(_last.Done, _last.Rows, _last.Stage is { } stage ? $"rows {stage}" : "rows");
    }
}
