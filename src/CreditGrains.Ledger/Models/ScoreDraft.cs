using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>A score that was computed and is not recorded yet.</summary>
/// <remarks>Which model decides, and how much of a file there is, are functions of the file; when and why it was asked for changes nothing.</remarks>
public sealed record ScoreDraft
{
    private ScoreDraft()
    {
    }

    /// <summary>Gets how much of a file there was.</summary>
    public Coverage Coverage { get; private init; }

    /// <summary>Gets the model that decided; null where there is no file.</summary>
    public ScoringModel? Model { get; private init; }

    /// <summary>Gets what it said; null where there is no file, or the model gives no score for it.</summary>
    public ModelScore? Score { get; private init; }

    /// <summary>Gets the challenger that was computed beside it; null if there is none.</summary>
    public ScoringModel? Challenger { get; private init; }

    /// <summary>Gets what the challenger said; null if there is none, or it gives no score.</summary>
    public ModelScore? ChallengerScore { get; private init; }

    /// <summary>Gets the digest of the model's name and inputs; zero where there is no file.</summary>
    public UInt128 InputsDigest { get; private init; }

    /// <summary>Gets whether it can be given out: there is no file to score, or a model scored it.</summary>
    public bool IsWhole => Coverage == Coverage.NoFile || Score is not null;

    /// <summary>Scores a file with whoever is champion.</summary>
    /// <param name="person">The person's state, linked ids merged.</param>
    /// <param name="asOf">The day; one that <see cref="CitizenState.CanAnswer"/> affirms.</param>
    /// <param name="models">The register.</param>
    public static ScoreDraft Of(CitizenState person, DateOnly asOf, ModelRegister models)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(models);
        var coverage = person.CoverageOf(asOf);
        return ModelNames.Of(coverage) is { } name
            ? Of(person, asOf, coverage, models.Standing(name, ModelState.Champion), models.Standing(name, ModelState.Challenger))
            : new() { Coverage = coverage };
    }

    /// <summary>Scores a file with the version that a past score names.</summary>
    /// <param name="person">The person's state as it was known then, linked ids merged.</param>
    /// <param name="past">The past score.</param>
    /// <param name="models">The register.</param>
    public static ScoreDraft Again(CitizenState person, ScoreDetail past, ModelRegister models)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(past);
        ArgumentNullException.ThrowIfNull(models);
        var coverage = person.CoverageOf(past.AsOf);
        return ModelNames.Of(coverage) is null
            ? new() { Coverage = coverage }
            : Of(person, past.AsOf, coverage, models.Find(new(past.Model, past.Version)), models.Find(new(past.Model, past.ChallengerVersion)));
    }

    private static ScoreDraft Of(CitizenState person, DateOnly asOf, Coverage coverage, ScoringModel? champion, ScoringModel? challenger)
    {
        Span<double> vector = stackalloc double[Characteristics.Count];
        person.Characterise(asOf, vector);
        return new()
        {
            Coverage = coverage,
            Model = champion,
            Score = champion?.Score(vector),
            Challenger = challenger,
            ChallengerScore = challenger?.Score(vector),
            InputsDigest = champion?.DigestOf(vector) ?? 0,
        };
    }

    /// <summary>Gives what is recorded of it.</summary>
    /// <param name="purpose">Why it was asked for.</param>
    /// <param name="asOf">The day that it speaks for.</param>
    /// <param name="knownSequence">The citizen's last record that was known.</param>
    /// <param name="linkedSequences">The last record that was known of each linked id, in the order of the ids.</param>
    /// <param name="knownAt">The instant, in microseconds since 1970-01-01 UTC.</param>
    /// <param name="scale">The name of the scale in which it is given out.</param>
    public ScoreDetail Recorded(string purpose, DateOnly asOf, ulong knownSequence, ImmutableArray<ulong> linkedSequences, long knownAt, string scale)
    {
        Invariant.Holds(IsWhole);
        return new()
        {
            Purpose = purpose,
            Coverage = Coverage,
            AsOf = asOf,
            KnownSequence = knownSequence,
            LinkedSequences = linkedSequences,
            KnownAt = knownAt,
            Scale = scale,
            Score = Model is null ? 0 : ScoreOf(scale),
            Model = Model?.Version.Model ?? "",
            Version = Model?.Version.Version ?? 0,
            Points = Score?.Points ?? 0,
            ChallengerVersion = Challenger?.Version.Version ?? 0,
            ChallengerPoints = Challenger is null ? 0 : ChallengerScore?.Points ?? double.NaN,
            InputsDigest = InputsDigest,
            Reasons = Score is null ? [] : [.. Score.Reasons.Select(reason => reason.Code)],
        };
    }

    /// <summary>Gives the answer.</summary>
    /// <param name="citizen">Whose.</param>
    /// <param name="sequence">The record that it stands in.</param>
    /// <param name="recorded">What was recorded.</param>
    /// <param name="humanReview">Where a person looks at the case again.</param>
    public ScoreReport Report(CitizenId citizen, ulong sequence, ScoreDetail recorded, string humanReview)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var scale = ScoreScales.Find(recorded.Scale) ?? ScoreScale.From300To850;
        return new()
        {
            Citizen = citizen,
            Sequence = sequence,
            AsOf = recorded.AsOf,
            KnownAt = LedgerDay.InstantOf(recorded.KnownAt),
            Purpose = recorded.Purpose,
            Coverage = recorded.Coverage,
            Score = recorded.Version == 0 ? null : recorded.Score,
            Scale = new(recorded.Scale, scale.Low, scale.High),
            Band = Score is null ? null : RiskBands.Of(Model!.Scale.ProbabilityOfBad(Score.Points)),
            Reasons = Score is null ? [] : ReasonsIn(scale),
            MostHelpful = Score?.MostHelpful is { } most ? InWords(most, scale) : null,
            Model = recorded.Version == 0 ? null : new ModelVersion(recorded.Model, recorded.Version),
            InputsDigest = recorded.InputsDigest.ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
            HumanReview = humanReview,
        };
    }

    private int ScoreOf(string scale)
    {
        var given = ScoreScales.Find(scale)!;
        return given.ScoreOf(Model!.Scale.Convert(Score!.Points, given));
    }

    private ImmutableArray<ScoreReasonText> ReasonsIn(ScoreScale scale) => Score!.Reasons.IsEmpty
        ? [new(NothingCosts.Code, NothingCosts.Words, 0)]
        : [.. Score.Reasons.Select(reason => InWords(reason, scale))];

    private ScoreReasonText InWords(ScoreReason reason, ScoreScale scale) =>
        new(reason.Code, Model!.WordsOf(reason.Code), Math.Round(reason.Points * scale.Factor / Model.Scale.Factor, 2));

    /// <summary>The one reason where nothing costs points: a score without reasons is not given out.</summary>
    private static class NothingCosts
    {
        internal const string Code = "R00";
        internal const string Words = "Nothing in the file costs points compared to what is usual";
    }
}
