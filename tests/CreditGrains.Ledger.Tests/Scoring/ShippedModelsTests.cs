using System.Text.RegularExpressions;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>The models that the ledger comes with: what a reviewer would check by hand.</summary>
public sealed partial class ShippedModelsTests
{
    // What a payment on time can only raise, and what it can only lower.
    private static readonly string[] Raised =
        ["instalments_repaid_share", "payment_regularity_12", "payments_a_month_6", "obligations_on_time_12", "obligations_12", "history_months"];

    private static readonly string[] Lowered = ["worst_delinquency_3", "worst_delinquency_12", "worst_delinquency_24", "utilisation", "debt_service_to_inflow"];

    public static TheoryData<string> Models => ["standard", "thin-file"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_characteristic_and_every_bin_says_why(string name)
    {
        var model = ShippedModels.Find(name)!;

        Assert.Equal(name, model.Model);
        Assert.Contains("starting point", model.Notes, StringComparison.Ordinal);
        Assert.All(model.Characteristics, characteristic =>
        {
            Assert.True(characteristic.Rationale is { Length: > 20 }, characteristic.Name);
            Assert.All(characteristic.Bins, bin => Assert.True(bin.Rationale is { Length: > 4 }, $"{characteristic.Name} {bin.Range}"));
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void It_asks_for_characteristics_of_the_catalogue_alone_and_for_none_that_is_banned(string name)
    {
        var model = ShippedModels.Find(name)!;

        Assert.Null(ScorecardInputs.FirstBanned(model));
        Assert.All(model.Characteristics, characteristic =>
        {
            Assert.NotNull(Characteristics.Find(characteristic.Name));
            Assert.False(characteristic.IsText);
        });
    }

    [Fact]
    public void A_thin_file_needs_no_tradeline()
    {
        string[] ofTradelines = ["delinquency", "utilisation", "instalments", "tradeline", "lenders", "charge_offs", "debt_service"];

        Assert.All(ShippedModels.ThinFile.Characteristics, characteristic =>
            Assert.DoesNotContain(ofTradelines, word => characteristic.Name.Contains(word, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Points_are_whole_on_the_scale_from_300_to_850_and_what_is_missing_is_neutral(string name)
    {
        var model = ShippedModels.Find(name)!;

        Assert.Equal(ScoreScale.From300To850, model.Scale);
        Assert.True(double.IsInteger(model.InitialPoints));
        Assert.All(model.Characteristics, characteristic =>
        {
            Assert.All(characteristic.Bins, bin => Assert.True(double.IsInteger(bin.Points), characteristic.Name));
            Assert.Equal(characteristic.Baseline, Assert.Single(characteristic.Bins, bin => bin.Range is DocumentRange.Missing).Points);
            Assert.Equal(0, characteristic.Baseline);
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Each_reason_has_a_code_of_its_own_and_words_for_the_citizen(string name)
    {
        var reasons = ShippedModels.Find(name)!.Characteristics.Select(characteristic => characteristic.Reason).ToList();

        Assert.Equal(reasons.Count, reasons.Select(reason => reason.Code).Distinct().Count());
        Assert.All(reasons, reason => Assert.Matches(ReasonCode(), reason.Code));
        Assert.All(reasons, reason => Assert.EndsWith(".", reason.Words, StringComparison.Ordinal));
        Assert.All(reasons, reason => Assert.DoesNotContain("_", reason.Words, StringComparison.Ordinal));
    }

    [Fact]
    public void A_code_that_both_models_give_means_the_same_in_both() => Assert.All(
        ShippedModels.Standard.Characteristics.Concat(ShippedModels.ThinFile.Characteristics).GroupBy(characteristic => characteristic.Reason.Code),
        shared => Assert.Single(shared.Select(characteristic => characteristic.Reason).Distinct()));

    [Theory]
    [MemberData(nameof(Models))]
    public void It_is_kept_as_it_would_be_written_and_survives_PMML(string name)
    {
        var model = ShippedModels.Find(name)!;
        using StreamReader kept = new(typeof(ShippedModels).Assembly.GetManifestResourceStream($"CreditGrains.Ledger.Models.{name}.json")!);
        Assert.Equal(kept.ReadToEnd(), ScorecardJson.Write(model));

        var card = model.ToScorecard();
        var reading = PmmlReader.Read(PmmlWriter.Write(card));
        Assert.Null(reading.Fault);
        Assert.Equal(model.Scale, reading.Card!.Scale);
        var (ours, theirs) = (CompiledScorecard.Of(card), CompiledScorecard.Of(reading.Card));
        var (buffer, other) = (ours.NewBuffer(), theirs.NewBuffer());
        Random random = new(1);
        for (var trial = 0; trial < 2_000; trial++)
        {
            double[] vector = [.. model.Characteristics.Select(characteristic => Some(characteristic, random))];
            Assert.Equal((ScoringOutcome.Scored, ScoringOutcome.Scored), (ours.Score(vector, buffer), theirs.Score(vector, other)));
            Assert.Equal(buffer.Score, other.Score);
            Assert.Equal(buffer.Reasons.ToArray(), other.Reasons.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Points_of_what_payments_raise_never_fall_and_of_what_they_lower_never_rise(string name) => Assert.All(
        ShippedModels.Find(name)!.Characteristics.Where(characteristic => Raised.Contains(characteristic.Name) || Lowered.Contains(characteristic.Name)),
        characteristic =>
        {
            var points = characteristic.Bins.Where(bin => bin.Range is DocumentRange.Interval).Select(bin => bin.Points).ToArray();

            Assert.Equal(Raised.Contains(characteristic.Name) ? points.Order() : points.OrderDescending(), points);
        });

    [Fact]
    public void A_good_file_is_about_700_and_a_bad_one_below_500()
    {
        var good = ScoreOf(ShippedModels.Standard, new()
        {
            ["worst_delinquency_3"] = 0, ["worst_delinquency_12"] = 0, ["worst_delinquency_24"] = 0, ["utilisation"] = 0.22, ["instalments_repaid_share"] = 0.45,
            ["active_lenders"] = 2, ["new_tradelines_6"] = 1, ["oldest_tradeline_months"] = 50, ["hard_inquiries_12"] = 1, ["hard_inquiries_3"] = 1,
            ["public_records_active"] = 0, ["charge_offs"] = 0, ["debt_service_to_inflow"] = 0.18, ["lowest_balance_90_days"] = 0.6, ["inflow_regularity_12"] = 1,
            ["income_stability_12"] = 0.75, ["penalty_charges_12"] = 0, ["net_inflow_share_6"] = 0.06, ["balance_volatility_12"] = 0.45,
        });
        var bad = ScoreOf(ShippedModels.Standard, new()
        {
            ["worst_delinquency_3"] = 45, ["worst_delinquency_12"] = 45, ["worst_delinquency_24"] = 45, ["months_since_worst_delinquency"] = 1, ["utilisation"] = 0.9,
            ["instalments_repaid_share"] = 0.05, ["active_lenders"] = 5, ["new_tradelines_6"] = 2, ["oldest_tradeline_months"] = 10, ["hard_inquiries_12"] = 5,
            ["hard_inquiries_3"] = 2, ["public_records_active"] = 0, ["charge_offs"] = 0, ["debt_service_to_inflow"] = 0.4, ["lowest_balance_90_days"] = 0.05,
            ["inflow_regularity_12"] = 0.9, ["income_stability_12"] = 0.3, ["penalty_charges_12"] = 1, ["net_inflow_share_6"] = -0.1, ["balance_volatility_12"] = 0.9,
        });
        var goodThin = ScoreOf(ShippedModels.ThinFile, new()
        {
            ["history_months"] = 20, ["payment_regularity_12"] = 1, ["payments_a_month_6"] = 8, ["obligations_on_time_12"] = 1, ["obligations_12"] = 12,
            ["balance_in_inflows"] = 1.6, ["lowest_balance_90_days"] = 0.8, ["inflow_regularity_12"] = 1, ["income_stability_12"] = 0.85, ["net_inflow_share_6"] = 0.06,
            ["balance_volatility_12"] = 0.45, ["penalty_charges_12"] = 0, ["public_records_active"] = 0, ["hard_inquiries_12"] = 1,
        });
        var badThin = ScoreOf(ShippedModels.ThinFile, new()
        {
            ["history_months"] = 5, ["payments_a_month_6"] = 3, ["obligations_on_time_12"] = 0.6, ["obligations_12"] = 12, ["balance_in_inflows"] = 0.1,
            ["lowest_balance_90_days"] = -0.1, ["income_stability_12"] = 0.3, ["penalty_charges_12"] = 2, ["net_inflow_share_6"] = -0.1, ["balance_volatility_12"] = 0.9,
        });

        Assert.InRange(good, 680, 720);
        Assert.InRange(goodThin, 680, 720);
        Assert.InRange(bad, 300, 499);
        Assert.InRange(badThin, 300, 499);
    }

    // A loan of some years, repaid as it falls due or late; then one more instalment, on time, of this month.
    [Fact]
    public void A_payment_on_time_never_lowers_the_standard_score()
    {
        Random random = new(20);
        var raised = 0;
        for (var trial = 0; trial < 2_000; trial++)
        {
            var (opened, term) = (new DateOnly(2022, 1, 5), 6 + random.Next(40));
            List<StoredEntry> history = [new(Of(EntryKind.LoanOpened, 0, opened, 1_000 * term) with { Detail = new LoanTerms { TermMonths = term, InstalmentMinorUnits = 1_000 } })];
            var months = random.Next(1, term + 6);
            for (var month = 1; month <= months; month++)
            {
                history.Add(new(Of(EntryKind.PaymentReceived, 1_000 + month, opened.AddMonths(month - 1), 2_000 + random.Next(4_000))));
                if (random.Next(4) > 0) history.Add(new(Of(EntryKind.LoanRepaid, month, opened.AddMonths(month).AddDays(random.Next(3) * 20), 1_000)));
            }

            var asOf = opened.AddMonths(months);
            var before = ScoreOf(history, asOf);
            var after = ScoreOf([.. history, new(Of(EntryKind.LoanRepaid, 9_999, asOf, 1_000))], asOf);

            Assert.True(after >= before, $"trial {trial}: {before} before, {after} after");
            raised += after > before ? 1 : 0;
        }

        Assert.True(raised > 100, $"only {raised} payments counted for anything");
    }

    [GeneratedRegex("^R[0-9]{2}$")]
    private static partial Regex ReasonCode();

    private static Entry Of(EntryKind kind, int number, DateOnly day, long minorUnits) => new()
    {
        Citizen = Histories.Citizen(0),
        Kind = kind,
        Furnisher = new("bank"),
        Reference = $"{kind}/{number}",
        OccurredOn = day,
        Money = new Money(minorUnits, Currency.Of("EUR")),
        Tradeline = kind is EntryKind.LoanOpened or EntryKind.LoanRepaid ? new TradelineId("loan") : null,
    };

    private static double ScoreOf(IEnumerable<StoredEntry> history, DateOnly asOf)
    {
        var values = new double[Characteristics.Count];
        PastFold.Fold(history, asOf, long.MaxValue).Characterise(asOf, values);
        return ScoreOf(ShippedModels.Standard, Characteristics.All.Where(one => !double.IsNaN(values[one.Index])).ToDictionary(one => one.Name, one => values[one.Index]));
    }

    private static double ScoreOf(ScorecardDocument model, Dictionary<string, double> known)
    {
        var card = CompiledScorecard.Of(model.ToScorecard());
        var buffer = card.NewBuffer();
        Assert.Equal(ScoringOutcome.Scored, card.Score([.. card.Inputs.Select(input => known.GetValueOrDefault(input, double.NaN))], buffer));
        return buffer.Score;
    }

    // Missing, a margin of a bin or near it, or anything.
    private static double Some(DocumentCharacteristic characteristic, Random random)
    {
        if (random.Next(8) == 0) return double.NaN;
        double[] margins = [.. characteristic.Bins.Select(bin => bin.Range).OfType<DocumentRange.Interval>().Select(interval => interval.To).OfType<double>()];
        var margin = margins[random.Next(margins.Length)];
        return random.Next(4) switch { 0 => margin, 1 => Math.BitDecrement(margin), 2 => Math.BitIncrement(margin), _ => margin + random.NextDouble() - 0.5 };
    }
}
