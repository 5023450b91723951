using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CreditGrains.Journal;

/// <summary>The bytes of one record, formats 1 and 2.</summary>
/// <remarks>
/// <para>All integers are big-endian, so that a dump reads as numbers and the id as in the key.</para>
/// <code>
/// header: offset in full and as stored in format 1, offset as stored in format 2
///    0   0  u8    format, 1 or 2
///    1   1  u8    cipher suite
///    2   2  u16   record kind
///    4   4  u32   key id
///    8   8  u16   retention class
///   10  10  u16   body count n
///   12   –  u8    space of the journal
///   13   –  u128  id of the journal (the subject)
///   29   –  u64   sequence, from 1
///   37  12  i64   recorded-at, microseconds since 1970-01-01 UTC
///   45  20  32    hash of the previous record
///   77  52  32·n  digest of each body
/// bodies, n times
///        u8   1 = present, 2 = redacted
///        u16  length of the stored form; 0 if redacted
///        …    stored form
/// snapshot, or nothing
///        u16  fold version
///        u64  sequence it stands for
///        u32  length of the stored form
///        …    stored form
///        32   SHA-256 of (record hash, SHA-256 of the four fields above)
/// </code>
/// <para>
/// Format 2 does not store the 25 bytes that the row's key says as well. They are put back from the key before anything is checked, so a
/// row under another key shows at once: its bodies do not match their digests, nor its hash what batch and successor name.
/// </para>
/// <para>
/// Record hash = SHA-256 of the full header with its digests. It covers the bodies by their digests only, so a body can be taken out and
/// the chain still verifies. A digest is SHA-256 of the body's stored form; in format 2 of the full header's first 77 bytes and then the
/// stored form. Salt or nonce lie in the stored form, so a digest left behind tells nothing about the body that is gone. Under suite 1 a
/// body is bound to those 77 bytes (that its place among the bodies is right, the digests say), and a snapshot to them, its fold version
/// and its sequence. The snapshot's hash takes in the record hash, so that none can be moved to another record.
/// </para>
/// <para>The first byte is the format in every format to come.</para>
/// </remarks>
public static class RecordFrame
{
    /// <summary>How large one body may be: a record of one entry then fits a 64 KiB column of every store.</summary>
    public const int MaxBodyBytes = 60 * 1024;

    /// <summary>How large the bodies of one record may be together: what a busy citizen gathers while a commit is in flight.</summary>
    public const int MaxBodiesBytes = 64 * 1024;

    /// <summary>How many bodies a record may have: their digests then take 32 KiB at most.</summary>
    public const int MaxBodies = 1024;

    /// <summary>How large a snapshot may be.</summary>
    public const int MaxSnapshotBytes = 256 * 1024;

    /// <summary>Makes a record of a draft.</summary>
    /// <param name="draft">What goes in.</param>
    /// <param name="cipher">How it is kept.</param>
    /// <returns>The frame and its hash. The frame is the only allocation.</returns>
    /// <exception cref="ArgumentException">A body, the bodies together or the snapshot are larger than the frame allows: refuse such input earlier.</exception>
    public static SealedRecord Seal(in RecordDraft draft, IRecordCipher cipher)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        Invariant.Holds(draft.Format is >= LedgerFormats.OldestKnown and <= LedgerFormats.NewestKnown);
        Invariant.Holds(draft.Journal.Space is Space.Citizen or Space.Partition or Space.System);
        Invariant.Holds(draft.After.Sequence < ulong.MaxValue);

        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        FrameHeader.Write(full, draft, cipher);
        var frame = GC.AllocateUninitializedArray<byte>(Measure(draft, cipher.Overhead));
        var digestsAt = FrameHeader.StoredBytes(draft.Format);
        FrameHeader.Store(full, frame);

        var digests = frame.AsSpan(digestsAt, draft.Bodies.Length * RecordHash.Length);
        var rest = frame.AsSpan(digestsAt + digests.Length);
        for (var i = 0; i < draft.Bodies.Length; i++)
        {
            var body = draft.Bodies[i].Span;
            var storedBytes = body.Length + cipher.Overhead;
            rest[0] = FrameLayout.Present;
            BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)storedBytes);
            var stored = rest.Slice(FrameLayout.BodyPrefixBytes, storedBytes);
            cipher.Seal(body, full, stored);
            FrameHeader.DigestOf(full, stored).Write(digests[(i * RecordHash.Length)..]);
            rest = rest[(FrameLayout.BodyPrefixBytes + storedBytes)..];
        }

        var hash = RecordHash.Of(full, digests);
        if (draft.Snapshot is { } snapshot) SnapshotSection.Seal(rest, snapshot, full, hash, cipher);
        return new(frame, hash);
    }

    /// <summary>Opens a record: deciphers it and checks every digest.</summary>
    /// <param name="row">The row as read. The record may go on sharing the value's memory.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="newest">The newest format to read: <see cref="LedgerFormats.Newest"/> of the ledger.</param>
    /// <returns>The record. That its hash is the one that its batch and its successor name is for the caller to check.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place, a body does not match its digest, or the format is newer.</exception>
    public static OpenedRecord Open(in Row row, ICipherKeys keys, int newest = LedgerFormats.NewestKnown)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var damage = TryOpen(row, keys, newest, out var record);
        return damage is null ? record! : throw JournalBrokenException.Of(row, damage.Value);
    }

    /// <summary>Reads the header and the snapshot, and leaves the bodies alone.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="keys">The keys.</param>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static RecordGlance Glance(in Row row, ICipherKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        var layout = LayOut(row, full);
        if (layout.SnapshotAt == row.Value.Length) return new(layout.Header, null);

        var header = layout.Header;
        var cipher = keys.Find(header.Suite, header.KeyId, header.Journal);
        if (cipher is null) return new(header, null);
        SnapshotSection.TryOpen(row.Value[layout.SnapshotAt..], full, layout.HashOf(row.Value.Span, full), cipher, out var snapshot);
        return new(header, snapshot);
    }

    /// <summary>Gives the record hash of a frame.</summary>
    /// <param name="row">The row as read.</param>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static RecordHash HashOf(in Row row)
    {
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        return LayOut(row, full).HashOf(row.Value.Span, full);
    }

    /// <summary>Takes one body out for good. Its digest stays, so the record hash does too.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="bodyIndex">Which body, from 0.</param>
    /// <returns>The frame without the body; equal bytes if it was redacted before. A snapshot that has it folded in is dropped by <see cref="DropSnapshot"/>, here and in later records.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static ReadOnlyMemory<byte> Redact(in Row row, int bodyIndex)
    {
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        var layout = LayOut(row, full);
        ArgumentOutOfRangeException.ThrowIfNegative(bodyIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bodyIndex, layout.Header.BodyCount);

        var value = row.Value.Span;
        var at = layout.BodiesAt;
        for (var i = 0; i < bodyIndex; i++) at += FrameLayout.BodyPrefixBytes + FrameLayout.StoredBytes(value, at);

        var storedBytes = FrameLayout.StoredBytes(value, at);
        var redacted = new byte[value.Length - storedBytes];
        value[..at].CopyTo(redacted);
        redacted[at] = FrameLayout.Redacted; // the length that follows is already zero
        value[(at + FrameLayout.BodyPrefixBytes + storedBytes)..].CopyTo(redacted.AsSpan(at + FrameLayout.BodyPrefixBytes));
        return redacted;
    }

    /// <summary>Drops the snapshot. The record hash does not cover it and stays.</summary>
    /// <param name="row">The row as read.</param>
    /// <returns>The frame without a snapshot.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static ReadOnlyMemory<byte> DropSnapshot(in Row row)
    {
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        return row.Value[..LayOut(row, full).SnapshotAt].ToArray();
    }

    /// <summary>Gives the record hash of a frame. False: the bytes are not a record of this place.</summary>
    internal static bool TryHash(in Row row, out RecordHash hash)
    {
        hash = default;
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        if (FrameLayout.TryRead(row, LedgerFormats.NewestKnown, full, out var layout) is not null) return false;
        hash = layout.HashOf(row.Value.Span, full);
        return true;
    }

    /// <summary>Opens a record, or says what is wrong with it: an audit goes on after damage.</summary>
    internal static JournalDamage? TryOpen(in Row row, ICipherKeys keys, int newest, out OpenedRecord? record)
    {
        record = null;
        Span<byte> full = stackalloc byte[FrameHeader.FullBytes];
        if (FrameLayout.TryRead(row, newest, full, out var layout) is { } damage) return damage;

        var header = layout.Header;
        var value = row.Value;
        var hash = layout.HashOf(value.Span, full);
        var cipher = keys.Find(header.Suite, header.KeyId, header.Journal);
        var bodies = new ReadOnlyMemory<byte>?[header.BodyCount];
        var at = layout.BodiesAt;
        for (var i = 0; i < bodies.Length; i++)
        {
            var isRedacted = value.Span[at] == FrameLayout.Redacted;
            var stored = value.Slice(at + FrameLayout.BodyPrefixBytes, FrameLayout.StoredBytes(value.Span, at));
            at += FrameLayout.BodyPrefixBytes + stored.Length;
            if (isRedacted) continue;

            var digest = RecordHash.Read(value.Span[(layout.DigestsAt + (i * RecordHash.Length))..]);
            if (FrameHeader.DigestOf(full, stored.Span) != digest) return JournalDamage.BodyDigestMismatch;
            if (cipher is null) continue;
            bodies[i] = cipher.Open(stored, full);
            if (bodies[i] is null) return JournalDamage.BodyUnreadable;
        }

        var isSnapshotSound = SnapshotSection.TryOpen(value[layout.SnapshotAt..], full, hash, cipher, out var snapshot);
        record = new(header, hash, ImmutableCollectionsMarshal.AsImmutableArray(bodies), snapshot, !isSnapshotSound, cipher is null);
        return null;
    }

    private static FrameLayout LayOut(in Row row, Span<byte> full) =>
        FrameLayout.TryRead(row, LedgerFormats.NewestKnown, full, out var layout) is { } damage ? throw JournalBrokenException.Of(row, damage) : layout;

    private static int Measure(in RecordDraft draft, int overhead)
    {
        if (draft.Bodies.Length > MaxBodies) throw new ArgumentException($"A record has at most {MaxBodies} bodies.", nameof(draft));

        var payloadBytes = 0;
        foreach (var body in draft.Bodies)
        {
            if (body.Length > MaxBodyBytes) throw new ArgumentException($"A body has at most {MaxBodyBytes} bytes.", nameof(draft));
            payloadBytes += body.Length;
        }

        if (payloadBytes > MaxBodiesBytes) throw new ArgumentException($"The bodies of a record have together at most {MaxBodiesBytes} bytes.", nameof(draft));

        var bytes = FrameHeader.StoredBytes(draft.Format) + payloadBytes
            + (draft.Bodies.Length * (RecordHash.Length + FrameLayout.BodyPrefixBytes + overhead));
        if (draft.Snapshot is not { } snapshot) return bytes;
        if (snapshot.Bytes.Length > MaxSnapshotBytes) throw new ArgumentException($"A snapshot has at most {MaxSnapshotBytes} bytes.", nameof(draft));
        return bytes + SnapshotSection.FixedBytes + snapshot.Bytes.Length + overhead;
    }
}
