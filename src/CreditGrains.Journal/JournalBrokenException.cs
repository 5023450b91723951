namespace CreditGrains.Journal;

/// <summary>What can be wrong with what a store gives back. The numbers are in reports and never reused.</summary>
public enum JournalDamage
{
    /// <summary>The bytes are no record frame, batch row or manifest that this build can read.</summary>
    Undecodable = 1,

    /// <summary>The row lies under another journal or number than its header says.</summary>
    Misplaced = 2,

    /// <summary>A body's bytes do not match the digest in the header.</summary>
    BodyDigestMismatch = 3,

    /// <summary>The key is there and does not open a body whose digest is right.</summary>
    BodyUnreadable = 4,

    /// <summary>The snapshot does not match its own hash, or does not open. The record itself may be sound.</summary>
    SnapshotBroken = 5,

    /// <summary>The record's previous hash is not the hash of the record before it.</summary>
    ChainBroken = 6,

    /// <summary>A record is missing from the middle of its journal.</summary>
    RecordMissing = 7,

    /// <summary>A batch lists a record that is not there.</summary>
    ListedRecordMissing = 8,

    /// <summary>The record's hash is not the one that its batch lists.</summary>
    RecordHashMismatch = 9,

    /// <summary>A row is there that no batch lists.</summary>
    UnlistedRow = 10,

    /// <summary>Two batches list one record.</summary>
    ListedTwice = 11,

    /// <summary>A batch row is missing.</summary>
    BatchMissing = 12,

    /// <summary>A batch row fails its own checksum.</summary>
    BatchChecksumMismatch = 13,

    /// <summary>A batch's epoch is lower than that of the batch before it, or changes where nobody claimed.</summary>
    EpochFellBack = 14,

    /// <summary>A batch's highest recorded-at is lower than that of the batch before it, or than that of a record in it.</summary>
    RecordedAtFellBack = 15,

    /// <summary>A batch's frontier is not the one that its records give.</summary>
    FrontierMismatch = 16,

    /// <summary>A batch was claimed under an older membership version than the batch before it.</summary>
    MembershipFellBack = 17,

    /// <summary>The store could not be read to the end: what follows was not looked at.</summary>
    Unread = 18,

    /// <summary>The row says that it is of a format newer than this build reads. A newer build may well read it; or its first byte is damaged.</summary>
    FormatTooNew = 19,
}

/// <summary>What was read back cannot be what was written. The message names the partition and the number, never whose record it is.</summary>
public sealed class JournalBrokenException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="at">The row.</param>
    /// <param name="damage">What is wrong with it.</param>
    /// <param name="inner">What was noticed first, if anything.</param>
    public JournalBrokenException(RowKey at, JournalDamage damage, Exception? inner = null)
        : base($"Partition {at.Partition}, {at.Journal.Space} row {at.Number}: {damage}. Run an audit of the partition.", inner)
    {
        At = at;
        Damage = damage;
    }

    /// <summary>Makes the exception for a row of a newer format.</summary>
    /// <param name="at">The row.</param>
    /// <param name="format">The format that it says it is of.</param>
    public JournalBrokenException(RowKey at, int format)
        : base($"Partition {at.Partition}, {at.Journal.Space} row {at.Number} is written in format {format} by a newer program. Use that.")
    {
        At = at;
        Damage = JournalDamage.FormatTooNew;
        Format = format;
    }

    /// <summary>Gets the row. Its id is not in the message, so that logs stay free of citizens.</summary>
    public RowKey At { get; }

    /// <summary>Gets what is wrong with it.</summary>
    public JournalDamage Damage { get; }

    /// <summary>Gets the format that the row says it is of, where <see cref="Damage"/> is <see cref="JournalDamage.FormatTooNew"/>; else 0.</summary>
    public int Format { get; }

    /// <summary>Makes the exception for a record or batch row, whose first byte is its format.</summary>
    internal static JournalBrokenException Of(in Row row, JournalDamage damage) =>
        damage == JournalDamage.FormatTooNew ? new(row.Key, row.Value.Span[0]) : new(row.Key, damage);
}
