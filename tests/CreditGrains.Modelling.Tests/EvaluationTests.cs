using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class EvaluationTests
{
    private static readonly Gen<(double, bool)[]> Rows =
        Gen.Select(Gen.Int[0, 15].Select(score => score / 2.0), Gen.Bool).Array[2, 80].Where(rows => rows.Any(row => row.Item2) && rows.Any(row => !row.Item2));

    private static readonly BootstrapOptions NoIntervals = new() { Samples = 0 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_area_is_the_share_of_pairs_in_order() => Rows.Sample(rows =>
    {
        var (scores, bad) = Apart(rows);
        double pairs = 0, inOrder = 0;
        foreach (var (good, isBad) in rows)
        {
            foreach (var (ill, isIll) in rows)
            {
                if (isBad || !isIll) continue;
                pairs++;
                inOrder += good > ill ? 1 : good == ill ? 0.5 : 0;
            }
        }

        Assert.Equal(inOrder / pairs, Ranking.Auc(scores, bad), 12);
        Assert.Equal(1 - (inOrder / pairs), Ranking.Auc([.. scores.Select(score => -score)], bad), 12);
    });

    [Fact]
    public void Ks_is_the_widest_gap_of_the_curve() => Rows.Sample(rows =>
    {
        var (scores, bad) = Apart(rows);
        double Gap(double at) => Math.Abs(
            ((double)rows.Count(row => row.Item2 && row.Item1 <= at) / bad.Count(b => b)) - ((double)rows.Count(row => !row.Item2 && row.Item1 <= at) / bad.Count(b => !b)));

        var (distance, atScore) = Ranking.KolmogorovSmirnov(scores, bad);

        Assert.Equal(scores.Max(Gap), distance, 12);
        Assert.Equal(distance, Gap(atScore), 12);
        Assert.Equal(distance, Ranking.Curve(scores, bad).Max(point => Math.Abs(point.ShareOfBads - point.ShareOfGoods)), 12);
    });

    [Fact]
    public void Deciles_hold_each_row_once_and_their_lifts_average_one() => Rows.Sample(rows =>
    {
        var (scores, bad) = Apart(rows);
        double[] probabilities = [.. scores.Select(score => 1 / (2 + score))];

        var deciles = Deciles.Of(scores, probabilities, bad);

        Assert.Equal((rows.Length, bad.Count(b => b)), (deciles.Sum(decile => decile.Rows), deciles.Sum(decile => decile.Bads)));
        Assert.Equal(probabilities.Sum(), deciles.Sum(decile => decile.ExpectedBadRate * decile.Rows), 9);
        Assert.Equal(rows.Length, deciles.Sum(decile => decile.Lift * decile.Rows), 9);
        Assert.Equal(1, deciles[^1].BadsCaught, 12);
        Assert.True(deciles.Length <= 10 && deciles.Zip(deciles.Skip(1)).All(pair => pair.First.HighestScore < pair.Second.LowestScore));
    });

    [Fact]
    public void A_hundred_different_scores_make_ten_tenths()
    {
        double[] scores = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        bool[] bad = [.. scores.Select(score => score < 20)];

        var deciles = Deciles.Of(scores, [.. scores.Select(_ => 0.2)], bad);

        Assert.Equal(Enumerable.Repeat(10, 10), deciles.Select(decile => decile.Rows));
        Assert.Equal([5, 5, 0, 0, 0, 0, 0, 0, 0, 0], deciles.Select(decile => decile.Lift));
        Assert.Equal(0.16, Deciles.Brier([.. scores.Select(_ => 0.2)], bad), 12); // 0.2 · 0.8² + 0.8 · 0.2², by hand
    }

    [Fact]
    public void Outcomes_all_alike_cannot_be_judged()
    {
        Assert.Null(Evaluation.Of([1, 2], [0.1, 0.2], [true, true], NoIntervals, Token));
        Assert.Null(Comparison.Of([1, 2], [2, 1], [false, false], 0.5, NoIntervals, Token));
    }

    [Fact]
    public void An_interval_is_that_of_its_seed_and_about_as_wide_as_theory_says()
    {
        var random = new SplitMix64(3);
        bool[] bad = [.. Enumerable.Range(0, 2000).Select(i => i < 400)];
        double[] scores = [.. bad.Select(isBad => Enumerable.Range(0, 12).Sum(_ => random.Below(1000) / 1000.0) - (isBad ? 1 : 0))];
        double[] probabilities = [.. bad.Select(_ => 0.2)];

        var judged = Evaluation.Of(scores, probabilities, bad, new(), Token)!;
        var again = Evaluation.Of(scores, probabilities, bad, new(), Token)!;
        var other = Evaluation.Of(scores, probabilities, bad, new() { Seed = 2 }, Token)!;

        Assert.Equal(judged.AucInterval, again.AucInterval);
        Assert.NotEqual(judged.AucInterval, other.AucInterval);
        var interval = judged.AucInterval!.Value;
        Assert.InRange(judged.Auc, interval.Low, interval.High);

        // Hanley and McNeil (Radiology 143, 1982) for the standard error of an AUC; an interval of 95% is 3.92 of them.
        double auc = judged.Auc, q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);
        var error = Math.Sqrt(((auc * (1 - auc)) + (399 * (q1 - (auc * auc))) + (1599 * (q2 - (auc * auc)))) / (400.0 * 1600));
        Assert.InRange((interval.High - interval.Low) / (3.92 * error), 0.85, 1.15);
        Assert.Equal((2 * interval.Low) - 1, judged.GiniInterval!.Value.Low, 12);
    }

    [Fact]
    public void Stability_is_the_known_answer()
    {
        long[] before = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100], now = [80, 90, 100, 110, 120, 100, 100, 100, 100, 100];

        var stability = PopulationStability.Of(before, now);

        Assert.Equal(0.010116, stability.Index, 6);
        Assert.Equal(stability.Index, stability.OfBins.Sum(), 12);
        Assert.Equal(9 * (1.0 / 1000 + 1.0 / 1000), stability.ExpectedByChance, 12);
    }

    [Fact]
    public void Samples_of_one_population_move_as_far_as_chance_says()
    {
        var random = new SplitMix64(11);
        double sum = 0;
        for (var trial = 0; trial < 400; trial++)
        {
            long[] before = new long[10], now = new long[10];
            for (var i = 0; i < 2000; i++) before[random.Below(10)]++;
            for (var i = 0; i < 500; i++) now[random.Below(10)]++;
            sum += PopulationStability.Of(before, now).Index;
        }

        Assert.InRange(sum / 400 / PopulationStability.Of([200, 1800], [100, 400]).ExpectedByChance / 9, 0.9, 1.15);
    }

    [Fact]
    public void A_bin_empty_on_one_side_counts_as_half_a_row_and_one_empty_on_both_as_none()
    {
        var stability = PopulationStability.Of([50, 50, 0, 0], [50, 49, 1, 0]);

        Assert.Equal((0.01 - 0.005) * Math.Log(2), stability.OfBins[2], 12);
        Assert.Equal(2 * (0.01 + 0.01), stability.ExpectedByChance, 12);
        Assert.Equal(0, stability.OfBins[3]);
    }

    [Fact]
    public void A_swap_set_is_who_changes_sides()
    {
        double[] champion = [9, 8, 7, 6, 5, 4], challenger = [9, 1, 7, 8, 2, 3];
        bool[] bad = [false, true, false, false, true, true];

        var comparison = Comparison.Of(champion, challenger, bad, 0.5, new() { Samples = 200 }, Token)!;

        Assert.Equal(new SwapSet(3, 1, 0, 1, 1, 0), comparison.SwapSet); // the second row goes, the fourth comes
        Assert.Equal((1.0, 0.0), (comparison.SwapSet.SwappedOutBadRate, comparison.SwapSet.SwappedInBadRate));
        Assert.Equal(7.0 / 9, comparison.ChampionAuc, 12);
        Assert.Equal(1, comparison.ChallengerAuc, 12);
        Assert.Equal(2.0 / 9, comparison.Difference, 12);
    }

    [Fact]
    public void A_score_does_not_differ_from_itself_stretched() => Rows.Sample(
        rows =>
        {
            var (scores, bad) = Apart(rows);

            var comparison = Comparison.Of(scores, [.. scores.Select(score => (3 * score) + 1)], bad, 0.3, new() { Samples = 20 }, Token)!;

            Assert.Equal((0, 0, 0), (comparison.Difference, comparison.DifferenceInterval!.Value.Low, comparison.DifferenceInterval.Value.High));
            Assert.Equal(0, comparison.SwapSet.Swapped);
            Assert.Null(comparison.SwapSet.SwappedInBadRate);
        },
        iter: 50);

    private static (double[] Scores, bool[] Bad) Apart((double, bool)[] rows) => ([.. rows.Select(row => row.Item1)], [.. rows.Select(row => row.Item2)]);
}
