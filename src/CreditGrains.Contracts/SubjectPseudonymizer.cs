using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CreditGrains;

/// <summary>Turns an external id into a <see cref="CitizenId"/>: a keyed HMAC of scheme and id, cut to 128 bits.</summary>
/// <remarks>
/// The key belongs to the bureau's own front door. Whoever holds it can tell which pseudonym belongs to which person, and nobody
/// else can; it never enters the ledger, which keeps only <see cref="CheckValue"/> of it.
/// </remarks>
public sealed class SubjectPseudonymizer : IDisposable
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>The longest scheme and the longest id, in UTF-8 bytes each.</summary>
    public const int MaxPartBytes = 128;

    private readonly byte[] _key;

    /// <summary>Makes a pseudonymizer.</summary>
    /// <param name="key">The secret key, <see cref="KeyLength"/> random bytes; copied.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public SubjectPseudonymizer(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength) throw new ArgumentException($"A pseudonym key has {KeyLength} bytes, not {key.Length}.", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>Gets a value that two pseudonymizers share only if they share the key. It does not reveal the key.</summary>
    /// <value>16 bytes as 32 hexadecimal digits.</value>
    public string CheckValue => Convert.ToHexStringLower(HMACSHA256.HashData(_key, "creditgrains pseudonym key check\0"u8).AsSpan(0, 16));

    /// <summary>Names the citizen that an external id belongs to.</summary>
    /// <param name="scheme">Who gave the id, such as <c>national</c> or <c>berka</c>; 1 to 128 UTF-8 bytes, no NUL, no colon.</param>
    /// <param name="id">The id in that scheme; 1 to 128 UTF-8 bytes, no NUL. Taken as it is: case and spaces count.</param>
    /// <exception cref="ArgumentException">A part is empty, too long or holds a character it may not. The message does not repeat it.</exception>
    public CitizenId Pseudonym(string scheme, string id)
    {
        // scheme and id are joined by NUL, which neither may hold, so that no two pairs give the same bytes.
        Span<byte> message = stackalloc byte[MaxPartBytes + 1 + MaxPartBytes];
        var length = Write(scheme, message, nameof(scheme));
        if (scheme.Contains(':', StringComparison.Ordinal)) throw new ArgumentException("A scheme holds no colon.", nameof(scheme));
        message[length++] = 0;
        length += Write(id, message[length..], nameof(id));

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, message[..length], mac);
        return new(BinaryPrimitives.ReadUInt64BigEndian(mac), BinaryPrimitives.ReadUInt64BigEndian(mac[8..]));
    }

    /// <summary>Names the citizen of a reference written <c>scheme:id</c>.</summary>
    /// <param name="reference">The scheme up to the first colon, the id behind it.</param>
    /// <exception cref="ArgumentException">There is no colon, or a part is not what <see cref="Pseudonym(string, string)"/> asks.</exception>
    public CitizenId Pseudonym(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? Pseudonym(reference[..colon], reference[(colon + 1)..])
            : throw new ArgumentException("A citizen is named scheme:id, such as berka:4711.", nameof(reference));
    }

    /// <summary>Overwrites the key held in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static int Write(string part, Span<byte> target, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(part, name);
        if (part.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A part of a citizen's reference holds no NUL.", name);
        return Encoding.UTF8.TryGetBytes(part, target[..MaxPartBytes], out var written)
            ? written
            : throw new ArgumentException($"A part of a citizen's reference has at most {MaxPartBytes} bytes.", name);
    }
}
