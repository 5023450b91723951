namespace CreditGrains.Modelling;

/// <summary>Merges fine bins that lie in a row into the best coarse ones.</summary>
/// <remarks>
/// <para>Best is the greatest likelihood of the outcomes, each coarse bin having its own bad rate, less a penalty for each further bin. All
/// ways to cut the row are looked at, by dynamic programming (Fisher, "On grouping for maximum homogeneity", JASA 53, 1958, shows that cuts
/// of a sorted row suffice). A greedy merge would be as short and would now and then miss the border that matters.</para>
/// <para>Whether a bin may follow another depends on these two alone, so a path's state is its last bin, and monotone rates cost nothing more.</para>
/// </remarks>
internal sealed class OptimalMerge
{
    private readonly long[] _goods; // of the fine bins before the index
    private readonly long[] _bads;

    internal OptimalMerge(ReadOnlySpan<long> goods, ReadOnlySpan<long> bads)
    {
        _goods = new long[goods.Length + 1];
        _bads = new long[goods.Length + 1];
        for (var i = 0; i < goods.Length; i++) (_goods[i + 1], _bads[i + 1]) = (_goods[i] + goods[i], _bads[i] + bads[i]);
    }

    /// <summary>Gets the fewest rows that a coarse bin holds.</summary>
    internal required long MinRows { get; init; }

    /// <summary>Gets the fewest goods, and the fewest bads.</summary>
    internal required long MinEachOutcome { get; init; }

    /// <summary>Gets the most coarse bins.</summary>
    internal required int MaxBins { get; init; }

    /// <summary>Gets the gain of log-likelihood that a further bin must bring.</summary>
    internal required double Penalty { get; init; }

    /// <summary>Gets whether a bin of these goods and bads may stand right before one of those; null if any may.</summary>
    internal Func<long, long, long, long, bool>? MayPrecede { get; init; }

    /// <summary>Gives the fine bins at which coarse ones begin; the first is 0. One alone, if no way to cut keeps to the limits.</summary>
    internal List<int> Starts(out double objective)
    {
        var n = _goods.Length - 1;
        var levels = Math.Min(MaxBins, Math.Max(n, 1));
        var best = new double[levels * n * n]; // of paths whose last bin, the (level)th, is (first, last)
        var before = new int[levels * n * n]; // where the bin before that begins
        Array.Fill(best, double.NegativeInfinity);

        for (var last = 0; last < n; last++)
        {
            for (var first = 0; first <= last; first++)
            {
                if (!IsFit(first, last)) continue;
                var own = LogLikelihood(first, last);
                if (first == 0) best[last] = own;
                for (var previous = 0; previous < first; previous++) Extend(best, before, levels, n, previous, first, last, own - Penalty);
            }
        }

        objective = n == 0 ? 0 : LogLikelihood(0, n - 1);
        (int Level, int First) end = (0, 0);
        for (var level = 1; level < levels; level++)
        {
            for (var first = 1; first < n; first++)
            {
                var value = best[(level * n * n) + (first * n) + n - 1];
                if (value > objective) (objective, end) = (value, (level, first));
            }
        }

        return WayBack(before, n, end.Level, end.First);
    }

    private static List<int> WayBack(int[] before, int n, int level, int first)
    {
        List<int> starts = [first];
        var last = n - 1;
        for (; level > 0; level--)
        {
            var previous = before[(level * n * n) + (first * n) + last];
            (last, first) = (first - 1, previous);
            starts.Add(first);
        }

        starts.Reverse();
        return starts;
    }

    private void Extend(double[] best, int[] before, int levels, int n, int previous, int first, int last, double gain)
    {
        var follows = MayPrecede?.Invoke(Goods(previous, first - 1), Bads(previous, first - 1), Goods(first, last), Bads(first, last)) ?? true;
        if (!follows) return;
        for (var level = 1; level < levels; level++)
        {
            var value = best[((level - 1) * n * n) + (previous * n) + first - 1] + gain;
            var place = (level * n * n) + (first * n) + last;
            if (value > best[place]) (best[place], before[place]) = (value, previous);
        }
    }

    private long Goods(int first, int last) => _goods[last + 1] - _goods[first];

    private long Bads(int first, int last) => _bads[last + 1] - _bads[first];

    private bool IsFit(int first, int last)
    {
        long goods = Goods(first, last), bads = Bads(first, last);
        return goods + bads >= MinRows && goods >= MinEachOutcome && bads >= MinEachOutcome;
    }

    private double LogLikelihood(int first, int last)
    {
        double goods = Goods(first, last), bads = Bads(first, last), rows = goods + bads;
        return (goods == 0 ? 0 : goods * Math.Log(goods / rows)) + (bads == 0 ? 0 : bads * Math.Log(bads / rows));
    }
}
