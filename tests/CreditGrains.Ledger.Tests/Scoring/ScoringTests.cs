using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>Predicates, treatments, computed points and reasons, one claim at a time.</summary>
public sealed class ScoringTests
{
    private static readonly ScorePredicate Yes = new ConstantPredicate(true);

    private static readonly ScorePredicate No = new ConstantPredicate(false);

    // The field age is missing throughout, so every comparison with it is unknown.
    private static readonly ScorePredicate Unknown = new SimplePredicate("age", ScoreComparison.LessThan, FieldValue.Of(5));

    public static readonly TheoryData<PredicateJunction, string, bool?> Junctions = new()
    {
        { PredicateJunction.And, "yes yes", true },
        { PredicateJunction.And, "yes ?", null },
        { PredicateJunction.And, "? no", false },
        { PredicateJunction.Or, "no no", false },
        { PredicateJunction.Or, "no ?", null },
        { PredicateJunction.Or, "? yes", true },
        { PredicateJunction.Xor, "yes no", true },
        { PredicateJunction.Xor, "yes yes", false },
        { PredicateJunction.Xor, "yes yes yes", true },
        { PredicateJunction.Xor, "yes ?", null },
        { PredicateJunction.Surrogate, "? no yes", false },
        { PredicateJunction.Surrogate, "yes no", true },
        { PredicateJunction.Surrogate, "? ?", null },
    };

    [Theory]
    [MemberData(nameof(Junctions))]
    public void Unknown_is_a_third_answer(PredicateJunction junction, string parts, bool? answer)
    {
        CompoundPredicate compound = new(junction, [.. parts.Split(' ').Select(part => part switch { "yes" => Yes, "no" => No, _ => Unknown })]);

        // An attribute tells only true from the rest; what a surrogate passes over is unknown.
        var isPassedOver = Matches(new CompoundPredicate(PredicateJunction.Surrogate, [compound, Yes]));
        Assert.Equal(answer, Matches(compound) ? true : isPassedOver ? null : false);
    }

    private static bool Matches(ScorePredicate predicate) =>
        Cards.Score(Cards.Of(Cards.Points(1, predicate), Cards.Points(0, Yes)), FieldValue.Missing, FieldValue.Missing).Score == 1;

    [Fact]
    public void A_vector_to_which_no_attribute_applies_has_no_score()
    {
        var card = CompiledScorecard.Of(Cards.Of(Cards.Points(1, new SimplePredicate("age", ScoreComparison.GreaterThan, FieldValue.Of(5)))));
        var buffer = card.NewBuffer();

        Assert.Equal(ScoringOutcome.NoAttributeMatches, card.Score([FieldValue.Of(5), FieldValue.Missing], buffer));
        Assert.Equal((double.NaN, 0, 0), (buffer.Score, buffer.FaultIndex, buffer.Reasons.Length));
        Assert.Equal("No attribute of characteristic 'only' applies.", card.ExplainFault(buffer));
        Assert.Equal(ScoringOutcome.NoAttributeMatches, card.Score([FieldValue.Missing, FieldValue.Missing], buffer));
        Assert.Equal(ScoringOutcome.Scored, card.Score([FieldValue.Of(Math.BitIncrement(5)), FieldValue.Missing], buffer));
        Assert.Null(card.ExplainFault(buffer));
    }

    public static readonly TheoryData<double?, MissingValueTreatment, InvalidValueTreatment, OutlierTreatment, double?> Treatments = new()
    {
        // Admitted are 0 to 100 without 50, 99 stands for missing, and outliers lie outside 10 to 90. NaN is no score, null missing.
        { 20, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsExtremeValues, 20 },
        { 5, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsIs, 5 },
        { 5, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsExtremeValues, 10 },
        { 95, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsExtremeValues, 90 },
        { 10, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsMissingValues, 10 }, // a bound is no outlier
        { 5, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsMissingValues, null },
        { 5, MissingValueTreatment.AsMedian, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsMissingValues, 33 },
        { 5, MissingValueTreatment.ReturnInvalid, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsMissingValues, double.NaN },
        { 99, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsExtremeValues, null }, // listed before admitted or outlying
        { 99, MissingValueTreatment.AsMean, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsIs, 33 },
        { null, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsIs, null },
        { null, MissingValueTreatment.AsValue, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsIs, 33 },
        { null, MissingValueTreatment.ReturnInvalid, InvalidValueTreatment.AsMissing, OutlierTreatment.AsIs, double.NaN },
        { 101, MissingValueTreatment.AsIs, InvalidValueTreatment.ReturnInvalid, OutlierTreatment.AsExtremeValues, double.NaN }, // admitted before outlying
        { 50, MissingValueTreatment.AsIs, InvalidValueTreatment.AsIs, OutlierTreatment.AsIs, 50 },
        { 50, MissingValueTreatment.AsIs, InvalidValueTreatment.AsMissing, OutlierTreatment.AsIs, null },
        { 101, MissingValueTreatment.AsMode, InvalidValueTreatment.AsMissing, OutlierTreatment.AsIs, 33 },
        { 101, MissingValueTreatment.AsMode, InvalidValueTreatment.AsValue, OutlierTreatment.AsIs, 44 },
        { -1, MissingValueTreatment.ReturnInvalid, InvalidValueTreatment.AsMissing, OutlierTreatment.AsIs, double.NaN },
    };

    [Theory]
    [MemberData(nameof(Treatments))]
    public void A_value_is_treated_before_it_is_scored(double? given, MissingValueTreatment missing, InvalidValueTreatment invalid, OutlierTreatment outliers, double? taken)
    {
        var isReplaced = missing is not (MissingValueTreatment.AsIs or MissingValueTreatment.ReturnInvalid);
        var field = Cards.Age with
        {
            Missing = missing,
            MissingReplacement = isReplaced ? FieldValue.Of(33) : FieldValue.Missing,
            Invalid = invalid,
            InvalidReplacement = invalid == InvalidValueTreatment.AsValue ? FieldValue.Of(44) : FieldValue.Missing,
            Outliers = outliers,
            LowValue = 10,
            HighValue = 90,
            ValidIntervals = [new(0, 100, true, true)],
            Values = [new(FieldValue.Of(99), ListedValueProperty.Missing), new(FieldValue.Of(50), ListedValueProperty.Invalid)],
        };
        var card = Cards.Of(Cards.Computed(new ScoreFieldRef("age", FieldValue.Of(-777)))) with { Fields = [field] };
        var expected = taken ?? -777;

        var buffer = Cards.Score(card, FieldValue.OfOptional(given));
        var again = buffer.Card.NewBuffer();
        buffer.Card.Score([given ?? double.NaN], again);

        Assert.Equal((expected, expected), (buffer.Score, again.Score));
        Assert.Equal(double.IsNaN(expected) ? ScoringOutcome.FieldInvalid : ScoringOutcome.Scored, buffer.Outcome);
    }

    [Fact]
    public void A_value_of_another_type_is_invalid_and_cannot_be_taken_as_it_is()
    {
        foreach (var (treatment, outcome) in new[] { (InvalidValueTreatment.AsIs, ScoringOutcome.FieldInvalid), (InvalidValueTreatment.ReturnInvalid, ScoringOutcome.FieldInvalid), (InvalidValueTreatment.AsMissing, ScoringOutcome.Scored) })
        {
            var card = Cards.Of(Cards.Points(1, new SimplePredicate("age", ScoreComparison.IsMissing)), Cards.Points(2, new SimplePredicate("job", ScoreComparison.IsNotMissing)));
            card = card with { Fields = [Cards.Age with { Invalid = treatment, DataType = FieldDataType.WholeNumber }, Cards.Job] };
            Assert.Equal(outcome, Cards.Score(card, FieldValue.Of("5"), FieldValue.Missing).Outcome);
            Assert.Equal(outcome, Cards.Score(card, FieldValue.Of(2.5), FieldValue.Missing).Outcome);
            Assert.Equal(ScoringOutcome.Scored, Cards.Score(card, FieldValue.Of(2), FieldValue.Of("2")).Outcome);
        }
    }

    [Fact]
    public void A_field_that_nothing_refers_to_is_passed_over()
    {
        var card = Cards.Of(Cards.Points(1, Yes));

        Assert.Equal(1, Cards.Score(card with { Fields = [Cards.Age with { Missing = MissingValueTreatment.ReturnInvalid }] }, FieldValue.Missing).Score);
        Assert.Equal(1, Cards.Score(card, FieldValue.Of("old"), FieldValue.Of(3)).Score);
    }

    private static ScoreApply Apply(ScoreFunction function, params ReadOnlySpan<ScoreExpression> arguments) => new(function, [.. arguments]);

    private static readonly ScoreExpression AgeField = new ScoreFieldRef("age");

    private static ScoreConstant Number(double number) => new(number);

    public static readonly TheoryData<ScoreExpression, double?, double> Expressions = new()
    {
        { Apply(ScoreFunction.Subtract, AgeField, Number(4)), 2.5, -1.5 },
        { Apply(ScoreFunction.Divide, Number(1), AgeField), 4, 0.25 },
        { Apply(ScoreFunction.Divide, Number(1), AgeField), 0, double.NaN },
        { Apply(ScoreFunction.Divide, Number(1), AgeField) with { DefaultValue = 9 }, 0, double.NaN }, // invalid is not missing
        { Apply(ScoreFunction.Divide, Number(1), AgeField) with { DefaultValue = 9, TreatsInvalidAsMissing = true }, 0, 9 },
        { Apply(ScoreFunction.Add, Apply(ScoreFunction.Divide, Number(1), AgeField), Number(1)) with { DefaultValue = 9, TreatsInvalidAsMissing = true }, 0, double.NaN }, // treated where it arises
        { Apply(ScoreFunction.Multiply, AgeField, AgeField), 1e200, double.NaN },
        { Apply(ScoreFunction.Add, AgeField, Number(1)), null, double.NaN },
        { Apply(ScoreFunction.Add, AgeField, Number(1)) with { MapMissingTo = 7, DefaultValue = 8 }, null, 7 },
        { Apply(ScoreFunction.Add, AgeField, Number(1)) with { DefaultValue = 8 }, null, 8 },
        { Apply(ScoreFunction.Add, new ScoreFieldRef("age", FieldValue.Of(6)), Number(1)), null, 7 },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.GreaterOrEqual, AgeField, Number(18)), Number(1), Number(2)), 18, 1 },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.GreaterOrEqual, AgeField, Number(18)), Number(1), Number(2)), 17, 2 },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.GreaterOrEqual, AgeField, Number(18)), Number(1)), 17, double.NaN },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.GreaterOrEqual, AgeField, Number(18)), Number(1)) with { DefaultValue = 5 }, null, 5 },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.IsMissing, AgeField), Number(1), AgeField), null, 1 },
        { Apply(ScoreFunction.If, Apply(ScoreFunction.Equal, AgeField, Number(0)), Number(1), Apply(ScoreFunction.Divide, Number(1), AgeField)), 0, 1 }, // the other branch is not looked at
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Points_are_computed(ScoreExpression expression, double? age, double points)
    {
        var card = Cards.Of(Cards.Computed(expression));
        foreach (var given in new[] { card, Cards.Read(PmmlWriter.Write(card)) })
        {
            var scored = Cards.Score(given, FieldValue.OfOptional(age), FieldValue.Missing);
            Assert.Equal(points, scored.Score);
            Assert.Equal(double.IsNaN(points) ? ScoringOutcome.PartialScoreUndefined : ScoringOutcome.Scored, scored.Outcome);
        }
    }

    [Fact]
    public void Reasons_come_with_most_points_first_and_equal_ones_in_the_order_of_the_card()
    {
        var card = Cards.Of() with { Characteristics = [.. new[] { ("A", 1.0), ("B", 5), ("C", 1), ("B", -2), ("D", 0), ("E", -1), ("F", 3) }.Select((row, index) => new ScorecardCharacteristic { Name = $"c{index}", ReasonCode = row.Item1, BaselineScore = row.Item2, Attributes = [Cards.Points(0, Yes)] })] };

        var all = Cards.Score(card, FieldValue.Missing, FieldValue.Missing);
        Assert.Equal([new("B", 3), new("F", 3), new("A", 1), new("C", 1), new("D", 0)], all.Reasons.ToArray()); // B is summed; E gained; no points lost is a reason still

        foreach (var most in new[] { 0, 1, 3, 4 })
        {
            var buffer = all.Card.NewBuffer(most);
            all.Card.Score([FieldValue.Missing, FieldValue.Missing], buffer);
            Assert.Equal(all.Reasons[..most].ToArray(), buffer.Reasons.ToArray());
        }
    }

    [Fact]
    public void Every_type_of_field_is_written_as_it_was()
    {
        var whole = Cards.Age with { Name = "count", DataType = FieldDataType.WholeNumber, Missing = MissingValueTreatment.AsMode, MissingReplacement = FieldValue.Of(3) };
        ScorecardField truth = new("owner", FieldDataType.Truth, FieldOpType.Categorical) { Invalid = InvalidValueTreatment.AsMissing };
        ScorecardField grade = new("grade", FieldDataType.WholeNumber, FieldOpType.Ordinal) { Values = [new(FieldValue.Of(1)), new(FieldValue.Of(2)), new(FieldValue.Of(9), ListedValueProperty.Missing)] };
        var card = Cards.Of(
            Cards.Points(1, new SimplePredicate("owner", ScoreComparison.Equal, FieldValue.Of("true"))),
            Cards.Points(2, new SimpleSetPredicate("grade", false, [FieldValue.Of(1), FieldValue.Of(-1)])),
            Cards.Computed(Apply(ScoreFunction.Multiply, new ScoreFieldRef("count"), new ScoreConstant(FieldValue.Of(2), FieldDataType.WholeNumber)))) with { Fields = [whole, truth, grade] };

        foreach (var given in new[] { card, Cards.Read(PmmlWriter.Write(card)) })
        {
            Assert.Equal(1, Cards.Score(given, FieldValue.Missing, FieldValue.Of("true"), FieldValue.Of(1)).Score);
            Assert.Equal(2, Cards.Score(given, FieldValue.Missing, FieldValue.Of("TRUE"), FieldValue.Of(2)).Score);
            Assert.Equal(6, Cards.Score(given, FieldValue.Missing, FieldValue.Of("false"), FieldValue.Of(9)).Score);
            Assert.Equal(ScoringOutcome.FieldInvalid, Cards.Score(given, FieldValue.Missing, FieldValue.Missing, FieldValue.Of(3)).Outcome);
        }
    }

    [Fact]
    public void A_card_of_very_many_values_is_compiled_in_passing_and_scores_alike()
    {
        var card = Cards.Of([.. Enumerable.Range(0, 3000).Select(index => Cards.Points(index, new SimplePredicate("age", ScoreComparison.LessOrEqual, FieldValue.Of(index))))]);

        Assert.Equal(2718, Cards.Score(card, FieldValue.Of(2717.5), FieldValue.Missing).Score);
        Assert.Equal(718, Cards.Score(Cards.Of(card.Characteristics[0].Attributes.AsSpan()[..1000]), FieldValue.Of(717.5), FieldValue.Missing).Score); // halving among ranges
    }

    [Fact]
    public void A_card_that_means_nothing_is_neither_compiled_nor_written()
    {
        var card = Cards.Of(Cards.Points(double.NaN, Yes));

        Assert.Equal(ScorecardRefusal.NumberMalformed, ScorecardRules.FirstFault(card)?.Refusal);
        Assert.Throws<ArgumentException>(() => CompiledScorecard.Of(card));
        Assert.Throws<ArgumentException>(() => PmmlWriter.Write(card));
        Assert.Equal(ScorecardRefusal.TextNotWritable, ScorecardRules.FirstFault(Cards.Of(Cards.Points(1, Yes)) with { ModelName = "\0" })?.Refusal);
        Assert.Equal(ScorecardRefusal.TooDeep, ScorecardRules.FirstFault(Cards.Of(Cards.Points(1, Nested(ScorecardRules.MaxNesting))))?.Refusal);
        Assert.Equal(1, Cards.Score(Cards.Read(PmmlWriter.Write(Cards.Of(Cards.Points(1, Nested(ScorecardRules.MaxNesting - 1))))), FieldValue.Missing, FieldValue.Missing).Score);
    }

    private static ScorePredicate Nested(int depth) => depth == 0 ? Yes : new CompoundPredicate(PredicateJunction.And, [Yes, Nested(depth - 1)]);

    [Fact]
    public void A_buffer_of_another_card_or_a_vector_of_another_length_is_a_mistake()
    {
        var card = CompiledScorecard.Of(Cards.Of(Cards.Points(1, new SimplePredicate("job", ScoreComparison.IsMissing))));

        Assert.Throws<ArgumentException>(() => card.Score([FieldValue.Missing], card.NewBuffer()));
        Assert.Throws<ArgumentException>(() => card.Score([FieldValue.Missing, FieldValue.Missing], CompiledScorecard.Of(card.Card).NewBuffer()));
        Assert.Throws<ArgumentException>(() => card.Score([double.NaN, double.NaN], card.NewBuffer()));
    }

    [Fact]
    public void A_scoring_allocates_nothing()
    {
        var card = CompiledScorecard.Of(Ordinary());
        var buffer = card.NewBuffer();
        var vectors = Enumerable.Range(0, 64).Select(index => Enumerable.Range(0, 15).Select(field => FieldValue.Of((index * 7 + field * 3) % 13)).ToArray()).ToArray();
        foreach (var vector in vectors) card.Score(vector, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var vector in vectors) card.Score(vector, buffer);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Fifteen characteristics of six bins.</summary>
    internal static Scorecard Ordinary()
    {
        double[] ends = [1, 3, 5, 7, 9];
        var fields = Enumerable.Range(0, 15).Select(index => Cards.Age with { Name = $"f{index}" }).ToArray();
        return new()
        {
            Fields = [.. fields],
            InitialScore = 400,
            Characteristics =
            [
                .. fields.Select((field, index) => new ScorecardCharacteristic
                {
                    Name = $"c{index}",
                    ReasonCode = $"R{index}",
                    BaselineScore = 30,
                    Attributes = [.. ends.Select((end, bin) => Cards.Points(bin * 7 + index, new SimplePredicate(field.Name, ScoreComparison.LessOrEqual, FieldValue.Of(end)))), Cards.Points(40, Yes)],
                }),
            ],
        };
    }
}
