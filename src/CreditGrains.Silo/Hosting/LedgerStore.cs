using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using CreditGrains.Grains;
using CreditGrains.Journal;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Ledger;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger's store, open, with its manifest and its keys. No silo runs yet.</summary>
internal sealed class LedgerStore : IAsyncDisposable
{
    /// <summary>The manifest's key check: so many bytes for the pseudonym key, then as many for the key of references.</summary>
    private const int KeyCheckBytes = 16;

    private readonly SubjectPseudonymizer? _pseudonymizer;

    private LedgerStore(IJournalStore store, LedgerManifest manifest, SubjectPseudonymizer? pseudonymizer, LedgerSettings ledger)
    {
        Store = store;
        Manifest = manifest;
        _pseudonymizer = pseudonymizer;
        Ledger = ledger;
    }

    internal IJournalStore Store { get; }

    internal LedgerManifest Manifest { get; }

    internal LedgerSettings Ledger { get; }

    /// <summary>Gets what names citizens.</summary>
    /// <exception cref="UsageException">The settings name no pseudonym key: silos do without.</exception>
    internal SubjectPseudonymizer Pseudonymizer =>
        _pseudonymizer ?? throw new UsageException("Citizens are named with the ledger's pseudonym key. Name its file in keys.pseudonym of the settings.");

    // Custody of keys comes with the citizen's rights; until then bodies are salted and plain.
    internal ICipherKeys Keys { get; } = new PlainKeys(RandomSource.OperatingSystem);

    /// <summary>Opens the ledger in a folder, or in the store that the settings name.</summary>
    /// <param name="folder">The folder; null for the settings' store.</param>
    /// <param name="settings">How.</param>
    /// <param name="create">Whether to make the ledger if it is not there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LedgerNotOpenedException">There is none, another process holds it, or it is another's, of another key or of a later format.</exception>
    /// <exception cref="LedgerBrokenException">Its manifest does not verify.</exception>
    /// <exception cref="UsageException">The settings contradict the folder, or the ledger.</exception>
    internal static async Task<LedgerStore> OpenAsync(string? folder, SiloSettings settings, bool create, CancellationToken cancellation)
    {
        var keys = folder is null ? KeysOf(settings) : KeysIn(folder, settings, create);
        var pseudonymizer = keys.PseudonymFile is { } file ? LedgerKeys.ReadPseudonymizer(file) : null;
        IJournalStore? store = null;
        try
        {
            var referenceKey = keys.ReadReferenceKey();
            store = await OpenStoreAsync(folder, settings, cancellation);
            var place = folder ?? $"the store {settings.Store.Kind}";
            var manifest = await LedgerManifest.ReadAsync(store, cancellation);
            if (manifest is null)
            {
                if (!create) throw new LedgerNotOpenedException($"In {place} there is no ledger. Serve it, or record into it, to make one.");
                if (pseudonymizer is null) throw new LedgerNotOpenedException($"In {place} there is no ledger, and one is made with its pseudonym key: name its file in keys.pseudonym of the first silo's settings.");
                manifest = await LedgerManifest.CreateIfAbsentAsync(store, Wanted(settings, folder is not null, pseudonymizer, referenceKey), cancellation);
            }

            Refuse(manifest, settings, folder is not null, keys, pseudonymizer, referenceKey);
            return new(store, manifest, pseudonymizer, new LedgerSettings
            {
                LedgerId = manifest.LedgerId.ToString("x32", CultureInfo.InvariantCulture),
                PartitionCount = manifest.PartitionCount,
                Era = manifest.Era,
                Formats = new(manifest.FormatVersion, settings.Development.NewestFormat),
                Zone = Zone(manifest.Zone),
                PseudonymKeyCheck = Convert.ToHexStringLower(manifest.KeyCheck.Span[..KeyCheckBytes]),
                ReferenceKey = new ReferenceKey(referenceKey),
            });
        }
        catch (Exception failure)
        {
            if (store is not null) await store.DisposeAsync();
            pseudonymizer?.Dispose();
            throw Told(failure);
        }
    }

    /// <summary>Opens the store that a ledger is to be restored into.</summary>
    /// <param name="folder">The folder, with the ledger's keys in it; null for the settings' store.</param>
    /// <param name="settings">How.</param>
    /// <param name="ledger">The ledger's manifest as it will be there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LedgerNotOpenedException">The ledger could not be opened with these keys and settings, or the store cannot be.</exception>
    /// <exception cref="UsageException">The settings contradict the folder, or the folder holds other things.</exception>
    internal static async Task<IJournalStore> OpenToRestoreAsync(string? folder, SiloSettings settings, LedgerManifest ledger, CancellationToken cancellation)
    {
        if (folder is not null)
        {
            RefuseShared(settings);
            new LedgerFolder(folder).Receive();
        }

        var keys = folder is null ? KeysOf(settings) : new LedgerFolder(folder).Keys;
        using var pseudonymizer = keys.PseudonymFile is { } file ? LedgerKeys.ReadPseudonymizer(file) : null;
        Refuse(ledger, settings, folder is not null, keys, pseudonymizer, keys.ReadReferenceKey());
        try
        {
            return await OpenStoreAsync(folder, settings, cancellation);
        }
        catch (Exception failure) when (Told(failure) is var told && told != failure)
        {
            throw told;
        }
    }

    /// <summary>Says at the command line what a store or its options said; gives anything else back as it is.</summary>
    internal static Exception Told(Exception failure) => failure switch
    {
        StoreUnavailableException or JournalBrokenException { Damage: JournalDamage.FormatTooNew } => new LedgerNotOpenedException(failure.Message, failure),
        JournalBrokenException => new LedgerBrokenException($"{failure.Message} Restore the ledger from a backup, or ask verify what else is broken.", failure),
        ValidationException => new UsageException(failure.Message),
        _ => failure,
    };

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _pseudonymizer?.Dispose();
    }

    private static LedgerKeys KeysIn(string folder, SiloSettings settings, bool create)
    {
        RefuseShared(settings);
        var ledger = new LedgerFolder(folder);
        if (create) ledger.Create();
        else if (!ledger.Exists)
            throw new LedgerNotOpenedException($"There is no ledger in {folder}. Make one by recording into it: creditgrains simulate --data {folder}, or creditgrains import.");
        return ledger.Keys;
    }

    private static void RefuseShared(SiloSettings settings)
    {
        if (settings.Store.IsShared)
            throw new UsageException($"The settings name the store {settings.Store.Kind}, and --data a folder. Leave one of them out.");
    }

    private static LedgerKeys KeysOf(SiloSettings settings)
    {
        if (!settings.Store.IsShared) throw new UsageException("The settings name the store rocksdb, which is a folder. Name it with --data FOLDER.");
        return new(settings.Keys.Pseudonym, settings.Keys.Reference
            ?? throw new UsageException("A silo remembers references with the ledger's key for them. Name its file in keys.reference of the settings; creditgrains keys FOLDER makes the keys of a new ledger."));
    }

    private static async Task<IJournalStore> OpenStoreAsync(string? folder, SiloSettings settings, CancellationToken cancellation) => settings.Store.Kind switch
    {
        StoreSettings.AzureTablesKind => await AzureTablesStore.OpenAsync(settings.Store.AzureTables.ToOptions(), NullLogger.Instance, cancellation),
        StoreSettings.PostgresKind => await PostgresStore.OpenAsync(settings.Store.Postgres.ToOptions(), NullLogger.Instance, cancellation),
        _ => RocksDbStore.Open(new LedgerFolder(folder!).Journal, settings.Store.RocksDb.ToOptions(), NullLogger.Instance),
    };

    /// <summary>Throws unless this silo, with these settings and keys, may serve the ledger.</summary>
    private static void Refuse(
        LedgerManifest manifest, SiloSettings settings, bool isFolder, LedgerKeys keys, SubjectPseudonymizer? pseudonymizer, byte[] referenceKey)
    {
        var newest = settings.Development.NewestFormat;
        if (manifest.FormatVersion > newest)
            throw new LedgerNotOpenedException($"The ledger is written in format {manifest.FormatVersion}; this program reads up to {newest}. Use a newer one.");
        if (manifest.FormatVersion < LedgerFormats.OldestKnown)
            throw new LedgerNotOpenedException($"The ledger is written in format {manifest.FormatVersion}; this program reads from {LedgerFormats.OldestKnown} on. Use an older one, and creditgrains upgrade finalize with it.");
        if (!isFolder && manifest.Cluster != settings.Cluster)
            throw new LedgerNotOpenedException($"ForeignCluster: the store holds the ledger of the cluster {(manifest.Cluster.Length == 0 ? "of a folder" : manifest.Cluster)}, and this silo is of {settings.Cluster}. Name its own store, or the right cluster.");
        if (settings.NewLedger.Partitions is { } partitions && partitions != manifest.PartitionCount)
            throw new LedgerNotOpenedException($"PartitionCountMismatch: the ledger has {manifest.PartitionCount} partitions, and the settings say {partitions}. The number is fixed when a ledger is made; take newLedger.partitions out of the settings, or set it right.");
        if (settings.NewLedger.Zone is { } zone && zone != manifest.Zone)
            throw new LedgerNotOpenedException($"ZoneMismatch: the days of the ledger are those of {manifest.Zone}, and the settings say {zone}. The zone is fixed when a ledger is made.");

        var check = manifest.KeyCheck.Span;
        if (pseudonymizer is not null && !check[..KeyCheckBytes].SequenceEqual(Convert.FromHexString(pseudonymizer.CheckValue)))
            throw new LedgerNotOpenedException($"PseudonymKeyMismatch: the key in {keys.PseudonymFile} is not the one that this ledger's citizens are named with. Put the right one back from where keys are kept.");
        if (!check[KeyCheckBytes..].SequenceEqual(CheckOf(referenceKey)))
            throw new LedgerNotOpenedException($"ReferenceKeyMismatch: the key in {keys.ReferenceFile} is not the one that this ledger's references are remembered with; with another, entries sent again would count twice. Put the right one back from where keys are kept.");
    }

    private static LedgerManifest Wanted(SiloSettings settings, bool isFolder, SubjectPseudonymizer pseudonymizer, byte[] referenceKey)
    {
        var partitions = settings.NewLedger.Partitions ?? LedgerManifest.DefaultPartitionCount;
        if (!BitOperations.IsPow2(partitions))
            throw new UsageException($"newLedger.partitions is a power of two, such as {LedgerManifest.DefaultPartitionCount}, and not {partitions}.");

        return new(
            settings.Development.NewestFormat,
            partitions,
            Generation: 1,
            new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))),
            settings.NewLedger.Zone is { } zone ? Zone(zone).Id : TimeZoneInfo.Utc.Id,
            (byte[])[.. Convert.FromHexString(pseudonymizer.CheckValue), .. CheckOf(referenceKey)],
            LedgerDay.MicrosecondsOf(TimeProvider.System.GetUtcNow()))
        {
            Cluster = isFolder ? "" : settings.Cluster,
        };
    }

    private static ReadOnlySpan<byte> CheckOf(byte[] referenceKey) =>
        HMACSHA256.HashData(referenceKey, "creditgrains reference key check\0"u8).AsSpan(0, KeyCheckBytes);

    private static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new UsageException($"The zone {name} is not known on this machine. Install its zone data (tzdata), or name another in newLedger.zone.");
}
