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

    /// <summary>Compares the scores of two samples, over the tenths of the earlier one.</summary>
    /// <param name="before">One or more; none is NaN.</param>
    /// <param name="now">One or more; none is NaN.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static PopulationStability OfScores(ReadOnlySpan<double> before, ReadOnlySpan<double> now)
    {
        if (before.IsEmpty || now.IsEmpty) throw new ArgumentException("A sample is empty.", nameof(now));
        var borders = Borders(before);
        return Of(Counts(borders, before), Counts(borders, now));
    }

    /// <summary>The scores at which the second to the tenth tenth begin, each once: scorecards have few different scores.</summary>
    private static double[] Borders(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return [.. Enumerable.Range(1, 9).Select(tenth => sorted[(int)((long)tenth * sorted.Length / 10)]).Distinct()];
    }

    private static long[] Counts(double[] borders, ReadOnlySpan<double> scores)
    {
        var counts = new long[borders.Length + 1];
        foreach (var score in scores)
        {
            var place = 0;
            while (place < borders.Length && score >= borders[place]) place++;
            counts[place]++;
        }

        return counts;
    }
}
