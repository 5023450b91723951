using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>Opens ledgers in folders, in shared stores, and behind gateways.</summary>
internal sealed class LedgerOpener : ILedgerOpener
{
    public async Task<OpenLedger> OpenAsync(LedgerLocation location, LedgerUse use, CancellationToken cancellation) => location switch
    {
        LedgerLocation.Folder when use == LedgerUse.Status => throw new UsageException("It is running silos that are asked: name one's gateway with --connect HOST:PORT, or a cluster's settings with --config FILE."),
        LedgerLocation.Folder folder when use == LedgerUse.Verify => await StoreAudit.OpenAsync(folder.Path, SiloSettingsFile.Read(folder.Settings), cancellation),
        LedgerLocation.Folder folder => await EmbeddedLedger.StartAsync(folder.Path, SiloSettingsFile.Read(folder.Settings), create: use == LedgerUse.Record, cancellation),
        LedgerLocation.Shared shared when use == LedgerUse.Verify => await StoreAudit.OpenAsync(folder: null, SiloSettingsFile.Read(shared.Settings), cancellation),
        LedgerLocation.Shared shared => await RemoteLedger.ConnectAsync(shared, SiloSettingsFile.Read(shared.Settings), namesCitizens: use != LedgerUse.Status, cancellation),
        LedgerLocation.Endpoint endpoint => await RemoteLedger.ConnectAsync(endpoint, SiloSettingsFile.Read(endpoint.Settings).Cluster, namesCitizens: use != LedgerUse.Status, cancellation),
        _ => throw new System.Diagnostics.UnreachableException($"No ledger is opened at a {location.GetType().Name}."),
    };

    public async Task<OpenFormats> OpenFormatsAsync(LedgerLocation location, CancellationToken cancellation) => location switch
    {
        LedgerLocation.Folder folder => await StoreFormats.OpenAsync(folder, cancellation),
        LedgerLocation.Shared shared => await StoreFormats.OpenAsync(shared, cancellation),
        _ => throw new UsageException("upgrade changes the ledger's manifest in its store, and needs --data FOLDER, or --config FILE for a shared store."),
    };
}
