using System.Text.Json;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Writes what came of the commands as one JSON object for programs.</summary>
internal static class ScorecardOutput
{
    /// <summary>Writes a fit.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="fitted">What.</param>
    /// <param name="files">The files that were written.</param>
    public static void Write(Utf8JsonWriter json, FitSummary fitted, FitFiles files)
    {
        json.WriteStartObject();
        json.WriteString("model", fitted.Document.Model);
        json.WriteNumber("auc", fitted.Auc.Value);
        json.WriteNumber("gini", fitted.Gini.Value);
        json.WriteNumber("ks", fitted.Ks.Value);
        json.WriteNumber("brier", fitted.Brier.Value);
        json.WriteNumber("rows", fitted.Rows);
        json.WriteNumber("bad", fitted.Bads);
        if (fitted.Folds is { } folds) Write(json, folds);
        else WriteIntervals(json, fitted.HeldBack.Figures);
        WriteSplit(json, fitted.Split);
        json.WriteStartObject("heldBack");
        WriteFigures(json, fitted.HeldBack);
        json.WriteEndObject();
        WriteTraining(json, fitted.Document.Training!);
        CharacteristicOutput.Write(json, fitted.Characteristics);
        WriteDropped(json, fitted);
        json.WriteStartArray("banned");
        foreach (var name in fitted.Banned) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartObject("files");
        json.WriteString("pmml", files.Pmml);
        json.WriteString("json", files.Json);
        json.WriteString("report", files.Report);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of a judgement.</summary>
    /// <param name="json">Where to, inside an object.</param>
    /// <param name="judged">What.</param>
    public static void WriteFigures(Utf8JsonWriter json, Judgement judged)
    {
        var figures = judged.Figures;
        json.WriteNumber("rows", figures.Rows);
        json.WriteNumber("bad", figures.Bads);
        json.WriteNumber("auc", figures.Auc);
        json.WriteNumber("gini", figures.Gini);
        json.WriteNumber("ks", figures.Ks);
        json.WriteNumber("ksAtScore", figures.KsAtScore);
        WriteMaybe(json, "brier", judged.HasProbabilities ? figures.Brier : null);
        WriteIntervals(json, figures);
        json.WriteStartArray("calibration");
        foreach (var tenth in figures.Deciles)
        {
            json.WriteStartObject();
            json.WriteNumber("rows", tenth.Rows);
            json.WriteNumber("bad", tenth.Bads);
            json.WriteNumber("lowestScore", tenth.LowestScore);
            json.WriteNumber("highestScore", tenth.HighestScore);
            WriteMaybe(json, "expectedBadRate", judged.HasProbabilities ? tenth.ExpectedBadRate : null);
            json.WriteNumber("badRate", tenth.BadRate);
            json.WriteNumber("lift", tenth.Lift);
            json.WriteNumber("badsCaught", tenth.BadsCaught);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes an interval, or null.</summary>
    /// <param name="json">Where to, inside an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="interval">The interval.</param>
    public static void WriteInterval(Utf8JsonWriter json, string name, ConfidenceInterval? interval)
    {
        if (interval is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("low", known.Low);
        json.WriteNumber("high", known.High);
        json.WriteNumber("level", known.Level);
        json.WriteEndObject();
    }

    /// <summary>Writes a number, or null.</summary>
    /// <param name="json">Where to, inside an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="number">The number; NaN counts as none.</param>
    public static void WriteMaybe(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known && double.IsFinite(known)) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void WriteIntervals(Utf8JsonWriter json, Evaluation figures)
    {
        WriteInterval(json, "aucInterval", figures.AucInterval);
        WriteInterval(json, "giniInterval", figures.GiniInterval);
        WriteInterval(json, "ksInterval", figures.KsInterval);
    }

    private static void Write(Utf8JsonWriter json, FoldFigures folds)
    {
        json.WriteStartObject("folds");
        json.WriteNumber("fits", folds.Fits);
        foreach (var (name, spread) in new[] { ("auc", folds.Auc), ("gini", folds.Gini), ("ks", folds.Ks), ("brier", folds.Brier) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("mean", spread.Mean);
            json.WriteNumber("standardDeviation", spread.StandardDeviation);
            json.WriteNumber("lowest", spread.Lowest);
            json.WriteNumber("highest", spread.Highest);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSplit(Utf8JsonWriter json, Split split)
    {
        json.WriteStartObject("split");
        switch (split)
        {
            case Split.ById byId:
                json.WriteString("kind", "id");
                json.WriteString("column", byId.Column);
                break;
            case Split.ByTime time:
                json.WriteString("kind", "time");
                json.WriteString("column", time.Column);
                json.WriteString("cut", time.Cut);
                break;
            case Split.Folds folds:
                json.WriteString("kind", "folds");
                json.WriteNumber("folds", folds.Count);
                json.WriteNumber("seeds", folds.Seeds);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteTraining(Utf8JsonWriter json, DocumentTraining training)
    {
        json.WriteStartObject("training");
        json.WriteNumber("rows", training.Rows);
        json.WriteNumber("bad", training.Bads);
        json.WriteNumber("auc", training.Auc);
        json.WriteNumber("gini", training.Gini);
        json.WriteNumber("ks", training.Ks);
        json.WriteNumber("logLikelihood", training.LogLikelihood);
        json.WriteNumber("intercept", training.Intercept);
        json.WriteEndObject();
    }

    private static void WriteDropped(Utf8JsonWriter json, FitSummary fitted)
    {
        json.WriteStartArray("dropped");
        foreach (var dropped in fitted.Dropped)
        {
            json.WriteStartObject();
            json.WriteString("name", dropped.Column);
            json.WriteString("reason", FitWords.CodeOf(dropped.Reason));
            json.WriteNumber("informationValue", dropped.InformationValue);
            if (dropped.InFavourOf is { } kept) json.WriteString("inFavourOf", kept);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("excluded");
        foreach (var name in fitted.Excluded) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
