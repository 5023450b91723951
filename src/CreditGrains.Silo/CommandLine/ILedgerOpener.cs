using System.Collections.Immutable;
using CreditGrains.Client;

namespace CreditGrains.Silo.CommandLine;

/// <summary>What a command is going to do with a ledger, so that no more is started than it needs.</summary>
internal enum LedgerUse
{
    /// <summary>Reads. A folder without a ledger is refused.</summary>
    Read = 1,

    /// <summary>Records. A folder without a ledger gets one.</summary>
    Record = 2,

    /// <summary>Checks every record on disk. A folder without a ledger is refused; nothing is served meanwhile.</summary>
    Verify = 3,

    /// <summary>Asks the silos that serve it how they are. Names no citizen, so that no key is needed; a folder is refused.</summary>
    Status = 4,
}

/// <summary>Opens ledgers for the command line. The one thing that commands know of hosting.</summary>
internal interface ILedgerOpener
{
    /// <summary>Opens a ledger and waits until it answers.</summary>
    /// <param name="location">Which.</param>
    /// <param name="use">What for.</param>
    /// <param name="cancellation">Gives up; what was started is stopped.</param>
    /// <exception cref="LedgerNotOpenedException">It cannot be opened or reached. The message says what to do next.</exception>
    /// <exception cref="LedgerBrokenException">What it holds does not verify.</exception>
    /// <exception cref="UsageException">The location cannot be used in this way, and why.</exception>
    Task<OpenLedger> OpenAsync(LedgerLocation location, LedgerUse use, CancellationToken cancellation);

    /// <summary>Opens what is needed to change a ledger's format: its store, and the silos that serve it.</summary>
    /// <param name="location">Which ledger.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LedgerNotOpenedException">It cannot be opened or reached. The message says what to do next.</exception>
    /// <exception cref="LedgerBrokenException">What it holds does not verify.</exception>
    /// <exception cref="UsageException">The store is not within reach from that location.</exception>
    Task<OpenFormats> OpenFormatsAsync(LedgerLocation location, CancellationToken cancellation);
}

/// <summary>A ledger that is open. Disposing it waits until what was acknowledged is at rest and closes it.</summary>
internal abstract class OpenLedger : IAsyncDisposable
{
    /// <summary>Gets the client. Not asked for by a command that opened the ledger to verify it.</summary>
    public abstract ILedgerClient Client { get; }

    /// <summary>Gets what asks the silos that serve the ledger how they are.</summary>
    public abstract IClusterReports Cluster { get; }

    /// <summary>Gets the register of scoring models. Not asked for by a command that opened the ledger to verify it.</summary>
    public abstract IModelRegister Models { get; }

    /// <summary>Gets what names citizens, with the ledger's own key. The ledger disposes it. Not asked for by a command that opened the ledger for its status.</summary>
    public abstract SubjectPseudonymizer Pseudonymizer { get; }

    /// <summary>Reads every record from the store, in its own order, and checks every chain.</summary>
    /// <param name="progress">Told now and then how far it is; null if nobody looks.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found. A broken chain is an answer and not an exception.</returns>
    /// <exception cref="UsageException">The store is not within reach, as with <c>--connect</c>.</exception>
    public abstract Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>How far a check of the whole ledger is.</summary>
/// <param name="PartitionsDone">Partitions read to their end.</param>
/// <param name="PartitionCount">Partitions in all.</param>
/// <param name="Records">Records read so far.</param>
internal readonly record struct AuditProgress(int PartitionsDone, int PartitionCount, long Records);

/// <summary>What a check of the whole ledger found.</summary>
/// <param name="Citizens">Citizens with at least one record.</param>
/// <param name="Records">Records read.</param>
/// <param name="Entries">Entries in them.</param>
/// <param name="Broken">The places that do not verify; empty if all is well.</param>
internal sealed record AuditSummary(long Citizens, long Records, long Entries, ImmutableArray<BrokenPlace> Broken)
{
    /// <summary>Gets whether everything verifies.</summary>
    public bool IsOk => Broken.IsEmpty;
}

/// <summary>A place that does not verify.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Citizen">Whose chain; null if it is the partition's own.</param>
/// <param name="Sequence">The record or the batch, from 1; null if it is no single one.</param>
/// <param name="What">What is wrong, in a sentence that shows nothing of the content.</param>
internal sealed record BrokenPlace(int Partition, CitizenId? Citizen, ulong? Sequence, string What);
