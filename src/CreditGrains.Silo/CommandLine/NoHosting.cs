using System.CommandLine;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Stands where hosting goes in a build that has none: every command is there and says that it cannot open a ledger.</summary>
internal sealed class NoHosting : ILedgerOpener, ILedgerServer
{
    private const string Message = "This build has no hosting and can open no ledger. Build it with the folder Hosting.";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [];

    /// <inheritdoc/>
    public Task<OpenLedger> OpenAsync(LedgerLocation location, LedgerUse use, CancellationToken cancellation) =>
        throw new LedgerNotOpenedException(Message);

    /// <inheritdoc/>
    public Task ServeAsync(ServeRequest request, CancellationToken stop) => throw new LedgerNotOpenedException(Message);
}
