namespace CreditGrains;

/// <summary>What became of an entry.</summary>
public enum RecordStatus : byte
{
    /// <summary>It is durable and counts.</summary>
    Recorded = 1,

    /// <summary>It was durable before, with identical content. Nothing changed.</summary>
    AlreadyRecorded = 2,

    /// <summary>It cannot be accepted as it is. <see cref="RecordOutcome.Refusal"/> says why; sending it again changes nothing.</summary>
    Refused = 3,

    /// <summary>More is waiting than the ledger may hold. Nothing was written; send it again later under the same reference.</summary>
    Overloaded = 4,

    /// <summary>The store or the change of a partition's owner kept it out. Nothing was written; send it again under the same reference.</summary>
    NotWritten = 5,

    /// <summary>The store cannot yet tell. Send it again under the same reference: the answer will then say which.</summary>
    Unknown = 6,
}

/// <summary>Why an entry was refused. In order of precedence: the first that applies is the one given.</summary>
/// <remarks>The numbers are on the wire. They are never reused and need not follow the order.</remarks>
public enum RecordRefusal : byte
{
    /// <summary>The kind is none that this ledger knows.</summary>
    UnknownKind = 1,

    /// <summary>The kind, or this side of it, is written by the ledger itself and not furnished.</summary>
    KindNotFurnishable = 2,

    /// <summary>A field that the kind needs is absent.</summary>
    FieldMissing = 3,

    /// <summary>A field that the kind does not have is present.</summary>
    FieldNotAllowed = 4,

    /// <summary>A field does not have its form: too long, other characters, a number out of its range.</summary>
    FieldMalformed = 5,

    /// <summary>The currency is not in force in ISO 4217.</summary>
    UnknownCurrency = 6,

    /// <summary>An amount is zero or negative where it may not be, or beyond 10^15 minor units.</summary>
    AmountOutOfRange = 7,

    /// <summary>A day is before 1900-01-01.</summary>
    DateOutOfRange = 8,

    /// <summary>A day is later than the day of recording in the ledger's zone.</summary>
    FutureDated = 9,

    /// <summary>The co-lenders' shares do not sum to 10,000 basis points, or one stands twice.</summary>
    CoLenderSharesWrong = 10,

    /// <summary>The citizen already has an entry of that furnisher and reference with other content.</summary>
    ReferenceReused = 11,

    /// <summary>The entry to reverse or correct belongs to another furnisher.</summary>
    NotFurnishersEntry = 12,

    /// <summary>The citizen has no entry of the name that is to be reversed or corrected.</summary>
    UnknownEntry = 13,

    /// <summary>The entry named is itself a reversal, a correction, a link or a trace of access, and stands as it is.</summary>
    NotReversible = 14,

    /// <summary>The entry named has been reversed; a reversal is final.</summary>
    AlreadyReversed = 15,

    /// <summary>The tradeline or position is kept in another currency.</summary>
    CurrencyMismatch = 16,

    /// <summary>The tradeline has been opened by another entry that stands.</summary>
    TradelineAlreadyOpen = 17,

    /// <summary>A citizen is not linked to itself.</summary>
    LinkToSelf = 18,

    /// <summary>One of the two ids is linked already, in a way that this link would contradict.</summary>
    AlreadyLinked = 19,

    /// <summary>The two ids are not linked.</summary>
    NotLinked = 20,

    /// <summary>The citizen's file has as many tradelines, positions, furnishers or categories as it can hold.</summary>
    FileFull = 21,
}

/// <summary>What became of one entry, and where it lies.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Sequence">The citizen's record that holds it, from 1; 0 where none does or the status is unknown.</param>
/// <param name="Refusal">Why it was refused; null for every other status.</param>
/// <param name="Field">The field at fault, in the JSON spelling, where one is; never its value.</param>
[GenerateSerializer, Immutable, Alias("cg.RecordOutcome")]
public readonly record struct RecordOutcome(
    [property: Id(0)] RecordStatus Status,
    [property: Id(1)] ulong Sequence = 0,
    [property: Id(2)] RecordRefusal? Refusal = null,
    [property: Id(3)] string? Field = null)
{
    /// <summary>Gets whether sending the same entry again can end otherwise.</summary>
    public bool MayRetry => Status is RecordStatus.Overloaded or RecordStatus.NotWritten or RecordStatus.Unknown;

    /// <summary>Makes a refusal.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="field">The field at fault, in the JSON spelling.</param>
    public static RecordOutcome Refused(RecordRefusal refusal, string? field = null) => new(RecordStatus.Refused, 0, refusal, field);
}
