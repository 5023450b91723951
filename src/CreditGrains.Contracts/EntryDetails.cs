using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>The kind of credit on a tradeline. The numbers are on the wire and on disk.</summary>
public enum PortfolioType : byte
{
    /// <summary>Equal payments over a term.</summary>
    Instalment = 1,

    /// <summary>A limit that is drawn and repaid at will, such as a card.</summary>
    Revolving = 2,

    /// <summary>Instalments secured on a home.</summary>
    Mortgage = 3,

    /// <summary>A line of credit drawn in parts.</summary>
    LineOfCredit = 4,

    /// <summary>Paid in full each period.</summary>
    Open = 5,

    /// <summary>A lease.</summary>
    Lease = 6,
}

/// <summary>A body that holds a share of a loan.</summary>
/// <param name="Organisation">Who holds it.</param>
/// <param name="BasisPoints">The share, in hundredths of a percent, from 1 to 10,000. The shares of one loan sum to 10,000.</param>
[GenerateSerializer, Immutable, Alias("cg.CoLender")]
public readonly record struct CoLender([property: Id(0)] FurnisherId Organisation, [property: Id(1)] int BasisPoints);

/// <summary>The terms of <see cref="EntryKind.LoanOpened"/>; the principal is the entry's money.</summary>
[GenerateSerializer, Immutable, Alias("cg.LoanTerms")]
public sealed record LoanTerms : EntryDetail
{
    /// <summary>Gets the kind of credit.</summary>
    [Id(0)] public PortfolioType Portfolio { get; init; } = PortfolioType.Instalment;

    /// <summary>Gets how many monthly instalments there are, from 0 (no schedule) to 600.</summary>
    [Id(1)] public int TermMonths { get; init; }

    /// <summary>Gets the instalment in minor units of the principal's currency; 0 where there is no schedule.</summary>
    [Id(2)] public long InstalmentMinorUnits { get; init; }

    /// <summary>Gets the credit limit in minor units of the principal's currency; null where there is none.</summary>
    [Id(3)] public long? LimitMinorUnits { get; init; }

    /// <summary>Gets who else holds a share, in the furnisher's order; empty where the furnisher lends alone. At most 16.</summary>
    [Id(4)] public ImmutableArray<CoLender> CoLenders { get; init; } = [];

    /// <summary>Compares by value, co-lenders in order included.</summary>
    /// <param name="other">The other terms.</param>
    public bool Equals(LoanTerms? other) => other is not null
        && (Portfolio, TermMonths, InstalmentMinorUnits, LimitMinorUnits) == (other.Portfolio, other.TermMonths, other.InstalmentMinorUnits, other.LimitMinorUnits)
        && CoLenders.AsSpan().SequenceEqual(other.CoLenders.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Portfolio, TermMonths, InstalmentMinorUnits, LimitMinorUnits, CoLenders.IsDefault ? 0 : CoLenders.Length);
}

/// <summary>The condition of a tradeline as a furnisher reports it. The numbers are on the wire and on disk.</summary>
public enum AccountStatus : byte
{
    /// <summary>Paid as agreed.</summary>
    Current = 1,

    /// <summary>An amount is past due.</summary>
    PastDue = 2,

    /// <summary>Nothing was due.</summary>
    NoDue = 3,

    /// <summary>Written off to loss.</summary>
    ChargedOff = 4,

    /// <summary>Handed to collection.</summary>
    Collection = 5,

    /// <summary>Settled and closed.</summary>
    Settled = 6,
}

/// <summary>A furnisher's monthly statement; the balance is the entry's money, in whose currency the other amounts are.</summary>
[GenerateSerializer, Immutable, Alias("cg.LoanStatement")]
public sealed record LoanStatement : EntryDetail
{
    /// <summary>Gets the part of the balance that is late, in minor units, from 0.</summary>
    [Id(0)] public long PastDueMinorUnits { get; init; }

    /// <summary>Gets the days past due on the statement's day, from 0 to 9,999.</summary>
    [Id(1)] public int DaysPastDue { get; init; }

    /// <summary>Gets the condition.</summary>
    [Id(2)] public AccountStatus Status { get; init; } = AccountStatus.Current;
}

/// <summary>Why a tradeline ended. The numbers are on the wire and on disk.</summary>
public enum ClosureReason : byte
{
    /// <summary>Paid in full.</summary>
    Paid = 1,

    /// <summary>Closed on the citizen's wish.</summary>
    ByCitizen = 2,

    /// <summary>Closed by the furnisher.</summary>
    ByFurnisher = 3,

    /// <summary>Settled for less than owed.</summary>
    Settled = 4,

    /// <summary>Collateral was taken.</summary>
    Repossessed = 5,
}

/// <summary>How <see cref="EntryKind.LoanClosed"/> came about.</summary>
[GenerateSerializer, Immutable, Alias("cg.LoanClosure")]
public sealed record LoanClosure : EntryDetail
{
    /// <summary>Gets why.</summary>
    [Id(0)] public ClosureReason Reason { get; init; } = ClosureReason.Paid;
}

/// <summary>Where <see cref="EntryKind.TradelineTransferred"/> went.</summary>
[GenerateSerializer, Immutable, Alias("cg.TradelineTransfer")]
public sealed record TradelineTransfer : EntryDetail
{
    /// <summary>Gets who holds the tradeline from this day on.</summary>
    [Id(0)] public FurnisherId To { get; init; }
}

/// <summary>Which position an investment entry is about, and how many units moved.</summary>
[GenerateSerializer, Immutable, Alias("cg.InvestmentHolding")]
public sealed record InvestmentHolding : EntryDetail
{
    /// <summary>One unit, in the steps that <see cref="Units"/> counts: 8 decimal places.</summary>
    public const long StepsPerUnit = 100_000_000;

    /// <summary>Gets the position.</summary>
    [Id(0)] public PositionId Position { get; init; }

    /// <summary>Gets the units bought or sold, in steps of 10^-8, above zero and at most 10^23; zero for a valuation or income.</summary>
    [Id(1)] public Int128 Units { get; init; }
}

/// <summary>What a bill is for. The numbers are on the wire and on disk.</summary>
public enum ObligationType : byte
{
    /// <summary>Telephone and data.</summary>
    Telecom = 1,

    /// <summary>Power, water, gas, heating.</summary>
    Utility = 2,

    /// <summary>Rent.</summary>
    Rent = 3,
}

/// <summary>How a bill that is no credit was met.</summary>
[GenerateSerializer, Immutable, Alias("cg.NonCreditObligation")]
public sealed record NonCreditObligation : EntryDetail
{
    /// <summary>Gets what the bill is for.</summary>
    [Id(0)] public ObligationType Type { get; init; }

    /// <summary>Gets how many days late it was met, from 0 to 9,999.</summary>
    [Id(1)] public int DaysLate { get; init; }
}

/// <summary>The kind of a public record. The numbers are on the wire and on disk.</summary>
public enum PublicRecordType : byte
{
    /// <summary>A civil judgment.</summary>
    Judgment = 1,

    /// <summary>An enforcement.</summary>
    Enforcement = 2,

    /// <summary>Tax owed.</summary>
    TaxArrears = 3,

    /// <summary>An administrative penalty.</summary>
    AdministrativePenalty = 4,

    /// <summary>A bankruptcy.</summary>
    Bankruptcy = 5,
}

/// <summary>What a court or an authority recorded.</summary>
[GenerateSerializer, Immutable, Alias("cg.PublicRecord")]
public sealed record PublicRecord : EntryDetail
{
    /// <summary>Gets the kind.</summary>
    [Id(0)] public PublicRecordType Type { get; init; }

    /// <summary>Gets the last day of its effect; null while it lasts.</summary>
    [Id(1)] public DateOnly? EndedOn { get; init; }
}

/// <summary>The little that is known of who the citizen is.</summary>
[GenerateSerializer, Immutable, Alias("cg.CitizenProfile")]
public sealed record CitizenProfile : EntryDetail
{
    /// <summary>Gets the province: 1 to 32 characters of a–z, 0–9 and hyphen.</summary>
    [Id(0)] public string? Province { get; init; }

    /// <summary>Gets the year of birth, from 1900 to the year of recording.</summary>
    [Id(1)] public int? BirthYear { get; init; }
}

/// <summary>Which side of a link between two ids a citizen is. The numbers are on the wire and on disk.</summary>
public enum IdentityRole : byte
{
    /// <summary>This id answers for both.</summary>
    Principal = 1,

    /// <summary>Reads of this id are answered by the other. Written by the ledger only.</summary>
    Alias = 2,
}

/// <summary>A link between two ids of one person. Furnished to the principal; the ledger writes the alias's side.</summary>
[GenerateSerializer, Immutable, Alias("cg.IdentityLink")]
public sealed record IdentityLink : EntryDetail
{
    /// <summary>Gets the other id.</summary>
    [Id(0)] public CitizenId Other { get; init; }

    /// <summary>Gets which side the entry's citizen is.</summary>
    [Id(1)] public IdentityRole Role { get; init; } = IdentityRole.Principal;
}

/// <summary>
/// What an <see cref="EntryKind.EntryCorrected"/> puts in the place of the entry it names. Day, money, tradeline and category are
/// the correcting entry's own.
/// </summary>
[GenerateSerializer, Immutable, Alias("cg.Correction")]
public sealed record Correction : EntryDetail
{
    /// <summary>Gets what the corrected entry is now; a furnished kind that can itself be corrected.</summary>
    [Id(0)] public EntryKind As { get; init; }

    /// <summary>Gets the detail that goes with <see cref="As"/>; null where it has none.</summary>
    [Id(1)] public EntryDetail? Detail { get; init; }
}

/// <summary>Who asked about a citizen, and why.</summary>
[GenerateSerializer, Immutable, Alias("cg.InquiryDetail")]
public sealed record InquiryDetail : EntryDetail
{
    /// <summary>Gets the body that asked.</summary>
    [Id(0)] public FurnisherId Organisation { get; init; }

    /// <summary>Gets the stated purpose: a code of the closed list.</summary>
    [Id(1)] public string Purpose { get; init; } = "";

    /// <summary>Gets what was asked for: a code of the closed list.</summary>
    [Id(2)] public string Product { get; init; } = "";

    /// <summary>Gets whether the inquiry was for new credit.</summary>
    [Id(3)] public bool IsHard { get; init; }

    /// <summary>Gets why it was refused; null when it was permitted.</summary>
    [Id(4)] public string? Refusal { get; init; }
}

/// <summary>A score and what it was computed from: enough to compute it again.</summary>
[GenerateSerializer, Immutable, Alias("cg.ScoreDetail")]
public sealed record ScoreDetail : EntryDetail
{
    /// <summary>Gets the stated purpose: a code of the closed list.</summary>
    [Id(0)] public string Purpose { get; init; } = "";

    /// <summary>Gets how much of a file there was.</summary>
    [Id(1)] public Coverage Coverage { get; init; }

    /// <summary>Gets the day that the score speaks for.</summary>
    [Id(2)] public DateOnly AsOf { get; init; }

    /// <summary>Gets the citizen's last record that was known, from 0.</summary>
    [Id(3)] public ulong KnownSequence { get; init; }

    /// <summary>Gets the instant at which it was known, in microseconds since 1970-01-01 UTC.</summary>
    [Id(4)] public long KnownAt { get; init; }

    /// <summary>Gets the name of the scale.</summary>
    [Id(5)] public string Scale { get; init; } = "";

    /// <summary>Gets the score that was given out, 0 where there is no file.</summary>
    [Id(6)] public int Score { get; init; }

    /// <summary>Gets the model that decided, empty where there is no file.</summary>
    [Id(7)] public string Model { get; init; } = "";

    /// <summary>Gets its version, 0 where there is no file.</summary>
    [Id(8)] public int Version { get; init; }

    /// <summary>Gets the model's points, in its own scale and not rounded.</summary>
    [Id(9)] public double Points { get; init; }

    /// <summary>Gets the version of the challenger that was computed beside it, 0 if there was none.</summary>
    [Id(10)] public int ChallengerVersion { get; init; }

    /// <summary>Gets the challenger's points, in its own scale; not a number if it gave none.</summary>
    [Id(11)] public double ChallengerPoints { get; init; }

    /// <summary>Gets a digest of the champion's name and its inputs.</summary>
    [Id(12)] public UInt128 InputsDigest { get; init; }

    /// <summary>Gets the codes of the reasons that were given, in their order. At most 4.</summary>
    [Id(13)] public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Gets the last record that was known of each linked id, in the order of the ids.</summary>
    [Id(14)] public ImmutableArray<ulong> LinkedSequences { get; init; } = [];

    /// <summary>Compares by value, numbers by their bits and lists in order.</summary>
    /// <param name="other">The other detail.</param>
    public bool Equals(ScoreDetail? other) => other is not null
        && (Purpose, Coverage, AsOf, KnownSequence, KnownAt, Scale) == (other.Purpose, other.Coverage, other.AsOf, other.KnownSequence, other.KnownAt, other.Scale)
        && (Score, Model, Version, ChallengerVersion, InputsDigest) == (other.Score, other.Model, other.Version, other.ChallengerVersion, other.InputsDigest)
        && Points.Equals(other.Points) && ChallengerPoints.Equals(other.ChallengerPoints)
        && Reasons.AsSpan().SequenceEqual(other.Reasons.AsSpan())
        && LinkedSequences.AsSpan().SequenceEqual(other.LinkedSequences.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, Version, Points, InputsDigest);
}
