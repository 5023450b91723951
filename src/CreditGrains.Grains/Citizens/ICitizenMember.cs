using System.Collections.Immutable;

namespace CreditGrains.Grains.Citizens;

/// <summary>What silos ask of a citizen's grain among themselves. No client may call it.</summary>
[Alias("cg.ICitizenMember")]
public interface ICitizenMember : IGrainWithStringKey
{
    /// <summary>Gives the citizen's own totals, without linked ids; null while they cannot be read.</summary>
    [Alias("ReadTotals")]
    ValueTask<CitizenTotals?> ReadTotals();

    /// <summary>Gives the citizen's own folded state, without linked ids; null while it cannot be read.</summary>
    /// <param name="asOf">The day it shall speak for.</param>
    /// <param name="knownAt">The instant at which it shall have been known, in microseconds since 1970-01-01 UTC; the largest number for now.</param>
    /// <param name="upTo">The last record that shall be in it, from 0; the largest number for all.</param>
    [Alias("ReadLinkedState")]
    ValueTask<LinkedState?> ReadLinkedState(DateOnly asOf, long knownAt, ulong upTo);

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

    /// <summary>Scores the whole person, whose principal this citizen is, and records it here; never passes the question on.</summary>
    /// <param name="request">What for, and as of when.</param>
    /// <param name="alias">The id that was asked.</param>
    /// <returns>As <see cref="ReadPersonFile"/>: a bad request of the field <c>alias</c> if that is not linked.</returns>
    [Alias("ScorePerson")]
    ValueTask<ReadAnswer<ScoreReport>> ScorePerson(ScoreRequest request, CitizenId alias);

    /// <summary>Computes a past score of this citizen again; never passes the question on.</summary>
    /// <param name="sequence">The record.</param>
    [Alias("ReplayPersonScore")]
    ValueTask<ReadAnswer<ScoreReplay>> ReplayPersonScore(ulong sequence);

    /// <summary>Scores the citizen's own file as it is, without linked ids, without recording it and for nobody to see: for figures over the population.</summary>
    /// <returns>The score; null while the file cannot be read.</returns>
    [Alias("ReadPoints")]
    ValueTask<CitizenPoints?> ReadPoints();

    /// <summary>Records the alias's side of a link that its principal is about to record.</summary>
    /// <param name="entry">The entry, of this citizen.</param>
    [Alias("RecordAliasSide")]
    ValueTask<RecordOutcome> RecordAliasSide(Entry entry);
}

/// <summary>One citizen's own score, as figures over the population need it.</summary>
/// <param name="Coverage">How much of a file there is.</param>
/// <param name="Points">The champion's points in its own scale; not a number where there is no score.</param>
[GenerateSerializer, Immutable, Alias("cg.CitizenPoints")]
public readonly record struct CitizenPoints([property: Id(0)] Coverage Coverage, [property: Id(1)] double Points);

/// <summary>One citizen's own state, for the principal that answers for it.</summary>
/// <param name="Snapshot">A snapshot's bytes.</param>
/// <param name="Sequence">The citizen's last record that can be in it.</param>
[GenerateSerializer, Immutable, Alias("cg.LinkedState")]
public sealed record LinkedState([property: Id(0)] byte[] Snapshot, [property: Id(1)] ulong Sequence);

/// <summary>One citizen's own totals.</summary>
/// <param name="Entries">How many furnished entries were accepted.</param>
/// <param name="Totals">What stands, by furnisher, kind and currency.</param>
[GenerateSerializer, Immutable, Alias("cg.CitizenTotals")]
public sealed record CitizenTotals([property: Id(0)] long Entries, [property: Id(1)] ImmutableArray<FurnisherTotal> Totals);
