using System.Collections.Immutable;
using System.Text.Json;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Writes characteristics and their bins as JSON.</summary>
internal static class CharacteristicOutput
{
    /// <summary>Writes characteristics with their bins.</summary>
    /// <param name="json">Where to, inside an object.</param>
    /// <param name="characteristics">What.</param>
    public static void Write(Utf8JsonWriter json, ImmutableArray<CharacteristicView> characteristics)
    {
        json.WriteStartArray("characteristics");
        foreach (var characteristic in characteristics)
        {
            json.WriteStartObject();
            json.WriteString("name", characteristic.Name);
            json.WriteNumber("informationValue", characteristic.InformationValue);
            ScorecardOutput.WriteMaybe(json, "coefficient", characteristic.Coefficient);
            json.WriteStartArray("bins");
            foreach (var bin in characteristic.Bins) WriteBin(json, bin);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBin(Utf8JsonWriter json, BinView bin)
    {
        json.WriteStartObject();
        WriteRange(json, bin.Range);
        json.WriteString("label", bin.Label);
        ScorecardOutput.WriteMaybe(json, "points", bin.Points);
        json.WriteNumber("woe", bin.Woe);
        json.WriteNumber("goods", bin.Goods);
        json.WriteNumber("bads", bin.Bads);
        ScorecardOutput.WriteMaybe(json, "badRate", bin.BadRate);
        json.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter json, DocumentRange? range)
    {
        switch (range)
        {
            case DocumentRange.Interval interval:
                ScorecardOutput.WriteMaybe(json, "from", interval.From);
                ScorecardOutput.WriteMaybe(json, "to", interval.To);
                break;
            case DocumentRange.Texts texts:
                json.WriteStartArray("values");
                foreach (var text in texts.Values) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            case DocumentRange.SpecialNumber special:
                json.WriteNumber("special", special.Value);
                break;
            case DocumentRange.SpecialText special:
                json.WriteString("special", special.Value);
                break;
            case DocumentRange.Missing:
                json.WriteBoolean("missing", true);
                break;
            case DocumentRange.Unseen:
                json.WriteBoolean("unseen", true);
                break;
        }
    }
}
