using System.Collections.Immutable;

namespace CreditGrains.Silo.CommandLine;

/// <summary>A ledger that is open to have its format looked at and changed.</summary>
internal abstract class OpenFormats : IAsyncDisposable
{
    /// <summary>Reads which format is in force, and asks the silos which they know.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerNotOpenedException">The store is silent.</exception>
    /// <exception cref="Client.LedgerUnreachableException">Every silo is.</exception>
    public abstract Task<FormatState> ReadAsync(CancellationToken cancellation);

    /// <summary>Puts a newer format in force.</summary>
    /// <param name="format">The format.</param>
    /// <param name="cancellation">Stops the wait. Whether the format is in force then is not known; read it.</param>
    /// <returns>False if somebody else changed the manifest meanwhile.</returns>
    /// <exception cref="LedgerNotOpenedException">The store did not say whether it was written.</exception>
    public abstract Task<bool> ReplaceAsync(int format, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>Which formats a ledger and its silos are at.</summary>
/// <param name="InForce">The format that the manifest names.</param>
/// <param name="Newest">The newest that this program knows.</param>
/// <param name="Silos">The active silos, ordered by name; none where the ledger is a folder that nobody serves.</param>
internal sealed record FormatState(int InForce, int Newest, ImmutableArray<SiloFormats> Silos)
{
    /// <summary>Gets whether the newest format is in force and every silo writes it.</summary>
    public bool IsFinal => InForce == Newest && Behind.IsEmpty;

    /// <summary>Gets the silos that do not write the newest format, or do not answer.</summary>
    public ImmutableArray<SiloFormats> Behind => [.. Silos.Where(silo => silo.Written != Newest)];

    /// <summary>Gets the silos that do not read the newest format, or do not answer.</summary>
    public ImmutableArray<SiloFormats> Unready => [.. Silos.Where(silo => silo.Newest is not { } newest || newest < Newest)];
}

/// <summary>Which formats one silo is at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Newest">The newest that it reads; null if it does not answer.</param>
/// <param name="Written">The one that it writes; null if it does not answer.</param>
internal sealed record SiloFormats(string Name, int? Newest, int? Written);
