using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Ledger;

/// <summary>Finds places in a JSON text that is known to be well-formed.</summary>
internal static class JsonPlaces
{
    /// <summary>Gives the line, from 1, of what a path names; if it is not there, of the innermost thing around it that is.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">As <see cref="ScorecardDocumentFault.Path"/> has it.</param>
    internal static int LineOf(ReadOnlySpan<byte> json, string path)
    {
        TryFind(json, path, out var place);
        return 1 + json[..(int)place.TokenStartIndex].Count((byte)'\n');
    }

    /// <summary>Goes to what a path names.</summary>
    /// <returns>False if it is not there; the reader then stands at the innermost thing around it that is.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> json, string path, out Utf8JsonReader place)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        place = reader;
        foreach (var step in path.Split('.', '[').Skip(1))
        {
            if (!Step(ref reader, step)) return false;
            place = reader;
        }

        return true;
    }

    private static bool Step(ref Utf8JsonReader reader, string step)
    {
        var isIndex = step.EndsWith(']');
        if (reader.TokenType != (isIndex ? JsonTokenType.StartArray : JsonTokenType.StartObject)) return false;
        var left = isIndex ? int.Parse(step.AsSpan(0, step.Length - 1), CultureInfo.InvariantCulture) : 0;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (isIndex && left-- == 0) return true;
            if (!isIndex && reader.ValueTextEquals(step)) return reader.Read();
            reader.Skip();
        }

        return false;
    }
}
