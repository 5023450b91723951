using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>How baseline scores were chosen when the scorecard was made. Information only: the scores themselves are in the card.</summary>
public enum BaselineMethod
{
    /// <summary>The highest partial score of the characteristic.</summary>
    Max = 1,

    /// <summary>The lowest.</summary>
    Min = 2,

    /// <summary>The mean over the population it was made on.</summary>
    Mean = 3,

    /// <summary>The score of an average risk.</summary>
    Neutral = 4,

    /// <summary>Some other way.</summary>
    Other = 5,
}

/// <summary>Which differences between a partial score and its baseline are reasons.</summary>
public enum ReasonCodeAlgorithm
{
    /// <summary>Points by which the partial score lies above its baseline: for cards where a high score is bad.</summary>
    PointsAbove = 1,

    /// <summary>Points by which the partial score lies below its baseline.</summary>
    PointsBelow = 2,
}

/// <summary>A scorecard: points for what is found in each characteristic, summed, with reasons.</summary>
/// <remarks>
/// The terms are those of PMML 4.4. A card is a plain value and can be put together wrongly; <see cref="ScorecardRules.FirstFault"/> tells
/// whether it means something, and only such a card can be compiled or written. It knows nothing of versions: those are of who keeps it.
/// Compare cards by what <see cref="PmmlWriter"/> writes of them, since lists are equal only if they are the same one.
/// </remarks>
public sealed record Scorecard
{
    /// <summary>Gets the model's name; null if it has none.</summary>
    public string? ModelName { get; init; }

    /// <summary>Gets the points that everybody starts from. Finite.</summary>
    public double InitialScore { get; init; }

    /// <summary>Gets the baseline of the characteristics that have none of their own; null if there is none.</summary>
    public double? BaselineScore { get; init; }

    /// <summary>Gets how baselines were chosen.</summary>
    public BaselineMethod BaselineMethod { get; init; } = BaselineMethod.Other;

    /// <summary>Gets which differences are reasons.</summary>
    public ReasonCodeAlgorithm ReasonCodeAlgorithm { get; init; } = ReasonCodeAlgorithm.PointsBelow;

    /// <summary>Gets whether a score has reasons. If so every attribute has a code and every characteristic a baseline.</summary>
    public bool UseReasonCodes { get; init; } = true;

    /// <summary>Gets the fields in the order of the mining schema. The active ones, in that order, are what is scored.</summary>
    public ImmutableArray<ScorecardField> Fields { get; init; } = [];

    /// <summary>Gets the characteristics, in the order in which their points are added.</summary>
    public ImmutableArray<ScorecardCharacteristic> Characteristics { get; init; } = [];

    /// <summary>Gets what points mean; null if nobody said. It changes no score.</summary>
    public ScoreScale? Scale { get; init; }

    /// <summary>Gets the names under which score and reasons are given out; they change neither.</summary>
    public ImmutableArray<ScorecardOutput> Outputs { get; init; } = [];
}

/// <summary>One characteristic of a scorecard: exactly one of its attributes gives its points.</summary>
public sealed record ScorecardCharacteristic
{
    /// <summary>Gets the name; null if it has none. No two have the same.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the reason code of the attributes that have none of their own; null if there is none.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>Gets the points to which the partial score is compared; null for the card's baseline.</summary>
    public double? BaselineScore { get; init; }

    /// <summary>Gets the attributes. The first whose predicate is true counts.</summary>
    public ImmutableArray<ScorecardAttribute> Attributes { get; init; } = [];
}

/// <summary>One attribute of a characteristic: a condition and its points.</summary>
/// <param name="Predicate">When it applies. Unknown is not true.</param>
public sealed record ScorecardAttribute(ScorePredicate Predicate)
{
    /// <summary>Gets the points; not looked at if there is a <see cref="ComplexPartialScore"/>.</summary>
    public double PartialScore { get; init; }

    /// <summary>Gets how the points are computed from fields; null if they are fixed.</summary>
    public ScoreExpression? ComplexPartialScore { get; init; }

    /// <summary>Gets the reason code, before that of the characteristic; null for the characteristic's.</summary>
    public string? ReasonCode { get; init; }
}

/// <summary>What an output field gives.</summary>
public enum ScorecardOutputFeature
{
    /// <summary>The score.</summary>
    PredictedValue = 1,

    /// <summary>The reason code of one rank.</summary>
    ReasonCode = 2,
}

/// <summary>A name under which the score, or the reason of one rank, is given out.</summary>
/// <param name="Name">The output's name; no two have the same.</param>
/// <param name="Feature">What it gives.</param>
/// <param name="Rank">From 1: which reason. 1 for the score.</param>
public sealed record ScorecardOutput(string Name, ScorecardOutputFeature Feature, int Rank = 1);
