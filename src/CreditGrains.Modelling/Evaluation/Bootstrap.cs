namespace CreditGrains.Modelling;

/// <summary>An interval that a figure of other rows like these would lie in.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">How often such intervals hold what they are for, 0 to 1.</param>
public readonly record struct ConfidenceInterval(double Low, double High, double Level);

/// <summary>How intervals are found by drawing rows again.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Gets how many times all rows are drawn.</summary>
    /// <value>Default 500; 0 to 100 000. At 0 no interval is given.</value>
    public int Samples { get; init; } = 500;

    /// <summary>Gets the level of the intervals.</summary>
    /// <value>Default 0.95; more than 0 and less than 1.</value>
    public double Level { get; init; } = 0.95;

    /// <summary>Gets the seed of the draws.</summary>
    /// <value>Default 1.</value>
    public uint Seed { get; init; } = 1;

    internal string? Fault() =>
        Samples is < 0 or > 100_000 ? $"{nameof(Samples)} must be from 0 to 100 000" : Level is not (> 0 and < 1) ? $"{nameof(Level)} must be between 0 and 1" : null;
}

/// <summary>Percentile bootstrap, goods and bads drawn apart so that each sample has as many of both (Efron and Tibshirani, 1993, chapter 13).</summary>
internal static class Bootstrap
{
    /// <summary>Gives the intervals of AUC and KS; null if no samples are asked for.</summary>
    internal static (ConfidenceInterval Auc, ConfidenceInterval Ks)? OfRanking(
        RankGroups groups, ReadOnlySpan<bool> bad, BootstrapOptions options, CancellationToken cancellation)
    {
        if (options.Samples == 0) return null;
        var (goodRows, badRows) = Rows(bad);
        var random = new SplitMix64(options.Seed);
        double[] aucs = new double[options.Samples], distances = new double[options.Samples];
        long[] goods = new long[groups.Goods.Length], bads = new long[groups.Goods.Length];
        for (var sample = 0; sample < options.Samples; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(goods);
            Array.Clear(bads);
            for (var i = 0; i < goodRows.Length; i++) goods[groups.OfRow[goodRows[random.Below(goodRows.Length)]]]++;
            for (var i = 0; i < badRows.Length; i++) bads[groups.OfRow[badRows[random.Below(badRows.Length)]]]++;
            aucs[sample] = RankGroups.Auc(goods, bads);
            distances[sample] = RankGroups.Ks(goods, bads).Distance;
        }

        return (Percentiles(aucs, options.Level), Percentiles(distances, options.Level));
    }

    /// <summary>Gives the interval of the difference of two AUCs on the same rows: each draw is scored by both.</summary>
    internal static ConfidenceInterval? OfDifference(
        RankGroups one, RankGroups other, ReadOnlySpan<bool> bad, BootstrapOptions options, CancellationToken cancellation)
    {
        if (options.Samples == 0) return null;
        var (goodRows, badRows) = Rows(bad);
        var random = new SplitMix64(options.Seed);
        var differences = new double[options.Samples];
        long[] goodsOfOne = new long[one.Goods.Length], badsOfOne = new long[one.Goods.Length];
        long[] goodsOfOther = new long[other.Goods.Length], badsOfOther = new long[other.Goods.Length];
        for (var sample = 0; sample < options.Samples; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var counts in (ReadOnlySpan<long[]>)[goodsOfOne, badsOfOne, goodsOfOther, badsOfOther]) Array.Clear(counts);
            Draw(goodRows, goodsOfOne, goodsOfOther);
            Draw(badRows, badsOfOne, badsOfOther);
            differences[sample] = RankGroups.Auc(goodsOfOne, badsOfOne) - RankGroups.Auc(goodsOfOther, badsOfOther);
        }

        return Percentiles(differences, options.Level);

        void Draw(int[] rows, long[] countsOfOne, long[] countsOfOther)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[random.Below(rows.Length)];
                countsOfOne[one.OfRow[row]]++;
                countsOfOther[other.OfRow[row]]++;
            }
        }
    }

    private static (int[] Goods, int[] Bads) Rows(ReadOnlySpan<bool> bad)
    {
        List<int> goods = [], bads = [];
        for (var row = 0; row < bad.Length; row++) (bad[row] ? bads : goods).Add(row);
        return ([.. goods], [.. bads]);
    }

    private static ConfidenceInterval Percentiles(double[] values, double level)
    {
        Array.Sort(values);
        return new(At((1 - level) / 2), At((1 + level) / 2), level);

        double At(double share)
        {
            var place = share * (values.Length - 1);
            var below = (int)place;
            return below + 1 < values.Length ? values[below] + ((place - below) * (values[below + 1] - values[below])) : values[below];
        }
    }
}
