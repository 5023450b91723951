using System.Buffers.Binary;

namespace CreditGrains.Journal;

/// <summary>The last part of a frame: the snapshot, bound to its record by cipher and hash, and covered by no record hash.</summary>
internal static class SnapshotSection
{
    /// <summary>How many bytes it has besides the stored form.</summary>
    internal const int FixedBytes = PrefixBytes + RecordHash.Length;

    private const int PrefixBytes = 14;
    private const int BoundBytes = 10; // fold version and sequence
    private const int AssociatedBytes = FrameHeader.FullBytes + BoundBytes;

    internal static void Seal(Span<byte> section, in Snapshot snapshot, ReadOnlySpan<byte> full, RecordHash recordHash, IRecordCipher cipher)
    {
        var storedBytes = snapshot.Bytes.Length + cipher.Overhead;
        Invariant.Holds(section.Length == FixedBytes + storedBytes);
        BinaryPrimitives.WriteUInt16BigEndian(section, snapshot.FoldVersion);
        BinaryPrimitives.WriteUInt64BigEndian(section[2..], snapshot.Sequence);
        BinaryPrimitives.WriteInt32BigEndian(section[10..], storedBytes);

        Span<byte> associated = stackalloc byte[AssociatedBytes];
        Associate(full, section, associated);
        cipher.Seal(snapshot.Bytes.Span, associated, section.Slice(PrefixBytes, storedBytes));
        HashOf(recordHash, section[..^RecordHash.Length]).Write(section[^RecordHash.Length..]);
    }

    /// <summary>Opens the snapshot if there is one. False: there is one and it is broken.</summary>
    internal static bool TryOpen(
        ReadOnlyMemory<byte> section, ReadOnlySpan<byte> full, RecordHash recordHash, IRecordCipher? cipher, out Snapshot? snapshot)
    {
        snapshot = null;
        if (section.IsEmpty) return true;

        var bytes = section.Span;
        if (bytes.Length < FixedBytes) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[10..]) != (uint)(bytes.Length - FixedBytes)) return false;
        if (HashOf(recordHash, bytes[..^RecordHash.Length]) != RecordHash.Read(bytes[^RecordHash.Length..])) return false;
        if (cipher is null) return true; // sound as far as can be told: its key is gone
        if (bytes.Length < FixedBytes + cipher.Overhead) return false;

        Span<byte> associated = stackalloc byte[AssociatedBytes];
        Associate(full, bytes, associated);
        if (cipher.Open(section[PrefixBytes..^RecordHash.Length], associated) is not { } payload) return false;

        snapshot = new(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]), payload);
        return true;
    }

    private static void Associate(ReadOnlySpan<byte> full, ReadOnlySpan<byte> section, Span<byte> associated)
    {
        full.CopyTo(associated);
        section[..BoundBytes].CopyTo(associated[FrameHeader.FullBytes..]);
    }

    private static RecordHash HashOf(RecordHash recordHash, ReadOnlySpan<byte> fields)
    {
        Span<byte> both = stackalloc byte[2 * RecordHash.Length];
        recordHash.Write(both);
        RecordHash.Of(fields).Write(both[RecordHash.Length..]);
        return RecordHash.Of(both);
    }
}
