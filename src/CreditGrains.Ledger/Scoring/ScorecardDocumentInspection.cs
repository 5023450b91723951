using static CreditGrains.Ledger.ScorecardDocumentRefusal;

namespace CreditGrains.Ledger;

/// <summary>One walk through a document that keeps the first fault it meets.</summary>
internal sealed partial class ScorecardDocumentInspection(ScorecardDocument document)
{
    private const int MaxModelLength = 32;

    /// <summary>Gets the first fault; null if there is none.</summary>
    internal ScorecardDocumentFault? Fault { get; private set; }

    internal void Inspect()
    {
        if (!Is(document.Model, MaxModelLength, character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-'))
            Refuse(ModelMalformed, "$.model", $"A model's name is 1 to {MaxModelLength} characters of a–z, 0–9 and hyphen.");
        Text("$.title", document.Title);
        Text("$.notes", document.Notes);
        Finite("$.initialPoints", document.InitialPoints);
        if (document.Scale.Fault() is { } meaningless) Refuse(ScaleMeaningless, "$.scale", $"On this scale, {meaningless}.");
        if (document.Characteristics.IsDefaultOrEmpty) Refuse(NothingScored, "$.characteristics", "A model has at least one characteristic.");
        else Characteristics();
        if (document.Training is { } training) Training(training);
        if (document.Signature is { } signature) Signature(signature);
    }

    private void Refuse(ScorecardDocumentRefusal refusal, string path, string message) => Fault ??= new(refusal, path, 0, message);

    private void Characteristics()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<string> codes = new(StringComparer.OrdinalIgnoreCase);
        var greatest = Math.Abs(document.InitialPoints);
        for (var index = 0; index < document.Characteristics.Length && Fault is null; index++)
        {
            var (characteristic, path) = (document.Characteristics[index], $"$.characteristics[{index}]");
            Said($"{path}.name", characteristic.Name);
            if (!names.Add(characteristic.Name)) Refuse(NameRepeated, $"{path}.name", $"The name '{JsonCursor.Shortened(characteristic.Name)}' is there twice.");
            Reason($"{path}.reason", characteristic.Reason, codes);
            Finite($"{path}.baseline", characteristic.Baseline);
            Text($"{path}.rationale", characteristic.Rationale);
            Finite($"{path}.informationValue", characteristic.InformationValue);
            Finite($"{path}.coefficient", characteristic.Coefficient);
            Bins(path, characteristic);
            if (Fault is null) greatest += characteristic.Bins.Max(bin => Math.Abs(bin.Points));
        }

        if (Fault is null && !double.IsFinite(greatest)) Refuse(NumberNotFinite, "$.characteristics", "The points add up to more than a double can hold.");
    }

    private void Reason(string path, DocumentReason reason, HashSet<string> codes)
    {
        if (!codes.Add(reason.Code.Trim())) Refuse(ReasonCodeRepeated, $"{path}.code", $"The reason code '{JsonCursor.Shortened(reason.Code)}' is that of an earlier characteristic too, but for case or spaces.");
        if (!DocumentReason.IsCode(reason.Code))
            Refuse(ReasonCodeMalformed, $"{path}.code", $"A reason code is 1 to {DocumentReason.MaxCodeLength} characters of A–Z, 0–9 and underscore.");
        Said($"{path}.words", reason.Words);
    }

    private void Training(DocumentTraining training)
    {
        if (training.Rows < 0) Refuse(FigureOutOfRange, "$.training.rows", "There are less than no rows.");
        if (training.Bads < 0 || training.Bads > training.Rows) Refuse(FigureOutOfRange, "$.training.bads", "The bads are less than none or more than the rows.");
        Within("$.training.auc", training.Auc, 0, 1);
        Within("$.training.gini", training.Gini, -1, 1);
        Within("$.training.ks", training.Ks, 0, 1);
        Finite("$.training.logLikelihood", training.LogLikelihood);
        Finite("$.training.intercept", training.Intercept);
    }

    private void Signature(DocumentSignature signature)
    {
        if (signature.Algorithm != ScorecardSigning.Algorithm) Refuse(WordUnknown, "$.signature.algorithm", $"The only algorithm is {ScorecardSigning.Algorithm}.");
        Said("$.signature.keyId", signature.KeyId);
        if (ScorecardSigning.BytesOf(signature) is null) Refuse(SignatureMalformed, "$.signature.value", "The signature is not 64 bytes in base64url.");
    }

    private static bool Is(string text, int maxLength, Func<char, bool> holds) => text.Length >= 1 && text.Length <= maxLength && text.All(holds);

    private void Said(string path, string text)
    {
        Text(path, text);
        if (string.IsNullOrWhiteSpace(text)) Refuse(TextEmpty, path, "The text is empty.");
    }

    private void Text(string path, string? text)
    {
        if (text is not null && PmmlWords.FirstUnwritable(text) is { } character)
            Refuse(TextNotWritable, path, $"The character U+{(int)character:X4} cannot stand in PMML.");
    }

    private void Finite(string path, double? number)
    {
        if (number is { } given && !double.IsFinite(given)) Refuse(NumberNotFinite, path, "The number is not finite.");
    }

    private void Within(string path, double number, double low, double high)
    {
        Finite(path, number);
        if (number < low || number > high) Refuse(FigureOutOfRange, path, $"The figure is from {low} to {high}.");
    }
}
