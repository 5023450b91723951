using System.Collections.Immutable;
using Xunit;

namespace CreditGrains.Modelling.Tests;

public sealed class FitTests
{
    private static readonly FitOptions Options = new() { Target = "target", Exclude = ["month"], Bootstrap = new() { Samples = 50 } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_tells_is_kept_and_what_repeats_or_tells_nothing_goes()
    {
        var result = Fitted(Tables.Synthetic(4000, 1), Options);

        Assert.Equal(["copy", "group"], result.Scorecard.Characteristics.Select(characteristic => characteristic.Column == "x" ? "copy" : characteristic.Column));
        Assert.Contains(result.Dropped, dropped => dropped is { Column: "x" or "copy", Reason: DropReason.TooCorrelated, InFavourOf: "x" or "copy" });
        Assert.Contains(result.Dropped, dropped => dropped is { Column: "noise", Reason: DropReason.InformationTooLow });
        Assert.All(result.Scorecard.Characteristics, characteristic => Assert.InRange(characteristic.Coefficient, -1.3, -0.7));
        Assert.InRange(result.HeldBack.Auc, 0.72, 0.85);
        Assert.InRange(result.HeldBack.Auc, result.HeldBack.AucInterval!.Value.Low, result.HeldBack.AucInterval.Value.High);
        Assert.Null(result.Folds);
        Assert.Equal(4000, result.Scorecard.Training.Rows + result.HeldBack.Rows);
    }

    [Fact]
    public void Scores_are_the_points_of_the_bins_and_those_are_the_log_odds()
    {
        var table = Tables.Synthetic(2000, 2);
        var result = Fitted(table, Options with { Scale = new(600, 19, 50) });
        var card = result.Scorecard;

        Assert.Null(card.TryScore(table, out var points));

        for (var row = 0; row < table.RowCount; row++)
        {
            List<FittedBin> bins = [.. card.Characteristics.Select(characteristic => table.Find(characteristic.Column) switch
            {
                NumericColumn numbers => characteristic.BinOf(numbers.Values[row]),
                var column => characteristic.BinOf(((TextColumn)column!).Text(row)),
            })];
            var logOdds = card.Intercept + bins.Zip(card.Characteristics).Sum(pair => pair.First.Woe * pair.Second.Coefficient);
            Assert.Equal(bins.Sum(bin => bin.Points), points[row], 9);
            Assert.Equal(card.Scale.PointsOf(1 / (1 + Math.Exp(-logOdds))), points[row], 6);
        }

        Assert.Equal(result.HeldBackRows.Select(row => points[row]), result.HeldBackScores);
    }

    [Fact]
    public void On_training_rows_expected_bads_are_the_bads_that_were()
    {
        var table = Tables.Synthetic(2000, 3);
        var card = Fitted(table, Options with { Split = new Split.Folds(2) }).Scorecard;

        card.TryScore(table, out var points);

        // What a regression with an intercept owes at its optimum.
        Assert.Equal(card.Training.Bads, points.Sum(card.Scale.ProbabilityOfBad), 3);
        Assert.Equal((2000, 2000L), (card.Training.Rows, card.Characteristics[0].Bins.Sum(bin => bin.Goods + bin.Bads)));
    }

    [Fact]
    public void Rounded_points_are_whole_and_near()
    {
        var table = Tables.Synthetic(2000, 2);
        var (exact, rounded) = (Fitted(table, Options).Scorecard, Fitted(table, Options with { RoundPoints = true }).Scorecard);

        foreach (var (one, other) in exact.Characteristics.SelectMany(c => c.Bins).Zip(rounded.Characteristics.SelectMany(c => c.Bins)))
        {
            Assert.Equal(other.Points, Math.Round(one.Points, MidpointRounding.AwayFromZero));
        }

        Assert.True(rounded.IsRounded);
    }

    [Fact]
    public void Nothing_in_the_part_held_back_reaches_the_scorecard()
    {
        var table = Tables.Synthetic(2400, 4);
        var options = Options with { Exclude = [], Split = new Split.ByTime("month", "18") };
        var turned = new Table([.. table.Columns.Select(column => column switch
        {
            NumericColumn { Name: not "month" } numbers => new NumericColumn(column.Name, [.. numbers.Values.ToArray().Select((value, row) => row < 1800 ? value : 1 - value)]),
            TextColumn texts => new TextColumn(column.Name, [.. Enumerable.Range(0, 2400).Select(row => row < 1800 ? texts.Text(row) : "later")]),
            _ => column,
        })]);

        var (one, other) = (Fitted(table, options), Fitted(turned, options));

        Assert.Equal(one.Scorecard.Training, other.Scorecard.Training);
        Assert.Equal(
            one.Scorecard.Characteristics.SelectMany(characteristic => characteristic.Bins.Select(bin => (characteristic.Column, bin.Goods, bin.Bads, bin.Woe, bin.Points))),
            other.Scorecard.Characteristics.SelectMany(characteristic => characteristic.Bins.Select(bin => (characteristic.Column, bin.Goods, bin.Bads, bin.Woe, bin.Points))));
        Assert.NotEqual(one.HeldBack.Auc, other.HeldBack.Auc);
    }

    [Fact]
    public void The_same_table_and_options_give_the_same_points()
    {
        var (one, other) = (Fitted(Tables.Synthetic(1000, 5), Options), Fitted(Tables.Synthetic(1000, 5), Options));

        Assert.Equal(one.HeldBackScores, other.HeldBackScores);
        Assert.Equal(one.HeldBack.AucInterval, other.HeldBack.AucInterval);
    }

    [Fact]
    public void A_split_by_time_holds_back_what_came_later_and_its_column_is_no_input()
    {
        var result = Fitted(Tables.Synthetic(2400, 4), Options with { Exclude = [], Split = new Split.ByTime("month", "18") });

        Assert.Equal(Enumerable.Range(1800, 600), result.HeldBackRows);
        Assert.DoesNotContain(result.Dropped, dropped => dropped.Column == "month");
    }

    [Fact]
    public void Folds_score_each_row_once_by_a_card_that_had_not_seen_it()
    {
        List<FitProgress> steps = [];
        var progress = new Steps(steps.Add);

        var outcome = Fit.Run(Tables.Synthetic(800, 6), Options with { Split = new Split.Folds(4, 3) }, progress, Token);

        var result = Assert.IsType<FitOutcome.Fitted>(outcome).Result;
        Assert.Equal(12, result.Folds!.Fits);
        Assert.Equal(result.Folds.Gini.Mean, (2 * result.Folds.Auc.Mean) - 1, 12);
        Assert.InRange(result.Folds.Auc.Mean, result.Folds.Auc.Lowest, result.Folds.Auc.Highest);
        Assert.Equal(800, result.HeldBack.Rows);
        Assert.Equal(Enumerable.Range(1, 13).Select(done => new FitProgress(done, 13)), steps);
    }

    [Fact]
    public void A_special_value_and_a_missing_one_have_bins_of_their_own()
    {
        string[] lines = [.. Enumerable.Range(0, 600).Select(row => (row % 6, row / 6 % 2) switch
        {
            (0, _) => $"{(row % 24 == 0 ? 1 : 0)},-1",
            (1, _) => $"{(row % 12 == 1 ? 1 : 0)},",
            var (_, half) => $"{(row % 5 == 0 || half == 1 && row % 3 == 0 ? 1 : 0)},{(half * 50) + (row % 50)}",
        })];
        var columns = ImmutableDictionary<string, ColumnOptions>.Empty.Add("x", new() { Special = ["-1"], Monotone = MonotoneBadRate.Rising });

        var card = Fitted(Tables.Of("target,x", lines), new() { Target = "target", Columns = columns, Split = new Split.Folds(2) }).Scorecard;

        var x = Assert.Single(card.Characteristics);
        Assert.Equal((75, 25), Counts(x.BinOf(-1)));
        Assert.Equal((50, 50), Counts(x.BinOf(double.NaN)));
        Assert.IsType<BinRange.SpecialNumber>(x.BinOf(-1).Range);
        Assert.IsType<BinRange.Interval>(x.BinOf(-2).Range);
        static (long, long) Counts(FittedBin bin) => (bin.Goods, bin.Bads);
    }

    [Fact]
    public void A_column_that_works_against_its_bins_is_dropped_if_asked()
    {
        // b alone tells a little for good; beside a, of which it is a noisy copy, what is left of it tells for bad.
        var random = new SplitMix64(8);
        string[] lines = [.. Enumerable.Range(0, 6000).Select(_ =>
        {
            int a = random.Below(2), noise = random.Below(4) == 0 ? 1 : 0, b = noise == 1 ? 1 - a : a;
            var bad = random.Below(100) < (a == 1 ? 10 : 50) + (b == 1 ? 8 : 0);
            return $"{(bad ? 1 : 0)},a{a},b{b}";
        })];

        var strict = Fitted(Tables.Of("target,a,b", lines), new() { Target = "target" });
        var lenient = Fitted(Tables.Of("target,a,b", lines), new() { Target = "target", DropWrongSigns = false });

        Assert.Equal(["a"], strict.Scorecard.Characteristics.Select(characteristic => characteristic.Column));
        Assert.Equal([DropReason.WrongSign], strict.Dropped.Select(dropped => dropped.Reason));
        Assert.True(lenient.Scorecard.Characteristics.Single(characteristic => characteristic.Column == "b").Coefficient > 0);
    }

    [Fact]
    public void Drift_is_none_against_the_same_rows_and_shows_where_rows_moved()
    {
        var table = Tables.Synthetic(3000, 9);
        var card = Fitted(table, Options).Scorecard;
        var main = card.Characteristics[0].Column;
        var moved = new Table([.. table.Columns.Select(column => column.Name == main ? new NumericColumn(main, [.. ((NumericColumn)column).Values.ToArray().Select(value => value / 2)]) : column)]);

        var none = Drift.Of(card, table, table, out _)!;
        var some = Drift.Of(card, table, moved, out _)!;

        Assert.Equal(0, none.Score.Index);
        Assert.True(some.Score.Index > 0.25 && some.Characteristics[0].Value.Index > 0.25);
        Assert.Equal(0, some.Characteristics.Single(characteristic => characteristic.Key == "group").Value.Index);
        Assert.Null(Drift.Of(card, table, Tables.Of("group", "a"), out var fault));
        Assert.Contains(main, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_scored_is_told_by_column()
    {
        var card = Fitted(Tables.Synthetic(2000, 2), Options with { Exclude = ["month", "noise"] }).Scorecard;
        var main = card.Characteristics[0].Column;

        Assert.Equal($"The column {main} is not all numbers.", card.TryScore(Tables.Of($"{main},group", "oops,a"), out _));
        Assert.Equal("There is no column group.", card.TryScore(Tables.Of(main, "0.5"), out _));
        Assert.Null(card.TryScore(Tables.Of($"{main},group", "0.5,zzz", "NA,"), out var points));
        Assert.All(points, score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [InlineData("target", "1", "", "", FitRefusal.TargetColumnMissing)]
    [InlineData("y", "1", "z", "", FitRefusal.ColumnNotFound)]
    [InlineData("holes", "1", "", "", FitRefusal.TargetHasMissing)]
    [InlineData("x", "1", "", "", FitRefusal.TargetNotBinary)]
    [InlineData("names", "a", "", "", FitRefusal.TargetNotBinary)]
    [InlineData("y", "2", "", "", FitRefusal.TargetHasOneClass)]
    [InlineData("same", "1", "", "", FitRefusal.TargetHasOneClass)]
    [InlineData("y", "1", "", "half", FitRefusal.IdUnusable)]
    [InlineData("y", "1", "x names holes same half", "", FitRefusal.NoColumnLeft)]
    public void What_cannot_be_fitted_is_refused(string target, string bad, string exclude, string id, FitRefusal refusal)
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(row => $"{row % 2},{row % 7},{(row == 3 ? "" : "1")},{"abc"[row % 3]},1,{row + 0.5}")];
        var options = new FitOptions
        {
            Target = target, BadValue = bad, Exclude = [.. exclude.Split(' ', StringSplitOptions.RemoveEmptyEntries)], Split = new Split.ById(id is "" ? null : id),
        };

        var outcome = Fit.Run(Tables.Of("y,x,holes,names,same,half", lines), options, cancellation: Token);

        Assert.Equal(refusal, Assert.IsType<FitOutcome.Refused>(outcome).Refusal);
    }

    [Fact]
    public void A_part_without_bads_is_refused_and_so_are_more_folds_than_bads()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(row => $"{(row < 3 ? 1 : 0)},{row % 7},{row}")];
        var table = Tables.Of("y,x,t", lines);

        Assert.Equal(FitRefusal.PartHasOneClass, Refused(table, new() { Target = "y", Split = new Split.ByTime("t", "30") }));
        Assert.Equal(FitRefusal.PartHasOneClass, Refused(table, new() { Target = "y", Split = new Split.Folds(5) }));
        Assert.Equal(FitRefusal.TimeUnusable, Refused(table, new() { Target = "y", Split = new Split.ByTime("t", "May") }));
    }

    [Fact]
    public void A_column_that_knows_the_outcome_is_told_and_not_praised()
    {
        string[] lines = [.. Enumerable.Range(0, 400).Select(row => $"{(row % 3 == 0 ? 1 : 0)},{(row % 3 == 0 ? "late" : "never")}")];

        var usual = Fitted(Tables.Of("y,leak,x", [.. lines.Select((line, row) => $"{line},{(row % 6 == 0 || row % 5 == 0 ? 1 : 0)}")]), new() { Target = "y" });

        Assert.Equal([("leak", DropReason.OneOutcomeInBins)], usual.Dropped.Select(dropped => (dropped.Column, dropped.Reason)));
        Assert.Equal(FitRefusal.OutcomeSeparated, Refused(Tables.Of("y,leak", lines), new() { Target = "y", Binning = new() { MinEachOutcome = 0 } }));
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        var table = Tables.Synthetic(100, 1);
        FitOptions[] faulty =
        [
            Options with { Scale = new(600, 0, 20) },
            Options with { MaxCorrelation = double.NaN },
            Options with { Split = new Split.Folds(1) },
            Options with { Binning = new() { MaxBins = 1 } },
            Options with { Bootstrap = new() { Level = 1 } },
            Options with { Columns = ImmutableDictionary<string, ColumnOptions>.Empty.Add("x", new() { Special = ["never"] }) },
        ];

        Assert.All(faulty, options => Assert.Equal(FitRefusal.OptionOutOfRange, Refused(table, options)));
    }

    [Fact]
    public void A_fit_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var progress = new Steps(_ => cancelled.Cancel());

        Assert.Throws<OperationCanceledException>(() => Fit.Run(Tables.Synthetic(500, 1), Options with { Split = new Split.Folds(5, 5) }, progress, cancelled.Token));
    }

    private static FitResult Fitted(Table table, FitOptions options) => Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, options, cancellation: Token)).Result;

    private static FitRefusal Refused(Table table, FitOptions options) => Assert.IsType<FitOutcome.Refused>(Fit.Run(table, options, cancellation: Token)).Refusal;

    /// <summary>Takes steps as they are told; <see cref="Progress{T}"/> would hand them to another thread.</summary>
    private sealed class Steps(Action<FitProgress> take) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => take(value);
    }
}
