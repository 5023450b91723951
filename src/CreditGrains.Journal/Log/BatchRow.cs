using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>What a batch row is besides a list of records. The numbers are on disk.</summary>
[Flags]
public enum BatchFlags : byte
{
    /// <summary>An ordinary batch.</summary>
    None = 0,

    /// <summary>The batch begins a new epoch and carries no records: somebody claimed the partition, or settled a lost batch.</summary>
    Claim = 1,

    /// <summary>The owner left in good order: whoever comes next need not wait.</summary>
    Released = 2,
}

/// <summary>One record as its batch lists it.</summary>
/// <param name="Journal">The journal.</param>
/// <param name="Number">The record's place there.</param>
/// <param name="Hash">The record hash.</param>
public readonly record struct BatchEntry(JournalId Journal, ulong Number, RecordHash Hash);

/// <summary>The row that every commit of a partition inserts: fence, list of contents, and step of the partition log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Number">The commit's number, from 1, without gaps.</param>
/// <param name="BatchId">Random: tells this commit from any other that tried the same number.</param>
/// <param name="Owner">The name of the silo that wrote it.</param>
/// <param name="Epoch">Rises by one with each claim; no two claims of a partition share one.</param>
/// <param name="MembershipVersion">The version of cluster membership under which the owner claimed.</param>
/// <param name="Flags">Whether it claims or releases.</param>
/// <param name="HighestRecordedAt">The highest recorded-at of the partition so far, in microseconds since 1970-01-01 UTC.</param>
/// <param name="Entries">The records that this commit made durable, in order.</param>
/// <param name="Frontier">The Merkle frontier over all record hashes of the partition up to here.</param>
public sealed record BatchRow(
    int Partition,
    ulong Number,
    UInt128 BatchId,
    string Owner,
    ulong Epoch,
    long MembershipVersion,
    BatchFlags Flags,
    long HighestRecordedAt,
    ImmutableArray<BatchEntry> Entries,
    MerkleFrontier Frontier)
{
    /// <summary>Gets the journal that a partition's batch rows lie in.</summary>
    public static JournalId Journal => new(Space.Batch, 0);

    /// <summary>Gives the key of a batch row.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="number">The commit's number, from 1.</param>
    public static RowKey KeyOf(int partition, ulong number) => new(partition, Journal, number);

    /// <summary>Decodes a batch row.</summary>
    /// <param name="row">The row as read.</param>
    /// <exception cref="JournalBrokenException">The bytes are not a batch row of this place.</exception>
    public static BatchRow Decode(in Row row) =>
        BatchRowFormat.TryDecode(row, out var batch) is { } damage ? throw JournalBrokenException.Of(row, damage) : batch!;
}
