using System.Collections.Immutable;
using System.Globalization;
using CreditGrains.Ledger;
using CsCheck;
using Xunit;

namespace CreditGrains.Modelling.Tests;

/// <summary>A fitted scorecard in the form that the ledger keeps.</summary>
public sealed class ToDocumentTests
{
    private static readonly string?[] Texts = [null, "a", "b", "c d", "\\", "", "4", "\"q\""];

    private static readonly double[] Numbers = [double.NaN, -1, -0.0, 0, 1, 2.5, 7, 99, double.MaxValue, double.MinValue];

    private static readonly Gen<Random> Chance = Gen.Int[0, int.MaxValue].Select(seed => new Random(seed));

    [Fact]
    public void Every_row_is_given_the_points_that_the_fitted_scorecard_gives() => Chance.Sample(random =>
    {
        var card = Card(random);
        var table = Rows(random, card, 60);
        Assert.Null(card.TryScore(table, out var points));

        var compiled = CompiledScorecard.Of(Read(ScorecardJson.Write(card.ToDocument("any", 300, 850))).ToScorecard());

        Assert.Equal(points.Select(BitConverter.DoubleToInt64Bits), ScoresOf(compiled, card, table).Select(BitConverter.DoubleToInt64Bits));
    });

    [Fact]
    public void A_fit_keeps_its_points_its_figures_and_its_scale()
    {
        var table = Tables.Synthetic(2000, 4);
        var options = new FitOptions
        {
            Target = "target",
            Exclude = ["month"],
            Bootstrap = new() { Samples = 0 },
            Scale = new(600, 30, 40),
            Columns = ImmutableDictionary<string, ColumnOptions>.Empty.Add("group", new() { Special = ["d"] }),
        };
        var card = Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, options, cancellation: TestContext.Current.CancellationToken)).Result.Scorecard;
        card.TryScore(table, out var points);

        var document = Read(ScorecardJson.Write(card.ToDocument("made", 300, 850, "Title", "Notes")));

        Assert.Equal(("made", "Title", "Notes", ScoreScale.From300To850), (document.Model, document.Title, document.Notes, document.Scale));
        Assert.Equal(new(card.Training.Rows, card.Training.Bads, card.Training.Auc, card.Training.Gini, card.Training.Ks, card.Training.LogLikelihood, card.Intercept), document.Training);
        Assert.Equal(points.Select(BitConverter.DoubleToInt64Bits), ScoresOf(CompiledScorecard.Of(document.ToScorecard()), card, table).Select(BitConverter.DoubleToInt64Bits));
        foreach (var (fitted, kept) in card.Characteristics.Zip(document.Characteristics))
        {
            Assert.Equal((fitted.Column, fitted.IsText, fitted.Coefficient, fitted.InformationValue), (kept.Name, kept.IsText, kept.Coefficient, kept.InformationValue));
            Assert.Equal(fitted.Bins.Select(bin => (bin.Points, (double?)bin.Woe, (long?)bin.Goods, (long?)bin.Bads)), kept.Bins.Select(bin => (bin.Points, bin.Woe, bin.Goods, bin.Bads)));
            Assert.Equal(fitted.Bins.Max(bin => bin.Points), kept.Baseline);
        }

        Assert.Equal(BaselineMethod.Max, document.ToScorecard().BaselineMethod);
    }

    [Fact]
    public void Columns_of_the_catalogue_have_its_codes_and_words_and_others_their_own_name()
    {
        string[] columns = ["worst_delinquency_24", "worst_delinquency_12", "amount of the loan in full", "amount of the loan, net", "r17", "收入", "given", "GIVEN_2"];
        var document = new FittedScorecard(0, [.. columns.Select(column => Numeric(column, [], []))], new(), false, new(0, 0, 0, 0, 0, 0))
            .ToDocument("m", 0, 1, reasonsByColumn: new Dictionary<string, DocumentReason> { ["given"] = new("GIVEN_2", "Chosen.") });

        Assert.Equal(["R18", "R17", "AMOUNT_OF_THE_LO", "AMOUNT_OF_THE_2", "R17_2", "COLUMN_06", "GIVEN_2", "GIVEN_2_2"], document.Characteristics.Select(one => one.Reason.Code));
        Assert.Equal("This cost points: the most days that a tradeline was past due in the last 24 months.", document.Characteristics[0].Reason.Words);
        Assert.Equal("This cost points: what was given as amount of the loan in full.", document.Characteristics[2].Reason.Words);
        Assert.Equal("Chosen.", document.Characteristics[6].Reason.Words);
        Assert.Null(ScorecardDocumentRules.FirstFault(document));
    }

    [Fact]
    public void A_name_that_PMML_cannot_say_is_found_by_the_rules()
    {
        var document = new FittedScorecard(0, [Numeric("x\u0001", [], [])], new(), false, new(0, 0, 0, 0, 0, 0)).ToDocument("m", 0, 1);

        Assert.Equal((ScorecardDocumentRefusal.TextNotWritable, "$.characteristics[0].name"), (ScorecardDocumentRules.FirstFault(document)!.Refusal, ScorecardDocumentRules.FirstFault(document)!.Path));
    }

    private static ScorecardDocument Read(string json)
    {
        var reading = ScorecardJson.Read(json);
        Assert.True(reading.Fault is null, reading.Fault?.ToString());
        return reading.Document!;
    }

    private static double[] ScoresOf(CompiledScorecard compiled, FittedScorecard card, Table table)
    {
        var buffer = compiled.NewBuffer();
        return [.. Enumerable.Range(0, table.RowCount).Select(row =>
        {
            FieldValue[] vector = [.. card.Characteristics.Select(characteristic => ValueOf(table.Find(characteristic.Column)!, row, characteristic.IsText))];
            Assert.Equal(ScoringOutcome.Scored, compiled.Score(vector, buffer));
            return buffer.Score;
        })];
    }

    // A number where texts are scored counts as the text that it is written as.
    private static FieldValue ValueOf(Column column, int row, bool isText) => column switch
    {
        _ when column.IsMissing(row) => FieldValue.Missing,
        NumericColumn numbers => isText ? FieldValue.Of(numbers.Values[row].ToString("R", CultureInfo.InvariantCulture)) : FieldValue.Of(numbers.Values[row]),
        _ => FieldValue.Of(((TextColumn)column).Text(row)!),
    };

    private static FittedScorecard Card(Random random) => new(
        -1.5,
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(place => random.Next(2) == 0
            ? Numeric($"n{place}", [.. Drawn(random, Numbers[1..], 5).Select(number => number + 0.0).Distinct().Order()], [.. Drawn(random, Numbers[1..], 2).Distinct()], random)
            : Textual($"t{place}", Drawn(random, Texts[1..], 6), random))],
        new(600, 30, 40),
        false,
        new(10, 1, 0.7, 0.4, 0.3, -3));

    private static FittedCharacteristic Numeric(string column, double[] cuts, double[] specials, Random? random = null) => Fitted(column, false, random,
    [
        .. Enumerable.Range(0, cuts.Length + 1).Select(place => new BinRange.Interval(place == 0 ? double.NegativeInfinity : cuts[place - 1], place == cuts.Length ? double.PositiveInfinity : cuts[place])),
        .. specials.Select(special => new BinRange.SpecialNumber(special)),
        new BinRange.Missing(),
    ]);

    private static FittedCharacteristic Textual(string column, string?[] texts, Random random) => Fitted(column, true, random,
    [
        .. texts.Chunk(2).Select(pair => pair.Length == 1 ? (BinRange)new BinRange.SpecialText(pair[0]!) : new BinRange.Texts([.. pair!])),
        new BinRange.Missing(),
        new BinRange.Unseen(),
    ]);

    private static FittedCharacteristic Fitted(string column, bool isText, Random? random, BinRange[] ranges) => new(
        column, isText, -1, 0.1, 0.2, [.. ranges.Select(range => new FittedBin(range, 3, 1, 0.5, random is null ? 1 : (random.NextDouble() * 100) - 50))]);

    private static Table Rows(Random random, FittedScorecard card, int count) => new([.. card.Characteristics.Select(characteristic =>
        characteristic.IsText && random.Next(4) > 0
            ? (Column)new TextColumn(characteristic.Column, [.. Enumerable.Range(0, count).Select(_ => Texts[random.Next(Texts.Length)])])
            : new NumericColumn(characteristic.Column, [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? Math.Round(random.NextDouble() * 10, 2) : random.Next(8) == 0 ? 4 : Numbers[random.Next(Numbers.Length)])]))]);

    private static T[] Drawn<T>(Random random, T[] values, int most)
    {
        T[] shuffled = [.. values];
        random.Shuffle(shuffled);
        return shuffled[..random.Next(most + 1)];
    }
}
