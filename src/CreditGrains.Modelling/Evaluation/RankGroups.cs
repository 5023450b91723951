namespace CreditGrains.Modelling;

/// <summary>Rows in order of score, those of equal score together in one group, with the outcomes in each.</summary>
internal sealed class RankGroups
{
    internal RankGroups(ReadOnlySpan<double> scores, ReadOnlySpan<bool> bad)
    {
        if (scores.Length != bad.Length) throw new ArgumentException("There is not one outcome for each score.", nameof(bad));

        var sorted = scores.ToArray();
        if (sorted.Any(double.IsNaN)) throw new ArgumentException("A score is no number.", nameof(scores));
        var rows = new int[sorted.Length];
        for (var row = 0; row < rows.Length; row++) rows[row] = row;
        Array.Sort(sorted, rows);

        OfRow = new int[rows.Length];
        List<long> goods = [], bads = [];
        List<double> values = [];
        for (var i = 0; i < rows.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                goods.Add(0);
                bads.Add(0);
                values.Add(sorted[i]);
            }

            OfRow[rows[i]] = goods.Count - 1;
            if (bad[rows[i]]) bads[^1]++;
            else goods[^1]++;
        }

        (Goods, Bads, Scores) = ([.. goods], [.. bads], [.. values]);
        (TotalGoods, TotalBads) = (Goods.Sum(), Bads.Sum());
    }

    /// <summary>Gets each row's group; group 0 has the lowest score.</summary>
    internal int[] OfRow { get; }

    /// <summary>Gets the goods in each group.</summary>
    internal long[] Goods { get; }

    /// <summary>Gets the bads in each group.</summary>
    internal long[] Bads { get; }

    /// <summary>Gets the score of each group, rising.</summary>
    internal double[] Scores { get; }

    internal long TotalGoods { get; }

    internal long TotalBads { get; }

    /// <summary>Whether there are goods and bads, so that ranking them has a meaning.</summary>
    internal bool HasBothOutcomes => TotalGoods > 0 && TotalBads > 0;

    /// <summary>Gives the share of pairs of a good and a bad in which the good scores higher, a tie counting as half.</summary>
    internal static double Auc(ReadOnlySpan<long> goods, ReadOnlySpan<long> bads)
    {
        long badsBelow = 0, goodsBelow = 0;
        var twice = 0.0; // counted in halves, which are exact to 2^53
        for (var i = 0; i < goods.Length; i++)
        {
            twice += (double)goods[i] * ((2 * badsBelow) + bads[i]);
            badsBelow += bads[i];
            goodsBelow += goods[i];
        }

        return twice / (2.0 * goodsBelow * badsBelow);
    }

    /// <summary>Gives the greatest distance of the two cumulative shares, and the group at whose upper end it lies.</summary>
    internal static (double Distance, int Group) Ks(ReadOnlySpan<long> goods, ReadOnlySpan<long> bads)
    {
        long totalGoods = 0, totalBads = 0;
        for (var i = 0; i < goods.Length; i++) (totalGoods, totalBads) = (totalGoods + goods[i], totalBads + bads[i]);

        long badsBelow = 0, goodsBelow = 0;
        (double Distance, int Group) widest = (0, 0);
        for (var i = 0; i < goods.Length; i++)
        {
            badsBelow += bads[i];
            goodsBelow += goods[i];
            var distance = Math.Abs(((double)badsBelow / totalBads) - ((double)goodsBelow / totalGoods));
            if (distance > widest.Distance) widest = (distance, i);
        }

        return widest;
    }
}
