using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>How far one sample has moved from another, over the same bins.</summary>
/// <param name="Index">Σ (share now − share before) · ln(share now / share before). 0.10 and 0.25 are customary borders, whatever the sample sizes.</param>
/// <param name="ExpectedByChance">What two samples of these sizes from one population give on average: (bins − 1) · (1/n + 1/m). An index not well above it shows nothing.</param>
/// <param name="OfBins">What each bin adds to the index.</param>
public sealed record PopulationStability(double Index, double ExpectedByChance, ImmutableArray<double> OfBins)
{
    /// <summary>Compares two samples.</summary>
    /// <remarks>
    /// A bin empty in one sample counts as half a row there; one empty in both is left out, also from the number of bins. What chance gives is the
    /// first-order mean of the index: each half of it is about a chi-square statistic over the sample size (Yurdakul and Naranjo, J. Risk Model Validation 14, 2020).
    /// </remarks>
    /// <param name="before">Rows in each bin, in all one or more.</param>
    /// <param name="now">Rows in the same bins, in all one or more.</param>
    /// <exception cref="ArgumentException">The bins differ in number, or a sample is empty.</exception>
    public static PopulationStability Of(ReadOnlySpan<long> before, ReadOnlySpan<long> now)
    {
        if (before.Length != now.Length) throw new ArgumentException("The bins differ in number.", nameof(now));
        long totalBefore = 0, totalNow = 0;
        for (var i = 0; i < before.Length; i++) (totalBefore, totalNow) = (totalBefore + before[i], totalNow + now[i]);
        if (totalBefore <= 0 || totalNow <= 0) throw new ArgumentException("A sample is empty.", nameof(now));

        var ofBins = ImmutableArray.CreateBuilder<double>(before.Length);
        var bins = 0;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] == 0 && now[i] == 0)
            {
                ofBins.Add(0);
                continue;
            }

            bins++;
            var shareBefore = Math.Max(before[i], 0.5) / totalBefore;
            var shareNow = Math.Max(now[i], 0.5) / totalNow;
            ofBins.Add((shareNow - shareBefore) * Math.Log(shareNow / shareBefore));
        }

        return new(ofBins.Sum(), (bins - 1) * ((1.0 / totalBefore) + (1.0 / totalNow)), ofBins.MoveToImmutable());
    }
}
