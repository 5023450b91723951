namespace CreditGrains;

/// <summary>Names a body that reports about citizens.</summary>
/// <param name="Value">1 to 32 characters of a–z, 0–9 and hyphen.</param>
[GenerateSerializer, Immutable, Alias("cg.FurnisherId")]
public readonly record struct FurnisherId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>Names one account at one furnisher, within one citizen.</summary>
/// <param name="Value">1 to 64 printable ASCII characters without spaces.</param>
[GenerateSerializer, Immutable, Alias("cg.TradelineId")]
public readonly record struct TradelineId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>Names one investment position within one citizen, such as a fund at a broker.</summary>
/// <param name="Value">1 to 64 printable ASCII characters without spaces.</param>
[GenerateSerializer, Immutable, Alias("cg.PositionId")]
public readonly record struct PositionId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>Names an entry within one citizen: the idempotency key.</summary>
/// <param name="Furnisher">Who furnished it.</param>
/// <param name="Reference">The furnisher's own name for it.</param>
[GenerateSerializer, Immutable, Alias("cg.EntryReference")]
public readonly record struct EntryReference([property: Id(0)] FurnisherId Furnisher, [property: Id(1)] string Reference)
{
    /// <summary>Gives the furnisher alone: a reference has no place in a log.</summary>
    public override string ToString() => $"entry of {Furnisher}";
}

/// <summary>How sensitive an entry is and which leave showing it takes. The numbers are on the wire and on disk.</summary>
public enum DataClass : byte
{
    /// <summary>Payments, loans, guarantees and other credit conduct.</summary>
    Credit = 1,

    /// <summary>Bills that are no credit.</summary>
    NonCredit = 2,

    /// <summary>Income: shown only with explicit written consent.</summary>
    Income = 3,

    /// <summary>Investments: shown only with explicit written consent.</summary>
    Investment = 4,

    /// <summary>Records of courts and authorities.</summary>
    PublicRecord = 5,

    /// <summary>Province and birth year, links between ids.</summary>
    Identity = 6,

    /// <summary>Who asked and what they were shown.</summary>
    Access = 7,
}

/// <summary>The lawful ground on which an entry is kept. The numbers are on the wire and on disk.</summary>
public enum LawfulBasis : byte
{
    /// <summary>The citizen consented; the entry names the consent.</summary>
    Consent = 1,

    /// <summary>A contract with the citizen.</summary>
    Contract = 2,

    /// <summary>A duty laid down by law.</summary>
    LegalDuty = 3,

    /// <summary>A task in the public interest.</summary>
    PublicTask = 4,

    /// <summary>A court's order.</summary>
    Court = 5,
}

/// <summary>How long an entry is kept. The numbers are on the wire and on disk.</summary>
public enum RetentionClass : byte
{
    /// <summary>Kept as long as the file.</summary>
    Standard = 1,

    /// <summary>Adverse: kept for the years that the law sets after the event ended.</summary>
    Adverse = 2,

    /// <summary>Bankruptcy and the like, where the law sets a longer time.</summary>
    LongAdverse = 3,

    /// <summary>A trace of access: kept for the time that the citizen may read it.</summary>
    AccessTrace = 4,
}

/// <summary>One immutable fact about one citizen, in the past tense: the envelope, and a detail where the kind has one.</summary>
/// <remarks>
/// <para><see cref="Furnisher"/> and <see cref="Reference"/> are the idempotency key within the citizen. Sent again with identical
/// content an entry is already recorded and changes nothing; with other content it is refused.</para>
/// <para>When it was recorded, and its sequence, are the record's and not the furnisher's to say.</para>
/// </remarks>
[GenerateSerializer, Immutable, Alias("cg.Entry"), SuppressReferenceTracking]
public sealed record Entry
{
    /// <summary>Gets whose entry it is.</summary>
    [Id(0)] public required CitizenId Citizen { get; init; }

    /// <summary>Gets what happened.</summary>
    [Id(1)] public required EntryKind Kind { get; init; }

    /// <summary>Gets who says so.</summary>
    [Id(2)] public required FurnisherId Furnisher { get; init; }

    /// <summary>Gets the furnisher's own name for the entry: 1 to 128 printable ASCII characters without spaces.</summary>
    [Id(3)] public required string Reference { get; init; }

    /// <summary>Gets the day on which it happened, in the ledger's zone; from 1900-01-01 to the day of recording.</summary>
    [Id(4)] public required DateOnly OccurredOn { get; init; }

    /// <summary>Gets the money, where the kind has any; at most 10^15 minor units either way.</summary>
    [Id(5)] public Money? Money { get; init; }

    /// <summary>Gets the tradeline that the entry is about. Loan kinds need one; payments may name one, which changes nothing of the tradeline.</summary>
    [Id(6)] public TradelineId? Tradeline { get; init; }

    /// <summary>Gets what the money was for, in the furnisher's coarse words: 1 to 32 characters of a–z, 0–9 and hyphen.</summary>
    [Id(7)] public string? Category { get; init; }

    /// <summary>Gets the class of data; null takes the kind's own, which is right for most. Only credit and bills can be called another.</summary>
    [Id(8)] public DataClass? DataClass { get; init; }

    /// <summary>Gets the ground on which it is kept.</summary>
    [Id(9)] public LawfulBasis LawfulBasis { get; init; } = LawfulBasis.Contract;

    /// <summary>Gets the consent it is kept under, where the basis is consent: 1 to 64 printable ASCII characters.</summary>
    [Id(10)] public string? Consent { get; init; }

    /// <summary>Gets which entry this one reverses or corrects; null for all other kinds.</summary>
    [Id(11)] public EntryReference? Corrects { get; init; }

    /// <summary>Gets how long it is kept.</summary>
    [Id(12)] public RetentionClass RetentionClass { get; init; } = RetentionClass.Standard;

    /// <summary>Gets what the kind says beyond the envelope; null where it says no more.</summary>
    [Id(13)] public EntryDetail? Detail { get; init; }

    /// <summary>Gives kind and citizen alone: the runtime prints arguments into logs and exceptions, where amounts and references have no place.</summary>
    public override string ToString() => $"{Kind} of {Citizen}";
}

/// <summary>What an entry's kind says beyond the envelope. Each kind has at most one type of detail.</summary>
[GenerateSerializer, Immutable, Alias("cg.EntryDetail")]
public abstract record EntryDetail
{
    /// <summary>Gives the type's name alone: what it says has no place in a log.</summary>
    public sealed override string ToString() => GetType().Name;
}
