namespace CreditGrains.Ledger;

/// <summary>What the points of a scorecard mean, and the ends between which a score is given out.</summary>
/// <param name="BasePoints">Points where the odds of good are <paramref name="BaseOdds"/>. Finite.</param>
/// <param name="BaseOdds">Goods to one bad, above 0: 50 for 50:1.</param>
/// <param name="PointsToDouble">By how many points the odds of good double, above 0.</param>
/// <param name="Low">The lowest score that is given out.</param>
/// <param name="High">The highest, above <paramref name="Low"/>.</param>
public sealed record ScoreScale(double BasePoints, double BaseOdds, double PointsToDouble, int Low, int High) : PointsScale(BasePoints, BaseOdds, PointsToDouble)
{
    /// <summary>Gets the scale from 300 to 850: 600 points at 30:1, 40 to double.</summary>
    public static ScoreScale From300To850 { get; } = new(600, 30, 40, 300, 850);

    /// <summary>Gets the scale from 350 to 950: 670 points at 30:1, 44 to double.</summary>
    public static ScoreScale From350To950 { get; } = new(670, 30, 44, 350, 950);

    /// <summary>Gives ln(odds of good) of points.</summary>
    /// <param name="points">Points of this scale, not yet cut to its ends.</param>
    public double LogOddsOf(double points) => (points - Offset) / Factor;

    /// <summary>Gives the same odds in points of another scale.</summary>
    /// <param name="points">Points of this scale, not yet cut to its ends.</param>
    /// <param name="other">The other scale.</param>
    public double Convert(double points, ScoreScale other) => this == other ? points : other.Offset + (other.Factor * LogOddsOf(points));

    /// <summary>Gives the score that is given out: points as a whole number, halves away from 0, cut to the scale's ends.</summary>
    /// <param name="points">Points of this scale. Finite.</param>
    public int ScoreOf(double points) => (int)Math.Clamp(Math.Round(points, MidpointRounding.AwayFromZero), Low, High);

    /// <inheritdoc/>
    public override string? Fault() => base.Fault() ?? (Low >= High ? "the lowest score is not below the highest" : null);
}
