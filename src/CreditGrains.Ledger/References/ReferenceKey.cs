using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>The ledger's secret key for digests of references: 128 bits, made at the ledger's creation and never changed.</summary>
/// <remarks>
/// Digests made with it lie in snapshots and pages, so that another key would find none of them again. The default value is no key; it is
/// refused.
/// </remarks>
public readonly struct ReferenceKey
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int Length = 16;

    /// <summary>The length of a digest, in bytes.</summary>
    /// <remarks>
    /// Whatever a digest finds is read and compared, so two references of one digest cost a read and nothing else. Six bytes make that rare
    /// enough, one in 280 million even among a million references, and cost a quarter less than eight in every citizen's memory.
    /// </remarks>
    public const int DigestBytes = 6;

    private const ulong DigestMask = (1ul << (8 * DigestBytes)) - 1;
    private const int MaxMessageBytes = 256;

    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Makes a key.</summary>
    /// <param name="key">Random bytes, <see cref="Length"/> of them, not all zero.</param>
    /// <exception cref="ArgumentException">The key has another length or is all zero.</exception>
    public ReferenceKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length || !key.ContainsAnyExcept((byte)0)) throw new ArgumentException($"A reference key has {Length} bytes, not all zero.", nameof(key));
        _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]);
    }

    /// <summary>Digests the name of an entry: SipHash-2-4 of furnisher, NUL and reference, neither of which can hold a NUL; its lowest <see cref="DigestBytes"/>.</summary>
    /// <param name="reference">The name, of the form that <see cref="EntryRules"/> lets pass.</param>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <exception cref="ArgumentException">The name is not of the form.</exception>
    public ulong DigestOf(EntryReference reference) => DigestOf(reference.Furnisher, reference.Reference);

    /// <summary>Digests the name of an entry.</summary>
    /// <param name="furnisher">Who furnished it.</param>
    /// <param name="reference">The furnisher's name for it.</param>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <exception cref="ArgumentException">The name is not of the form.</exception>
    public ulong DigestOf(FurnisherId furnisher, string reference)
    {
        if ((_low | _high) == 0) throw new InvalidOperationException("There is no reference key.");
        Span<byte> message = stackalloc byte[MaxMessageBytes];
        if (Ascii.FromUtf16(furnisher.Value, message, out var length) != OperationStatus.Done || length == message.Length)
            throw new ArgumentException("The furnisher's id is not of its form.", nameof(furnisher));
        message[length++] = 0;
        if (Ascii.FromUtf16(reference, message[length..], out var written) != OperationStatus.Done)
            throw new ArgumentException("The reference is not of its form.", nameof(reference));
        return SipHash.Hash(_low, _high, message[..(length + written)]) & DigestMask;
    }

    /// <summary>Writes a digest's <see cref="DigestBytes"/>, lowest first.</summary>
    internal static void WriteDigest(Span<byte> target, ulong digest)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, LowOf(digest));
        BinaryPrimitives.WriteUInt16LittleEndian(target[sizeof(uint)..], (ushort)(digest >> 32));
    }

    /// <summary>Gives a digest's lowest four bytes, which <see cref="WriteDigest"/> writes first.</summary>
    internal static uint LowOf(ulong digest) => unchecked((uint)digest);

    /// <summary>Reads what <see cref="WriteDigest"/> wrote.</summary>
    internal static ulong ReadDigest(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(source[sizeof(uint)..]) << 32);
}
