using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>Opens ledgers in folders and behind gateways.</summary>
internal sealed class LedgerOpener(SiloSettings settings) : ILedgerOpener
{
    public async Task<OpenLedger> OpenAsync(LedgerLocation location, LedgerUse use, CancellationToken cancellation) => location switch
    {
        LedgerLocation.Folder when use == LedgerUse.Status => throw new UsageException("It is running silos that are asked: name one's gateway with --connect HOST:PORT."),
        LedgerLocation.Folder folder when use == LedgerUse.Verify => await FolderAudit.OpenAsync(folder.Path, settings, cancellation),
        LedgerLocation.Folder folder => await EmbeddedLedger.StartAsync(folder.Path, settings, create: use == LedgerUse.Record, cancellation),
        LedgerLocation.Endpoint endpoint => await RemoteLedger.ConnectAsync(endpoint, settings.Cluster, namesCitizens: use != LedgerUse.Status, cancellation),
        _ => throw new System.Diagnostics.UnreachableException($"No ledger is opened at a {location.GetType().Name}."),
    };
}
