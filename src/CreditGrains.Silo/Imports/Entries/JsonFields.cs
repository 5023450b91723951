using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.Imports.Entries;

/// <summary>Reads the fields of one JSON object, and remembers the first that is wrong.</summary>
/// <remarks>
/// A field that is absent or null reads as null. One of another form reads as null too and leaves a fault, so a caller reads all it
/// wants and looks at <see cref="Fault"/> once. Objects inside share the fault of the outermost.
/// </remarks>
internal sealed class JsonFields
{
    private const int MaxNameLength = 32;

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly JsonFields _outermost;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private RowFault? _fault;

    /// <summary>Makes a reader of the outermost object.</summary>
    /// <param name="element">A JSON object.</param>
    public JsonFields(JsonElement element) => (_object, _path, _outermost) = (element, "", this);

    private JsonFields(JsonElement element, string path, JsonFields outermost) => (_object, _path, _outermost) = (element, path, outermost);

    /// <summary>Gets the first thing that was wrong; null if nothing was.</summary>
    public RowFault? Fault => _outermost._fault;

    /// <summary>Reads a string.</summary>
    /// <param name="name">The field.</param>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Wrong<string>(name, "must be a string");
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            return Wrong<string>(name, "is not text in Unicode");
        }
    }

    /// <summary>Reads a string that must be there.</summary>
    /// <param name="name">The field.</param>
    public string NeededText(string name) => Text(name) ?? Missing(name) ?? "";

    /// <summary>Reads a whole number of 64 bits.</summary>
    /// <param name="name">The field.</param>
    public long? Whole(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) return number;
        Wrong<object>(name, "must be a whole number of 64 bits, without a fraction or quotes");
        return null;
    }

    /// <summary>Reads a whole number of 32 bits.</summary>
    /// <param name="name">The field.</param>
    public int? Small(string name)
    {
        if (Whole(name) is not { } number) return null;
        if (number is >= int.MinValue and <= int.MaxValue) return (int)number;
        Wrong<object>(name, "is beyond the range of this field");
        return null;
    }

    /// <summary>Reads true or false.</summary>
    /// <param name="name">The field.</param>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Wrong<object>(name, "must be true or false");
        return null;
    }

    /// <summary>Reads a day, written YYYY-MM-DD.</summary>
    /// <param name="name">The field.</param>
    public DateOnly? Day(string name)
    {
        if (Text(name) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        Wrong<object>(name, "must be a day of the calendar, written YYYY-MM-DD");
        return null;
    }

    /// <summary>Reads one name of a closed list, spelled as the list spells it.</summary>
    /// <typeparam name="T">The list.</typeparam>
    /// <param name="name">The field.</param>
    public T? Name<T>(string name) where T : struct, Enum
    {
        if (Text(name) is not { } text) return null;
        if (NamesOf<T>.ByName.TryGetValue(text, out var value)) return value;
        Wrong<object>(name, $"must be one of {string.Join(", ", NamesOf<T>.ByName.Keys)}");
        return null;
    }

    /// <summary>Reads an object inside.</summary>
    /// <param name="name">The field.</param>
    public JsonFields? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new(value, PathOf(name), _outermost)
            : Wrong<JsonFields>(name, "must be an object");
    }

    /// <summary>Reads an array of objects.</summary>
    /// <param name="name">The field.</param>
    public IEnumerable<JsonFields> Objects(string name)
    {
        if (Find(name) is not { } value) yield break;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong<object>(name, "must be an array of objects");
            yield break;
        }

        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Object) yield return new(element, PathOf(name), _outermost);
            else Wrong<object>(name, "must be an array of objects");
        }
    }

    /// <summary>Reads a number as it is written, whether in quotes or not.</summary>
    /// <param name="name">The field.</param>
    public string? NumberText(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetRawText() : Text(name);

    /// <summary>Leaves a fault if the object has a field that nobody read.</summary>
    public void Close()
    {
        foreach (var property in _object.EnumerateObject())
        {
            if (_read.Contains(property.Name)) continue;

            // A misspelled name helps whoever wrote it. One that does not look like a name may be a value in the wrong place.
            var isName = property.Name.Length is > 0 and <= MaxNameLength && property.Name.All(char.IsAsciiLetter);
            _outermost._fault ??= RowFault.Of(RowFaultCode.UnknownField, isName ? PathOf(property.Name) : _path.Length > 0 ? _path : null);
            return;
        }
    }

    /// <summary>Leaves the fault that a field of the object is not what it must be.</summary>
    /// <param name="name">The field.</param>
    /// <param name="message">What it must be.</param>
    /// <param name="code">The code.</param>
    public T? Wrong<T>(string name, string message, RowFaultCode code = RowFaultCode.FieldMalformed) where T : class
    {
        _outermost._fault ??= new(code, PathOf(name), message);
        return null;
    }

    /// <summary>Leaves the fault that a field is missing, if nothing worse is known.</summary>
    /// <param name="name">The field.</param>
    public string? Missing(string name) => Wrong<string>(name, RowFault.Of(RowFaultCode.FieldMissing).Message, RowFaultCode.FieldMissing);

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private string PathOf(string name) => _path.Length > 0 ? $"{_path}.{name}" : name;

    private static class NamesOf<T> where T : struct, Enum
    {
        public static readonly Dictionary<string, T> ByName =
            Enum.GetValues<T>().ToDictionary(value => value.ToString(), StringComparer.Ordinal);
    }
}
