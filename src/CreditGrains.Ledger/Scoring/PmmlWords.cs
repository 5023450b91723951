using System.Xml;

namespace CreditGrains.Ledger;

/// <summary>The words of PMML 4.4 for what the model has names for; reader and writer share them.</summary>
internal static class PmmlWords
{
    internal const string Namespace = "http://www.dmg.org/PMML-4_4";

    /// <summary>Whose extensions are read; those of others are passed over.</summary>
    internal const string Extender = "CreditGrains";

    /// <summary>The extension of a scorecard that says what its points mean.</summary>
    internal const string ScaleExtension = "scale";

    internal static readonly (string Word, BaselineMethod Value)[] BaselineMethods =
        [("max", BaselineMethod.Max), ("min", BaselineMethod.Min), ("mean", BaselineMethod.Mean), ("neutral", BaselineMethod.Neutral), ("other", BaselineMethod.Other)];

    internal static readonly (string Word, ReasonCodeAlgorithm Value)[] ReasonCodeAlgorithms =
        [("pointsAbove", ReasonCodeAlgorithm.PointsAbove), ("pointsBelow", ReasonCodeAlgorithm.PointsBelow)];

    internal static readonly (string Word, bool Value)[] Truths = [("true", true), ("false", false), ("1", true), ("0", false)];

    internal static readonly (string Word, FieldDataType Value)[] DataTypes =
        [("double", FieldDataType.Number), ("integer", FieldDataType.WholeNumber), ("string", FieldDataType.Text), ("boolean", FieldDataType.Truth)];

    internal static readonly (string Word, FieldOpType Value)[] OpTypes =
        [("categorical", FieldOpType.Categorical), ("ordinal", FieldOpType.Ordinal), ("continuous", FieldOpType.Continuous)];

    // "predicted" is what target was called before 4.2; it means the same.
    internal static readonly (string Word, FieldUsage Value)[] Usages =
        [("active", FieldUsage.Active), ("target", FieldUsage.Target), ("predicted", FieldUsage.Target), ("supplementary", FieldUsage.Supplementary)];

    internal static readonly (string Word, MissingValueTreatment Value)[] MissingTreatments =
        [("asIs", MissingValueTreatment.AsIs), ("asMean", MissingValueTreatment.AsMean), ("asMode", MissingValueTreatment.AsMode), ("asMedian", MissingValueTreatment.AsMedian), ("asValue", MissingValueTreatment.AsValue), ("returnInvalid", MissingValueTreatment.ReturnInvalid)];

    internal static readonly (string Word, InvalidValueTreatment Value)[] InvalidTreatments =
        [("returnInvalid", InvalidValueTreatment.ReturnInvalid), ("asIs", InvalidValueTreatment.AsIs), ("asMissing", InvalidValueTreatment.AsMissing), ("asValue", InvalidValueTreatment.AsValue)];

    internal static readonly (string Word, OutlierTreatment Value)[] OutlierTreatments =
        [("asIs", OutlierTreatment.AsIs), ("asMissingValues", OutlierTreatment.AsMissingValues), ("asExtremeValues", OutlierTreatment.AsExtremeValues)];

    internal static readonly (string Word, ListedValueProperty Value)[] ValueProperties =
        [("valid", ListedValueProperty.Valid), ("invalid", ListedValueProperty.Invalid), ("missing", ListedValueProperty.Missing)];

    internal static readonly (string Word, (bool Left, bool Right) Value)[] Closures =
        [("openOpen", (false, false)), ("openClosed", (false, true)), ("closedOpen", (true, false)), ("closedClosed", (true, true))];

    internal static readonly (string Word, ScoreComparison Value)[] Comparisons =
    [
        ("equal", ScoreComparison.Equal), ("notEqual", ScoreComparison.NotEqual), ("lessThan", ScoreComparison.LessThan), ("lessOrEqual", ScoreComparison.LessOrEqual),
        ("greaterThan", ScoreComparison.GreaterThan), ("greaterOrEqual", ScoreComparison.GreaterOrEqual), ("isMissing", ScoreComparison.IsMissing), ("isNotMissing", ScoreComparison.IsNotMissing),
    ];

    internal static readonly (string Word, PredicateJunction Value)[] Junctions =
        [("and", PredicateJunction.And), ("or", PredicateJunction.Or), ("xor", PredicateJunction.Xor), ("surrogate", PredicateJunction.Surrogate)];

    internal static readonly (string Word, bool Value)[] SetOperators = [("isIn", true), ("isNotIn", false)];

    internal static readonly (string Word, ScorecardOutputFeature Value)[] OutputFeatures =
        [("predictedValue", ScorecardOutputFeature.PredictedValue), ("reasonCode", ScorecardOutputFeature.ReasonCode)];

    internal static readonly (string Word, ScoreFunction Value)[] Functions =
    [
        ("+", ScoreFunction.Add), ("-", ScoreFunction.Subtract), ("*", ScoreFunction.Multiply), ("/", ScoreFunction.Divide), ("if", ScoreFunction.If),
        ("equal", ScoreFunction.Equal), ("notEqual", ScoreFunction.NotEqual), ("lessThan", ScoreFunction.LessThan), ("lessOrEqual", ScoreFunction.LessOrEqual),
        ("greaterThan", ScoreFunction.GreaterThan), ("greaterOrEqual", ScoreFunction.GreaterOrEqual), ("isMissing", ScoreFunction.IsMissing), ("isNotMissing", ScoreFunction.IsNotMissing),
    ];

    /// <summary>Finds the first character, or half of one, that cannot be said in XML; null if a text can be written.</summary>
    internal static char? FirstUnwritable(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (XmlConvert.IsXmlChar(text[index])) continue;
            if (index + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[index + 1], text[index])) index++;
            else return text[index];
        }

        return null;
    }

    /// <summary>Gives the word for a value.</summary>
    internal static string Of<T>((string Word, T Value)[] words, T value)
    {
        foreach (var (word, meant) in words)
            if (EqualityComparer<T>.Default.Equals(meant, value)) return word;
        return value?.ToString() ?? "";
    }
}
