using System.Buffers;
using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>Sixty-four consecutive references of one citizen, by digest, and the records that hold them: a row that is inserted once.</summary>
/// <remarks>
/// Its bytes: the version, 1 byte; the 64 digests, 6 bytes little-endian each, in the order in which the references came; the
/// sequence of the first's record and then the step to each next one's, varints.
/// </remarks>
public sealed class ReferencePage
{
    /// <summary>How many references a page holds.</summary>
    public const int Size = 64;

    /// <summary>The longest form, in bytes.</summary>
    public const int MaxBytes = 1 + (Size * (ReferenceKey.DigestBytes + 10));

    private const byte Version = 2;
    private const string Field = "referencePage";

    internal ReferencePage(int number, ImmutableArray<ulong> digests, ImmutableArray<ulong> sequences)
    {
        Invariant.Holds(digests.Length == Size && sequences.Length == Size);
        Number = number;
        Digests = digests;
        Sequences = sequences;
    }

    /// <summary>Gets the page's number within the citizen, from 0, without gaps.</summary>
    public int Number { get; }

    /// <summary>Gets the digests, in the order in which the references came.</summary>
    public ImmutableArray<ulong> Digests { get; }

    /// <summary>Gets the sequence of the record that holds each; never falling.</summary>
    public ImmutableArray<ulong> Sequences { get; }

    /// <summary>Writes the page's bytes.</summary>
    /// <param name="target">Where to.</param>
    /// <returns>How many bytes.</returns>
    public int Encode(IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var span = target.GetSpan(MaxBytes);
        span[0] = Version;
        var length = 1;
        foreach (var digest in Digests)
        {
            ReferenceKey.WriteDigest(span[length..], digest);
            length += ReferenceKey.DigestBytes;
        }

        var previous = 0ul;
        foreach (var sequence in Sequences)
        {
            length += Varint.Write(span[length..], sequence - previous);
            previous = sequence;
        }

        target.Advance(length);
        return length;
    }

    /// <summary>Reads a page.</summary>
    /// <param name="number">The number it is kept under.</param>
    /// <param name="page">Its bytes.</param>
    /// <exception cref="EntryMalformedException">The bytes are no page.</exception>
    public static ReferencePage Decode(int number, ReadOnlySpan<byte> page)
    {
        var reader = new BodyReader(page);
        if (reader.Byte(Field) != Version) reader.Fail(Field);
        var digests = ImmutableArray.CreateBuilder<ulong>(Size);
        var bytes = reader.Slice(Size * ReferenceKey.DigestBytes, Field);
        for (var index = 0; index < Size; index++) digests.Add(ReferenceKey.ReadDigest(bytes[(index * ReferenceKey.DigestBytes)..]));

        var sequences = ImmutableArray.CreateBuilder<ulong>(Size);
        var sequence = 0ul;
        for (var index = 0; index < Size; index++) sequences.Add(sequence += reader.Number(Field, ulong.MaxValue - sequence));
        if (!reader.IsAtEnd) reader.Fail(Field);
        return new(number, digests.MoveToImmutable(), sequences.MoveToImmutable());
    }

    /// <summary>Finds the records that may hold a reference.</summary>
    /// <param name="page">A page's bytes.</param>
    /// <param name="digest">The reference's digest.</param>
    /// <returns>Their sequences; empty, most often, where only the filter believed it was here; several, almost never.</returns>
    /// <exception cref="EntryMalformedException">The bytes are no page.</exception>
    public static ImmutableArray<ulong> Find(ReadOnlySpan<byte> page, ulong digest)
    {
        var reader = new BodyReader(page);
        if (reader.Byte(Field) != Version) reader.Fail(Field);
        var digests = reader.Slice(Size * ReferenceKey.DigestBytes, Field);
        var found = ImmutableArray<ulong>.Empty;
        var sequence = 0ul;
        for (var index = 0; index < Size; index++)
        {
            sequence += reader.Number(Field, ulong.MaxValue - sequence);
            if (ReferenceKey.ReadDigest(digests[(index * ReferenceKey.DigestBytes)..]) == digest) found = found.Add(sequence);
        }

        if (!reader.IsAtEnd) reader.Fail(Field);
        return found;
    }
}
