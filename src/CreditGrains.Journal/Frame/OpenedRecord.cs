using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>A record's header: everything that its hash covers but the digests of its bodies.</summary>
/// <param name="Format">The format that it is written in.</param>
/// <param name="Suite">How bodies are enciphered: 0 plain with a salt, 1 AES-256-GCM.</param>
/// <param name="KeyId">Which of the subject's keys; zero under suite 0.</param>
/// <param name="Kind">What sort of record. The journal gives it no meaning.</param>
/// <param name="RetentionClass">How long it must be kept. The journal gives it no meaning.</param>
/// <param name="BodyCount">How many bodies it was sealed with, redacted ones included.</param>
/// <param name="Journal">The journal it was sealed for.</param>
/// <param name="Sequence">Its place there, from 1.</param>
/// <param name="RecordedAt">Microseconds since 1970-01-01 UTC.</param>
/// <param name="Previous">The hash of the record before it; none at the start of a journal, and everywhere in a journal that is not chained.</param>
public readonly record struct RecordHeader(
    int Format,
    CipherSuite Suite,
    uint KeyId,
    ushort Kind,
    ushort RetentionClass,
    int BodyCount,
    JournalId Journal,
    ulong Sequence,
    long RecordedAt,
    RecordHash Previous)
{
    /// <summary>Gives whether this record may come straight after <paramref name="tail"/>.</summary>
    /// <param name="tail">The record before it; the default is the start of the journal.</param>
    public bool Follows(RecordTail tail) => Sequence == tail.Sequence + 1 && Previous == tail.Hash;
}

/// <summary>A record as read back: bodies deciphered, digests checked.</summary>
/// <param name="Header">The header.</param>
/// <param name="Hash">The record hash, computed from the header as read.</param>
/// <param name="Bodies">The bodies in order. Null is one that was redacted, or whose key is gone. They may share memory with the row's value.</param>
/// <param name="Snapshot">The snapshot; null if there is none, if it is broken, or if its key is gone.</param>
/// <param name="IsSnapshotBroken">Whether there is a snapshot that does not match its hash. The record is sound; fold without it.</param>
/// <param name="IsKeyGone">Whether the key that the record was sealed under no longer exists. All bodies are then null.</param>
public sealed record OpenedRecord(
    RecordHeader Header,
    RecordHash Hash,
    ImmutableArray<ReadOnlyMemory<byte>?> Bodies,
    Snapshot? Snapshot,
    bool IsSnapshotBroken,
    bool IsKeyGone)
{
    /// <summary>Gets what the next record of the journal follows.</summary>
    public RecordTail Tail => new(Header.Sequence, Hash);
}

/// <summary>What is cheap to read of a record: enough to decide whether the snapshot spares the rest.</summary>
/// <param name="Header">The header.</param>
/// <param name="Snapshot">The snapshot; null if there is none, if it is broken, or if its key is gone.</param>
public readonly record struct RecordGlance(RecordHeader Header, Snapshot? Snapshot);
