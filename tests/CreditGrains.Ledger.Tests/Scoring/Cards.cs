using System.Collections.Immutable;
using CsCheck;

namespace CreditGrains.Ledger.Tests;

/// <summary>Scorecards and vectors to try things on.</summary>
internal static class Cards
{
    internal static readonly ScorecardField Age = new("age", FieldDataType.Number, FieldOpType.Continuous);

    internal static readonly ScorecardField Job = new("job", FieldDataType.Text, FieldOpType.Categorical);

    /// <summary>A card of one characteristic over age and job, with these attributes.</summary>
    internal static Scorecard Of(params ReadOnlySpan<ScorecardAttribute> attributes) => new()
    {
        Fields = [Age, Job],
        Characteristics = [new() { Name = "only", ReasonCode = "R", BaselineScore = 0, Attributes = [.. attributes] }],
    };

    internal static ScorecardAttribute Points(double points, ScorePredicate predicate) => new(predicate) { PartialScore = points };

    internal static ScorecardAttribute Computed(ScoreExpression expression) => new(new ConstantPredicate(true)) { ComplexPartialScore = expression };

    internal static ScoreBuffer Score(Scorecard card, params ReadOnlySpan<FieldValue> values)
    {
        var compiled = CompiledScorecard.Of(card);
        var buffer = compiled.NewBuffer(10);
        compiled.Score(values, buffer);
        return buffer;
    }

    internal static Scorecard Read(string document)
    {
        var reading = PmmlReader.Read(document);
        Xunit.Assert.True(reading.Fault is null, reading.Fault?.ToString());
        return reading.Card!;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // Few different values, so that thresholds are met exactly and repeat; among them what is hard to write and neighbours with nothing between.
    private static readonly double[] Numbers =
        [0, -0.0, 1, -1, 2.5, 7, 1e-300, 0.1, 0.30000000000000004, Math.BitIncrement(7), Math.BitDecrement(7), double.MaxValue, double.MinValue, double.Epsilon, 1234567.891, 1e15];

    private static readonly string[] Texts = ["", " ", "a", "A", "b c", "<&>\"'", "ünïcödé \ud83d\ude00", "tab\tline\nreturn\r", "\"quoted\"", "5"];

    private static readonly Gen<double> Number = Gen.Frequency((5, OneOf(Numbers)), (1, Gen.Double[-100, 100]));

    private static readonly Gen<double> SmallNumber = Gen.Frequency((3, Gen.Int[-20, 40].Select(number => (double)number)), (1, Gen.Double[-100, 100]));

    private static readonly Gen<string> Text = OneOf(Texts);

    private static readonly Gen<double?> OptionalNumber = Gen.Frequency((1, Gen.Const((double?)null)), (1, SmallNumber.Select(number => (double?)number)));

    private static Gen<FieldValue> ValueOf(bool isNumeric) => isNumeric ? Number.Select(FieldValue.Of) : Text.Select(FieldValue.Of);

    /// <summary>Three numeric fields and two of texts, with every treatment that does not contradict itself.</summary>
    private static readonly Gen<ImmutableArray<ScorecardField>> Fields =
        Gen.Select(Field(0, true), Field(1, true), Field(2, true), Field(3, false), Field(4, false), (a, b, c, d, e) => ImmutableArray.Create(a, b, c, d, e));

    private static Gen<ScorecardField> Field(int index, bool isNumeric) => Gen.Select(
        OneOf(Enum.GetValues<InvalidValueTreatment>()),
        OneOf(Enum.GetValues<OutlierTreatment>()),
        Gen.Int[0, 3],
        Gen.Bool,
        (invalid, outliers, missing, isNarrow) => new ScorecardField($"f{index}", isNumeric ? FieldDataType.Number : FieldDataType.Text, isNumeric ? FieldOpType.Continuous : FieldOpType.Categorical)
        {
            Missing = missing switch { 0 => MissingValueTreatment.AsMean, 1 => MissingValueTreatment.ReturnInvalid, _ => MissingValueTreatment.AsIs },
            MissingReplacement = missing != 0 ? FieldValue.Missing : isNumeric ? FieldValue.Of(2.5) : FieldValue.Of("a"),
            Invalid = invalid,
            InvalidReplacement = invalid != InvalidValueTreatment.AsValue ? FieldValue.Missing : isNumeric ? FieldValue.Of(1) : FieldValue.Of("b c"),
            Outliers = isNumeric ? outliers : OutlierTreatment.AsIs,
            LowValue = isNumeric && outliers != OutlierTreatment.AsIs ? -1 : null,
            HighValue = isNumeric && outliers != OutlierTreatment.AsIs && isNarrow ? 7 : null,
            ValidIntervals = isNumeric && isNarrow ? [new(-50, 7, true, true), new(30, null, false, true)] : [],
            Values = isNarrow ? [new(isNumeric ? FieldValue.Of(0.1) : FieldValue.Of("A"), ListedValueProperty.Missing), new(isNumeric ? FieldValue.Of(0) : FieldValue.Of("5"), ListedValueProperty.Invalid)] : [],
        });

    private static Gen<ScorePredicate> Simple(int first, int last) => Gen.Int[first, last].SelectMany(index =>
    {
        var isNumeric = index < 3;
        var comparisons = isNumeric ? OneOf(Enum.GetValues<ScoreComparison>()) : OneOf(ScoreComparison.Equal, ScoreComparison.NotEqual, ScoreComparison.IsMissing, ScoreComparison.IsNotMissing);
        return Gen.Frequency(
            (4, Gen.Select(comparisons, ValueOf(isNumeric), (comparison, value) => (ScorePredicate)new SimplePredicate($"f{index}", comparison, comparison >= ScoreComparison.IsMissing ? FieldValue.Missing : value))),
            (2, Gen.Select(Gen.Bool, ValueOf(isNumeric).Array[1, 4], (isIn, values) => (ScorePredicate)new SimpleSetPredicate($"f{index}", isIn, [.. values]))),
            (1, Gen.Bool.Select(isTrue => (ScorePredicate)new ConstantPredicate(isTrue))));
    });

    private static Gen<ScorePredicate> Predicate(int first, int last, int depth) => depth == 0
        ? Simple(first, last)
        : Gen.Frequency(
            (2, Simple(first, last)),
            (2, Gen.Select(OneOf(Enum.GetValues<PredicateJunction>()), Predicate(first, last, depth - 1).Array[2, 3], (junction, parts) => (ScorePredicate)new CompoundPredicate(junction, [.. parts]))));

    private static readonly Gen<ScoreExpression> Leaf = Gen.Frequency(
        (1, SmallNumber.Select(number => (ScoreExpression)new ScoreConstant(number))),
        (2, Gen.Select(Gen.Int[0, 2], OptionalNumber, (index, map) => (ScoreExpression)new ScoreFieldRef($"f{index}", FieldValue.OfOptional(map)))));

    private static Gen<ScoreExpression> Expression(int depth) => depth == 0
        ? Leaf
        : Gen.Frequency(
            (1, Leaf),
            (3, Gen.Select(OneOf(ScoreFunction.Add, ScoreFunction.Subtract, ScoreFunction.Multiply, ScoreFunction.Divide), Expression(depth - 1), Expression(depth - 1), OptionalNumber, OptionalNumber, Gen.Bool, (function, left, right, map, otherwise, lenient) =>
                (ScoreExpression)new ScoreApply(function, [left, right]) { MapMissingTo = map, DefaultValue = otherwise, TreatsInvalidAsMissing = lenient })),
            (1, Gen.Select(Condition(depth - 1), Expression(depth - 1).Array[1, 2], OptionalNumber, (condition, branches, otherwise) =>
                (ScoreExpression)new ScoreApply(ScoreFunction.If, [condition, .. branches]) { DefaultValue = otherwise })));

    private static Gen<ScoreExpression> Condition(int depth) => Gen.Frequency(
        (3, Gen.Select(OneOf(ScoreFunction.Equal, ScoreFunction.NotEqual, ScoreFunction.LessThan, ScoreFunction.LessOrEqual, ScoreFunction.GreaterThan, ScoreFunction.GreaterOrEqual), Expression(depth), Expression(depth), (function, left, right) =>
            (ScoreExpression)new ScoreApply(function, [left, right]))),
        (1, Gen.Select(OneOf(ScoreFunction.IsMissing, ScoreFunction.IsNotMissing), Expression(depth), (function, asked) => (ScoreExpression)new ScoreApply(function, [asked]))),
        (1, Gen.Select(OneOf(ScoreFunction.Equal, ScoreFunction.NotEqual), Text, (function, text) =>
            (ScoreExpression)new ScoreApply(function, [new ScoreFieldRef("f3"), new ScoreConstant(FieldValue.Of(text), FieldDataType.Text)]))));

    private static readonly Gen<string?> OptionalCode = OneOf<string?>(null, "R1", "R2", "R<3>");

    private static Gen<ScorecardAttribute> Attribute(int first, int last) => Gen.Select(
        Predicate(first, last, 2),
        SmallNumber,
        Gen.Frequency((3, Gen.Const((ScoreExpression?)null)), (1, Expression(2).Select(expression => (ScoreExpression?)expression))),
        OptionalCode,
        (predicate, points, expression, code) => new ScorecardAttribute(predicate) { PartialScore = expression is null ? points : 0, ComplexPartialScore = expression, ReasonCode = code });

    // Most characteristics are of one field, some of several; most end with an attribute for everything else, so that a card scores now and then.
    private static readonly Gen<ScorecardCharacteristic> Characteristic =
        Gen.Frequency((5, Gen.Int[0, 4].Select(index => (First: index, Last: index))), (1, Gen.Const((First: 0, Last: 4)))).SelectMany(span => Gen.Select(
            Attribute(span.First, span.Last).Array[1, 6],
            Gen.Bool,
            OptionalNumber,
            OneOf("R1", "R4"),
            (attributes, isTotal, baseline, code) => new ScorecardCharacteristic
            {
                ReasonCode = code,
                BaselineScore = baseline,
                Attributes = [.. attributes, .. isTotal || attributes.Length > 1 ? [Points(3, new ConstantPredicate(true))] : Array.Empty<ScorecardAttribute>()],
            }));

    /// <summary>Cards of every kind that means something.</summary>
    internal static readonly Gen<Scorecard> Any = Gen.Select(
        Fields,
        Characteristic.Array[1, 5],
        SmallNumber,
        Gen.Bool,
        OneOf(Enum.GetValues<ReasonCodeAlgorithm>()),
        (fields, characteristics, initial, usesReasons, algorithm) => new Scorecard
        {
            ModelName = "any <card>",
            Scale = usesReasons ? new(600.1, 0.30000000000000004, 40, -7, 850) : null,
            InitialScore = initial,
            BaselineScore = 4.25,
            UseReasonCodes = usesReasons,
            ReasonCodeAlgorithm = algorithm,
            Fields = [.. fields, new("target", FieldDataType.Number, FieldOpType.Continuous) { Usage = FieldUsage.Target }],
            Characteristics = [.. characteristics.Select((characteristic, index) => characteristic with { Name = $"c{index}" })],
            Outputs = usesReasons ? [new("score", ScorecardOutputFeature.PredictedValue), new("second", ScorecardOutputFeature.ReasonCode, 2)] : [],
        });

    /// <summary>Vectors for those cards; now and then a value is of the wrong type.</summary>
    internal static readonly Gen<FieldValue[]> Vector = Gen.Select(Given(true), Given(true), Given(true), Given(false), Given(false), (a, b, c, d, e) => new[] { a, b, c, d, e });

    private static Gen<FieldValue> Given(bool isNumeric) =>
        Gen.Frequency((12, ValueOf(isNumeric)), (2, Gen.Const(FieldValue.Missing)), (1, ValueOf(!isNumeric)));
}
