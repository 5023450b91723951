using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>The formats of a ledger in a folder: nobody serves it while this process holds it.</summary>
internal sealed class StoreFormats : OpenFormats
{
    private readonly LedgerStore _store;

    private StoreFormats(LedgerStore store) => _store = store;

    internal static async Task<StoreFormats> OpenAsync(LedgerLocation.Folder folder, CancellationToken cancellation) =>
        new(await LedgerStore.OpenAsync(folder.Path, SiloSettingsFile.Read(folder.Settings), create: false, cancellation));

    public override async Task<FormatState> ReadAsync(CancellationToken cancellation) =>
        new((await ManifestAsync(cancellation)).FormatVersion, _store.Ledger.Formats.Newest, []);

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

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

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
