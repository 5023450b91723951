using System.Buffers.Binary;

namespace CreditGrains.Journal;

/// <summary>Where the parts of a stored frame begin.</summary>
/// <param name="Header">The header's fields.</param>
/// <param name="DigestsAt">Where the digests of the bodies begin.</param>
/// <param name="BodiesAt">Where the bodies begin, and the digests end.</param>
/// <param name="SnapshotAt">Where the snapshot begins; the frame's length if there is none.</param>
internal readonly record struct FrameLayout(RecordHeader Header, int DigestsAt, int BodiesAt, int SnapshotAt)
{
    internal const byte Present = 1;
    internal const byte Redacted = 2;

    /// <summary>How many bytes stand before each body's stored form.</summary>
    internal const int BodyPrefixBytes = 3;

    /// <summary>Finds the parts of a frame; null if it has them all and lies where it says.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="newest">The newest format to read.</param>
    /// <param name="full">Takes the header in full.</param>
    /// <param name="layout">The parts.</param>
    internal static JournalDamage? TryRead(in Row row, int newest, Span<byte> full, out FrameLayout layout)
    {
        layout = default;
        if (FrameHeader.TryRestore(row, newest, full) is { } damage) return damage;

        var header = FrameHeader.Read(full);
        if (header.Suite is not (CipherSuite.Plain or CipherSuite.AesGcm)) return JournalDamage.Undecodable;
        var overhead = header.Suite == CipherSuite.Plain ? PlainCipher.SaltBytes : AesGcmCipher.OverheadBytes;
        if (header.Journal != row.Key.Journal || header.Sequence != row.Key.Number) return JournalDamage.Misplaced;

        var value = row.Value.Span;
        var digestsAt = FrameHeader.StoredBytes(header.Format);
        var bodiesAt = digestsAt + (header.BodyCount * RecordHash.Length);
        var at = bodiesAt;
        for (var i = 0; i < header.BodyCount; i++)
        {
            if (at + BodyPrefixBytes > value.Length) return JournalDamage.Undecodable;
            var storedBytes = StoredBytes(value, at);
            var isSane = value[at] switch
            {
                Present => storedBytes >= overhead,
                Redacted => storedBytes == 0,
                _ => false,
            };
            at += BodyPrefixBytes + storedBytes;
            if (!isSane || at > value.Length) return JournalDamage.Undecodable;
        }

        layout = new(header, digestsAt, bodiesAt, at);
        return null;
    }

    /// <summary>Gives the length of the stored form of the body that begins at <paramref name="bodyAt"/>.</summary>
    internal static int StoredBytes(ReadOnlySpan<byte> value, int bodyAt) => BinaryPrimitives.ReadUInt16BigEndian(value[(bodyAt + 1)..]);

    /// <summary>Gives the record hash: of the full header and the digests.</summary>
    internal RecordHash HashOf(ReadOnlySpan<byte> value, ReadOnlySpan<byte> full) => RecordHash.Of(full, value[DigestsAt..BodiesAt]);
}
