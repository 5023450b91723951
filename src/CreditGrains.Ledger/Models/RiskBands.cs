using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>Bands of the probability that a file turns bad: what a person can be told without pretending to more than a model knows.</summary>
public static class RiskBands
{
    /// <summary>Gets the bands, the best first. They leave nothing between 0 and 1 out.</summary>
    public static ImmutableArray<ProbabilityBand> All { get; } =
    [
        new("A", 0, 0.01), new("B", 0.01, 0.03), new("C", 0.03, 0.08), new("D", 0.08, 0.20), new("E", 0.20, 1),
    ];

    /// <summary>Gives the band of a probability.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public static ProbabilityBand Of(double probability)
    {
        foreach (var band in All)
            if (probability < band.To) return band;
        return All[^1];
    }
}
