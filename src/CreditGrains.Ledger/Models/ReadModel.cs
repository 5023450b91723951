using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>A model's document as it was read, whichever form it has.</summary>
/// <param name="Card">What is scored; nothing is wrong with it.</param>
/// <param name="Words">What its reason codes say, in plain words.</param>
public sealed record ReadModel(Scorecard Card, ImmutableDictionary<string, string> Words)
{
    /// <summary>Reads a document: the ledger's JSON, or PMML.</summary>
    /// <param name="text">The document.</param>
    /// <returns>The model; or what is wrong, with element and line.</returns>
    public static (ReadModel? Model, string? Fault) Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsJson(text) ? OfJson(text) : OfPmml(text);
    }

    /// <summary>Tells which of the two forms a document has: it is JSON if it begins with a brace, and PMML otherwise.</summary>
    /// <param name="text">The document.</param>
    public static bool IsJson(string text) => text.AsSpan().TrimStart().StartsWith("{");

    /// <summary>Gives SHA-256 of a document's text, 64 hexadecimal digits.</summary>
    /// <param name="text">The document.</param>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static (ReadModel?, string?) OfJson(string text)
    {
        var reading = ScorecardJson.Read(text);
        if (reading.Document is not { } document) return (null, reading.Fault!.ToString());
        var words = document.Characteristics.ToImmutableDictionary(characteristic => characteristic.Reason.Code, characteristic => characteristic.Reason.Words);
        return (new(document.ToScorecard(), words), null);
    }

    private static (ReadModel?, string?) OfPmml(string text)
    {
        var reading = PmmlReader.Read(text, new() { RefuseSharedReasonCodes = true });
        if (reading.Card is not { } card) return (null, reading.Fault!.ToString());

        // Reasons are recorded with the score, in ASCII and in little room.
        var unfit = card.Characteristics.SelectMany(characteristic => characteristic.Attributes.Select(attribute => attribute.ReasonCode ?? characteristic.ReasonCode)).FirstOrDefault(code => code is not null && !DocumentReason.IsCode(code));
        if (card.UseReasonCodes && unfit is not null) return (null, $"Scorecard: The reason code '{unfit}' is not 1 to {DocumentReason.MaxCodeLength} characters of A–Z, 0–9 and underscore.");

        // PMML has no words for a reason; those of the catalogue say what the characteristic is about.
        var words = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var characteristic in card.Characteristics)
        {
            var meaning = characteristic.Name is { } name && Characteristics.Find(name) is { } known ? known.Meaning : characteristic.Name ?? "A characteristic without a name";
            foreach (var code in characteristic.Attributes.Select(attribute => attribute.ReasonCode ?? characteristic.ReasonCode)) words[code ?? ""] = meaning;
        }

        return (new(card, words.ToImmutable()), null);
    }
}
