using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>Where a version of a model stands. The numbers are on the wire and on disk.</summary>
public enum ModelState : byte
{
    /// <summary>It is known and scores nobody.</summary>
    Registered = 1,

    /// <summary>It is computed and recorded beside the champion, and decides nothing.</summary>
    Challenger = 2,

    /// <summary>It decides.</summary>
    Champion = 3,

    /// <summary>It scores nobody any more, and repeats the scores that it gave.</summary>
    Retired = 4,
}

/// <summary>Why a model is not taken or not moved. In order of precedence: the first that applies is the one given. The numbers are on the wire.</summary>
public enum ModelRefusal : byte
{
    /// <summary>A person's name is missing, or is not 1 to 64 printable ASCII characters.</summary>
    PersonMalformed = 1,

    /// <summary>The document cannot be honoured exactly; the detail names element and line.</summary>
    DocumentNotHonoured = 2,

    /// <summary>The document is longer than the ledger keeps.</summary>
    DocumentTooLarge = 3,

    /// <summary>An input is of a class that no model may ask for: <c>INPUT_BANNED</c>.</summary>
    InputBanned = 4,

    /// <summary>An input is none of the catalogue's characteristics.</summary>
    InputUnknown = 5,

    /// <summary>The model gives no reasons.</summary>
    ReasonsMissing = 6,

    /// <summary>The model does not say what its points mean.</summary>
    ScaleMissing = 7,

    /// <summary>No model of that name scores anybody.</summary>
    ModelUnknown = 8,

    /// <summary>The same document is registered already.</summary>
    AlreadyRegistered = 9,

    /// <summary>There is no such version.</summary>
    VersionUnknown = 10,

    /// <summary>A version cannot go from where it stands to there: it goes from registered to challenger to champion, and to retired unless it is the champion.</summary>
    MoveNotAllowed = 11,

    /// <summary>Nobody has proposed that move.</summary>
    NotProposed = 12,

    /// <summary>Who approves is who proposed, or who registered.</summary>
    SamePerson = 13,
}

/// <summary>One version of a model, as the register has it.</summary>
/// <param name="Version">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Digest">SHA-256 of its document, 64 hexadecimal digits.</param>
/// <param name="RegisteredBy">Who brought it.</param>
/// <param name="Proposed">Where it is proposed to go; null if nowhere.</param>
/// <param name="ProposedBy">By whom; null if nobody.</param>
/// <param name="ApprovedBy">Who approved its last move; null if there was none.</param>
[GenerateSerializer, Immutable, Alias("cg.ModelInfo")]
public sealed record ModelInfo(
    [property: Id(0)] ModelVersion Version,
    [property: Id(1)] ModelState State,
    [property: Id(2)] string Digest,
    [property: Id(3)] string RegisteredBy,
    [property: Id(4)] ModelState? Proposed = null,
    [property: Id(5)] string? ProposedBy = null,
    [property: Id(6)] string? ApprovedBy = null);

/// <summary>All versions of all models.</summary>
/// <param name="Models">Ordered by model and version.</param>
[GenerateSerializer, Immutable, Alias("cg.ModelList")]
public sealed record ModelList([property: Id(0)] ImmutableArray<ModelInfo> Models);

/// <summary>A model's document.</summary>
/// <param name="Text">The document as it was registered: the ledger's JSON, or PMML.</param>
[GenerateSerializer, Immutable, Alias("cg.ModelDocument")]
public sealed record ModelDocument([property: Id(0)] string Text);

/// <summary>What became of a change to the register.</summary>
/// <param name="Status">Whether it is durable.</param>
/// <param name="Info">The version after the change; null unless it is recorded.</param>
/// <param name="Refusal">Why it was refused; null unless it was.</param>
/// <param name="Detail">In words: element and line, the input, the move.</param>
[GenerateSerializer, Immutable, Alias("cg.ModelOutcome")]
public sealed record ModelOutcome(
    [property: Id(0)] RecordStatus Status,
    [property: Id(1)] ModelInfo? Info = null,
    [property: Id(2)] ModelRefusal? Refusal = null,
    [property: Id(3)] string? Detail = null);
