using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Writes a score as JSON.</summary>
internal static class ScoreJson
{
    /// <summary>Writes a score as one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="score">What.</param>
    /// <param name="isSame">Whether it came out again; null if it was not computed again.</param>
    public static void Write(Utf8JsonWriter json, ScoreReport score, bool? isSame)
    {
        json.WriteStartObject();
        json.WriteString("citizen", score.Citizen.ToString());
        json.WriteNumber("sequence", score.Sequence);
        json.WriteDay("asOf", score.AsOf);
        json.WriteInstant("knownAt", score.KnownAt);
        json.WriteString("purpose", score.Purpose);
        json.WriteString("coverage", CodeOf(score.Coverage));
        if (score.Score is { } points) json.WriteNumber("score", points);
        else json.WriteNull("score");
        json.WriteStartObject("scale");
        json.WriteString("name", score.Scale.Name);
        json.WriteNumber("low", score.Scale.Low);
        json.WriteNumber("high", score.Scale.High);
        json.WriteEndObject();
        if (score.Band is { } band)
        {
            json.WriteStartObject("probabilityBand");
            json.WriteString("name", band.Name);
            json.WriteNumber("from", band.From);
            json.WriteNumber("to", band.To);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("probabilityBand");
        }

        json.WriteStartArray("reasons");
        foreach (var reason in score.Reasons) WriteReason(json, reason);
        json.WriteEndArray();
        json.WritePropertyName("mostHelpful");
        if (score.MostHelpful is { } most) WriteReason(json, most);
        else json.WriteNullValue();
        if (score.Model is { } model)
        {
            json.WriteString("model", model.Model);
            json.WriteNumber("version", model.Version);
        }
        else
        {
            json.WriteNull("model");
            json.WriteNull("version");
        }

        json.WriteString("inputsDigest", score.InputsDigest);
        json.WriteString("humanReview", score.HumanReview);
        if (isSame is { } same) json.WriteBoolean("isSame", same);
        json.WriteEndObject();
    }

    /// <summary>Gives the code of a score's coverage.</summary>
    /// <param name="coverage">The coverage.</param>
    public static string CodeOf(Coverage coverage) => coverage switch
    {
        Coverage.Scorable => "SCORED",
        Coverage.Thin => "THIN",
        _ => "NO_FILE",
    };

    private static void WriteReason(Utf8JsonWriter json, ScoreReasonText reason)
    {
        json.WriteStartObject();
        json.WriteString("code", reason.Code);
        json.WriteNumber("points", reason.Points);
        json.WriteString("words", reason.Words);
        json.WriteEndObject();
    }
}
