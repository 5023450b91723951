using System.Xml;
using System.Xml.Linq;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>Makes elements of a page that is both HTML and well-formed XML. All text is escaped where it is written.</summary>
internal static class Html
{
    /// <summary>Makes an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Attributes, elements and texts.</param>
    public static XElement Element(string name, params ReadOnlySpan<object?> content)
    {
        var element = new XElement(name);
        foreach (var part in content) element.Add(part is string text ? Clean(text) : part);

        // A browser would take <td/> for a tag that is never closed.
        if (element.IsEmpty && name is not ("meta" or "col" or "rect" or "line" or "polyline" or "circle")) element.Add("");
        return element;
    }

    /// <summary>Makes an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static XAttribute Attribute(string name, string value) => new(name, Clean(value));

    /// <summary>Makes a table with a caption, whose columns but the first are of numbers.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="headers">The names of the columns.</param>
    /// <param name="rows">The cells.</param>
    public static XElement Table(string caption, string[] headers, IEnumerable<string[]> rows) => Element(
        "div",
        Attribute("class", "scroll"),
        Element(
            "table",
            Element("caption", caption),
            Element("thead", Element("tr", headers.Select(header => Element("th", Attribute("scope", "col"), header)))),
            Element("tbody", rows.Select(row => Element(
                "tr",
                Element("th", Attribute("scope", "row"), row[0]),
                row.Skip(1).Select(cell => Element("td", cell)))))));

    /// <summary>Puts a chart and its table beside each other, one below the other where there is no room.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="table">What it shows, in numbers.</param>
    public static XElement Beside(XElement chart, XElement table) => Element("div", Attribute("class", "pair"), Element("figure", chart), table);

    /// <summary>Replaces what XML cannot say, such as control characters in the name of a column.</summary>
    private static string Clean(string text)
    {
        if (text.All(letter => XmlConvert.IsXmlChar(letter))) return text;
        return string.Create(text.Length, text, static (letters, whole) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                var isPair = char.IsHighSurrogate(whole[i]) && i + 1 < whole.Length && char.IsLowSurrogate(whole[i + 1]);
                if (isPair)
                {
                    letters[i] = whole[i];
                    letters[++i] = whole[i];
                }
                else
                {
                    letters[i] = XmlConvert.IsXmlChar(whole[i]) ? whole[i] : '\uFFFD';
                }
            }
        });
    }
}
