using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>A column cut into bins, with what training rows are in each.</summary>
internal sealed record BinnedColumn(
    Column Column, ImmutableArray<BinRange> Ranges, Binner Binner, long[] Goods, long[] Bads, double[] Woe, double InformationValue)
{
    /// <summary>Gets whether the column was left whole though it tells much: its values come with one outcome alone, or so nearly that no bin has enough of both.</summary>
    internal bool KnowsOutcome { get; init; }

    /// <summary>Gets whether the column can tell rows apart at all.</summary>
    internal bool TellsApart => Woe.Where((_, bin) => Goods[bin] + Bads[bin] > 0).Distinct().Skip(1).Any();
}

/// <summary>Finds the bins of a column from training rows.</summary>
internal static class ColumnBinning
{
    /// <summary>Cuts a column.</summary>
    /// <param name="column">Which.</param>
    /// <param name="bad">The outcome of every row of the table.</param>
    /// <param name="rows">The training rows: of both outcomes.</param>
    /// <param name="options">How to cut.</param>
    /// <param name="wishes">What is known of this column; its special values read as numbers if the column is numeric.</param>
    internal static BinnedColumn Fit(Column column, bool[] bad, ReadOnlySpan<int> rows, BinningOptions options, ColumnOptions wishes)
    {
        var totalBads = 0L;
        foreach (var row in rows) totalBads += bad[row] ? 1 : 0;
        var totalGoods = rows.Length - totalBads;

        var fitting = new OneColumn(bad, rows.Length, totalGoods, totalBads, options);
        var ranges = column switch
        {
            NumericColumn numbers => fitting.Cut(numbers, rows, [.. wishes.Special.Select(NumberOf).Distinct()], wishes.Monotone ?? options.Monotone),
            TextColumn texts => fitting.Group(texts, rows, [.. wishes.Special.Distinct(StringComparer.Ordinal)]),
            _ => throw new ArgumentException("A column is of numbers or of texts.", nameof(column)),
        };

        // Counted with the very code that scores, so that what is fitted is what will be applied.
        var binner = new Binner(ranges, column is TextColumn);
        var bins = new ushort[rows.Length];
        binner.Apply(column, rows, bins);
        long[] goods = new long[ranges.Length], bads = new long[ranges.Length];
        for (var i = 0; i < bins.Length; i++) (bad[rows[i]] ? bads : goods)[bins[i]]++;

        var woe = new double[ranges.Length];
        for (var bin = 0; bin < woe.Length; bin++) woe[bin] = WeightOfEvidence.Of(goods[bin], bads[bin], totalGoods, totalBads, options.Smoothing);
        return new(column, ranges, binner, goods, bads, woe, WeightOfEvidence.InformationValue(goods, bads, options.Smoothing)) { KnowsOutcome = fitting.KnowsOutcome };
    }

    private static double NumberOf(string cell) =>
        Table.TryNumber(cell, out var number) ? number : throw new ArgumentException($"'{cell}' is no number.", nameof(cell));

    private sealed class OneColumn(bool[] bad, int rowCount, long totalGoods, long totalBads, BinningOptions options)
    {
        // In nats, less the price of the bins. The best of fifty cuts through noise gains three or four; what knows the outcome, hundreds.
        private const double BeyondChance = 10;

        internal bool KnowsOutcome { get; private set; }

        internal ImmutableArray<BinRange> Cut(NumericColumn column, ReadOnlySpan<int> rows, double[] specials, MonotoneBadRate monotone)
        {
            var (starts, goods, bads) = FineBins(column, rows, specials);
            List<double> cuts = [.. Best(goods, bads, monotone).Skip(1).Select(start => starts[start])];

            var ranges = ImmutableArray.CreateBuilder<BinRange>();
            for (var i = 0; i <= cuts.Count; i++)
                ranges.Add(new BinRange.Interval(i == 0 ? double.NegativeInfinity : cuts[i - 1], i == cuts.Count ? double.PositiveInfinity : cuts[i]));
            foreach (var special in specials) ranges.Add(new BinRange.SpecialNumber(special));
            ranges.Add(new BinRange.Missing());
            return ranges.ToImmutable();
        }

        internal ImmutableArray<BinRange> Group(TextColumn column, ReadOnlySpan<int> rows, string[] specials)
        {
            long[] goods = new long[column.Levels.Length], bads = new long[column.Levels.Length];
            foreach (var row in rows)
            {
                var code = column.Codes[row];
                if (code >= 0) (bad[row] ? bads : goods)[code]++;
            }

            var levels = column.Levels;
            var apart = new HashSet<string>(specials, StringComparer.Ordinal);
            List<int> seen = [];
            for (var level = 0; level < levels.Length; level++)
                if (goods[level] + bads[level] > 0 && !apart.Contains(levels[level])) seen.Add(level);

            var groups = Groups(seen, goods, bads);
            long[] groupGoods = [.. groups.Select(group => group.Sum(level => goods[level]))];
            long[] groupBads = [.. groups.Select(group => group.Sum(level => bads[level]))];
            var starts = groups.Count == 0 ? [] : Best(groupGoods, groupBads, MonotoneBadRate.NotAsked);

            var ranges = ImmutableArray.CreateBuilder<BinRange>();
            for (var i = 0; i < starts.Count; i++)
            {
                var end = i + 1 < starts.Count ? starts[i + 1] : groups.Count;
                var texts = groups[starts[i]..end].SelectMany(group => group).Select(level => column.Levels[level]);
                ranges.Add(new BinRange.Texts([.. texts.Order(StringComparer.Ordinal)]));
            }

            foreach (var special in specials) ranges.Add(new BinRange.SpecialText(special));
            ranges.Add(new BinRange.Missing());
            ranges.Add(new BinRange.Unseen());
            return ranges.ToImmutable();
        }

        /// <summary>Cuts at quantiles, never between equal values. A fine bin begins at a value that was seen, so cuts are as round as the data.</summary>
        private (List<double> Starts, long[] Goods, long[] Bads) FineBins(NumericColumn column, ReadOnlySpan<int> rows, double[] specials)
        {
            var values = new double[rows.Length];
            var isBad = new bool[rows.Length];
            var count = 0;
            foreach (var row in rows)
            {
                var value = column.Values[row];
                if (double.IsNaN(value) || Array.IndexOf(specials, value) >= 0) continue;
                (values[count], isBad[count]) = (value, bad[row]);
                count++;
            }

            Array.Sort(values, isBad, 0, count);
            var distinct = 0;
            for (var i = 0; i < count; i++) distinct += i == 0 || values[i] != values[i - 1] ? 1 : 0;
            var size = distinct <= options.MaxFineBins ? 1 : (count + options.MaxFineBins - 1) / options.MaxFineBins;

            List<double> starts = [];
            List<long> goods = [], bads = [];
            for (var i = 0; i < count; i++)
            {
                var isNew = i == 0 || values[i] != values[i - 1];
                if (i == 0 || (isNew && goods[^1] + bads[^1] >= size))
                {
                    starts.Add(values[i]);
                    goods.Add(0);
                    bads.Add(0);
                }

                if (isBad[i]) bads[^1]++;
                else goods[^1]++;
            }

            return (starts, [.. goods], [.. bads]);
        }

        /// <summary>Orders texts by bad rate. Rare ones are one group: their own rates say little. A frequent one that lacks an outcome is at an end of the order, and merges there.</summary>
        private List<List<int>> Groups(List<int> seen, long[] goods, long[] bads)
        {
            List<int> byCount = [.. seen.OrderByDescending(level => goods[level] + bads[level]).ThenBy(level => level)];
            var frequent = byCount.Take(options.MaxFineBins)
                .Where(level => goods[level] + bads[level] >= Math.Max(MinRows, options.MinEachOutcome))
                .ToHashSet();
            List<List<int>> groups = [.. frequent.Select(level => new List<int> { level })];
            List<int> rare = [.. byCount.Where(level => !frequent.Contains(level))];
            if (rare.Count > 0) groups.Add(rare);

            return [.. groups
                .OrderBy(group => (double)group.Sum(level => bads[level]) / group.Sum(level => bads[level] + goods[level]))
                .ThenBy(group => group[0])];
        }

        private long MinRows => (long)Math.Ceiling(options.MinShare * rowCount);

        private List<int> Best(long[] goods, long[] bads, MonotoneBadRate monotone)
        {
            var starts = Search(goods, bads, monotone, options.MinEachOutcome, out var bound);
            if (starts.Count > 1) return starts;

            Search(goods, bads, monotone, minEachOutcome: 0, out var free);
            KnowsOutcome = free - bound >= BeyondChance;
            return starts;
        }

        private List<int> Search(long[] goods, long[] bads, MonotoneBadRate monotone, int minEachOutcome, out double objective)
        {
            if (monotone != MonotoneBadRate.Either) return Merge(goods, bads, monotone, minEachOutcome, out objective);
            var rising = Merge(goods, bads, MonotoneBadRate.Rising, minEachOutcome, out var whenRising);
            var falling = Merge(goods, bads, MonotoneBadRate.Falling, minEachOutcome, out var whenFalling);
            objective = Math.Max(whenRising, whenFalling);
            return whenRising >= whenFalling ? rising : falling;
        }

        private List<int> Merge(long[] goods, long[] bads, MonotoneBadRate monotone, int minEachOutcome, out double objective)
        {
            var merge = new OptimalMerge(goods, bads)
            {
                MinRows = MinRows,
                MinEachOutcome = minEachOutcome,
                MaxBins = options.MaxBins,
                Penalty = options.MinGain,
                MayPrecede = monotone switch
                {
                    MonotoneBadRate.Rising => (goodsBefore, badsBefore, goodsAfter, badsAfter) => Rises(goodsBefore, badsBefore, goodsAfter, badsAfter),
                    MonotoneBadRate.Falling => (goodsBefore, badsBefore, goodsAfter, badsAfter) => Rises(goodsAfter, badsAfter, goodsBefore, badsBefore),
                    _ => null,
                },
            };
            return merge.Starts(out objective);
        }

        /// <summary>Whether the bad rate does not fall, and the weight of evidence does not rise: smoothing a small bin could turn that one round.</summary>
        private bool Rises(long goodsBefore, long badsBefore, long goodsAfter, long badsAfter) =>
            badsBefore * goodsAfter <= badsAfter * goodsBefore
            && WeightOfEvidence.Of(goodsBefore, badsBefore, totalGoods, totalBads, options.Smoothing)
                >= WeightOfEvidence.Of(goodsAfter, badsAfter, totalGoods, totalBads, options.Smoothing);
    }
}
