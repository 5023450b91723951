using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CreditGrains.Ledger;

/// <summary>Walks once through a JSON text that is known to be well-formed, and keeps the first fault and its place.</summary>
/// <remarks>
/// Whatever takes a value leaves the walk at its end, be it of the kind that was asked for or not. After a fault the walk goes on with
/// values that mean nothing.
/// </remarks>
internal ref struct JsonCursor
{
    private const int MaxShown = 40;

    private readonly ReadOnlySpan<byte> _json;
    private readonly StringBuilder _path = new("$");
    private readonly Stack<Level> _levels = new();
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _countedTo;

    internal JsonCursor(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new(json);
        _reader.Read();
    }

    /// <summary>Gets the first fault; null if there is none.</summary>
    internal ScorecardDocumentFault? Fault { get; private set; }

    /// <summary>Gets whether the value that the walk stands before is a text.</summary>
    internal readonly bool IsText => _reader.TokenType == JsonTokenType.String;

    /// <summary>Goes into an object. What is none is refused and passed over.</summary>
    internal bool BeginObject() => Begin(JsonTokenType.StartObject, "an object");

    /// <summary>Goes into a list. What is none is refused and passed over.</summary>
    internal bool BeginList() => Begin(JsonTokenType.StartArray, "a list");

    /// <summary>Goes on to the next field's value. A name that was there before is refused.</summary>
    /// <returns>False if the object has no more; then <see cref="End"/> is due.</returns>
    internal bool NextField(out string name)
    {
        name = "";
        var level = _levels.Peek();
        _path.Length = level.PathLength;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject) return false;
        name = _reader.GetString()!;
        _path.Append('.').Append(Shortened(name));
        if (!level.Names.Add(name)) Refuse(ScorecardDocumentRefusal.FieldRepeated, $"The field {Shortened(name)} is there twice.");
        _reader.Read();
        return true;
    }

    /// <summary>Goes out of an object.</summary>
    /// <param name="needed">The fields that must have been there.</param>
    internal void End(params ReadOnlySpan<string> needed)
    {
        var level = _levels.Pop();
        foreach (var name in needed)
            if (!level.Names.Contains(name)) Fault ??= new(ScorecardDocumentRefusal.FieldMissing, $"{_path}.{name}", level.Line, $"The field {name} is missing.");
    }

    /// <summary>Goes on to the next value of a list.</summary>
    /// <returns>False if it has no more; the walk has gone out of it then.</returns>
    internal bool NextItem()
    {
        var level = _levels.Peek();
        _path.Length = level.PathLength;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            _levels.Pop();
            return false;
        }

        _path.Append('[').Append(level.Count++).Append(']');
        return true;
    }

    /// <summary>Refuses the field that the walk stands before, whose name is not known at its place.</summary>
    internal void RefuseField()
    {
        Refuse(ScorecardDocumentRefusal.FieldUnknown, "The field is not known at this place.");
        _reader.Skip();
    }

    internal string Text()
    {
        if (IsText) return _reader.GetString()!;
        RefuseKind("a text");
        return "";
    }

    internal double Number()
    {
        if (_reader.TokenType != JsonTokenType.Number)
        {
            RefuseKind("a number");
            return 0;
        }

        var number = double.Parse(_reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(number)) return number;
        Refuse(ScorecardDocumentRefusal.NumberNotFinite, "The number is too great.");
        return 0;
    }

    internal double? NumberOrNull() => _reader.TokenType == JsonTokenType.Null ? null : Number();

    internal long WholeNumber()
    {
        if (_reader.TokenType != JsonTokenType.Number)
        {
            RefuseKind("a whole number");
            return 0;
        }

        if (_reader.TryGetInt64(out var number)) return number;
        Refuse(ScorecardDocumentRefusal.NumberNotWhole, "The number is not whole, or too great.");
        return 0;
    }

    /// <summary>Takes a value that can only be true: there is no other reason to write the field.</summary>
    internal void True()
    {
        if (_reader.TokenType == JsonTokenType.True) return;
        if (_reader.TokenType == JsonTokenType.False) Refuse(ScorecardDocumentRefusal.WordUnknown, "It can only be true.");
        else RefuseKind("true");
    }

    /// <summary>Keeps a fault at the place that the walk stands at, if it is the first.</summary>
    internal void Refuse(ScorecardDocumentRefusal refusal, string message) => Fault ??= new(refusal, _path.ToString(), Line(), message);

    internal static string Shortened(string text) => text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");

    private bool Begin(JsonTokenType kind, string what)
    {
        if (_reader.TokenType != kind)
        {
            RefuseKind(what);
            return false;
        }

        _levels.Push(new(_path.Length, Line()));
        return true;
    }

    private void RefuseKind(string what)
    {
        Refuse(ScorecardDocumentRefusal.KindWrong, $"There should be {what}.");
        _reader.Skip();
    }

    // The walk only goes forward, so line ends are counted once, however often the line is asked for.
    private int Line()
    {
        var at = (int)_reader.TokenStartIndex;
        _line += _json[_countedTo..at].Count((byte)'\n');
        _countedTo = at;
        return _line;
    }

    /// <summary>An object or a list that the walk is in.</summary>
    private sealed class Level(int pathLength, int line)
    {
        internal int PathLength { get; } = pathLength;

        internal int Line { get; } = line;

        internal HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        internal int Count { get; set; }
    }
}
