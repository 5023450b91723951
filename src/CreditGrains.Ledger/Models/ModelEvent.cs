using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CreditGrains.Ledger;

/// <summary>What can happen to the register of models. The numbers are on disk.</summary>
public enum ModelEventKind : byte
{
    /// <summary>A version was brought.</summary>
    Registered = 1,

    /// <summary>A move was proposed.</summary>
    Proposed = 2,

    /// <summary>A proposed move was approved, and took effect.</summary>
    Approved = 3,
}

/// <summary>One change of the register, in the past tense.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Model">To which model.</param>
/// <param name="Version">To which version of it, from 1.</param>
/// <param name="Person">By whom.</param>
/// <param name="State">Where to; null for a registration.</param>
/// <param name="Document">The document; null but for a registration.</param>
public sealed record ModelEvent(
    ModelEventKind Kind, string Model, int Version, string Person, ModelState? State = null, string? Document = null)
{
    private static readonly JsonSerializerOptions Form = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes the event as the body of a record: JSON, compressed with Brotli.</summary>
    public byte[] Encode()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, Form);
        var target = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, target, out var written, quality: 9, window: 22)) throw new System.Diagnostics.UnreachableException("The target is as long as it can get.");
        return target[..written];
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null if it is nothing of the kind.</summary>
    /// <param name="body">The body of a record.</param>
    public static ModelEvent? TryDecode(ReadOnlySpan<byte> body)
    {
        try
        {
            using var source = new MemoryStream(body.ToArray(), writable: false);
            using var plain = new BrotliStream(source, CompressionMode.Decompress);
            return JsonSerializer.Deserialize<ModelEvent>(plain, Form);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or InvalidDataException)
        {
            return null;
        }
    }
}
