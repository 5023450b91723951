using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CreditGrains.Journal;

/// <summary>The bytes of one record, format version 1.</summary>
/// <remarks>
/// <para>All integers are big-endian, so that a dump reads as numbers and the id as in the key.</para>
/// <code>
/// header
///    0  u8    format version, 1
///    1  u8    cipher suite
///    2  u16   record kind
///    4  u32   key id
///    8  u16   retention class
///   10  u16   body count n
///   12  u8    space of the journal
///   13  u128  id of the journal (the subject)
///   29  u64   sequence, from 1
///   37  i64   recorded-at, microseconds since 1970-01-01 UTC
///   45  32    hash of the previous record
///   77  32·n  digest of each body: SHA-256 of its stored form
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
/// Record hash = SHA-256 of the header. It covers the bodies by their digests only, so a body can be taken out and the chain still
/// verifies. Salt or nonce lie in the stored form, so a digest left behind tells nothing about the body that is gone. Under suite 1 a
/// body is bound to the first 77 bytes of the header (that its place among the bodies is right, the digests say), and a snapshot to
/// those, its fold version and its sequence. The snapshot's hash takes in the record hash, so that none can be moved to another record.
/// </para>
/// </remarks>
public static class RecordFrame
{
    /// <summary>The format version that this build writes.</summary>
    public const byte FormatVersion = 1;

    /// <summary>How large one body may be: a record of one entry then fits a 64 KiB column of every store.</summary>
    public const int MaxBodyBytes = 60 * 1024;

    /// <summary>How large the bodies of one record may be together: what a busy citizen gathers while a commit is in flight.</summary>
    public const int MaxBodiesBytes = 64 * 1024;

    /// <summary>How many bodies a record may have: their digests then take 32 KiB at most.</summary>
    public const int MaxBodies = 1024;

    /// <summary>How large a snapshot may be.</summary>
    public const int MaxSnapshotBytes = 256 * 1024;

    internal const int FixedHeaderBytes = 77;

    private const byte Present = 1;
    private const byte Redacted = 2;
    private const int BodyPrefixBytes = 3;
    private const int SnapshotPrefixBytes = 14;
    private const int SnapshotFixedBytes = SnapshotPrefixBytes + RecordHash.Length;
    private const int SnapshotAssociatedBytes = FixedHeaderBytes + 10;

    /// <summary>Makes a record of a draft.</summary>
    /// <param name="draft">What goes in.</param>
    /// <param name="cipher">How it is kept.</param>
    /// <returns>The frame and its hash. The frame is the only allocation.</returns>
    /// <exception cref="ArgumentException">A body, the bodies together or the snapshot are larger than the frame allows: refuse such input earlier.</exception>
    public static SealedRecord Seal(in RecordDraft draft, IRecordCipher cipher)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        Invariant.Holds(draft.Journal.Space is Space.Citizen or Space.Partition or Space.System);
        Invariant.Holds(draft.After.Sequence < ulong.MaxValue);

        var frame = GC.AllocateUninitializedArray<byte>(Measure(draft, cipher.Overhead));
        var headerBytes = FixedHeaderBytes + (draft.Bodies.Length * RecordHash.Length);
        var header = frame.AsSpan(0, headerBytes);
        WriteHeader(header, draft, cipher);

        var associated = header[..FixedHeaderBytes];
        var digests = header[FixedHeaderBytes..];
        var rest = frame.AsSpan(headerBytes);
        foreach (var body in draft.Bodies)
        {
            var storedBytes = body.Length + cipher.Overhead;
            rest[0] = Present;
            BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)storedBytes);
            var stored = rest.Slice(BodyPrefixBytes, storedBytes);
            cipher.Seal(body.Span, associated, stored);
            RecordHash.Of(stored).Write(digests);
            digests = digests[RecordHash.Length..];
            rest = rest[(BodyPrefixBytes + storedBytes)..];
        }

        var hash = RecordHash.Of(header);
        if (draft.Snapshot is { } snapshot) SealSnapshot(rest, snapshot, associated, hash, cipher);
        return new(frame, hash);
    }

    /// <summary>Opens a record: deciphers it and checks every digest.</summary>
    /// <param name="row">The row as read. The record may go on sharing the value's memory.</param>
    /// <param name="keys">The keys.</param>
    /// <returns>The record. That its hash is the one that its batch and its successor name is for the caller to check.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place, or a body does not match its digest.</exception>
    public static OpenedRecord Open(in Row row, ICipherKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var damage = TryOpen(row, keys, out var record);
        return damage is null ? record! : throw new JournalBrokenException(row.Key, damage.Value);
    }

    /// <summary>Reads the header and the snapshot, and leaves the bodies alone.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="keys">The keys.</param>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static RecordGlance Glance(in Row row, ICipherKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (TryLayOut(row, out var layout) is { } damage) throw new JournalBrokenException(row.Key, damage);
        if (layout.SnapshotAt == row.Value.Length) return new(layout.Header, null);

        var header = layout.Header;
        var cipher = keys.Find(header.Suite, header.KeyId, header.Journal);
        if (cipher is null) return new(header, null);
        TryOpenSnapshot(row.Value, layout, HashOf(row.Value.Span, layout), cipher, out var snapshot);
        return new(header, snapshot);
    }

    /// <summary>Gives the record hash of a frame.</summary>
    /// <param name="row">The row as read.</param>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static RecordHash HashOf(in Row row)
    {
        if (TryLayOut(row, out var layout) is { } damage) throw new JournalBrokenException(row.Key, damage);
        return HashOf(row.Value.Span, layout);
    }

    /// <summary>Takes one body out for good. Its digest stays, so the record hash does too.</summary>
    /// <param name="row">The row as read.</param>
    /// <param name="bodyIndex">Which body, from 0.</param>
    /// <returns>The frame without the body; equal bytes if it was redacted before. A snapshot that has it folded in is dropped by <see cref="DropSnapshot"/>, here and in later records.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static ReadOnlyMemory<byte> Redact(in Row row, int bodyIndex)
    {
        if (TryLayOut(row, out var layout) is { } damage) throw new JournalBrokenException(row.Key, damage);
        ArgumentOutOfRangeException.ThrowIfNegative(bodyIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bodyIndex, layout.Header.BodyCount);

        var value = row.Value.Span;
        var at = layout.BodiesAt;
        for (var i = 0; i < bodyIndex; i++) at += BodyPrefixBytes + StoredBytes(value, at);

        var storedBytes = StoredBytes(value, at);
        var redacted = new byte[value.Length - storedBytes];
        value[..at].CopyTo(redacted);
        redacted[at] = Redacted; // the length that follows is already zero
        value[(at + BodyPrefixBytes + storedBytes)..].CopyTo(redacted.AsSpan(at + BodyPrefixBytes));
        return redacted;
    }

    /// <summary>Drops the snapshot. The record hash does not cover it and stays.</summary>
    /// <param name="row">The row as read.</param>
    /// <returns>The frame without a snapshot.</returns>
    /// <exception cref="JournalBrokenException">The bytes are not a record of this place.</exception>
    public static ReadOnlyMemory<byte> DropSnapshot(in Row row)
    {
        if (TryLayOut(row, out var layout) is { } damage) throw new JournalBrokenException(row.Key, damage);
        return row.Value[..layout.SnapshotAt].ToArray();
    }

    /// <summary>Gives the record hash of a frame. False: the bytes are not a record of this place.</summary>
    internal static bool TryHash(in Row row, out RecordHash hash)
    {
        hash = default;
        if (TryLayOut(row, out var layout) is not null) return false;
        hash = HashOf(row.Value.Span, layout);
        return true;
    }

    /// <summary>Opens a record, or says what is wrong with it: an audit goes on after damage.</summary>
    internal static JournalDamage? TryOpen(in Row row, ICipherKeys keys, out OpenedRecord? record)
    {
        record = null;
        if (TryLayOut(row, out var layout) is { } damage) return damage;

        var header = layout.Header;
        var value = row.Value;
        var hash = HashOf(value.Span, layout);
        var cipher = keys.Find(header.Suite, header.KeyId, header.Journal);
        var bodies = new ReadOnlyMemory<byte>?[header.BodyCount];
        var at = layout.BodiesAt;
        for (var i = 0; i < bodies.Length; i++)
        {
            var isRedacted = value.Span[at] == Redacted;
            var stored = value.Slice(at + BodyPrefixBytes, StoredBytes(value.Span, at));
            at += BodyPrefixBytes + stored.Length;
            if (isRedacted) continue;

            var digest = RecordHash.Read(value.Span[(FixedHeaderBytes + (i * RecordHash.Length))..]);
            if (RecordHash.Of(stored.Span) != digest) return JournalDamage.BodyDigestMismatch;
            if (cipher is null) continue;
            bodies[i] = cipher.Open(stored, value.Span[..FixedHeaderBytes]);
            if (bodies[i] is null) return JournalDamage.BodyUnreadable;
        }

        var isSnapshotSound = TryOpenSnapshot(value, layout, hash, cipher, out var snapshot);
        record = new(header, hash, ImmutableCollectionsMarshal.AsImmutableArray(bodies), snapshot, !isSnapshotSound, cipher is null);
        return null;
    }

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

        var bytes = FixedHeaderBytes + payloadBytes + (draft.Bodies.Length * (RecordHash.Length + BodyPrefixBytes + overhead));
        if (draft.Snapshot is not { } snapshot) return bytes;
        if (snapshot.Bytes.Length > MaxSnapshotBytes) throw new ArgumentException($"A snapshot has at most {MaxSnapshotBytes} bytes.", nameof(draft));
        return bytes + SnapshotFixedBytes + snapshot.Bytes.Length + overhead;
    }

    private static void WriteHeader(Span<byte> header, in RecordDraft draft, IRecordCipher cipher)
    {
        header[0] = FormatVersion;
        header[1] = (byte)cipher.Suite;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], draft.Kind);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], cipher.KeyId);
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], draft.RetentionClass);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)draft.Bodies.Length);
        header[12] = (byte)draft.Journal.Space;
        BinaryPrimitives.WriteUInt128BigEndian(header[13..], draft.Journal.Id);
        BinaryPrimitives.WriteUInt64BigEndian(header[29..], draft.After.Sequence + 1);
        BinaryPrimitives.WriteInt64BigEndian(header[37..], draft.RecordedAt);
        draft.After.Hash.Write(header[45..]);
    }

    private static void SealSnapshot(
        Span<byte> section, in Snapshot snapshot, ReadOnlySpan<byte> header, RecordHash recordHash, IRecordCipher cipher)
    {
        var storedBytes = snapshot.Bytes.Length + cipher.Overhead;
        Invariant.Holds(section.Length == SnapshotFixedBytes + storedBytes);
        BinaryPrimitives.WriteUInt16BigEndian(section, snapshot.FoldVersion);
        BinaryPrimitives.WriteUInt64BigEndian(section[2..], snapshot.Sequence);
        BinaryPrimitives.WriteInt32BigEndian(section[10..], storedBytes);

        Span<byte> associated = stackalloc byte[SnapshotAssociatedBytes];
        AssociateSnapshot(header, section, associated);
        cipher.Seal(snapshot.Bytes.Span, associated, section.Slice(SnapshotPrefixBytes, storedBytes));
        SnapshotHash(recordHash, section[..^RecordHash.Length]).Write(section[^RecordHash.Length..]);
    }

    private static void AssociateSnapshot(ReadOnlySpan<byte> header, ReadOnlySpan<byte> section, Span<byte> associated)
    {
        header[..FixedHeaderBytes].CopyTo(associated);
        section[..10].CopyTo(associated[FixedHeaderBytes..]);
    }

    private static RecordHash SnapshotHash(RecordHash recordHash, ReadOnlySpan<byte> fields)
    {
        Span<byte> both = stackalloc byte[2 * RecordHash.Length];
        recordHash.Write(both);
        RecordHash.Of(fields).Write(both[RecordHash.Length..]);
        return RecordHash.Of(both);
    }

    /// <summary>Opens the snapshot if there is one. False: there is one and it is broken.</summary>
    private static bool TryOpenSnapshot(
        ReadOnlyMemory<byte> value, in Layout layout, RecordHash recordHash, IRecordCipher? cipher, out Snapshot? snapshot)
    {
        snapshot = null;
        var section = value[layout.SnapshotAt..];
        if (section.IsEmpty) return true;

        var bytes = section.Span;
        if (bytes.Length < SnapshotFixedBytes) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[10..]) != (uint)(bytes.Length - SnapshotFixedBytes)) return false;
        if (SnapshotHash(recordHash, bytes[..^RecordHash.Length]) != RecordHash.Read(bytes[^RecordHash.Length..])) return false;
        if (cipher is null) return true; // sound as far as can be told: its key is gone
        if (bytes.Length < SnapshotFixedBytes + cipher.Overhead) return false;

        Span<byte> associated = stackalloc byte[SnapshotAssociatedBytes];
        AssociateSnapshot(value.Span, bytes, associated);
        if (cipher.Open(section[SnapshotPrefixBytes..^RecordHash.Length], associated) is not { } payload) return false;

        snapshot = new(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]), payload);
        return true;
    }

    private static RecordHash HashOf(ReadOnlySpan<byte> value, in Layout layout) => RecordHash.Of(value[..layout.BodiesAt]);

    private static int StoredBytes(ReadOnlySpan<byte> value, int bodyAt) => BinaryPrimitives.ReadUInt16BigEndian(value[(bodyAt + 1)..]);

    /// <summary>Finds the parts of a frame; null if it has them all and lies where it says.</summary>
    private static JournalDamage? TryLayOut(in Row row, out Layout layout)
    {
        layout = default;
        var value = row.Value.Span;
        if (value.Length < FixedHeaderBytes || value[0] != FormatVersion) return JournalDamage.Undecodable;

        var suite = (CipherSuite)value[1];
        if (suite is not (CipherSuite.Plain or CipherSuite.AesGcm)) return JournalDamage.Undecodable;
        var overhead = suite == CipherSuite.Plain ? PlainCipher.SaltBytes : AesGcmCipher.OverheadBytes;

        var header = new RecordHeader(
            suite,
            BinaryPrimitives.ReadUInt32BigEndian(value[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(value[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(value[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(value[10..]),
            new((Space)value[12], BinaryPrimitives.ReadUInt128BigEndian(value[13..])),
            BinaryPrimitives.ReadUInt64BigEndian(value[29..]),
            BinaryPrimitives.ReadInt64BigEndian(value[37..]),
            RecordHash.Read(value[45..]));
        if (header.Journal != row.Key.Journal || header.Sequence != row.Key.Number) return JournalDamage.Misplaced;

        var bodiesAt = FixedHeaderBytes + (header.BodyCount * RecordHash.Length);
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

        layout = new(header, bodiesAt, at);
        return null;
    }

    private readonly record struct Layout(RecordHeader Header, int BodiesAt, int SnapshotAt);
}
