using System.Globalization;
using System.Text;
using System.Xml;

namespace CreditGrains.Ledger;

/// <content>Predicates and the arrays in them.</content>
internal sealed partial class PmmlReading
{
    private static bool IsPredicate(PmmlElement element) =>
        element.Name is "True" or "False" or "SimplePredicate" or "CompoundPredicate" or "SimpleSetPredicate";

    private ScorePredicate Predicate(PmmlElement element)
    {
        switch (element.Name)
        {
            case "True" or "False":
                NoChildren(element);
                Done(element, holdsText: false);
                return At(element, new ConstantPredicate(element.Name == "True"));
            case "SimplePredicate":
                return At(element, Simple(element));
            case "SimpleSetPredicate":
                return At(element, Set(element));
            case "CompoundPredicate":
                var junction = RequireWord(element, "booleanOperator", PmmlWords.Junctions);
                CompoundPredicate compound = new(junction, [.. element.Children.Select(Predicate)]);
                Done(element, holdsText: false);
                return At(element, compound);
            default:
                RefuseElement(element, "It is no predicate.");
                return new ConstantPredicate(false);
        }
    }

    private SimplePredicate Simple(PmmlElement element)
    {
        var field = Require(element, "field");
        var comparison = RequireWord(element, "operator", PmmlWords.Comparisons);
        var isQuestion = comparison is ScoreComparison.IsMissing or ScoreComparison.IsNotMissing;

        // A value beside a question for missing stays untaken, and is refused for that.
        var value = isQuestion ? FieldValue.Missing : Value(element, "value", Require(element, "value"), IsNumeric(element, field));
        NoChildren(element);
        Done(element, holdsText: false);
        return new(field, comparison, value);
    }

    private SimpleSetPredicate Set(PmmlElement element)
    {
        var field = Require(element, "field");
        var isIn = RequireWord(element, "booleanOperator", PmmlWords.SetOperators);
        var isNumeric = IsNumeric(element, field);
        Known(element, element.Namespace, "Array");
        List<FieldValue> values = [];
        if (Only(element, "Array") is { } array)
        {
            var type = RequireWord(array, "type", [("string", FieldDataType.Text), ("int", FieldDataType.WholeNumber), ("real", FieldDataType.Number)]);
            foreach (var token in Tokens(array))
            {
                values.Add(Value(array, "A value of the set", token, isNumeric));
                if (type == FieldDataType.WholeNumber && !long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                    Refuse(ScorecardRefusal.TypeMismatch, array, $"'{Shortened(token)}' is no int, which the array says it holds.");
            }

            if (Number(array, "n") is { } count && count != values.Count)
                Refuse(ScorecardRefusal.ValueNotHonoured, array, $"n is {count}, but the array holds {values.Count}.");
            NoChildren(array);
            Done(array, holdsText: true);
        }

        Done(element, holdsText: false);
        return new(field, isIn, [.. values]);
    }

    /// <summary>Splits an array: values stand between blanks, or in quotes, where a quote is written with a backslash before it.</summary>
    private List<string> Tokens(PmmlElement array)
    {
        List<string> tokens = [];
        var text = array.Text;
        var index = 0;
        while (true)
        {
            while (index < text.Length && XmlConvert.IsWhitespaceChar(text[index])) index++;
            if (index == text.Length) return tokens;
            StringBuilder token = new();
            var isQuoted = text[index] == '"';
            if (isQuoted) index++;
            while (index < text.Length && (isQuoted ? text[index] != '"' : !XmlConvert.IsWhitespaceChar(text[index])))
            {
                if (text[index] == '\\' && index + 1 < text.Length && text[index + 1] == '"') index++;
                else if (text[index] is '"') Refuse(ScorecardRefusal.ValueNotHonoured, array, "A quote stands in the middle of a value.");
                token.Append(text[index++]);
            }

            if (isQuoted && (index == text.Length || (++index < text.Length && !XmlConvert.IsWhitespaceChar(text[index]))))
            {
                Refuse(ScorecardRefusal.ValueNotHonoured, array, "A quoted value does not end, or goes on after its quote.");
                return tokens;
            }

            tokens.Add(token.ToString());
        }
    }

    // The fields have been read before. That one is missing is told here, since its values cannot be read without it.
    private bool IsNumeric(PmmlElement element, string field)
    {
        if (_isNumeric.TryGetValue(field, out var isNumeric)) return isNumeric;
        Refuse(ScorecardRefusal.FieldUndeclared, element, $"The field '{field}' is not declared in the mining schema and the data dictionary.");
        return false;
    }
}
