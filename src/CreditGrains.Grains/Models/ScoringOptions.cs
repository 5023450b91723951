using CreditGrains.Ledger;

namespace CreditGrains.Grains.Models;

/// <summary>How scores are given out.</summary>
public sealed record ScoringOptions
{
    /// <summary>Gets the name of the scale: one of <see cref="ScoreScales.Names"/>.</summary>
    /// <value>Default 300-850.</value>
    public string Scale { get; init; } = ScoreScales.Default;

    /// <summary>Gets where a person looks at a case again: told with every score.</summary>
    public string HumanReview { get; init; } = "Ask the body that keeps this ledger for a review by a person, and name the record of this score.";
}
