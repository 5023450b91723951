using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditGrains.Journal;

/// <summary>What a whole ledger is: chosen when it is created, and read by everybody who opens it.</summary>
/// <remarks>
/// <para>
/// It lies in partition 0, in a system journal of its own. Rows are inserted only, so a change is a further row, and the newest counts.
/// These rows are in no batch: they are there before anybody claims a partition.
/// </para>
/// <para>
/// A row is the SHA-256 of the rest (32 bytes), then JSON in UTF-8. A reader passes over fields that it does not know. Hash and
/// <c>formatVersion</c> are there whatever the format, so that a reader knows what it cannot read.
/// </para>
/// </remarks>
/// <param name="FormatVersion">The format that silos write, while they read this and the one before: how a rolling upgrade changes formats. See <see cref="LedgerFormats"/>.</param>
/// <param name="PartitionCount">Into how many partitions the population is cut: a power of two, at most 65,536.</param>
/// <param name="Generation">How often partitions have been split since; from 1.</param>
/// <param name="LedgerId">Random: tells this ledger from any other, a restored copy from a stranger.</param>
/// <param name="Zone">The IANA name of the zone in which the ledger's days begin and end. Fixed at creation.</param>
/// <param name="KeyCheck">Tells the ledger's right keys from wrong ones without telling them. Never changes.</param>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC.</param>
public sealed record LedgerManifest(
    int FormatVersion,
    int PartitionCount,
    int Generation,
    UInt128 LedgerId,
    string Zone,
    ReadOnlyMemory<byte> KeyCheck,
    long CreatedAt)
{
    /// <summary>How many partitions a ledger can have: the key's two bytes.</summary>
    public const int MaxPartitionCount = 65_536;

    /// <summary>How many partitions a ledger has unless told otherwise.</summary>
    public const int DefaultPartitionCount = 256;

    /// <summary>Gets the name of the cluster that serves the ledger. Another cluster's silos leave it alone.</summary>
    /// <value>Default empty: it is a folder's, which only one process opens.</value>
    public string Cluster { get; init; } = "";

    /// <summary>Gets how often the cluster's membership began anew: after a restore, or when the table of its members was lost.</summary>
    /// <value>Default 1; rises only.</value>
    /// <remarks>Claims are ordered by membership versions, which begin at 0 in a new table; see <see cref="ClaimVersion"/>.</remarks>
    public int Era { get; init; } = 1;

    /// <summary>Gives the version to claim partitions under: it rises with the membership's, and over every version of an earlier era.</summary>
    /// <param name="era">The manifest's <see cref="Era"/>.</param>
    /// <param name="membership">The version of the cluster's membership; not negative, below 2^40.</param>
    public static long ClaimVersion(int era, long membership)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(era, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(membership);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(membership, 1L << MembershipBits);
        return ((long)(era - 1) << MembershipBits) + membership;
    }

    private const int MembershipBits = 40;

    /// <summary>Gets the journal that manifest rows lie in, in partition 0. The id reads "manifest" in a dump.</summary>
    public static JournalId Journal { get; } = new(Space.System, 0x6D616E6966657374);

    /// <summary>Reads the ledger's manifest.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The newest manifest; null if no ledger was created here. It may name a format that this build cannot read: ask <see cref="LedgerFormats"/>.</returns>
    /// <exception cref="JournalBrokenException">The newest row is not a manifest, or one of a newer format that does not even decode.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<LedgerManifest?> ReadAsync(IJournalStore store, CancellationToken cancellation) =>
        (await ReadNewestAsync(store, cancellation).ConfigureAwait(false)).Manifest;

    /// <summary>Creates the ledger, unless it is there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="wanted">What it should be.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The manifest that counts: <paramref name="wanted"/>, or what was there before. Compare them.</returns>
    /// <exception cref="ArgumentException"><paramref name="wanted"/> has a partition count that is no power of two, or no zone.</exception>
    /// <exception cref="StoreUnavailableException">
    /// The store did not say whether the manifest was written; call again, that is harmless. Or it holds half a ledger that is being restored.
    /// </exception>
    public static async ValueTask<LedgerManifest> CreateIfAbsentAsync(IJournalStore store, LedgerManifest wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted.ThrowIfUnusable();

        if (await ReadAsync(store, cancellation).ConfigureAwait(false) is { } present) return present;
        if (await FindRowAsync(store, wanted.PartitionCount, cancellation).ConfigureAwait(false) is { } partition)
        {
            // Another may have made the ledger a moment ago, and claimed.
            return await ReadAsync(store, cancellation).ConfigureAwait(false)
                ?? throw new StoreUnavailableException(
                    $"The store holds rows in partition {partition} and no ledger: a restore is under way or was interrupted. Run the restore again, or give an empty store.");
        }

        var isOurs = await InsertAsync(store, 1, wanted, cancellation).ConfigureAwait(false);
        if (isOurs) return wanted;
        return await ReadAsync(store, cancellation).ConfigureAwait(false)
            ?? throw new StoreUnavailableException("The store says that there is a manifest and does not show it.");
    }

    /// <summary>Puts a new manifest in the place of the present one: another format to write, or more partitions.</summary>
    /// <param name="store">The store.</param>
    /// <param name="present">The manifest that the change was decided on.</param>
    /// <param name="next">The new one, of the same ledger.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>Whether <paramref name="next"/> counts now. False: somebody else changed it first.</returns>
    /// <exception cref="ArgumentException"><paramref name="next"/> is another ledger, or unusable.</exception>
    /// <exception cref="StoreUnavailableException">The store did not say whether it was written. Read before trying again.</exception>
    public static async ValueTask<bool> ReplaceAsync(IJournalStore store, LedgerManifest present, LedgerManifest next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(next);
        next.ThrowIfUnusable();
        if (present.LedgerId != next.LedgerId) throw new ArgumentException("A manifest cannot turn one ledger into another.", nameof(next));

        var (number, newest) = await ReadNewestAsync(store, cancellation).ConfigureAwait(false);
        return newest is not null && newest.Equals(present) && await InsertAsync(store, number + 1, next, cancellation).ConfigureAwait(false);
    }

    /// <summary>Compares what two manifests say.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(LedgerManifest? other) =>
        other is not null
        && FormatVersion == other.FormatVersion
        && PartitionCount == other.PartitionCount
        && Generation == other.Generation
        && LedgerId == other.LedgerId
        && Zone == other.Zone
        && KeyCheck.Span.SequenceEqual(other.KeyCheck.Span)
        && CreatedAt == other.CreatedAt
        && Cluster == other.Cluster
        && Era == other.Era;

    /// <inheritdoc/>
    public override int GetHashCode() => LedgerId.GetHashCode();

    /// <summary>Decodes a row, or says what is wrong with it. A manifest of a newer format is given if it decodes, and the caller refuses it.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="manifest">The manifest; null if there is damage.</param>
    /// <param name="format">The format that the row names; 0 if it is none.</param>
    internal static JournalDamage? TryDecode(in Row row, out LedgerManifest? manifest, out int format)
    {
        manifest = null;
        format = 0;
        var value = row.Value.Span;
        if (value.Length <= RecordHash.Length || RecordHash.Of(value[RecordHash.Length..]) != RecordHash.Read(value)) return JournalDamage.Undecodable;
        try
        {
            format = JsonSerializer.Deserialize(value[RecordHash.Length..], ManifestJson.Default.StoredFormat)!.FormatVersion;
            var stored = JsonSerializer.Deserialize(value[RecordHash.Length..], ManifestJson.Default.StoredManifest)!;
            manifest = new(
                stored.FormatVersion, stored.PartitionCount, stored.Generation,
                UInt128.Parse(stored.LedgerId, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                stored.Zone, Convert.FromHexString(stored.KeyCheck), stored.CreatedAt)
            {
                Cluster = stored.Cluster,
                Era = stored.Era,
            };
            return null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or OverflowException)
        {
            return format > LedgerFormats.NewestKnown ? JournalDamage.FormatTooNew : JournalDamage.Undecodable;
        }
    }

    private static async ValueTask<(ulong Number, LedgerManifest? Manifest)> ReadNewestAsync(IJournalStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (var row in store.ReadJournal(0, Journal, 1, ulong.MaxValue, ReadDirection.Descending, cancellation).ConfigureAwait(false))
        {
            if (TryDecode(row, out var manifest, out var format) is { } damage)
                throw damage == JournalDamage.FormatTooNew ? new JournalBrokenException(row.Key, format) : new JournalBrokenException(row.Key, damage);
            return (row.Key.Number, manifest);
        }

        return (0, null);
    }

    /// <summary>Finds a partition that has a row; null if none has. One short read each, once in a ledger's life.</summary>
    private static async ValueTask<int?> FindRowAsync(IJournalStore store, int partitionCount, CancellationToken cancellation)
    {
        var found = int.MaxValue;
        await Parallel.ForAsync(0, partitionCount, cancellation, async (partition, stop) =>
        {
            var from = new RowKey(partition, new(Space.Batch, 0), 0);
            var to = new RowKey(partition, new((Space)byte.MaxValue, UInt128.MaxValue), ulong.MaxValue);
            await foreach (var row in store.ReadAsync(from, to, ReadDirection.Ascending, stop).ConfigureAwait(false))
            {
                // The manifest's own rows are the caller's to look at.
                if (row.Key.Journal == Journal) continue;
                Interlocked.Exchange(ref found, partition);
                break;
            }
        }).ConfigureAwait(false);
        return found == int.MaxValue ? null : found;
    }

    /// <summary>Inserts a row. False: that number is taken by other bytes than these.</summary>
    private static async ValueTask<bool> InsertAsync(IJournalStore store, ulong number, LedgerManifest manifest, CancellationToken cancellation)
    {
        var row = manifest.ToRow(number);
        var outcome = await store.InsertAsync([row], cancellation).ConfigureAwait(false);
        switch (outcome.Verdict)
        {
            case InsertVerdict.Inserted:
                return true;

            case InsertVerdict.KeyExists:
                // Perhaps an earlier attempt of this very manifest.
                await foreach (var found in store.ReadAsync(row.Key, row.Key, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
                    return found.Value.Span.SequenceEqual(row.Value.Span);
                return false;

            default:
                throw new StoreUnavailableException($"The manifest is {outcome.Verdict}: {outcome.Reason}");
        }
    }

    internal Row ToRow(ulong number)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new(
                FormatVersion, PartitionCount, Generation, LedgerId.ToString("x32", CultureInfo.InvariantCulture), Zone, Convert.ToHexStringLower(KeyCheck.Span), CreatedAt,
                Cluster, Era),
            ManifestJson.Default.StoredManifest);
        var value = new byte[RecordHash.Length + json.Length];
        RecordHash.Of(json).Write(value);
        json.CopyTo(value, RecordHash.Length);
        return new(new(0, Journal, number), value);
    }

    private void ThrowIfUnusable()
    {
        if (PartitionCount is < 1 or > MaxPartitionCount || !BitOperations.IsPow2(PartitionCount))
            throw new ArgumentException($"A ledger has a power of two of partitions, at most {MaxPartitionCount}, and not {PartitionCount}.");
        if (string.IsNullOrEmpty(Zone)) throw new ArgumentException("A ledger has a zone.");
        if (Era < 1) throw new ArgumentException($"A ledger's eras begin at 1; there is none {Era}.");
    }
}

/// <summary>The manifest as its JSON has it: numbers beyond 64 bits and bytes are hexadecimal.</summary>
internal sealed record StoredManifest(
    int FormatVersion, int PartitionCount, int Generation, string LedgerId, string Zone, string KeyCheck, long CreatedAt,
    string Cluster = "", int Era = 1);

/// <summary>What every manifest has, whatever its format.</summary>
internal sealed record StoredFormat(int FormatVersion);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredManifest))]
[JsonSerializable(typeof(StoredFormat))]
internal sealed partial class ManifestJson : JsonSerializerContext;
