using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>Asks for a file.</summary>
/// <param name="AsOf">The day it shall speak for; null takes the day of <paramref name="KnownAt"/>, else today in the ledger's zone.</param>
/// <param name="KnownAt">The instant at which it shall have been known; null takes now. Not in the future.</param>
[GenerateSerializer, Immutable, Alias("cg.FileRequest")]
public sealed record FileRequest([property: Id(0)] DateOnly? AsOf = null, [property: Id(1)] DateTimeOffset? KnownAt = null);

/// <summary>Asks for a stretch of a citizen's history.</summary>
/// <param name="FromSequence">The first record wanted, from 1.</param>
/// <param name="MaxRecords">How many records at most, from 1 to 1,000.</param>
[GenerateSerializer, Immutable, Alias("cg.HistoryRequest")]
public sealed record HistoryRequest([property: Id(0)] ulong FromSequence = 1, [property: Id(1)] int MaxRecords = 256);

/// <summary>One accepted entry with what the ledger knows of its recording.</summary>
/// <param name="Sequence">The citizen's record that holds it, from 1.</param>
/// <param name="Index">Its place in that record, from 0.</param>
/// <param name="RecordedAt">When it was recorded, by the partition's clock; to the microsecond.</param>
/// <param name="Entry">The entry; null once its body has been redacted.</param>
[GenerateSerializer, Immutable, Alias("cg.HistoryEntry")]
public sealed record HistoryEntry(
    [property: Id(0)] ulong Sequence,
    [property: Id(1)] int Index,
    [property: Id(2)] DateTimeOffset RecordedAt,
    [property: Id(3)] Entry? Entry);

/// <summary>A stretch of a citizen's history.</summary>
/// <param name="Entries">The entries, in the order of their recording.</param>
/// <param name="NextSequence">Where to go on; null when there is no more.</param>
[GenerateSerializer, Immutable, Alias("cg.HistoryPage")]
public sealed record HistoryPage([property: Id(0)] ImmutableArray<HistoryEntry> Entries, [property: Id(1)] ulong? NextSequence);

/// <summary>Lifetime totals of what one furnisher said, by kind and currency; of what stands.</summary>
/// <param name="Furnisher">Who said it.</param>
/// <param name="Kind">The kind; what a corrected entry became.</param>
/// <param name="Currency">The currency; none for entries without money.</param>
/// <param name="Total">How many and how much.</param>
[GenerateSerializer, Immutable, Alias("cg.FurnisherTotal")]
public sealed record FurnisherTotal(
    [property: Id(0)] FurnisherId Furnisher,
    [property: Id(1)] EntryKind Kind,
    [property: Id(2)] Currency Currency,
    [property: Id(3)] Total Total);

/// <summary>Totals over some citizens, summed from their folded state.</summary>
/// <param name="Citizens">How many citizens have at least one furnished entry.</param>
/// <param name="Entries">How many entries were accepted.</param>
/// <param name="Totals">The sums, ordered by furnisher, kind and currency.</param>
[GenerateSerializer, Immutable, Alias("cg.LedgerTotals")]
public sealed record LedgerTotals(
    [property: Id(0)] long Citizens,
    [property: Id(1)] long Entries,
    [property: Id(2)] ImmutableArray<FurnisherTotal> Totals);

/// <summary>What a caller must know of a ledger before it calls.</summary>
/// <param name="LedgerId">The ledger's own id, 32 hexadecimal digits.</param>
/// <param name="PartitionCount">How many partitions it has: a power of two.</param>
/// <param name="Zone">The IANA name of the zone in which its days begin and end.</param>
/// <param name="PseudonymKeyCheck">The <see cref="SubjectPseudonymizer.CheckValue"/> of the key its citizens are named with.</param>
/// <param name="Today">The day in the ledger's zone when it answered.</param>
[GenerateSerializer, Immutable, Alias("cg.LedgerDescription")]
public sealed record LedgerDescription(
    [property: Id(0)] string LedgerId,
    [property: Id(1)] int PartitionCount,
    [property: Id(2)] string Zone,
    [property: Id(3)] string PseudonymKeyCheck,
    [property: Id(4)] DateOnly Today);

/// <summary>What a read can come back with.</summary>
public enum ReadStatus : byte
{
    /// <summary>The answer is there.</summary>
    Answered = 1,

    /// <summary>The request asks for a day or an instant in the future, or a field is out of its range.</summary>
    BadRequest = 2,

    /// <summary>The store cannot answer, or the partition is changing owner. Ask again.</summary>
    Unavailable = 3,

    /// <summary>There is no answer that may be given: a model gives no score for this file, or none with reasons.</summary>
    Withheld = 4,
}

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Status">Whether there is an answer.</param>
/// <param name="Value">The answer; null unless the status says so.</param>
/// <param name="Field">The request's field at fault, where one is.</param>
[GenerateSerializer, Immutable, Alias("cg.ReadAnswer`1")]
public sealed record ReadAnswer<T>([property: Id(0)] ReadStatus Status, [property: Id(1)] T? Value, [property: Id(2)] string? Field = null)
    where T : class;
