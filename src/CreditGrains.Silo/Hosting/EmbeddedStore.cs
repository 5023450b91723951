using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using CreditGrains.Grains;
using CreditGrains.Journal;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Ledger;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger's folder, open: its store, its manifest and its keys. No silo runs yet.</summary>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    /// <summary>The format that this build writes, and the newest that it reads.</summary>
    private const int FormatVersion = 1;

    /// <summary>The manifest's key check: so many bytes for the pseudonym key, then as many for the key of references.</summary>
    private const int KeyCheckBytes = 16;

    private EmbeddedStore(RocksDbStore store, LedgerManifest manifest, SubjectPseudonymizer pseudonymizer, LedgerSettings ledger)
    {
        Store = store;
        Manifest = manifest;
        Pseudonymizer = pseudonymizer;
        Ledger = ledger;
    }

    internal RocksDbStore Store { get; }

    internal LedgerManifest Manifest { get; }

    internal SubjectPseudonymizer Pseudonymizer { get; }

    internal LedgerSettings Ledger { get; }

    // Custody of keys comes with the citizen's rights; until then bodies are salted and plain.
    internal ICipherKeys Keys { get; } = new PlainKeys(RandomSource.OperatingSystem);

    /// <summary>Opens a ledger's folder, making the ledger if it is not there and <paramref name="create"/> says so.</summary>
    /// <exception cref="LedgerNotOpenedException">There is none, another process holds it, or it is of another key or a later format.</exception>
    /// <exception cref="LedgerBrokenException">Its manifest does not verify.</exception>
    internal static async Task<EmbeddedStore> OpenAsync(string path, SiloSettings settings, bool create, CancellationToken cancellation)
    {
        var folder = new LedgerFolder(path);
        if (create) folder.Create();
        else if (!folder.Exists)
            throw new LedgerNotOpenedException($"There is no ledger in {path}. Make one by recording into it: creditgrains simulate --data {path}, or creditgrains import.");

        var pseudonymizer = folder.ReadPseudonymizer();
        RocksDbStore? store = null;
        try
        {
            var referenceKey = folder.ReadReferenceKey();
            store = RocksDbStore.Open(folder.Journal, settings.Store.ToOptions(), NullLogger.Instance);
            var wanted = Wanted(settings.NewLedger, pseudonymizer, referenceKey);
            var manifest = create
                ? await LedgerManifest.CreateIfAbsentAsync(store, wanted, cancellation)
                : await LedgerManifest.ReadAsync(store, cancellation)
                    ?? throw new LedgerNotOpenedException($"The folder {path} holds a store without a ledger. Record into it to make one.");

            if (manifest.FormatVersion > FormatVersion)
                throw new LedgerNotOpenedException($"The ledger is written in format {manifest.FormatVersion}; this program reads up to {FormatVersion}. Use a newer one.");
            if (!SameCheck(manifest, wanted, ..KeyCheckBytes))
                throw new LedgerNotOpenedException($"PseudonymKeyMismatch: the key in {folder.PseudonymKeyFile} is not the one that this ledger's citizens are named with. Put the right one back from where keys are kept.");
            if (!SameCheck(manifest, wanted, KeyCheckBytes..))
                throw new LedgerNotOpenedException($"ReferenceKeyMismatch: the key in {folder.ReferenceKeyFile} is not the one that this ledger's references are remembered with; with another, entries sent again would count twice. Put the right one back from where keys are kept.");

            return new(store, manifest, pseudonymizer, new LedgerSettings
            {
                LedgerId = manifest.LedgerId.ToString("x32", CultureInfo.InvariantCulture),
                PartitionCount = manifest.PartitionCount,
                Zone = Zone(manifest.Zone),
                PseudonymKeyCheck = pseudonymizer.CheckValue,
                ReferenceKey = new ReferenceKey(referenceKey),
            });
        }
        catch (Exception failure)
        {
            if (store is not null) await store.DisposeAsync();
            pseudonymizer.Dispose();
            throw failure switch
            {
                StoreUnavailableException => new LedgerNotOpenedException(failure.Message, failure),
                JournalBrokenException => new LedgerBrokenException($"{failure.Message} Restore the ledger from a backup, or ask verify what else is broken.", failure),
                _ => failure,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Pseudonymizer.Dispose();
    }

    private static bool SameCheck(LedgerManifest one, LedgerManifest other, Range part) =>
        one.KeyCheck.Length == other.KeyCheck.Length && one.KeyCheck.Span[part].SequenceEqual(other.KeyCheck.Span[part]);

    private static LedgerManifest Wanted(NewLedgerSettings settings, SubjectPseudonymizer pseudonymizer, byte[] referenceKey)
    {
        if (!BitOperations.IsPow2(settings.Partitions))
            throw new UsageException($"newLedger.partitions is a power of two, such as {LedgerManifest.DefaultPartitionCount}, and not {settings.Partitions}.");

        return new(
            FormatVersion,
            settings.Partitions,
            Generation: 1,
            new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))),
            Zone(settings.Zone).Id,
            (byte[])[.. Convert.FromHexString(pseudonymizer.CheckValue), .. HMACSHA256.HashData(referenceKey, "creditgrains reference key check\0"u8).AsSpan(0, KeyCheckBytes)],
            LedgerDay.MicrosecondsOf(TimeProvider.System.GetUtcNow()));
    }

    private static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new UsageException($"The zone {name} is not known on this machine. Install its zone data (tzdata), or name another in newLedger.zone.");
}
