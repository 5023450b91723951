using System.Globalization;

namespace CreditGrains.Ledger;

/// <content>Complex partial scores.</content>
internal sealed partial class PmmlReading
{
    private ScoreExpression ComplexPartialScore(PmmlElement element)
    {
        Done(element, holdsText: false);
        if (element.Children.Count == 0) Refuse(ScorecardRefusal.ElementMissing, element, "There is no expression.");
        if (element.Children.Count > 1) Refuse(ScorecardRefusal.ElementRepeated, element.Children[1], "There is a second expression.");
        return element.Children.Count == 0 ? new ScoreConstant(0) : Expression(element.Children[0]);
    }

    private ScoreExpression Expression(PmmlElement element)
    {
        switch (element.Name)
        {
            case "Constant":
                return At(element, Constant(element));
            case "FieldRef":
                var field = Require(element, "field");
                ScoreFieldRef reference = new(field, OptionalValue(element, "mapMissingTo", IsNumeric(element, field)));
                NoChildren(element);
                Done(element, holdsText: false);
                return At(element, reference);
            case "Apply":
                return At(element, Apply(element));
            default:
                RefuseElement(element, "Partial scores are computed of Constant, FieldRef and Apply.");
                return new ScoreConstant(0);
        }
    }

    private ScoreConstant Constant(PmmlElement element)
    {
        var text = element.Text;
        var type = element.Untaken.Any(attribute => attribute.Name == "dataType")
            ? RequireWord(element, "dataType", [("double", FieldDataType.Number), ("integer", FieldDataType.WholeNumber), ("string", FieldDataType.Text)])
            : TypeOf(text);
        if (Word(element, "missing", PmmlWords.Truths, false)) Refuse(ScorecardRefusal.ValueNotHonoured, element, "A constant that is missing is not honoured.");
        NoChildren(element);
        Done(element, holdsText: true);
        return new(Value(element, "The constant", text, type != FieldDataType.Text), type);
    }

    // A constant that does not say its type has the one that it looks like. NaN and INF look like numbers, and are then refused as such.
    private static FieldDataType TypeOf(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) return FieldDataType.WholeNumber;
        var isNumber = double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || trimmed is "INF" or "-INF";
        return isNumber ? FieldDataType.Number : FieldDataType.Text;
    }

    private ScoreApply Apply(PmmlElement element)
    {
        var name = Require(element, "function");
        if (!PmmlWords.Functions.Any(known => known.Word == name))
            Refuse(ScorecardRefusal.FunctionNotHonoured, element, $"The function '{Shortened(name)}' is not honoured; honoured are {string.Join(' ', PmmlWords.Functions.Select(known => known.Word))}.");
        var invalid = Word(element, "invalidValueTreatment", PmmlWords.InvalidTreatments, InvalidValueTreatment.ReturnInvalid);
        if (invalid is InvalidValueTreatment.AsIs or InvalidValueTreatment.AsValue)
            Refuse(ScorecardRefusal.ValueNotHonoured, element, "Of a function, invalidValueTreatment is honoured as returnInvalid and asMissing.");
        ScoreApply apply = new(PmmlWords.Functions.FirstOrDefault(known => known.Word == name).Value, [.. element.Children.Select(Expression)])
        {
            MapMissingTo = Number(element, "mapMissingTo"),
            DefaultValue = Number(element, "defaultValue"),
            TreatsInvalidAsMissing = invalid == InvalidValueTreatment.AsMissing,
        };
        Done(element, holdsText: false);
        return apply;
    }
}
