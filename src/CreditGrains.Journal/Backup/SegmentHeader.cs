using System.Buffers.Binary;
using System.Globalization;

namespace CreditGrains.Journal;

/// <summary>How the rows of a segment are ordered. The numbers are on disk.</summary>
internal enum SegmentKind : byte
{
    /// <summary>All records of the partition as a walk over its keys found them, then the batch rows 1 to the last.</summary>
    Scan = 1,

    /// <summary>Batch after batch: its records as it lists them, then its batch row.</summary>
    Log = 2,
}

/// <summary>One file of a backup, as its head and its name say: part of one partition.</summary>
/// <remarks>
/// <para>All integers are big-endian.</para>
/// <code>
/// head
///    0  8     "CGBACKUP"
///    8  u8    format version, 1
///    9  u8    kind: 1 = scan, 2 = log
///   10  u16   partition
///   12  u128  ledger id
///   28  u32   set: which reading of the whole partition it belongs to, from 1
///   32  u64   first batch
///   40  u64   last batch; of a scan 0 while nobody had claimed the partition
/// blocks, any number of
///        u32  length of the rows, not zero
///        …    rows: each its key (<see cref="RowKey.Write"/>), u32 length of its value, its value
///        32   SHA-256 of (that of the block before, or for the first that of the head; length; rows)
/// tail
///    0  u32   0
///    4  u64   reach, see <see cref="SegmentTail.Reach"/>
///   12  u64   rows
///   20  u64   bytes of their keys and values
///   28  32    SHA-256 of the value of the last batch row; zeroes if there is none
///   60  32    SHA-256 of the last block, or of the head
///   92  32    seal: SHA-256 of (head, the tail up to here)
/// </code>
/// <para>
/// The blocks' hashes are a chain, so that a block changed, moved, left out or doubled is found where it is. The seal stands for the whole
/// file. Name: partition, set, first and last batch in decimal, and the kind.
/// </para>
/// </remarks>
internal readonly record struct SegmentHeader(UInt128 LedgerId, int Partition, int Set, SegmentKind Kind, ulong FirstBatch, ulong LastBatch)
{
    internal const int Length = 48;

    /// <summary>How many bytes of rows a block gathers; a larger row has a block of its own.</summary>
    internal const int BlockBytes = 256 * 1024;

    /// <summary>The most that a reader believes of a block's length: more than any store takes in one set.</summary>
    internal const int MaxBlockBytes = 64 * 1024 * 1024;

    /// <summary>What a row takes besides its value.</summary>
    internal const int RowOverheadBytes = RowKey.Length + 4;

    private const byte FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "CGBACKUP"u8;

    internal string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{Partition:d5}-{Set:d4}-{FirstBatch:d12}-{LastBatch:d12}.{(Kind == SegmentKind.Scan ? "scan" : "log")}");

    /// <summary>Reads what a name says; the ledger is not in it.</summary>
    internal static bool TryParse(string name, out SegmentHeader header)
    {
        header = default;
        var kind = name.EndsWith(".scan", StringComparison.Ordinal) ? SegmentKind.Scan : SegmentKind.Log;
        var parts = Path.GetFileNameWithoutExtension(name).Split('-');
        if (parts.Length != 4
            || !ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var set)
            || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !ulong.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var last)) return false;

        header = new(0, partition, set, kind, first, last);
        return header.FileName == name;
    }

    internal byte[] Encode()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        bytes[8] = FormatVersion;
        bytes[9] = (byte)Kind;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)Partition);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(12), LedgerId);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), Set);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(32), FirstBatch);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(40), LastBatch);
        return bytes;
    }

    /// <summary>Decodes a head; null if it is none that this build reads.</summary>
    internal static SegmentHeader? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic) || bytes[8] != FormatVersion) return null;
        var header = new SegmentHeader(
            BinaryPrimitives.ReadUInt128BigEndian(bytes[12..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]), BinaryPrimitives.ReadInt32BigEndian(bytes[28..]),
            (SegmentKind)bytes[9], BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]));
        return header.Kind is SegmentKind.Scan or SegmentKind.Log ? header : null;
    }
}

/// <summary>What a segment's tail says; the layout is told at <see cref="SegmentHeader"/>.</summary>
/// <param name="Reach">
/// Of a scan: the partition's newest batch after the walk. The walk may have met records of any batch up to it, so the scan is whole only
/// together with the log up to there. Of a log: its last batch.
/// </param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Bytes">Bytes of their keys and values.</param>
/// <param name="LastBatchRow">The hash of the last batch row's value; none if there is none.</param>
/// <param name="Blocks">The hash that the chain of blocks ends with.</param>
internal readonly record struct SegmentTail(ulong Reach, long Rows, long Bytes, RecordHash LastBatchRow, RecordHash Blocks)
{
    internal const int Length = 60 + (2 * RecordHash.Length);

    internal byte[] Encode(ReadOnlySpan<byte> head)
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(4), Reach);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(12), Rows);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(20), Bytes);
        LastBatchRow.Write(bytes.AsSpan(28));
        Blocks.Write(bytes.AsSpan(60));
        SealOf(head, bytes).Write(bytes.AsSpan(Length - RecordHash.Length));
        return bytes;
    }

    internal static SegmentTail Decode(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]), BinaryPrimitives.ReadInt64BigEndian(bytes[12..]), BinaryPrimitives.ReadInt64BigEndian(bytes[20..]),
        RecordHash.Read(bytes[28..]), RecordHash.Read(bytes[60..]));

    /// <summary>Computes the seal again.</summary>
    internal static RecordHash SealOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) => RecordHash.Of([.. head, .. tail[..^RecordHash.Length]]);
}

/// <summary>A whole file of a backup.</summary>
/// <param name="Header">What it is.</param>
/// <param name="Tail">What it holds.</param>
/// <param name="Seal">Stands for all its bytes.</param>
internal sealed record Segment(SegmentHeader Header, SegmentTail Tail, RecordHash Seal)
{
    internal string File => Header.FileName;

    /// <summary>Says that this file is damaged, from a batch on.</summary>
    internal BackupDamage Damage(BackupFault fault, ulong? firstBatch = null) => new(File, Header.Partition, firstBatch ?? Header.FirstBatch, Header.LastBatch, fault);
}
