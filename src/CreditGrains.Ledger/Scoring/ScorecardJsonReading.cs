using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>Makes a document of the fields of a JSON text. What they mean together is for <see cref="ScorecardDocumentRules"/> to look at.</summary>
internal static class ScorecardJsonReading
{
    private static readonly DocumentReason NoReason = new("", "");

    /// <summary>Reads a document.</summary>
    /// <returns>Null if the walk kept a fault.</returns>
    internal static ScorecardDocument? Document(ref JsonCursor json)
    {
        string model = "", title = "", notes = "";
        var initialPoints = 0.0;
        ScoreScale? scale = null;
        var characteristics = ImmutableArray.CreateBuilder<DocumentCharacteristic>();
        DocumentTraining? training = null;
        DocumentSignature? signature = null;
        if (!json.BeginObject()) return null;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "format": json.WholeNumber(); break;
                case "model": model = json.Text(); break;
                case "title": title = json.Text(); break;
                case "notes": notes = json.Text(); break;
                case "initialPoints": initialPoints = json.Number(); break;
                case "scale": scale = Scale(ref json); break;
                case "characteristics":
                    if (!json.BeginList()) break;
                    while (json.NextItem()) characteristics.Add(Characteristic(ref json));
                    break;
                case "training": training = Training(ref json); break;
                case "signature": signature = Signature(ref json); break;
                default: json.RefuseField(); break;
            }
        }

        json.End("format", "model", "initialPoints", "scale", "characteristics");
        if (json.Fault is not null) return null;
        return new()
        {
            Model = model,
            Title = title,
            Notes = notes,
            InitialPoints = initialPoints,
            Scale = scale!,
            Characteristics = characteristics.ToImmutable(),
            Training = training,
            Signature = signature,
        };
    }

    private static ScoreScale? Scale(ref JsonCursor json)
    {
        double basePoints = 0, baseOdds = 0, pointsToDouble = 0;
        int low = 0, high = 0;
        if (!json.BeginObject()) return null;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "basePoints": basePoints = json.Number(); break;
                case "baseOdds": baseOdds = json.Number(); break;
                case "pointsToDouble": pointsToDouble = json.Number(); break;
                case "low": low = Score(ref json); break;
                case "high": high = Score(ref json); break;
                default: json.RefuseField(); break;
            }
        }

        json.End("basePoints", "baseOdds", "pointsToDouble", "low", "high");
        return new(basePoints, baseOdds, pointsToDouble, low, high);
    }

    private static int Score(ref JsonCursor json)
    {
        var number = json.WholeNumber();
        if (number is >= int.MinValue and <= int.MaxValue) return (int)number;
        json.Refuse(ScorecardDocumentRefusal.NumberNotWhole, "The number is beyond 32 bits.");
        return 0;
    }

    private static DocumentCharacteristic Characteristic(ref JsonCursor json)
    {
        var name = "";
        var isText = false;
        var reason = NoReason;
        var baseline = 0.0;
        string? rationale = null;
        double? informationValue = null, coefficient = null;
        var bins = ImmutableArray.CreateBuilder<DocumentBin>();
        if (!json.BeginObject()) return new(name, isText, reason, baseline, []);
        while (json.NextField(out var field))
        {
            switch (field)
            {
                case "name": name = json.Text(); break;
                case "type": isText = IsText(ref json); break;
                case "reason": reason = Reason(ref json); break;
                case "baseline": baseline = json.Number(); break;
                case "rationale": rationale = json.Text(); break;
                case "informationValue": informationValue = json.Number(); break;
                case "coefficient": coefficient = json.Number(); break;
                case "bins":
                    if (!json.BeginList()) break;
                    while (json.NextItem()) bins.Add(ScorecardJsonBin.Read(ref json));
                    break;
                default: json.RefuseField(); break;
            }
        }

        json.End("name", "type", "reason", "baseline", "bins");
        return new(name, isText, reason, baseline, bins.ToImmutable()) { Rationale = rationale, InformationValue = informationValue, Coefficient = coefficient };
    }

    private static bool IsText(ref JsonCursor json)
    {
        var word = json.Text();
        if (word is not ("number" or "text")) json.Refuse(ScorecardDocumentRefusal.WordUnknown, $"'{JsonCursor.Shortened(word)}' is neither number nor text.");
        return word == "text";
    }

    private static DocumentReason Reason(ref JsonCursor json)
    {
        string code = "", words = "";
        if (!json.BeginObject()) return NoReason;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "code": code = json.Text(); break;
                case "words": words = json.Text(); break;
                default: json.RefuseField(); break;
            }
        }

        json.End("code", "words");
        return new(code, words);
    }

    private static DocumentTraining? Training(ref JsonCursor json)
    {
        long rows = 0, bads = 0;
        double auc = 0, gini = 0, ks = 0, logLikelihood = 0, intercept = 0;
        if (!json.BeginObject()) return null;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "rows": rows = json.WholeNumber(); break;
                case "bads": bads = json.WholeNumber(); break;
                case "auc": auc = json.Number(); break;
                case "gini": gini = json.Number(); break;
                case "ks": ks = json.Number(); break;
                case "logLikelihood": logLikelihood = json.Number(); break;
                case "intercept": intercept = json.Number(); break;
                default: json.RefuseField(); break;
            }
        }

        json.End("rows", "bads", "auc", "gini", "ks", "logLikelihood", "intercept");
        return new(rows, bads, auc, gini, ks, logLikelihood, intercept);
    }

    private static DocumentSignature? Signature(ref JsonCursor json)
    {
        string algorithm = "", keyId = "", value = "";
        if (!json.BeginObject()) return null;
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "algorithm": algorithm = json.Text(); break;
                case "keyId": keyId = json.Text(); break;
                case "value": value = json.Text(); break;
                default: json.RefuseField(); break;
            }
        }

        json.End("algorithm", "keyId", "value");
        return new(algorithm, keyId, value);
    }
}
