using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Shows the places that do not verify.</summary>
internal static class BrokenPlaces
{
    /// <summary>Writes them as the field <c>broken</c>.</summary>
    /// <param name="json">Where to, inside an object.</param>
    /// <param name="broken">The places.</param>
    public static void Write(Utf8JsonWriter json, ImmutableArray<BrokenPlace> broken)
    {
        json.WriteStartArray("broken");
        foreach (var place in broken)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", place.Partition);
            json.WriteString("citizen", place.Citizen?.ToString());
            if (place.Sequence is { } sequence) json.WriteNumber("sequence", sequence);
            else json.WriteNull("sequence");
            json.WriteString("what", place.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes them for people, one a line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="broken">The places.</param>
    public static void Draw(TextWriter output, ImmutableArray<BrokenPlace> broken)
    {
        foreach (var place in broken)
        {
            var who = place.Citizen is { } citizen ? $" citizen {citizen}" : "";
            var where = place.Sequence is { } sequence ? string.Create(CultureInfo.InvariantCulture, $" sequence {sequence}") : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  partition {place.Partition}{who}{where}: {place.What}"));
        }
    }
}
