using System.Collections.Immutable;

namespace CreditGrains.Grains.Citizens;

/// <summary>What silos ask of a citizen's grain among themselves. No client may call it.</summary>
[Alias("cg.ICitizenMember")]
public interface ICitizenMember : IGrainWithStringKey
{
    /// <summary>Gives the citizen's own totals, without linked ids; null while they cannot be read.</summary>
    [Alias("ReadTotals")]
    ValueTask<CitizenTotals?> ReadTotals();

    /// <summary>Gives the citizen's own folded state, without linked ids, as a snapshot's bytes; null while it cannot be read.</summary>
    /// <param name="asOf">The day it shall speak for.</param>
    /// <param name="knownAt">The instant at which it shall have been known, in microseconds since 1970-01-01 UTC; the largest number for now.</param>
    [Alias("ReadState")]
    ValueTask<byte[]?> ReadState(DateOnly asOf, long knownAt);

    /// <summary>Answers for the whole person, whose principal this citizen is; never passes the question on.</summary>
    /// <param name="request">As of when, as known when.</param>
    /// <param name="alias">The id that was asked.</param>
    /// <returns>The file; a bad request of the field <c>alias</c> if that was not linked by the day, as known at the instant: then it answers for itself.</returns>
    [Alias("ReadPersonFile")]
    ValueTask<ReadAnswer<CreditFile>> ReadPersonFile(FileRequest request, CitizenId alias);

    /// <summary>Answers with the characteristics of the whole person, as <see cref="ReadPersonFile"/> does with the file.</summary>
    /// <param name="request">As of when, as known when.</param>
    /// <param name="alias">The id that was asked.</param>
    [Alias("ReadPersonCharacteristics")]
    ValueTask<ReadAnswer<CharacteristicVector>> ReadPersonCharacteristics(FileRequest request, CitizenId alias);

    /// <summary>Records the alias's side of a link that its principal is about to record.</summary>
    /// <param name="entry">The entry, of this citizen.</param>
    [Alias("RecordAliasSide")]
    ValueTask<RecordOutcome> RecordAliasSide(Entry entry);
}

/// <summary>One citizen's own totals.</summary>
/// <param name="Entries">How many furnished entries were accepted.</param>
/// <param name="Totals">What stands, by furnisher, kind and currency.</param>
[GenerateSerializer, Immutable, Alias("cg.CitizenTotals")]
public sealed record CitizenTotals([property: Id(0)] long Entries, [property: Id(1)] ImmutableArray<FurnisherTotal> Totals);
