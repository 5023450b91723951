using System.Collections.Immutable;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>The formats of a ledger whose store is open, and of the silos that serve it.</summary>
internal sealed class StoreFormats : OpenFormats
{
    private readonly LedgerStore _store;
    private readonly RemoteLedger? _cluster;

    private StoreFormats(LedgerStore store, RemoteLedger? cluster)
    {
        _store = store;
        _cluster = cluster;
    }

    /// <summary>Opens a folder. Nobody serves it while this process holds it.</summary>
    internal static async Task<StoreFormats> OpenAsync(LedgerLocation.Folder folder, CancellationToken cancellation) =>
        new(await LedgerStore.OpenAsync(folder.Path, SiloSettingsFile.Read(folder.Settings), create: false, cancellation), cluster: null);

    /// <summary>Opens a shared store, and reaches the silos on it.</summary>
    internal static async Task<StoreFormats> OpenAsync(LedgerLocation.Shared shared, CancellationToken cancellation)
    {
        var settings = SiloSettingsFile.Read(shared.Settings);
        var store = await LedgerStore.OpenAsync(folder: null, settings, create: false, cancellation);
        try
        {
            return new(store, await RemoteLedger.ConnectAsync(shared, settings, namesCitizens: false, cancellation));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public override async Task<FormatState> ReadAsync(CancellationToken cancellation)
    {
        var manifest = await ManifestAsync(cancellation);
        return new(manifest.FormatVersion, _store.Ledger.Formats.Newest, _cluster is null ? [] : await AskAsync(_cluster.Cluster, cancellation));
    }

    public override async Task<bool> ReplaceAsync(int format, CancellationToken cancellation)
    {
        var present = await ManifestAsync(cancellation);
        try
        {
            return await LedgerManifest.ReplaceAsync(_store.Store, present, present with { FormatVersion = format }, cancellation);
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new LedgerNotOpenedException($"Whether the format was changed is not known. {unavailable.Message} Look with upgrade status.", unavailable);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Asks the active silos. One that is starting reads the manifest before it becomes active, and one that is leaving writes no more.</summary>
    private static async Task<ImmutableArray<SiloFormats>> AskAsync(IClusterReports cluster, CancellationToken cancellation) =>
    [
        .. (await cluster.ReadAsync(cancellation)).Silos
            .Where(silo => (silo.Report?.State ?? silo.Member.State) == SiloState.Active)
            .Select(silo => new SiloFormats(silo.Member.Name, silo.Report?.NewestFormat, silo.Report?.WrittenFormat)),
    ];

    private async Task<LedgerManifest> ManifestAsync(CancellationToken cancellation)
    {
        try
        {
            return await LedgerManifest.ReadAsync(_store.Store, cancellation)
                ?? throw new LedgerBrokenException("The ledger's manifest is gone from its store. Restore the ledger from a backup.");
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new LedgerNotOpenedException(unavailable.Message, unavailable);
        }
    }
}
