using System.Buffers.Text;
using System.Security.Cryptography;

namespace CreditGrains.Ledger;

/// <summary>Signs scorecards' documents and verifies their signatures: ES256, which is ECDSA on P-256 over SHA-256.</summary>
/// <remarks>What is signed is <see cref="ScorecardJson.DigestOf"/>: everything but the signature, in the one form in which it is written, however it was laid out when it was read.</remarks>
public static class ScorecardSigning
{
    /// <summary>The name of the only algorithm.</summary>
    public const string Algorithm = "ES256";

    private const int SignatureBytes = 64;

    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Reads a key from PEM.</summary>
    /// <param name="pem">A private key, PKCS#8 or SEC 1 and not encrypted, to sign with; or a public one to verify with.</param>
    /// <returns>The key, which the caller disposes; null if the text holds no key of P-256, or more than one.</returns>
    public static ECDsa? ReadKey(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (IsP256(key)) return key;
        }
        catch (Exception malformed) when (malformed is ArgumentException or CryptographicException)
        {
            // There is no key in it, or one that is damaged or of another kind. To the caller these are one answer.
        }

        key.Dispose();
        return null;
    }

    /// <summary>Signs a document; a signature that it has is replaced.</summary>
    /// <param name="document">A document in which <see cref="ScorecardDocumentRules.FirstFault"/> finds nothing but, at most, in its signature.</param>
    /// <param name="key">A private key of P-256.</param>
    /// <param name="keyId">Which key: what whoever verifies looks it up by. Not empty.</param>
    /// <exception cref="ArgumentException">The document means nothing, the key is of another curve, or <paramref name="keyId"/> is empty.</exception>
    /// <exception cref="CryptographicException">The key is a public one.</exception>
    public static ScorecardDocument Sign(ScorecardDocument document, ECDsa key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyId);
        if (!IsP256(key)) throw new ArgumentException("The key is not of P-256.", nameof(key));
        var signature = key.SignHash(ScorecardJson.DigestOf(document), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return document with { Signature = new(Algorithm, keyId, Base64Url.EncodeToString(signature)) };
    }

    /// <summary>Verifies a document's signature.</summary>
    /// <param name="document">A document in which <see cref="ScorecardDocumentRules.FirstFault"/> finds nothing.</param>
    /// <param name="key">A public or private key. One of another curve verifies nothing.</param>
    /// <returns>True if the document has a signature, and the holder of this key made it over what the document says.</returns>
    /// <exception cref="ArgumentException">The document means nothing.</exception>
    public static bool Verify(ScorecardDocument document, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(key);
        return document.Signature is { Algorithm: Algorithm } signature
            && BytesOf(signature) is { } bytes
            && IsP256(key)
            && key.VerifyHash(ScorecardJson.DigestOf(document), bytes, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Gives the bytes of a signature; null if it is malformed. Of the ways to write the same bytes only the customary one is taken.</summary>
    internal static byte[]? BytesOf(DocumentSignature signature)
    {
        var bytes = new byte[SignatureBytes];
        return Base64Url.IsValid(signature.Value, out var length)
            && length == SignatureBytes
            && Base64Url.TryDecodeFromChars(signature.Value, bytes, out _)
            && Base64Url.EncodeToString(bytes) == signature.Value
            ? bytes
            : null;
    }

    private static bool IsP256(ECDsa key) => key.KeySize == 256 && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
}
