using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Writes JSON values for programs, one a line.</summary>
internal static class JsonOutput
{
    /// <summary>Writes one value and a line's end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="write">Writes the value.</param>
    public static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Writes a whole number of 128 bits as a plain JSON number.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="number">The number.</param>
    public static void WriteWhole(this Utf8JsonWriter json, string name, Int128 number)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
    }

    /// <summary>Writes an amount as an object of currency and minor units, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="minorUnits">The amount; null where it is not known.</param>
    public static void WriteMoney(this Utf8JsonWriter json, string name, Currency currency, Int128? minorUnits)
    {
        if (minorUnits is not { } amount)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("currency", currency.ToString());
        json.WriteWhole("minorUnits", amount);
        json.WriteEndObject();
    }

    /// <summary>Writes a day as YYYY-MM-DD, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="day">The day.</param>
    public static void WriteDay(this Utf8JsonWriter json, string name, DateOnly? day)
    {
        if (day is { } known) json.WriteString(name, known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }

    /// <summary>Writes an instant in UTC to the microsecond, the precision of the ledger's clock.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="instant">The instant.</param>
    public static void WriteInstant(this Utf8JsonWriter json, string name, DateTimeOffset instant) =>
        json.WriteString(name, instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}
