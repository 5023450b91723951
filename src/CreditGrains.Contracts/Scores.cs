using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>Asks for a score.</summary>
/// <param name="Purpose">Why: a code of <see cref="Purposes"/>.</param>
/// <param name="Request">The caller's own name for the request, 1 to 64 printable ASCII characters without spaces: sent again, it is answered with the same score and recorded once.</param>
/// <param name="AsOf">The day that the score shall speak for; null takes today in the ledger's zone. Not in the future.</param>
[GenerateSerializer, Immutable, Alias("cg.ScoreRequest")]
public sealed record ScoreRequest([property: Id(0)] string Purpose, [property: Id(1)] string Request, [property: Id(2)] DateOnly? AsOf = null)
{
    /// <summary>The longest <see cref="Request"/>, in characters.</summary>
    public const int MaxRequestLength = 64;
}

/// <summary>One version of a model.</summary>
/// <param name="Model">Its name, such as <c>standard</c>.</param>
/// <param name="Version">From 1.</param>
[GenerateSerializer, Immutable, Alias("cg.ModelVersion")]
public readonly record struct ModelVersion([property: Id(0)] string Model, [property: Id(1)] int Version)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Model} {Version}";
}

/// <summary>The ends of the scale in which scores are given out.</summary>
/// <param name="Name">Its name, such as <c>300-850</c>.</param>
/// <param name="Low">The lowest score.</param>
/// <param name="High">The highest, which is the best.</param>
[GenerateSerializer, Immutable, Alias("cg.ScoreRange")]
public readonly record struct ScoreRange([property: Id(0)] string Name, [property: Id(1)] int Low, [property: Id(2)] int High);

/// <summary>A band of probabilities that a file turns bad, as the model reckons it.</summary>
/// <param name="Name">Its letter, from A, the best.</param>
/// <param name="From">The lowest probability in it, from 0.</param>
/// <param name="To">The highest, at most 1; not in it but for the last.</param>
[GenerateSerializer, Immutable, Alias("cg.ProbabilityBand")]
public readonly record struct ProbabilityBand([property: Id(0)] string Name, [property: Id(1)] double From, [property: Id(2)] double To);

/// <summary>One reason why a score is not higher.</summary>
/// <param name="Code">The model's code of it.</param>
/// <param name="Words">The same in plain words.</param>
/// <param name="Points">The points that it costs, 0 or more, in the scale of the answer.</param>
[GenerateSerializer, Immutable, Alias("cg.ScoreReasonText")]
public readonly record struct ScoreReasonText([property: Id(0)] string Code, [property: Id(1)] string Words, [property: Id(2)] double Points);

/// <summary>A score, with all that a decision about a person owes to that person.</summary>
[GenerateSerializer, Immutable, Alias("cg.ScoreReport")]
public sealed record ScoreReport
{
    /// <summary>Gets whose file was scored: the principal of linked ids.</summary>
    [Id(0)] public required CitizenId Citizen { get; init; }

    /// <summary>Gets the record, from 1, in which the score stands: what a replay is asked for by.</summary>
    [Id(1)] public required ulong Sequence { get; init; }

    /// <summary>Gets the day that it speaks for.</summary>
    [Id(2)] public required DateOnly AsOf { get; init; }

    /// <summary>Gets the instant at which the file was known.</summary>
    [Id(3)] public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Gets why it was asked for.</summary>
    [Id(4)] public required string Purpose { get; init; }

    /// <summary>Gets how much of a file there was: of a scorable one the model for credit files decides, of a thin one the model for thin files.</summary>
    [Id(5)] public required Coverage Coverage { get; init; }

    /// <summary>Gets the score; null where there is no file.</summary>
    [Id(6)] public int? Score { get; init; }

    /// <summary>Gets the ends of the scale.</summary>
    [Id(7)] public required ScoreRange Scale { get; init; }

    /// <summary>Gets the band that the file's probability of turning bad is in; null where there is no file.</summary>
    [Id(8)] public ProbabilityBand? Band { get; init; }

    /// <summary>Gets one to four reasons, those that cost most first; none where there is no file.</summary>
    [Id(9)] public ImmutableArray<ScoreReasonText> Reasons { get; init; } = [];

    /// <summary>Gets what would raise the score most, and by how much at best; null if nothing would, or there is no file.</summary>
    [Id(10)] public ScoreReasonText? MostHelpful { get; init; }

    /// <summary>Gets the model that decided; null where there is no file.</summary>
    [Id(11)] public ModelVersion? Model { get; init; }

    /// <summary>Gets a digest of the model's name and the inputs it was given, 32 hexadecimal digits.</summary>
    [Id(12)] public required string InputsDigest { get; init; }

    /// <summary>Gets where a person looks at the case again.</summary>
    [Id(13)] public required string HumanReview { get; init; }

    /// <summary>Gives who and when alone: what a score says has no place in a log.</summary>
    public override string ToString() => $"score of {Citizen} as of {AsOf:yyyy-MM-dd}";
}

/// <summary>A past score computed again.</summary>
/// <param name="Recorded">The score as it was recorded, with the reasons as they come out now.</param>
/// <param name="IsSame">Whether score, points, model and inputs came out again to the last bit.</param>
[GenerateSerializer, Immutable, Alias("cg.ScoreReplay")]
public sealed record ScoreReplay([property: Id(0)] ScoreReport Recorded, [property: Id(1)] bool IsSame);

/// <summary>The purposes for which something of a file may be asked. A closed list.</summary>
public static class Purposes
{
    /// <summary>Approval of a loan. An inquiry for new credit.</summary>
    public const string LoanApproval = "LOAN_APPROVAL";

    /// <summary>Approval of a card. An inquiry for new credit.</summary>
    public const string CardApproval = "CARD_APPROVAL";

    /// <summary>Review of somebody who stands surety. An inquiry for new credit.</summary>
    public const string GuaranteeReview = "GUARANTEE_REVIEW";

    /// <summary>A check before an insurance. An inquiry for new credit.</summary>
    public const string InsurancePrecheck = "INSURANCE_PRECHECK";

    /// <summary>Watching over a loan that was given.</summary>
    public const string PostLoanManagement = "POST_LOAN_MGMT";

    /// <summary>Review of an account that exists.</summary>
    public const string AccountReview = "ACCOUNT_REVIEW";

    /// <summary>The citizen's own look at the file.</summary>
    public const string Self = "SELF";

    /// <summary>A court's order.</summary>
    public const string CourtOrder = "COURT_ORDER";

    /// <summary>A case of the supervisor.</summary>
    public const string SupervisionCase = "SUPERVISION_CASE";

    /// <summary>A statistical release.</summary>
    public const string StatisticalRelease = "STAT_RELEASE";

    /// <summary>Development of models, of de-identified data only.</summary>
    public const string ModelDevelopment = "MODEL_DEV";

    /// <summary>Gets all of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        LoanApproval, CardApproval, GuaranteeReview, InsurancePrecheck, PostLoanManagement, AccountReview,
        Self, CourtOrder, SupervisionCase, StatisticalRelease, ModelDevelopment,
    ];

    /// <summary>Tells whether a person can be scored for a purpose: all but those that are about no person.</summary>
    /// <param name="purpose">The code.</param>
    public static bool AllowsScore(string? purpose) => purpose is not (null or StatisticalRelease or ModelDevelopment) && All.Contains(purpose);
}
