using System.Security.Cryptography;
using CreditGrains.Ledger;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>Signs a document with a key from a file, or leaves it as it is where no key was named.</summary>
/// <remarks>The key's id is the SHA-256 of its public half (SubjectPublicKeyInfo), in lower-case hexadecimal: whoever has that half can tell it.</remarks>
internal sealed class DocumentSigner : IDisposable
{
    private readonly ECDsa? _key;

    private DocumentSigner(ECDsa? key) => _key = key;

    /// <summary>Reads the key, before any work is done.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <exception cref="ImportFileException">The file cannot be read.</exception>
    /// <exception cref="UsageException">It holds no private key of P-256.</exception>
    public static DocumentSigner Open(string? path)
    {
        if (path is null) return new(null);
        using var reader = new StreamReader(InputFile.Open(path));
        var key = ScorecardSigning.ReadKey(reader.ReadToEnd());
        if (key is not null && IsPrivate(key)) return new(key);
        key?.Dispose();
        throw new UsageException($"--sign {path}: the file holds no private key of P-256 in PEM, unencrypted. 'openssl ecparam -name prime256v1 -genkey -noout' makes one.");
    }

    /// <summary>Signs.</summary>
    /// <param name="document">What.</param>
    public ScorecardDocument Sign(ScorecardDocument document) =>
        _key is null ? document : ScorecardSigning.Sign(document, _key, Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo())));

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();

    private static bool IsPrivate(ECDsa key)
    {
        try
        {
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
