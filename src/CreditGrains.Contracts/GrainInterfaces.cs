using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>One citizen. The key is the <see cref="CitizenId"/>'s text.</summary>
[Alias("cg.ICitizenGrain")]
public interface ICitizenGrain : IGrainWithStringKey
{
    /// <summary>Records one entry of this citizen.</summary>
    /// <param name="entry">The entry. Its citizen is this grain.</param>
    /// <returns><see cref="RecordStatus.Recorded"/> only after the entry is durable and folded.</returns>
    [Alias("Record"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<RecordOutcome> Record(Entry entry);

    /// <summary>Records several entries of this citizen, each for itself.</summary>
    /// <param name="entries">The entries, in the order in which they shall be recorded.</param>
    /// <returns>One outcome an entry, in the same order.</returns>
    [Alias("RecordMany"), AnyGateway, ResponseTimeout("00:00:30")]
    ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries);

    /// <summary>Answers for the file.</summary>
    /// <param name="request">As of when, as known when.</param>
    [Alias("ReadFile"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<CreditFile>> ReadFile(FileRequest request);

    /// <summary>Answers with the characteristics of the file: for those who make models, at many citizens and days.</summary>
    /// <param name="request">As of when, as known when.</param>
    [Alias("ReadCharacteristics"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<CharacteristicVector>> ReadCharacteristics(FileRequest request);

    /// <summary>Scores the file with the champion that fits it, and records the score before it is answered.</summary>
    /// <param name="request">What for, and as of when.</param>
    /// <returns>The score; <see cref="ReadStatus.Withheld"/> if the model gives none for this file.</returns>
    [Alias("Score"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<ScoreReport>> Score(ScoreRequest request);

    /// <summary>Computes a past score again, as known at its record.</summary>
    /// <param name="sequence">The record, of this citizen or of the principal that answers for it.</param>
    /// <returns>A bad request of the field <c>sequence</c> if no score stands there.</returns>
    [Alias("ReplayScore"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<ScoreReplay>> ReplayScore(ulong sequence);

    /// <summary>Answers with a stretch of the history: all entries accepted, standing or not.</summary>
    /// <param name="request">Which stretch.</param>
    [Alias("ReadHistory"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<HistoryPage>> ReadHistory(HistoryRequest request);
}

/// <summary>One partition's intake and census. The key is the text of the lowest <see cref="CitizenId"/> of the partition.</summary>
[Alias("cg.IPartitionGrain")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Records entries of many citizens of this partition, each for itself, in one call.</summary>
    /// <param name="entries">The entries; those of one citizen are recorded in their order.</param>
    /// <returns>One outcome an entry, in the same order.</returns>
    [Alias("RecordMany"), AnyGateway, ResponseTimeout("00:00:30")]
    ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries);

    /// <summary>Sums the folded state of every citizen of this partition.</summary>
    [Alias("ReadTotals"), AnyGateway, ResponseTimeout("00:10:00")]
    ValueTask<ReadAnswer<LedgerTotals>> ReadTotals();
}

/// <summary>The register of scoring models: versions, and where each stands. The key is the text of the lowest <see cref="CitizenId"/>.</summary>
/// <remarks>A change is in force on every silo some seconds after it is durable. Every score names the version that gave it.</remarks>
[Alias("cg.IModelRegisterGrain")]
public interface IModelRegisterGrain : IGrainWithStringKey
{
    /// <summary>Takes a new version of a model.</summary>
    /// <param name="model">Which model: one that scores files.</param>
    /// <param name="document">The ledger's JSON, or PMML.</param>
    /// <param name="person">Who brings it.</param>
    [Alias("Register"), AnyGateway, ResponseTimeout("00:00:30")]
    ValueTask<ModelOutcome> Register(string model, string document, string person);

    /// <summary>Proposes to move a version. A later proposal takes the place of an earlier one.</summary>
    /// <param name="version">Which.</param>
    /// <param name="state">Where to.</param>
    /// <param name="person">Who proposes.</param>
    [Alias("Propose"), AnyGateway, ResponseTimeout("00:00:30")]
    ValueTask<ModelOutcome> Propose(ModelVersion version, ModelState state, string person);

    /// <summary>Approves a proposed move, which takes effect by it. Whoever was challenger or champion before is retired.</summary>
    /// <param name="version">Which.</param>
    /// <param name="state">Where to.</param>
    /// <param name="person">Who approves: neither who proposed nor who registered.</param>
    [Alias("Approve"), AnyGateway, ResponseTimeout("00:00:30")]
    ValueTask<ModelOutcome> Approve(ModelVersion version, ModelState state, string person);

    /// <summary>Lists all versions.</summary>
    [Alias("List"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<ModelList>> List();

    /// <summary>Gives a version's document.</summary>
    /// <param name="version">Which.</param>
    [Alias("Read"), AnyGateway, ResponseTimeout("00:00:15")]
    ValueTask<ReadAnswer<ModelDocument>> Read(ModelVersion version);
}

/// <summary>One silo, as it sees itself. The key is the silo's name; the grain is on that silo or nowhere, and a call fails at once if no silo of that name is active.</summary>
[Alias("cg.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Tells how the silo is.</summary>
    [Alias("Report"), AnyGateway, ResponseTimeout("00:00:10")]
    ValueTask<SiloReport> Report();
}

/// <summary>The cluster, as the silo sees it that a caller is connected to. The key is 0.</summary>
[Alias("cg.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>Lists the silos, ordered by name: of each name the newest. Asks nobody, so that a dead silo holds nothing up.</summary>
    [Alias("ListSilos"), AnyGateway, ResponseTimeout("00:00:10")]
    ValueTask<ImmutableArray<SiloMember>> ListSilos();
}

/// <summary>The ledger as a whole. The key is 0.</summary>
[Alias("cg.ILedgerGrain")]
public interface ILedgerGrain : IGrainWithIntegerKey
{
    /// <summary>Tells what a caller must know before it calls.</summary>
    [Alias("Describe"), AnyGateway, ResponseTimeout("00:00:05")]
    ValueTask<LedgerDescription> Describe();
}
