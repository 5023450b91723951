using System.Globalization;
using System.Text;
using System.Xml;

namespace CreditGrains.Ledger;

/// <summary>Writes scorecards as PMML 4.4.</summary>
/// <remarks>
/// Read back, a card scores the same to the last bit: numbers are written in the shortest form that gives the same double again. Two cards that
/// mean the same by the same parts are written as the same text, whatever the culture and the day. The scale, which the standard has no words for,
/// is an extension: <c>base=600 odds=30 pdo=40 low=300 high=850</c>. Programs that do not know it pass over it.
/// </remarks>
public static class PmmlWriter
{
    /// <summary>Writes a card as a whole document.</summary>
    /// <param name="card">A card in which <see cref="ScorecardRules.FirstFault"/> finds nothing.</param>
    /// <exception cref="ArgumentException">It finds something.</exception>
    public static string Write(Scorecard card)
    {
        if (ScorecardRules.FirstFault(card) is { } fault) throw new ArgumentException($"The scorecard means nothing: {fault}", nameof(card));
        StringBuilder text = new();
        XmlWriterSettings settings = new() { Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.Entitize, OmitXmlDeclaration = true };
        using (var writer = XmlWriter.Create(text, settings)) Document(writer, card);
        return text.Append('\n').ToString();
    }

    private static void Document(XmlWriter writer, Scorecard card)
    {
        writer.WriteStartElement("PMML", PmmlWords.Namespace);
        writer.WriteAttributeString("version", "4.4");
        Start(writer, "Header");
        writer.WriteEndElement();
        Start(writer, "DataDictionary", ("numberOfFields", Text(card.Fields.Length)));
        foreach (var field in card.Fields) DataField(writer, field);
        writer.WriteEndElement();
        Start(
            writer,
            "Scorecard",
            ("modelName", card.ModelName),
            ("functionName", "regression"),
            ("initialScore", Text(card.InitialScore)),
            ("useReasonCodes", card.UseReasonCodes ? "true" : "false"),
            ("reasonCodeAlgorithm", PmmlWords.Of(PmmlWords.ReasonCodeAlgorithms, card.ReasonCodeAlgorithm)),
            ("baselineScore", Text(card.BaselineScore)),
            ("baselineMethod", PmmlWords.Of(PmmlWords.BaselineMethods, card.BaselineMethod)));
        if (card.Scale is { } scale) Scale(writer, scale);
        Start(writer, "MiningSchema");
        foreach (var field in card.Fields) MiningField(writer, field);
        writer.WriteEndElement();
        Outputs(writer, card);
        Start(writer, "Characteristics");
        foreach (var characteristic in card.Characteristics) Characteristic(writer, characteristic);
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    // The standard has no words for a scale. Extensions come first in an element, and whoever does not know one passes over it.
    private static void Scale(XmlWriter writer, ScoreScale scale)
    {
        var value = $"base={Text(scale.BasePoints)} odds={Text(scale.BaseOdds)} pdo={Text(scale.PointsToDouble)} low={Text(scale.Low)} high={Text(scale.High)}";
        Start(writer, "Extension", ("extender", PmmlWords.Extender), ("name", PmmlWords.ScaleExtension), ("value", value));
        writer.WriteEndElement();
    }

    private static void DataField(XmlWriter writer, ScorecardField field)
    {
        Start(writer, "DataField", ("name", field.Name), ("optype", PmmlWords.Of(PmmlWords.OpTypes, field.OpType)), ("dataType", PmmlWords.Of(PmmlWords.DataTypes, field.DataType)));
        foreach (var interval in field.ValidIntervals.IsDefault ? [] : field.ValidIntervals)
        {
            Start(writer, "Interval", ("closure", PmmlWords.Of(PmmlWords.Closures, (interval.HoldsLeft, interval.HoldsRight))), ("leftMargin", Text(interval.Left)), ("rightMargin", Text(interval.Right)));
            writer.WriteEndElement();
        }

        foreach (var listed in field.Values.IsDefault ? [] : field.Values)
        {
            Start(writer, "Value", ("value", Text(listed.Value)), ("property", PmmlWords.Of(PmmlWords.ValueProperties, listed.Property)));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void MiningField(XmlWriter writer, ScorecardField field)
    {
        Start(
            writer,
            "MiningField",
            ("name", field.Name),
            ("usageType", PmmlWords.Of(PmmlWords.Usages, field.Usage)),
            ("outliers", field.Outliers == OutlierTreatment.AsIs ? null : PmmlWords.Of(PmmlWords.OutlierTreatments, field.Outliers)),
            ("lowValue", Text(field.LowValue)),
            ("highValue", Text(field.HighValue)),
            ("missingValueReplacement", Text(field.MissingReplacement)),
            ("missingValueTreatment", field.Missing == MissingValueTreatment.AsIs ? null : PmmlWords.Of(PmmlWords.MissingTreatments, field.Missing)),
            ("invalidValueTreatment", PmmlWords.Of(PmmlWords.InvalidTreatments, field.Invalid)),
            ("invalidValueReplacement", Text(field.InvalidReplacement)));
        writer.WriteEndElement();
    }

    private static void Outputs(XmlWriter writer, Scorecard card)
    {
        if (card.Outputs.IsDefaultOrEmpty) return;
        Start(writer, "Output");
        foreach (var output in card.Outputs)
        {
            var isReason = output.Feature == ScorecardOutputFeature.ReasonCode;
            Start(
                writer,
                "OutputField",
                ("name", output.Name),
                ("optype", isReason ? "categorical" : "continuous"),
                ("dataType", isReason ? "string" : "double"),
                ("feature", PmmlWords.Of(PmmlWords.OutputFeatures, output.Feature)),
                ("rank", isReason ? Text(output.Rank) : null));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Characteristic(XmlWriter writer, ScorecardCharacteristic characteristic)
    {
        Start(writer, "Characteristic", ("name", characteristic.Name), ("reasonCode", characteristic.ReasonCode), ("baselineScore", Text(characteristic.BaselineScore)));
        foreach (var attribute in characteristic.Attributes)
        {
            Start(writer, "Attribute", ("reasonCode", attribute.ReasonCode), ("partialScore", attribute.ComplexPartialScore is null ? Text(attribute.PartialScore) : null));
            Predicate(writer, attribute.Predicate);
            if (attribute.ComplexPartialScore is { } expression)
            {
                Start(writer, "ComplexPartialScore");
                Expression(writer, expression);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Predicate(XmlWriter writer, ScorePredicate predicate)
    {
        switch (predicate)
        {
            case SimplePredicate simple:
                Start(writer, "SimplePredicate", ("field", simple.Field), ("operator", PmmlWords.Of(PmmlWords.Comparisons, simple.Comparison)), ("value", Text(simple.Value)));
                break;
            case SimpleSetPredicate set:
                Start(writer, "SimpleSetPredicate", ("field", set.Field), ("booleanOperator", PmmlWords.Of(PmmlWords.SetOperators, set.IsIn)));
                Start(writer, "Array", ("n", Text(set.Values.Length)), ("type", set.Values[0].Kind == FieldValueKind.Number ? "real" : "string"));
                writer.WriteString(string.Join(' ', set.Values.Select(Token)));
                writer.WriteEndElement();
                break;
            case CompoundPredicate compound:
                Start(writer, "CompoundPredicate", ("booleanOperator", PmmlWords.Of(PmmlWords.Junctions, compound.Junction)));
                foreach (var part in compound.Parts) Predicate(writer, part);
                break;
            default:
                Start(writer, ((ConstantPredicate)predicate).IsTrue ? "True" : "False");
                break;
        }

        writer.WriteEndElement();
    }

    private static void Expression(XmlWriter writer, ScoreExpression expression)
    {
        switch (expression)
        {
            case ScoreConstant constant:
                Start(writer, "Constant", ("dataType", PmmlWords.Of(PmmlWords.DataTypes, constant.DataType)));
                writer.WriteString(Text(constant.Value));
                break;
            case ScoreFieldRef reference:
                Start(writer, "FieldRef", ("field", reference.Field), ("mapMissingTo", Text(reference.MapMissingTo)));
                break;
            default:
                var apply = (ScoreApply)expression;
                Start(
                    writer,
                    "Apply",
                    ("function", PmmlWords.Of(PmmlWords.Functions, apply.Function)),
                    ("mapMissingTo", Text(apply.MapMissingTo)),
                    ("defaultValue", Text(apply.DefaultValue)),
                    ("invalidValueTreatment", apply.TreatsInvalidAsMissing ? "asMissing" : null));
                foreach (var argument in apply.Arguments) Expression(writer, argument);
                break;
        }

        writer.WriteEndElement();
    }

    private static void Start(XmlWriter writer, string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        writer.WriteStartElement(element, PmmlWords.Namespace);
        foreach (var (name, value) in attributes)
            if (value is not null) writer.WriteAttributeString(name, value);
    }

    private static string Token(FieldValue value) =>
        value.Text is { } text ? $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Text(value)!;

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(FieldValue value) => value.Kind == FieldValueKind.Number ? Text(value.Number) : value.Text;
}
