using System.Globalization;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>The text of a scorecard's document.</summary>
/// <remarks>Made by hand, not by a library: which characters a library escapes changes with its version, and digests and signatures with it.</remarks>
internal static class ScorecardJsonText
{
    internal static string Of(ScorecardDocument document) => OnLines(
        0,
        ("format", Text((double)ScorecardJson.Format)),
        ("model", Text(document.Model)),
        ("title", document.Title.Length == 0 ? null : Text(document.Title)),
        ("notes", document.Notes.Length == 0 ? null : Text(document.Notes)),
        ("initialPoints", Text(document.InitialPoints)),
        ("scale", Scale(document.Scale)),
        ("characteristics", List(1, document.Characteristics.Select(Characteristic))),
        ("training", document.Training is { } training ? Training(training) : null),
        ("signature", document.Signature is { } signature ? Signature(signature) : null)) + "\n";

    private static string Scale(ScoreScale scale) => OnOneLine(
        ("basePoints", Text(scale.BasePoints)),
        ("baseOdds", Text(scale.BaseOdds)),
        ("pointsToDouble", Text(scale.PointsToDouble)),
        ("low", Text(scale.Low)),
        ("high", Text(scale.High)));

    private static string Characteristic(DocumentCharacteristic characteristic) => OnLines(
        2,
        ("name", Text(characteristic.Name)),
        ("type", Text(characteristic.IsText ? "text" : "number")),
        ("reason", OnOneLine(("code", Text(characteristic.Reason.Code)), ("words", Text(characteristic.Reason.Words)))),
        ("baseline", Text(characteristic.Baseline)),
        ("rationale", Text(characteristic.Rationale)),
        ("informationValue", Text(characteristic.InformationValue)),
        ("coefficient", Text(characteristic.Coefficient)),
        ("bins", List(3, characteristic.Bins.Select(Bin))));

    private static string Bin(DocumentBin bin) => OnOneLine(
    [
        .. Range(bin.Range),
        ("points", Text(bin.Points)),
        ("rationale", Text(bin.Rationale)),
        ("woe", Text(bin.Woe)),
        ("goods", Text(bin.Goods)),
        ("bads", Text(bin.Bads)),
    ]);

    private static (string Name, string? Json)[] Range(DocumentRange range) => range switch
    {
        DocumentRange.Interval interval => [("from", Text(interval.From) ?? "null"), ("to", Text(interval.To) ?? "null")],
        DocumentRange.Texts texts => [("values", $"[{string.Join(", ", texts.Values.Select(Text))}]")],
        DocumentRange.SpecialNumber special => [("special", Text(special.Value))],
        DocumentRange.SpecialText special => [("special", Text(special.Value))],
        DocumentRange.Missing => [("missing", "true")],
        _ => [("unseen", "true")],
    };

    private static string Training(DocumentTraining training) => OnOneLine(
        ("rows", Text(training.Rows)),
        ("bads", Text(training.Bads)),
        ("auc", Text(training.Auc)),
        ("gini", Text(training.Gini)),
        ("ks", Text(training.Ks)),
        ("logLikelihood", Text(training.LogLikelihood)),
        ("intercept", Text(training.Intercept)));

    private static string Signature(DocumentSignature signature) =>
        OnOneLine(("algorithm", Text(signature.Algorithm)), ("keyId", Text(signature.KeyId)), ("value", Text(signature.Value)));

    private static string OnOneLine(params (string Name, string? Json)[] fields) =>
        $"{{ {string.Join(", ", fields.Where(field => field.Json is not null).Select(Field))} }}";

    private static string OnLines(int depth, params (string Name, string? Json)[] fields) =>
        Lines(depth, '{', fields.Where(field => field.Json is not null).Select(Field), '}');

    private static string List(int depth, IEnumerable<string> items) => Lines(depth, '[', items, ']');

    private static string Lines(int depth, char open, IEnumerable<string> lines, char close)
    {
        string outer = new(' ', 2 * depth), inner = outer + "  ";
        return $"{open}\n{inner}{string.Join($",\n{inner}", lines)}\n{outer}{close}";
    }

    private static string Field((string Name, string? Json) field) => $"\"{field.Name}\": {field.Json}";

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(string? text)
    {
        if (text is null) return null;
        StringBuilder quoted = new("\"", text.Length + 2);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ => quoted.Append(character), // the rules let no other control character in
            };
        }

        return quoted.Append('"').ToString();
    }
}
