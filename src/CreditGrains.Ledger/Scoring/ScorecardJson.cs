using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CreditGrains.Ledger;

/// <summary>Writes and reads scorecards' documents as JSON.</summary>
/// <remarks>
/// What is written is canonical: two documents that say the same are written as the same text, byte for byte, whatever the culture and the version of any
/// library. Fields stand in one order, absent ones are left out, numbers are the shortest that give the same double again, lines end with a line feed,
/// and a bin is one line, so that a changed bin is one changed line. What is read may be laid out in any way, but every field must be known.
/// </remarks>
public static class ScorecardJson
{
    /// <summary>The longest text that is read, in bytes of UTF-8.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The format that is written, and the only one that is read.</summary>
    internal const int Format = 1;

    // A document needs 6.
    private const int MaxDepth = 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a document.</summary>
    /// <param name="document">A document in which <see cref="ScorecardDocumentRules.FirstFault"/> finds nothing.</param>
    /// <returns>The text. One that is longer than <see cref="MaxBytes"/> is not read again.</returns>
    /// <exception cref="ArgumentException">It finds something.</exception>
    public static string Write(ScorecardDocument document)
    {
        if (ScorecardDocumentRules.FirstFault(document) is { } fault) throw new ArgumentException($"The document means nothing: {fault}", nameof(document));
        return ScorecardJsonText.Of(document);
    }

    /// <summary>Gives the SHA-256 of what is written of a document without its signature: 32 bytes.</summary>
    /// <param name="document">As for <see cref="Write"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Write"/>.</exception>
    public static byte[] DigestOf(ScorecardDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return SHA256.HashData(Utf8.GetBytes(Write(document with { Signature = null })));
    }

    /// <summary>Reads a document.</summary>
    /// <param name="source">The text. It is read to its end, or to the longest that is allowed, and not disposed.</param>
    /// <returns>A document in which <see cref="ScorecardDocumentRules.FirstFault"/> finds nothing, or the first fault. A signature is read, not verified.</returns>
    public static ScorecardDocumentReading Read(TextReader source)
    {
        ArgumentNullException.ThrowIfNull(source);
        StringBuilder text = new();
        var block = new char[8192];
        for (int count; text.Length <= MaxBytes && (count = source.Read(block, 0, block.Length)) > 0;) text.Append(block, 0, count);
        return Read(text.ToString());
    }

    /// <summary>Reads a document.</summary>
    /// <param name="json">The text.</param>
    /// <returns>As above.</returns>
    public static ScorecardDocumentReading Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);

        // Characters are no more than bytes: a text of too many need not be encoded to be known as too long.
        if (json.Length > MaxBytes || Encoding.UTF8.GetByteCount(json) > MaxBytes)
            return Refused(ScorecardDocumentRefusal.TooLarge, 1, $"The document is longer than {MaxBytes} bytes.");
        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(json);
        }
        catch (EncoderFallbackException half)
        {
            return Refused(ScorecardDocumentRefusal.NotJson, 1 + json.AsSpan(0, half.Index).Count('\n'), "Half a character stands here.");
        }

        return Malformed(bytes) is { } unread ? ScorecardDocumentReading.Refused(unread) : ReadWellFormed(bytes);
    }

    private static ScorecardDocumentReading ReadWellFormed(byte[] json)
    {
        // A text of a later format has fields that are not known yet. That is not what is wrong with it.
        if (JsonPlaces.TryFind(json, "$.format", out var format) && format.TokenType == JsonTokenType.Number && !(format.TryGetInt32(out var said) && said == Format))
            return ScorecardDocumentReading.Refused(new(ScorecardDocumentRefusal.FormatNotRead, "$.format", JsonPlaces.LineOf(json, "$.format"), $"Only format {Format} is read."));
        JsonCursor cursor = new(json);
        var document = ScorecardJsonReading.Document(ref cursor);
        if (cursor.Fault is { } unknown) return ScorecardDocumentReading.Refused(unknown);
        return ScorecardDocumentRules.FirstFault(document!) is { } fault
            ? ScorecardDocumentReading.Refused(fault with { Line = JsonPlaces.LineOf(json, fault.Path) })
            : ScorecardDocumentReading.Taken(document!);
    }

    private static ScorecardDocumentFault? Malformed(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
                    return new(ScorecardDocumentRefusal.TooDeep, "$", LineAt(json, reader.TokenStartIndex), $"Objects and lists are nested deeper than {MaxDepth}.");

                // Only now does half a surrogate pair show that is written with a backslash.
                if (reader.ValueIsEscaped) reader.GetString();
            }

            return null;
        }
        catch (JsonException malformed)
        {
            return new(ScorecardDocumentRefusal.NotJson, "$", (int)(malformed.LineNumber ?? 0) + 1, "The text is not well-formed JSON from here on.");
        }
        catch (InvalidOperationException)
        {
            return new(ScorecardDocumentRefusal.NotJson, "$", LineAt(json, reader.TokenStartIndex), "A text holds half a character.");
        }
    }

    private static int LineAt(ReadOnlySpan<byte> json, long at) => 1 + json[..(int)at].Count((byte)'\n');

    private static ScorecardDocumentReading Refused(ScorecardDocumentRefusal refusal, int line, string message) => ScorecardDocumentReading.Refused(new(refusal, "$", line, message));
}
