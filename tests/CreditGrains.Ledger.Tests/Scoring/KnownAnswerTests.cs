using System.Globalization;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>Answers that others have published: the example of the DMG as jpmml scores it, and samples where they are at hand.</summary>
public sealed class KnownAnswerTests
{
    private static readonly ScorecardField Department = new("department", FieldDataType.Text, FieldOpType.Categorical);

    private static readonly ScorecardField Years = new("age", FieldDataType.WholeNumber, FieldOpType.Continuous);

    private static readonly ScorecardField Income = new("income", FieldDataType.Number, FieldOpType.Continuous);

    private static SimplePredicate Is(string field, ScoreComparison comparison, double value) => new(field, comparison, FieldValue.Of(value));

    private static CompoundPredicate Between(string field, double above, double upTo) =>
        new(PredicateJunction.And, [Is(field, ScoreComparison.GreaterThan, above), Is(field, ScoreComparison.LessOrEqual, upTo)]);

    private static ScorecardAttribute Missing(string field, double points) => Cards.Points(points, new SimplePredicate(field, ScoreComparison.IsMissing));

    private static ScorecardAttribute Named(string department, double points, string? code = null) =>
        Cards.Points(points, new SimplePredicate("department", ScoreComparison.Equal, FieldValue.Of(department))) with { ReasonCode = code };

    private static Scorecard Example(string? engineersCode, params ReadOnlySpan<ScorecardAttribute> income) => new()
    {
        Fields = [Department, Years, Income],
        Characteristics =
        [
            new() { Name = "department", ReasonCode = "RC1", BaselineScore = 19, Attributes = [Missing("department", -9), Named("marketing", 19), Named("engineering", 3, engineersCode), Named("business", 6), Cards.Points(0, new ConstantPredicate(true))] },
            new()
            {
                Name = "age",
                ReasonCode = "RC2",
                BaselineScore = 18,
                Attributes = [Missing("age", -1), Cards.Points(-3, Is("age", ScoreComparison.LessOrEqual, 18)), Cards.Points(0, Between("age", 18, 29)) with { ReasonCode = engineersCode is null ? null : "RC2_3" }, Cards.Points(12, Between("age", 29, 39)), Cards.Points(18, Is("age", ScoreComparison.GreaterThan, 39))],
            },
            new() { Name = "income", ReasonCode = "RC3", BaselineScore = 10, Attributes = [.. income] },
        ],
    };

    private static readonly ScorecardAttribute[] FixedIncome =
        [Missing("income", 5), Cards.Points(26, Is("income", ScoreComparison.LessOrEqual, 1000)), Cards.Points(5, Between("income", 1000, 2500)), Cards.Points(-3, Is("income", ScoreComparison.GreaterThan, 2500))];

    private static ScoreApply Line(ScoreFunction then, double slope, double constant) =>
        new(then, [new ScoreApply(ScoreFunction.Multiply, [new ScoreConstant(slope), new ScoreFieldRef("income")]), new ScoreConstant(constant)]);

    private static readonly ScorecardAttribute[] ComputedIncome =
    [
        Missing("income", 3),
        new(Is("income", ScoreComparison.LessOrEqual, 1000)) { ComplexPartialScore = Line(ScoreFunction.Add, 0.03, 11) },
        Cards.Points(5, Between("income", 1000, 1500)),
        new(Is("income", ScoreComparison.GreaterThan, 1500)) { ComplexPartialScore = Line(ScoreFunction.Subtract, 0.01, 18) },
    ];

    [Fact]
    public void The_example_of_an_engineer_has_29_points_two_reasons_and_no_third()
    {
        var scored = Cards.Score(Example(null, FixedIncome), FieldValue.Of("engineering"), FieldValue.Of(25), FieldValue.Of(500));

        Assert.Equal(29, scored.Score);
        Assert.Equal([3, 0, 26], scored.PartialScores.ToArray());
        Assert.Equal([new("RC2", 18), new("RC1", 16)], scored.Reasons.ToArray()); // income gained 16, and is no reason
    }

    [Fact]
    public void A_code_of_an_attribute_comes_before_that_of_its_characteristic()
    {
        var scored = Cards.Score(Example("RC1", FixedIncome), FieldValue.Of("engineering"), FieldValue.Of(25), FieldValue.Of(500));

        Assert.Equal([new("RC2_3", 18), new("RC1", 16)], scored.Reasons.ToArray());
    }

    [Theory]
    [InlineData(null, 3, -7)]
    [InlineData(1000.0, 41, 31)]
    [InlineData(1500.0, 5, -5)]
    [InlineData(3000.0, 12, 2)]
    public void Points_of_the_example_are_computed_from_income(double? income, double points, double score)
    {
        var scored = Cards.Score(Example(null, ComputedIncome), FieldValue.Missing, FieldValue.Missing, FieldValue.OfOptional(income));

        Assert.Equal([-9, -1, points], scored.PartialScores.ToArray());
        Assert.Equal(score, scored.Score);
    }

    // Columns are those of the expected file: inputs by name, then outputs by name. Where a rank has no reason it is empty; the DMG's own file
    // repeats the last one there, and others give none, as we do.
    [Theory]
    [InlineData("dmg", "dmg_scorecard_example.xml", "dmg_scorecard_example.expected.csv", "Final Score")]
    [InlineData("drools", "SimpleScorecard.pmml", "SimpleScorecard.expected.csv", "Score")]
    public void Samples_of_others_score_as_they_say(string folder, string document, string expected, string score)
    {
        var path = Path.Combine(SharedData.Folder("pmml"), folder);
        using var text = File.OpenText(Path.Combine(path, document));
        var reading = PmmlReader.Read(text);
        Assert.Null(reading.Fault);
        var lines = File.ReadAllLines(Path.Combine(path, expected)).Where(line => line.Length > 0).Select(line => line.Split(',')).ToArray();
        foreach (var card in new[] { reading.Card!, Cards.Read(PmmlWriter.Write(reading.Card!)) })
        {
            var compiled = CompiledScorecard.Of(card);
            var buffer = compiled.NewBuffer();
            foreach (var row in lines[1..])
            {
                var given = lines[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
                var vector = compiled.Inputs.Select(name => Given(card, name, given.GetValueOrDefault(name, ""))).ToArray();

                Assert.Equal(ScoringOutcome.Scored, compiled.Score(vector, buffer));
                Assert.Equal(double.Parse(given[score], CultureInfo.InvariantCulture), buffer.Score);
                var reasons = card.Outputs.Where(output => output.Feature == ScorecardOutputFeature.ReasonCode).OrderBy(output => output.Rank).Select(output => given[output.Name]).ToList();
                Assert.Equal(buffer.Reasons.ToArray().Select(reason => reason.Code), reasons.Where(code => code.Length > 0).Distinct());
            }
        }
    }

    private static FieldValue Given(Scorecard card, string name, string text) =>
        text.Length == 0 ? FieldValue.Missing
        : card.Fields.Single(field => field.Name == name).IsNumeric ? FieldValue.Of(double.Parse(text, CultureInfo.InvariantCulture))
        : FieldValue.Of(text);
}
