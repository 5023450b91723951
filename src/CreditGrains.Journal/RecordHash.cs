using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CreditGrains.Journal;

/// <summary>The SHA-256 of something: 32 bytes, held inline.</summary>
/// <remarks>The default value is 32 zero bytes. As a record's previous hash it means that there is no previous record.</remarks>
[InlineArray(Length)]
public struct RecordHash : IEquatable<RecordHash>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 32;

    private byte _first;

    [ThreadStatic]
    private static IncrementalHash? _sha;

    /// <summary>Hashes bytes.</summary>
    /// <param name="content">Any bytes, none included.</param>
    public static RecordHash Of(ReadOnlySpan<byte> content)
    {
        // One native context a thread, for ever: SHA256.HashData makes and frees one a call, a quarter of the time for a short input.
        var sha = _sha ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Unsafe.SkipInit(out RecordHash hash);
        sha.AppendData(content);
        sha.GetHashAndReset(hash);
        return hash;
    }

    /// <summary>Hashes two spans as if they were one.</summary>
    /// <param name="first">What comes first.</param>
    /// <param name="second">What comes behind it.</param>
    internal static RecordHash Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sha = _sha ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Unsafe.SkipInit(out RecordHash hash);
        sha.AppendData(first);
        sha.AppendData(second);
        sha.GetHashAndReset(hash);
        return hash;
    }

    /// <summary>Reads a hash from the first 32 bytes of a span.</summary>
    /// <param name="source">At least <see cref="Length"/> bytes.</param>
    public static RecordHash Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<RecordHash>(source);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="hex">64 hexadecimal digits.</param>
    /// <exception cref="FormatException"><paramref name="hex"/> is something else.</exception>
    public static RecordHash Parse(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        if (hex.Length != 2 * Length) throw new FormatException("A hash is 64 hexadecimal digits.");
        return Read(Convert.FromHexString(hex));
    }

    /// <summary>Copies the 32 bytes to the front of a span.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    public readonly void Write(Span<byte> target) => MemoryMarshal.Write(target, this);

    /// <summary>Gets whether this is the default value, which stands for "none".</summary>
    public readonly bool IsNone => Equals(default);

    /// <inheritdoc/>
    public readonly bool Equals(RecordHash other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is RecordHash other && Equals(other);

    /// <summary>Gives the first four bytes: a hash is uniform as it stands.</summary>
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(this);

    /// <summary>Gives the 64 lower-case hexadecimal digits.</summary>
    public override readonly string ToString() => Convert.ToHexStringLower(this);

    /// <summary>Compares the bytes.</summary>
    public static bool operator ==(RecordHash left, RecordHash right) => left.Equals(right);

    /// <summary>Compares the bytes.</summary>
    public static bool operator !=(RecordHash left, RecordHash right) => !left.Equals(right);
}
