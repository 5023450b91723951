using System.Text;
using System.Xml;

namespace CreditGrains.Ledger;

/// <summary>An element of a PMML document: its name, place, attributes and children. Extensions are not among them; only a model's own of this extender are kept, apart.</summary>
internal sealed class PmmlElement(string name, string space, int line)
{
    // A document of the greatest length can hold a million elements, most of them with little in them.
    private List<(string Name, string Value)> _attributes = NoAttributes;
    private StringBuilder? _text;
    private List<PmmlElement>? _children;
    private List<PmmlElement>? _extensions;

    private static readonly List<(string Name, string Value)> NoAttributes = [];

    internal string Name { get; } = name;

    internal string Namespace { get; } = space;

    internal int Line { get; } = line;

    internal IReadOnlyList<PmmlElement> Children => _children ?? (IReadOnlyList<PmmlElement>)[];

    /// <summary>Gets the extensions that are read, without what is in them.</summary>
    internal IReadOnlyList<PmmlElement> Extensions => _extensions ?? (IReadOnlyList<PmmlElement>)[];

    internal string Text => _text?.ToString() ?? "";

    /// <summary>Gets the attributes that nobody has taken yet.</summary>
    internal IReadOnlyList<(string Name, string Value)> Untaken => _attributes;

    /// <summary>Takes an attribute away and gives its value; null if there is none.</summary>
    internal string? Take(string name)
    {
        var index = _attributes.FindIndex(attribute => attribute.Name == name);
        if (index < 0) return null;
        var value = _attributes[index].Value;
        _attributes.RemoveAt(index);
        return value;
    }

    /// <summary>Reads a whole document, without a document type and without anything from elsewhere.</summary>
    /// <returns>The root, or why there is none.</returns>
    internal static (PmmlElement? Root, ScorecardFault? Fault) Load(TextReader source, int maxCharacters, int maxDepth)
    {
        if (ReadAll(source, maxCharacters) is not { } text)
            return (null, new(ScorecardRefusal.TooLarge, "PMML", 1, $"The document is longer than {maxCharacters} characters."));
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = maxCharacters, IgnoreComments = true, IgnoreProcessingInstructions = true };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        try
        {
            return Load(reader, maxDepth);
        }
        catch (XmlException malformed)
        {
            // The reader tells no line for a document type, which may stand only before the root.
            var doctype = text.IndexOf("<!DOCTYPE", StringComparison.Ordinal);
            if (doctype >= 0 && malformed.LineNumber == 0)
                return (null, new(ScorecardRefusal.DoctypeForbidden, "!DOCTYPE", 1 + text.AsSpan(0, doctype).Count('\n'), "A document type is not read, and so neither are entities."));
            return (null, new(ScorecardRefusal.NotXml, "PMML", Math.Max(1, malformed.LineNumber), "The text is not well-formed XML from here on."));
        }
    }

    private static (PmmlElement? Root, ScorecardFault? Fault) Load(XmlReader reader, int maxDepth)
    {
        PmmlElement? root = null;
        Stack<PmmlElement> open = new();
        var goesOn = reader.Read();
        while (goesOn)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.LocalName == "Extension" && open.Count > 0:
                    // The standard lets whoever does not know an extension pass over it, with all that it holds.
                    if (open.Peek() is { Name: "Scorecard" } model && reader.NamespaceURI == model.Namespace && reader.GetAttribute("extender") == PmmlWords.Extender)
                        (model._extensions ??= []).Add(Open(reader));
                    reader.Skip();
                    continue;
                case XmlNodeType.Element:
                    var isEmpty = reader.IsEmptyElement;
                    var element = Open(reader);
                    if (open.Count >= maxDepth) return (null, new(ScorecardRefusal.TooDeep, element.Name, element.Line, $"Elements are nested deeper than {maxDepth}."));
                    if (open.TryPeek(out var parent)) (parent._children ??= []).Add(element);
                    root ??= element;
                    if (!isEmpty) open.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when open.TryPeek(out var holder):
                    (holder._text ??= new()).Append(reader.Value);
                    break;
                default:
                    break;
            }

            goesOn = reader.Read();
        }

        return (root, null);
    }

    private static PmmlElement Open(XmlReader reader)
    {
        PmmlElement element = new(reader.LocalName, reader.NamespaceURI, ((IXmlLineInfo)reader).LineNumber);
        if (reader.AttributeCount > 0) element._attributes = new(reader.AttributeCount);
        while (reader.MoveToNextAttribute())
        {
            // What has a namespace of its own, or begins with x-, is for others and changes nothing that the standard says.
            if (reader.NamespaceURI.Length == 0 && !reader.LocalName.StartsWith("x-", StringComparison.Ordinal)) element._attributes.Add((reader.LocalName, reader.Value));
        }

        reader.MoveToElement();
        return element;
    }

    private static string? ReadAll(TextReader source, int maxCharacters)
    {
        StringBuilder text = new();
        var block = new char[Math.Min(maxCharacters, 8192)];
        for (int count; (count = source.Read(block, 0, block.Length)) > 0;)
        {
            if (text.Length + count > maxCharacters) return null;
            text.Append(block, 0, count);
        }

        return text.ToString();
    }
}
