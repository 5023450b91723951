using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class OptimalMergeTests
{
    [Fact]
    public void No_other_way_to_cut_is_better() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20]).Array[1, 9], Gen.Int[2, 5], Gen.Int[0, 25], Gen.Int[0, 4], Gen.Double[0, 3], Gen.Bool)
            .Sample((fine, maxBins, minRows, minEach, penalty, isMonotone) =>
            {
                long[] goods = [.. fine.Select(bin => (long)bin.Item1)], bads = [.. fine.Select(bin => (long)bin.Item2)];
                var merge = new OptimalMerge(goods, bads)
                {
                    MaxBins = maxBins,
                    MinRows = minRows,
                    MinEachOutcome = minEach,
                    Penalty = penalty,
                    MayPrecede = isMonotone ? Rises : null,
                };

                var starts = merge.Starts(out var objective);

                // All 2^(n−1) ways, counted one by one.
                var best = Value(goods, bads, [0], penalty);
                for (var ways = 1; ways < 1 << (fine.Length - 1); ways++)
                {
                    List<int> cuts = [0, .. Enumerable.Range(1, fine.Length - 1).Where(i => (ways & (1 << (i - 1))) != 0)];
                    var bins = Bins(goods, bads, cuts);
                    var isAllowed = cuts.Count <= maxBins
                        && bins.All(bin => bin.Goods + bin.Bads >= minRows && bin.Goods >= minEach && bin.Bads >= minEach)
                        && (!isMonotone || bins.Zip(bins.Skip(1)).All(pair => Rises(pair.First.Goods, pair.First.Bads, pair.Second.Goods, pair.Second.Bads)));
                    if (isAllowed) best = Math.Max(best, Value(goods, bads, cuts, penalty));
                }

                Assert.Equal(best, objective, 9);
                Assert.Equal(objective, Value(goods, bads, starts, penalty), 9);
                Assert.True(starts.Count <= maxBins && starts[0] == 0);
            });

    private static bool Rises(long goodsBefore, long badsBefore, long goodsAfter, long badsAfter) => badsBefore * goodsAfter <= badsAfter * goodsBefore;

    private static List<(long Goods, long Bads)> Bins(long[] goods, long[] bads, List<int> starts) =>
        [.. starts.Select((start, i) => (start..(i + 1 < starts.Count ? starts[i + 1] : goods.Length)))
            .Select(range => (goods[range].Sum(), bads[range].Sum()))];

    private static double Value(long[] goods, long[] bads, List<int> starts, double penalty) =>
        Bins(goods, bads, starts).Sum(bin => Term(bin.Goods, bin.Goods + bin.Bads) + Term(bin.Bads, bin.Goods + bin.Bads)) - (penalty * (starts.Count - 1));

    private static double Term(long count, long of) => count == 0 ? 0 : count * Math.Log((double)count / of);
}
