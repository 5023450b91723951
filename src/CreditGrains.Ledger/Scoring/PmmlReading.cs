using System.Globalization;

namespace CreditGrains.Ledger;

/// <summary>One reading of a document. It goes on after a fault with values that mean nothing, and keeps the first fault only.</summary>
internal sealed partial class PmmlReading
{
    private readonly Dictionary<object, int> _lines = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> _dictionaryLines = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets the first fault; null if there is none.</summary>
    internal ScorecardFault? Fault { get; private set; }

    /// <summary>Gives the line that a part of the card was read from. A field was read from two, of which the element tells one.</summary>
    internal int LineOf(object part, string element) =>
        element != "MiningField" && _dictionaryLines.TryGetValue(part, out var line) ? line : _lines.GetValueOrDefault(part, _modelLine);

    private T At<T>(PmmlElement element, T part)
        where T : class
    {
        _lines[part] = element.Line;
        return part;
    }

    private void Refuse(ScorecardRefusal refusal, PmmlElement element, string message) => Fault ??= new(refusal, element.Name, element.Line, message);

    private void RefuseElement(PmmlElement element, string why = "It is not known at this place.") =>
        Refuse(ScorecardRefusal.ElementNotHonoured, element, $"The element {element.Name} is not honoured. {why}");

    private string Require(PmmlElement element, string attribute)
    {
        if (element.Take(attribute) is { } value) return value;
        Refuse(ScorecardRefusal.AttributeMissing, element, $"The attribute {attribute} is missing.");
        return "";
    }

    private T Word<T>(PmmlElement element, string attribute, (string Word, T Value)[] words, T otherwise) =>
        element.Take(attribute) is { } word ? Meaning(element, attribute, word, words, otherwise) : otherwise;

    private T RequireWord<T>(PmmlElement element, string attribute, (string Word, T Value)[] words) =>
        Meaning(element, attribute, Require(element, attribute), words, words[0].Value);

    private T Meaning<T>(PmmlElement element, string attribute, string word, (string Word, T Value)[] words, T otherwise)
    {
        foreach (var (known, value) in words)
            if (known == word) return value;
        Refuse(ScorecardRefusal.ValueNotHonoured, element, $"{attribute}=\"{Shortened(word)}\" is not honoured; honoured are {string.Join(", ", words.Select(known => known.Word))}.");
        return otherwise;
    }

    private double? Number(PmmlElement element, string attribute) =>
        element.Take(attribute) is { } text ? Number(element, attribute, text) : null;

    private double Number(PmmlElement element, string what, string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(text.AsSpan().Trim(), Style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;
        Refuse(ScorecardRefusal.NumberMalformed, element, $"{what}: '{Shortened(text)}' is no finite number.");
        return 0;
    }

    /// <summary>Reads a value of a field's type; whether a number fits its type, the rules tell later.</summary>
    private FieldValue Value(PmmlElement element, string what, string text, bool isNumeric) =>
        isNumeric ? FieldValue.Of(Number(element, what, text)) : FieldValue.Of(text);

    private FieldValue OptionalValue(PmmlElement element, string attribute, bool isNumeric) =>
        element.Take(attribute) is { } text ? Value(element, attribute, text, isNumeric) : FieldValue.Missing;

    /// <summary>Says that an element has been read: passes over attributes that change nothing and refuses the others, and any text.</summary>
    private void Done(PmmlElement element, bool holdsText, params ReadOnlySpan<string> passedOver)
    {
        foreach (var name in passedOver) element.Take(name);
        foreach (var (name, _) in element.Untaken) Refuse(ScorecardRefusal.AttributeNotHonoured, element, $"The attribute {name} is not honoured.");
        if (!holdsText && !string.IsNullOrWhiteSpace(element.Text)) Refuse(ScorecardRefusal.TextUnexpected, element, "There is text where there should be none.");
    }

    private void NoChildren(PmmlElement element)
    {
        foreach (var child in element.Children) RefuseElement(child);
    }

    /// <summary>Finds the one child of a name. Others of it, and its absence where it is needed, are refused.</summary>
    private PmmlElement? Only(PmmlElement parent, string name, bool isNeeded = true)
    {
        PmmlElement? found = null;
        foreach (var child in parent.Children)
        {
            if (child.Name != name) continue;
            if (found is not null) Refuse(ScorecardRefusal.ElementRepeated, child, $"There is a second {name}.");
            found ??= child;
        }

        if (found is null && isNeeded) Refuse(ScorecardRefusal.ElementMissing, parent, $"There is no {name}.");
        return found;
    }

    private void Known(PmmlElement parent, string space, params ReadOnlySpan<string> names)
    {
        foreach (var child in parent.Children)
            if (child.Namespace != space || !names.Contains(child.Name)) RefuseElement(child);
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
