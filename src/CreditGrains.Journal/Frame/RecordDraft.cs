namespace CreditGrains.Journal;

/// <summary>The last record of a journal: what the next one follows.</summary>
/// <param name="Sequence">Its sequence; zero while the journal is empty.</param>
/// <param name="Hash">Its record hash; none while the journal is empty.</param>
public readonly record struct RecordTail(ulong Sequence, RecordHash Hash);

/// <summary>A fold kept in a record, so that an activation need not read further back. Outside the record hash; any may be dropped.</summary>
/// <param name="FoldVersion">The version of the fold that wrote it. A reader passes over one of another version.</param>
/// <param name="Sequence">The last record that is folded in.</param>
/// <param name="Bytes">The fold's own bytes.</param>
public readonly record struct Snapshot(ushort FoldVersion, ulong Sequence, ReadOnlyMemory<byte> Bytes);

/// <summary>What goes into one record, before it is sealed.</summary>
public readonly ref struct RecordDraft
{
    /// <summary>Gets the format to write: the one in force, <see cref="LedgerFormats.Written"/>.</summary>
    public required int Format { get; init; }

    /// <summary>Gets the journal that the record will lie in.</summary>
    public required JournalId Journal { get; init; }

    /// <summary>Gets the record that this one follows. The default starts a journal.</summary>
    public required RecordTail After { get; init; }

    /// <summary>Gets when the record was made, in microseconds since 1970-01-01 UTC, as <see cref="PartitionLog.NextRecordedAt"/> gave it.</summary>
    public required long RecordedAt { get; init; }

    /// <summary>Gets what sort of record it is. The journal gives it no meaning.</summary>
    public required ushort Kind { get; init; }

    /// <summary>Gets how long the record must be kept. The journal gives it no meaning.</summary>
    public ushort RetentionClass { get; init; }

    /// <summary>Gets the bodies, one an entry, at most <see cref="RecordFrame.MaxBodies"/> of together <see cref="RecordFrame.MaxBodiesBytes"/>.</summary>
    public required ReadOnlySpan<ReadOnlyMemory<byte>> Bodies { get; init; }

    /// <summary>Gets the snapshot that rides along, if any.</summary>
    public Snapshot? Snapshot { get; init; }
}

/// <summary>A record ready to be appended.</summary>
/// <param name="Value">The frame: what the store keeps.</param>
/// <param name="Hash">The record hash: what the next record names as its previous.</param>
public readonly record struct SealedRecord(ReadOnlyMemory<byte> Value, RecordHash Hash);
