using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class BinningTests
{
    private static readonly Gen<double> Values = Gen.Frequency(
        (6, Gen.Double[-10, 10]), (3, Gen.Int[-5, 5].Select(value => (double)value)), (1, Gen.Const(double.NaN)), (1, Gen.Const(-1.0)));

    private static readonly Gen<string?> Texts = Gen.Frequency(
        (9, Gen.Char['a', 'l'].Select(letter => (string?)letter.ToString())), (1, Gen.Const((string?)null)));

    private static readonly Gen<BinningOptions> Options =
        Gen.Select(Gen.Int[2, 30], Gen.Int[2, 8], Gen.Double[0, 0.3], Gen.Int[0, 6], Gen.Double[0, 2], Gen.Enum<MonotoneBadRate>())
            .Select((fine, most, share, each, gain, monotone) => new BinningOptions
            {
                MaxFineBins = fine, MaxBins = most, MinShare = share, MinEachOutcome = each, MinGain = gain, Monotone = monotone,
            });

    [Fact]
    public void Every_number_is_in_exactly_one_bin_and_counts_are_those_of_a_plain_count() =>
        Gen.Select(Gen.Select(Values, Gen.Bool).Array[2, 200], Options, Gen.Bool).Where((rows, _, _) => HasBoth(rows)).Sample((rows, options, hasSpecial) =>
        {
            double[] values = [.. rows.Select(row => row.Item1)];
            bool[] bad = [.. rows.Select(row => row.Item2)];
            var wishes = new ColumnOptions { Special = hasSpecial ? ["-1", "99"] : [] };

            var binned = ColumnBinning.Fit(new NumericColumn("x", values), bad, AllRows(bad), options, wishes);

            Assert.Null(Binner.FaultOf(binned.Ranges, isText: false));
            foreach (var value in (double[])[.. values, double.MinValue, double.MaxValue, double.PositiveInfinity, 99, 0.5])
            {
                var takers = Enumerable.Range(0, binned.Ranges.Length).Where(bin => Takes(binned.Ranges, bin, value)).ToList();
                Assert.Equal([binned.Binner.Of(value)], takers);
            }

            CheckCounts(binned, bad, row => Enumerable.Range(0, binned.Ranges.Length).Single(bin => Takes(binned.Ranges, bin, values[row])), options);
        });

    [Fact]
    public void Every_text_is_in_exactly_one_bin_and_counts_are_those_of_a_plain_count() =>
        Gen.Select(Gen.Select(Texts, Gen.Bool).Array[2, 200], Options, Gen.Bool).Where((rows, _, _) => HasBoth(rows)).Sample((rows, options, hasSpecial) =>
        {
            string?[] values = [.. rows.Select(row => row.Item1)];
            bool[] bad = [.. rows.Select(row => row.Item2)];
            var wishes = new ColumnOptions { Special = hasSpecial ? ["b", "never seen"] : [] };

            var binned = ColumnBinning.Fit(new TextColumn("x", values), bad, AllRows(bad), options, wishes);

            Assert.Null(Binner.FaultOf(binned.Ranges, isText: true));
            Assert.Equal(binned.Ranges.Length - 1, binned.Binner.Of("new"));
            Assert.Equal(0, binned.Woe[^1]);
            CheckCounts(binned, bad, row => Enumerable.Range(0, binned.Ranges.Length).Single(bin => Takes(binned.Ranges, bin, values[row], values)), options);
        });

    [Fact]
    public void Bins_keep_to_the_limits_unless_there_is_but_one() =>
        Gen.Select(Gen.Select(Values, Gen.Bool).Array[2, 300], Options).Where((rows, _) => HasBoth(rows)).Sample((rows, options) =>
        {
            bool[] bad = [.. rows.Select(row => row.Item2)];

            var binned = ColumnBinning.Fit(new NumericColumn("x", [.. rows.Select(row => row.Item1)]), bad, AllRows(bad), options, new());

            List<int> intervals = [.. Enumerable.Range(0, binned.Ranges.Length).Where(bin => binned.Ranges[bin] is BinRange.Interval)];
            if (intervals.Count == 1) return;
            Assert.True(intervals.Count <= options.MaxBins);
            Assert.All(intervals, bin => Assert.True(binned.Goods[bin] >= options.MinEachOutcome && binned.Bads[bin] >= options.MinEachOutcome));
            Assert.All(intervals, bin => Assert.True(binned.Goods[bin] + binned.Bads[bin] >= options.MinShare * bad.Length));
        });

    [Fact]
    public void Bad_rates_and_weights_are_monotone_if_asked() =>
        Gen.Select(Gen.Select(Values, Gen.Bool).Array[30, 300], Options).Where((rows, _) => HasBoth(rows)).Sample((rows, options) =>
        {
            bool[] bad = [.. rows.Select(row => row.Item2)];

            var binned = ColumnBinning.Fit(new NumericColumn("x", [.. rows.Select(row => row.Item1)]), bad, AllRows(bad), options, new());

            List<int> intervals = [.. Enumerable.Range(0, binned.Ranges.Length).Where(bin => binned.Ranges[bin] is BinRange.Interval)];
            List<double> rates = [.. intervals.Select(bin => (double)binned.Bads[bin] / (binned.Goods[bin] + binned.Bads[bin]))];
            List<double> woes = [.. intervals.Select(bin => binned.Woe[bin])];
            var rises = IsRising(rates) && IsRising([.. woes.Select(woe => -woe)]);
            var falls = IsRising([.. rates.Select(rate => -rate)]) && IsRising(woes);
            Assert.True(options.Monotone switch
            {
                MonotoneBadRate.Rising => rises,
                MonotoneBadRate.Falling => falls,
                MonotoneBadRate.Either => rises || falls,
                _ => true,
            });
        });

    [Fact]
    public void A_step_in_the_bad_rate_is_found_where_it_is()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(row => (double)(row % 100))];
        bool[] bad = [.. values.Select((value, row) => row / 100 < (value < 40 ? 6 : 1))]; // 60% below 40 and 10% from there

        var binned = ColumnBinning.Fit(new NumericColumn("x", values), bad, AllRows(bad), new(), new());

        Assert.Equal([new BinRange.Interval(double.NegativeInfinity, 40), new BinRange.Interval(40, double.PositiveInfinity), new BinRange.Missing()], binned.Ranges);
        Assert.Equal([160, 540, 0], binned.Goods);
    }

    [Fact]
    public void Rare_texts_are_together_and_like_ones_are_merged()
    {
        List<(string Text, bool Bad)> rows = [];
        foreach (var (text, goods, bads) in new[] { ("a", 90, 10), ("b", 91, 9), ("c", 50, 50), ("r1", 2, 2), ("r2", 3, 2), ("r3", 2, 3), ("r4", 4, 4) })
        {
            rows.AddRange(Enumerable.Repeat((text, false), goods));
            rows.AddRange(Enumerable.Repeat((text, true), bads));
        }

        bool[] bad = [.. rows.Select(row => row.Bad)];
        var binned = ColumnBinning.Fit(new TextColumn("x", [.. rows.Select(row => row.Text)]), bad, AllRows(bad), new(), new());

        Assert.Equal(["a b", "c r1 r2 r3 r4"], binned.Ranges.OfType<BinRange.Texts>().Select(range => string.Join(' ', range.Values)));
    }

    [Fact]
    public void Numbers_where_texts_are_expected_count_as_they_are_written()
    {
        var binner = new Binner([new BinRange.Texts(["1", "2.5"]), new BinRange.Missing(), new BinRange.Unseen()], isText: true);
        var bins = new ushort[4];

        binner.Apply(new NumericColumn("x", [1, 2.5, 3, double.NaN]), [0, 1, 2, 3], bins);

        Assert.Equal([0, 0, 2, 1], bins);
    }

    [Fact]
    public void Ranges_that_overlap_or_leave_a_gap_are_told()
    {
        var (low, high, missing) = (double.NegativeInfinity, double.PositiveInfinity, new BinRange.Missing());
        ImmutableArray<BinRange>[] faulty =
        [
            [new BinRange.Interval(low, high)],
            [new BinRange.Interval(low, 1), new BinRange.Interval(2, high), missing],
            [new BinRange.Interval(low, 1), missing],
            [new BinRange.Interval(low, 2), missing, new BinRange.Interval(2, high)],
            [new BinRange.Interval(low, high), new BinRange.SpecialNumber(1), new BinRange.SpecialNumber(1), missing],
            [new BinRange.Interval(low, high), new BinRange.Texts(["a"]), missing],
        ];

        Assert.All(faulty, ranges => Assert.NotNull(Binner.FaultOf(ranges, isText: false)));
        Assert.NotNull(Binner.FaultOf([new BinRange.Texts(["a"]), new BinRange.SpecialText("a"), missing, new BinRange.Unseen()], isText: true));
    }

    private static void CheckCounts(BinnedColumn binned, bool[] bad, Func<int, int> binOf, BinningOptions options)
    {
        int[] bins = [.. Enumerable.Range(0, bad.Length).Select(binOf)];
        double goods = bad.Count(isBad => !isBad), bads = bad.Count(isBad => isBad), information = 0;
        for (var bin = 0; bin < binned.Ranges.Length; bin++)
        {
            var good = bins.Where((b, row) => b == bin && !bad[row]).Count();
            var ill = bins.Where((b, row) => b == bin && bad[row]).Count();
            Assert.Equal((good, ill), (binned.Goods[bin], binned.Bads[bin]));

            // The formula over again: shares of counts that a row of the average rate was added to.
            var s = options.Smoothing / bad.Length;
            var woe = Math.Log((good + (s * goods)) / goods / ((ill + (s * bads)) / bads));
            Assert.Equal(woe, binned.Woe[bin], 9);
            information += ((good / goods) - (ill / bads)) * woe;
        }

        Assert.Equal(information, binned.InformationValue, 9);
    }

    private static bool Takes(ImmutableArray<BinRange> ranges, int bin, double value) => ranges[bin] switch
    {
        BinRange.Missing => double.IsNaN(value),
        BinRange.SpecialNumber special => value == special.Value,
        BinRange.Interval interval => !ranges.OfType<BinRange.SpecialNumber>().Any(special => special.Value == value)
            && value >= interval.Low && (value < interval.High || (double.IsPositiveInfinity(value) && double.IsPositiveInfinity(interval.High))),
        _ => false,
    };

    private static bool Takes(ImmutableArray<BinRange> ranges, int bin, string? value, string?[] seen) => ranges[bin] switch
    {
        BinRange.Missing => value is null,
        BinRange.SpecialText special => value == special.Value,
        BinRange.Texts texts => value is not null && texts.Values.Contains(value),
        _ => value is not null && !seen.Contains(value),
    };

    private static bool IsRising(List<double> values) => values.Zip(values.Skip(1)).All(pair => pair.First <= pair.Second);

    private static bool HasBoth<T>((T, bool)[] rows) => rows.Any(row => row.Item2) && rows.Any(row => !row.Item2);

    private static int[] AllRows(bool[] bad) => [.. Enumerable.Range(0, bad.Length)];
}
