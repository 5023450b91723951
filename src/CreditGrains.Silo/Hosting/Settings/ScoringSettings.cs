using System.ComponentModel.DataAnnotations;
using CreditGrains.Grains.Models;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.Hosting;

/// <summary>How scores are given out.</summary>
internal sealed class ScoringSettings
{
    /// <summary>Gets or sets the scale.</summary>
    /// <value>Default <c>300-850</c>; or <c>350-950</c>. The same on every silo of a cluster; past scores keep the scale that they were given in.</value>
    [Required, RegularExpression("^(300-850|350-950)$")]
    public string Scale { get; set; } = ScoreScales.Default;

    /// <summary>Gets or sets where a person looks at a case again: told with every score.</summary>
    /// <value>1 to 300 characters.</value>
    [Required, StringLength(300, MinimumLength = 1)]
    public string HumanReview { get; set; } = new ScoringOptions().HumanReview;

    /// <summary>Gives the settings as the grains take them.</summary>
    internal ScoringOptions ToOptions() => new() { Scale = Scale, HumanReview = HumanReview };
}
