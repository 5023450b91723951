using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class SplitTests
{
    // Computed apart from this code, in Python; the one of 1234567 is also the first of the published sequence of that seed.
    [Theory]
    [InlineData(0, 16294208416658607535)]
    [InlineData(1, 10451216379200822465)]
    [InlineData(2, 10905525725756348110)]
    [InlineData(1234567, 6457827717110365317)]
    [InlineData(ulong.MaxValue, 16490336266968443936)]
    public void Splitmix_gives_the_published_numbers(ulong value, ulong expected) => Assert.Equal(expected, SplitMix64.Of(value));

    [Fact]
    public void A_sequence_goes_on_as_published()
    {
        var sequence = new SplitMix64(1234567);
        ulong[] drawn = [sequence.Next(), sequence.Next(), sequence.Next()];

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], drawn);
    }

    [Theory]
    [InlineData("", 0xCBF29CE484222325)]
    [InlineData("a", 0xAF63DC4C8601EC8C)]
    [InlineData("foobar", 0x85944171F73967E8)] // the three are in the authors' own table of test vectors
    public void Texts_are_hashed_by_FNV_1a(string text, ulong expected) => Assert.Equal(expected, SplitMix64.OfText(text));

    [Fact]
    public void Rows_are_split_by_their_number_from_one()
    {
        var split = RowSplits.ById(null, 1000, out _)!;

        Assert.Equal(723, split.Training.Length); // counted in Python, as are the next
        Assert.Equal([1, 2, 3, 6, 8, 10, 11, 12, 13, 15, 16, 18, 19, 20], split.Training.TakeWhile(row => row < 20).Select(row => row + 1));
        Assert.Equal(Enumerable.Range(0, 1000), split.Training.Concat(split.HeldBack).Order());
    }

    [Fact]
    public void An_id_counts_alike_as_number_and_as_text()
    {
        int[] ids = [5, 1, 1, -3, 42, 7, 900, 4];
        var numbers = new NumericColumn("id", [.. ids.Select(id => (double)id)]);
        var texts = new TextColumn("id", [.. ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

        Assert.Equal(RowSplits.ById(numbers, ids.Length, out _)!.Training, RowSplits.ById(texts, ids.Length, out _)!.Training);
    }

    [Fact]
    public void Other_ids_are_hashed_first()
    {
        var split = RowSplits.ById(new TextColumn("id", ["loan-1"]), 1, out _)!;

        Assert.Equal([0], split.Training); // 3945099012534816765 % 10 = 5, in Python
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(9007199254740992)] // what 9007199254740993 is read as
    [InlineData(double.NaN)]
    public void An_id_that_is_not_whole_and_exact_is_refused(double id)
    {
        Assert.Null(RowSplits.ById(new NumericColumn("id", [1, id]), 2, out var fault));

        Assert.StartsWith("Data row 2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cut_itself_is_held_back()
    {
        var numbers = RowSplits.ByTime(new NumericColumn("t", [3, 1, 2, 4]), "3", out _)!;
        var texts = RowSplits.ByTime(new TextColumn("t", ["2024-03", "2023-12", "2024-02"]), "2024-03", out _)!;

        Assert.Equal([1, 2], numbers.Training);
        Assert.Equal([1, 2], texts.Training);
        Assert.Null(RowSplits.ByTime(new NumericColumn("t", [3]), "March", out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Each_fold_has_its_share_of_both_outcomes_and_is_the_same_for_a_seed() =>
        Gen.Select(Gen.Bool.Array[20, 200], Gen.Int[2, 10], Gen.UInt).Sample((bad, folds, seed) =>
        {
            var fold = RowSplits.Folds(bad, folds, seed);

            Assert.Equal(fold, RowSplits.Folds(bad, folds, seed));
            foreach (var count in (Func<bool, bool>[])[_ => true, isBad => isBad, isBad => !isBad])
            {
                var sizes = Enumerable.Range(0, folds).Select(f => bad.Where((isBad, row) => fold[row] == f && count(isBad)).Count()).ToList();
                Assert.True(sizes.Max() - sizes.Min() <= 1);
            }
        });

    [Fact]
    public void Seeds_deal_differently()
    {
        var bad = new bool[100];

        Assert.NotEqual(RowSplits.Folds(bad, 5, 1), RowSplits.Folds(bad, 5, 2));
    }

    [Fact]
    public void A_draw_below_a_bound_is_even()
    {
        var random = new SplitMix64(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++) counts[random.Below(6)]++;

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400)); // four standard deviations and more
    }
}
