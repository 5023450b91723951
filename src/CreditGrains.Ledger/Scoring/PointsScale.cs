namespace CreditGrains.Ledger;

/// <summary>Turns odds into points: so many points at some odds, and so many more where the odds double.</summary>
/// <param name="BasePoints">Points where the odds of good are <paramref name="BaseOdds"/>.</param>
/// <param name="BaseOdds">Goods to one bad, more than 0: 50 for 50:1.</param>
/// <param name="PointsToDouble">By how many points the odds of good double, more than 0.</param>
/// <remarks>Siddiqi, "Credit risk scorecards" (2006), chapter 6: points = offset + factor · ln(odds of good).</remarks>
public record PointsScale(double BasePoints = 600, double BaseOdds = 50, double PointsToDouble = 20)
{
    /// <summary>Gets the points of one unit of ln(odds of good): points to double / ln 2.</summary>
    public double Factor => PointsToDouble / Math.Log(2);

    /// <summary>Gets the points at odds of 1:1: base points − factor · ln(base odds).</summary>
    public double Offset => BasePoints - (Factor * Math.Log(BaseOdds));

    /// <summary>Gives the points of a probability of bad.</summary>
    /// <param name="probabilityOfBad">More than 0 and less than 1.</param>
    public double PointsOf(double probabilityOfBad) => Offset + (Factor * Math.Log((1 - probabilityOfBad) / probabilityOfBad));

    /// <summary>Gives the probability of bad that points stand for, from 0 to 1.</summary>
    /// <param name="points">Any.</param>
    public double ProbabilityOfBad(double points) => 1 / (1 + Math.Exp((points - Offset) / Factor));

    /// <summary>Gives the points of one bin, not rounded: its part of the log odds, and its equal part of intercept and offset.</summary>
    /// <param name="woe">Weight of evidence of the bin, ln(share of goods / share of bads).</param>
    /// <param name="coefficient">Of the characteristic, for ln(odds of bad): below 0 where more evidence for good lowers the odds of bad.</param>
    /// <param name="intercept">Of the regression.</param>
    /// <param name="characteristics">How many share intercept and offset, 1 or more.</param>
    public double PointsOfBin(double woe, double coefficient, double intercept, int characteristics) =>
        (-((woe * coefficient) + (intercept / characteristics)) * Factor) + (Offset / characteristics);

    /// <summary>Tells what is wrong with the scale; null if it means something.</summary>
    public virtual string? Fault() =>
        !double.IsFinite(BasePoints) ? "base points are not finite"
        : BaseOdds is not (> 0 and < double.PositiveInfinity) ? "base odds are not above 0"
        : PointsToDouble is not (> 0 and < double.PositiveInfinity) ? "points to double are not above 0"
        : null;
}
