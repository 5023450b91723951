using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditGrains.Journal;

/// <summary>The bytes of a batch row, format version 1.</summary>
/// <remarks>
/// <para>Integers of fixed width are big-endian; <c>var</c> is an unsigned LEB128 of at most 64 bits. With few callers a batch has one or two
/// records, so its own cost counts: about 60 bytes and the frontier.</para>
/// <code>
///   u8    format version, 1
///   u8    flags: 1 = claim, 2 = released
///   u128  batch id
///   var   length of the owner's name in UTF-8 bytes, then the name
///   var   epoch
///   var   membership version
///   i64   highest recorded-at, microseconds since 1970-01-01 UTC
///   var   record count n, then n times
///         u8    space
///         u128  id
///         var   number
///         32    record hash
///   var   leaf count of the tree, then for each of its one-bits, the highest first
///         32    hash of that subtree
///   u64   checksum: the first 8 bytes of SHA-256 of (the row's key, all of the above)
/// </code>
/// <para>
/// First byte and checksum are the same in every format to come, so that a row of a newer format is told from a damaged one. The number is
/// this row's own: records have theirs.
/// </para>
/// </remarks>
internal static class BatchRowFormat
{
    internal const byte FormatVersion = 1;

    /// <summary>How long an owner's name may be, in UTF-8 bytes. A silo name is a host name or a pod name: at most 253.</summary>
    internal const int MaxOwnerBytes = 255;

    private const int BatchIdAt = 2;
    private const int ChecksumBytes = 8;
    private const int MaxVarBytes = 10;
    private const int EntryFixedBytes = 1 + 16 + RecordHash.Length;

    /// <summary>The most that a batch row takes for each record it lists.</summary>
    internal const int MaxEntryBytes = EntryFixedBytes + MaxVarBytes;

    /// <summary>The most that a batch row without records takes, key included.</summary>
    internal const int MaxEmptyBytes =
        RowKey.Length + BatchIdAt + 16 + (5 * MaxVarBytes) + MaxOwnerBytes + 8 + (64 * RecordHash.Length) + ChecksumBytes;

    /// <summary>Encodes a batch row for its key.</summary>
    internal static Row Encode(
        RowKey key,
        BatchFlags flags,
        UInt128 batchId,
        ReadOnlySpan<byte> owner,
        ulong epoch,
        long membershipVersion,
        long highestRecordedAt,
        ReadOnlySpan<Row> records,
        ReadOnlySpan<RecordHash> hashes,
        MerkleFrontier frontier)
    {
        Invariant.Holds(records.Length == hashes.Length);
        var bytes = GC.AllocateUninitializedArray<byte>(MaxEmptyBytes - MaxOwnerBytes + owner.Length + (records.Length * MaxEntryBytes)
            - ((64 - frontier.Subtrees.Length) * RecordHash.Length));

        // The key goes in front only to be summed: a row moved to another key then fails its checksum.
        key.Write(bytes);
        var at = RowKey.Length;
        bytes[at++] = FormatVersion;
        bytes[at++] = (byte)flags;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), batchId);
        at += 16;
        WriteVar(bytes, ref at, (ulong)owner.Length);
        owner.CopyTo(bytes.AsSpan(at));
        at += owner.Length;
        WriteVar(bytes, ref at, epoch);
        WriteVar(bytes, ref at, (ulong)membershipVersion);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), highestRecordedAt);
        at += 8;

        WriteVar(bytes, ref at, (ulong)records.Length);
        for (var i = 0; i < records.Length; i++)
        {
            ref readonly var record = ref records[i];
            bytes[at++] = (byte)record.Key.Journal.Space;
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), record.Key.Journal.Id);
            at += 16;
            WriteVar(bytes, ref at, record.Key.Number);
            hashes[i].Write(bytes.AsSpan(at));
            at += RecordHash.Length;
        }

        WriteVar(bytes, ref at, frontier.LeafCount);
        var subtrees = MemoryMarshal.AsBytes(frontier.Subtrees);
        subtrees.CopyTo(bytes.AsSpan(at));
        at += subtrees.Length;

        var checksum = RecordHash.Of(bytes.AsSpan(0, at));
        ((ReadOnlySpan<byte>)checksum)[..ChecksumBytes].CopyTo(bytes.AsSpan(at));
        return new(key, bytes.AsMemory(RowKey.Length, at + ChecksumBytes - RowKey.Length));
    }

    /// <summary>Decodes a row, or says what is wrong with it.</summary>
    internal static JournalDamage? TryDecode(in Row row, out BatchRow? batch)
    {
        batch = null;
        var value = row.Value.Span;
        if (row.Key.Journal != BatchRow.Journal) return JournalDamage.Misplaced;
        if (value.Length < BatchIdAt + 16 + ChecksumBytes) return JournalDamage.Undecodable;
        if (!IsChecksumRight(row)) return JournalDamage.BatchChecksumMismatch;
        if (value[0] != FormatVersion) return value[0] > FormatVersion ? JournalDamage.FormatTooNew : JournalDamage.Undecodable;

        // From here on the bytes are what somebody wrote. That they decode is still asked and not assumed.
        var reader = new Reader(value[..^ChecksumBytes]);
        reader.Skip(1);
        var flags = (BatchFlags)reader.U8();
        var batchId = reader.U128();
        var owner = Encoding.UTF8.GetString(reader.Take(reader.Count(MaxOwnerBytes)));
        var epoch = reader.Var();
        var membershipVersion = reader.Var();
        var highestRecordedAt = reader.I64();
        var entries = new BatchEntry[reader.Count(value.Length / EntryFixedBytes)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new(new((Space)reader.U8(), reader.U128()), reader.Var(), reader.Hash());

        var leafCount = reader.Var();
        var frontier = MerkleFrontier.Restore(leafCount, reader.Rest());
        if (reader.IsBroken || frontier is null || membershipVersion > long.MaxValue) return JournalDamage.Undecodable;

        batch = new(
            row.Key.Partition, row.Key.Number, batchId, owner, epoch, (long)membershipVersion, flags, highestRecordedAt,
            ImmutableCollectionsMarshal.AsImmutableArray(entries), frontier);
        return null;
    }

    private static bool IsChecksumRight(in Row row)
    {
        var value = row.Value.Span;
        var summed = new byte[RowKey.Length + value.Length - ChecksumBytes];
        row.Key.Write(summed);
        value[..^ChecksumBytes].CopyTo(summed.AsSpan(RowKey.Length));
        var checksum = RecordHash.Of(summed);
        return ((ReadOnlySpan<byte>)checksum)[..ChecksumBytes].SequenceEqual(value[^ChecksumBytes..]);
    }

    private static void WriteVar(Span<byte> target, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            target[at++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
    }

    /// <summary>Reads on without throwing: past the end, or at a number out of range, it breaks and gives zeroes.</summary>
    private ref struct Reader(ReadOnlySpan<byte> source)
    {
        private ReadOnlySpan<byte> _rest = source;

        internal bool IsBroken { get; private set; }

        internal ReadOnlySpan<byte> Take(int count)
        {
            if (IsBroken || count > _rest.Length)
            {
                IsBroken = true;
                return new byte[count];
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        internal void Skip(int count) => Take(count);

        internal ReadOnlySpan<byte> Rest() => Take(_rest.Length);

        internal byte U8() => Take(1)[0];

        internal UInt128 U128() => BinaryPrimitives.ReadUInt128BigEndian(Take(16));

        internal long I64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

        internal RecordHash Hash() => RecordHash.Read(Take(RecordHash.Length));

        internal ulong Var()
        {
            var value = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var part = U8();
                if (shift == 63 && part > 1) break;
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80) return value;
            }

            IsBroken = true;
            return 0;
        }

        internal int Count(int max)
        {
            var count = Var();
            if (count <= (ulong)max) return (int)count;
            IsBroken = true;
            return 0;
        }
    }
}
