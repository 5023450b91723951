namespace CreditGrains.Modelling;

/// <summary>How much a bin speaks for good, and a characteristic for anything at all.</summary>
public static class WeightOfEvidence
{
    /// <summary>Gives the weight of evidence of a bin: ln(share of all goods in it / share of all bads in it).</summary>
    /// <remarks>
    /// Both counts are first raised by what <paramref name="smoothing"/> rows of the average bad rate would bring, so a bin of few rows is drawn to 0
    /// and one without rows is 0. It cannot be told from the result how many bins there are, as it could if a constant were added to each count.
    /// </remarks>
    /// <param name="goods">Goods in the bin.</param>
    /// <param name="bads">Bads in the bin.</param>
    /// <param name="totalGoods">Goods in all bins, 1 or more.</param>
    /// <param name="totalBads">Bads in all bins, 1 or more.</param>
    /// <param name="smoothing">Rows of the average bad rate; 0 leaves the counts as they are, but for a count of 0 beside one that is not: it is half a row.</param>
    /// <returns>Natural logarithm: positive where bads are rarer than on average. Always finite.</returns>
    public static double Of(long goods, long bads, long totalGoods, long totalBads, double smoothing)
    {
        if (goods == 0 && bads == 0) return 0;
        double rows = totalGoods + totalBads;
        var good = goods + (smoothing * totalGoods / rows);
        var bad = bads + (smoothing * totalBads / rows);
        if (good == 0) good = 0.5;
        if (bad == 0) bad = 0.5;
        return Math.Log(good / bad) - Math.Log((double)totalGoods / totalBads);
    }

    /// <summary>Gives the information value: the sum over bins of (share of goods − share of bads) · weight of evidence.</summary>
    /// <param name="goods">Goods in each bin; in all one or more.</param>
    /// <param name="bads">Bads in each bin; in all one or more.</param>
    /// <param name="smoothing">As for <see cref="Of"/>; the shares themselves are not smoothed.</param>
    /// <returns>0 for a characteristic that tells nothing; 0.02, 0.1 and 0.3 are customary borders of weak, medium and strong.</returns>
    public static double InformationValue(ReadOnlySpan<long> goods, ReadOnlySpan<long> bads, double smoothing)
    {
        long totalGoods = 0, totalBads = 0;
        for (var i = 0; i < goods.Length; i++) (totalGoods, totalBads) = (totalGoods + goods[i], totalBads + bads[i]);

        var sum = 0.0;
        for (var i = 0; i < goods.Length; i++)
        {
            var difference = ((double)goods[i] / totalGoods) - ((double)bads[i] / totalBads);
            sum += difference * Of(goods[i], bads[i], totalGoods, totalBads, smoothing);
        }

        return sum;
    }
}
