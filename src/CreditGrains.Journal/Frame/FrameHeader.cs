using System.Buffers.Binary;

namespace CreditGrains.Journal;

/// <summary>The fixed part of a record's header: in full, as hashes and ciphers take it, and as it is stored.</summary>
/// <remarks>In full it has the same fields at the same places in every format; a stored header may lack what the row's key says.</remarks>
internal static class FrameHeader
{
    /// <summary>How many bytes the fixed part has in full.</summary>
    internal const int FullBytes = 77;

    // What the key says as well: space, id and sequence. Format 2 leaves it out.
    private const int PlaceAt = 12;
    private const int PlaceBytes = 1 + 16 + 8;

    /// <summary>Gives how many bytes of the fixed part are stored.</summary>
    internal static int StoredBytes(int format) => format == 1 ? FullBytes : FullBytes - PlaceBytes;

    /// <summary>Writes the full header of a draft.</summary>
    internal static void Write(Span<byte> full, in RecordDraft draft, IRecordCipher cipher)
    {
        full[0] = (byte)draft.Format;
        full[1] = (byte)cipher.Suite;
        BinaryPrimitives.WriteUInt16BigEndian(full[2..], draft.Kind);
        BinaryPrimitives.WriteUInt32BigEndian(full[4..], cipher.KeyId);
        BinaryPrimitives.WriteUInt16BigEndian(full[8..], draft.RetentionClass);
        BinaryPrimitives.WriteUInt16BigEndian(full[10..], (ushort)draft.Bodies.Length);
        WritePlace(full, draft.Journal, draft.After.Sequence + 1);
        BinaryPrimitives.WriteInt64BigEndian(full[37..], draft.RecordedAt);
        draft.After.Hash.Write(full[45..]);
    }

    /// <summary>Stores a full header in its own format.</summary>
    internal static void Store(ReadOnlySpan<byte> full, Span<byte> stored)
    {
        if (full[0] == 1)
        {
            full.CopyTo(stored);
            return;
        }

        full[..PlaceAt].CopyTo(stored);
        full[(PlaceAt + PlaceBytes)..].CopyTo(stored[PlaceAt..]);
    }

    /// <summary>Gives the full header of a row; what is not stored comes from the row's key. Null if it could be given.</summary>
    internal static JournalDamage? TryRestore(in Row row, int newest, Span<byte> full)
    {
        var value = row.Value.Span;
        if (value.IsEmpty || value[0] < LedgerFormats.OldestKnown) return JournalDamage.Undecodable;
        if (value[0] > newest) return JournalDamage.FormatTooNew;

        var storedBytes = StoredBytes(value[0]);
        if (value.Length < storedBytes) return JournalDamage.Undecodable;
        if (value[0] == 1)
        {
            value[..storedBytes].CopyTo(full);
            return null;
        }

        value[..PlaceAt].CopyTo(full);
        WritePlace(full, row.Key.Journal, row.Key.Number);
        value[PlaceAt..storedBytes].CopyTo(full[(PlaceAt + PlaceBytes)..]);
        return null;
    }

    /// <summary>Reads the fields of a full header.</summary>
    internal static RecordHeader Read(ReadOnlySpan<byte> full) => new(
        full[0],
        (CipherSuite)full[1],
        BinaryPrimitives.ReadUInt32BigEndian(full[4..]),
        BinaryPrimitives.ReadUInt16BigEndian(full[2..]),
        BinaryPrimitives.ReadUInt16BigEndian(full[8..]),
        BinaryPrimitives.ReadUInt16BigEndian(full[10..]),
        new((Space)full[PlaceAt], BinaryPrimitives.ReadUInt128BigEndian(full[13..])),
        BinaryPrimitives.ReadUInt64BigEndian(full[29..]),
        BinaryPrimitives.ReadInt64BigEndian(full[37..]),
        RecordHash.Read(full[45..]));

    /// <summary>Gives the digest of a body's stored form under a full header.</summary>
    internal static RecordHash DigestOf(ReadOnlySpan<byte> full, ReadOnlySpan<byte> stored) =>
        full[0] == 1 ? RecordHash.Of(stored) : RecordHash.Of(full, stored);

    private static void WritePlace(Span<byte> full, JournalId journal, ulong sequence)
    {
        full[PlaceAt] = (byte)journal.Space;
        BinaryPrimitives.WriteUInt128BigEndian(full[13..], journal.Id);
        BinaryPrimitives.WriteUInt64BigEndian(full[29..], sequence);
    }
}
