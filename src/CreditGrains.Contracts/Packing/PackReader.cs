using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Orleans.Serialization;

namespace CreditGrains.Packing;

/// <summary>Reads what <see cref="PackWriter"/> wrote, from bytes that are not trusted.</summary>
/// <remarks>
/// Throws a <see cref="SerializerException"/> where the bytes end early or say what cannot be. Nothing is allocated that the bytes at hand could not fill,
/// whatever they claim.
/// </remarks>
internal ref struct PackReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    private readonly int Left => _bytes.Length - _position;

    internal byte Byte()
    {
        if (Left < 1) ThrowTruncated();
        return _bytes[_position++];
    }

    internal ulong Number()
    {
        if (Left < sizeof(ulong)) return NumberNearEnd();
        var word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_position..]);
        var length = LengthOf(word);
        if (length > sizeof(ulong)) return WholeNumber();
        _position += length;
        return ValueOf(word, length);
    }

    internal long Signed() => Unfolded(Number());

    internal Int128 Amount()
    {
        if (Left < 1) ThrowTruncated();
        if (_bytes[_position] != 0) return Unfolded(Number());
        if (Left <= 2 * sizeof(ulong)) ThrowTruncated();
        var value = BinaryPrimitives.ReadInt128LittleEndian(_bytes[(_position + 1)..]);
        _position += 1 + (2 * sizeof(ulong));
        return value;
    }

    internal ulong Word()
    {
        if (Left < sizeof(ulong)) ThrowTruncated();
        var word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_position..]);
        _position += sizeof(ulong);
        return word;
    }

    /// <summary>Reads a number that is no greater than a bound.</summary>
    internal int Number(int most)
    {
        var number = Number();
        if (number > (ulong)most) ThrowMalformed("a number beyond its range");
        return (int)number;
    }

    internal int Signed(int least, int most)
    {
        var number = Signed();
        if (number < least || number > most) ThrowMalformed("a number beyond its range");
        return (int)number;
    }

    internal DateOnly Day() => DateOnly.FromDayNumber(Number(DateOnly.MaxValue.DayNumber));

    internal CitizenId Citizen() => new(Word(), Word());

    internal string? Text(string? before = null)
    {
        var number = Number();
        if (number == PackWriter.Absent) return null;
        if (number == PackWriter.SameText) return before ?? ThrowMalformed("a text like one before that is not there");
        if (number - PackWriter.FirstTextLength > (ulong)Left) ThrowTruncated();
        var length = (int)(number - PackWriter.FirstTextLength);
        var text = Encoding.UTF8.GetString(_bytes.Slice(_position, length));
        _position += length;
        return text;
    }

    /// <summary>Reads how many elements follow; −1 for an array that is none at all.</summary>
    /// <param name="leastBytes">How few bytes an element can take: more elements than there is room for are refused before they are allocated.</param>
    internal int Count(int leastBytes)
    {
        var number = Number();
        if (number == PackWriter.Absent) return -1;
        if (number - 1 > (ulong)(Left / leastBytes)) ThrowTruncated();
        return (int)(number - 1);
    }

    /// <summary>Takes all the bytes that are left: a part behind its length, and what follows it.</summary>
    internal (ReadOnlyMemory<byte> Part, ReadOnlyMemory<byte> After) PartAndRest()
    {
        if (Left < sizeof(int)) ThrowTruncated();
        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes[_position..]);
        _position += sizeof(int);
        if (length < 0 || length > Left) ThrowTruncated();
        ReadOnlyMemory<byte> both = _bytes[_position..].ToArray();
        _position = _bytes.Length;
        return (both[..length], both[length..]);
    }

    /// <summary>Sees to it that all bytes were read.</summary>
    internal readonly void End()
    {
        if (Left > 0) ThrowMalformed("more bytes than it has fields");
    }

    private ulong NumberNearEnd()
    {
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        _bytes[_position..].CopyTo(padded);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(padded);
        var length = LengthOf(word);
        if (length > Left) ThrowTruncated();
        _position += length;
        return ValueOf(word, length);
    }

    private ulong WholeNumber()
    {
        _position++;
        return Word();
    }

    [DoesNotReturn]
    internal static string ThrowMalformed(string what) => throw new SerializerException($"The packed bytes are malformed: {what}.");

    [DoesNotReturn]
    private static void ThrowTruncated() => throw new SerializerException("The packed bytes are malformed: they end early.");

    private static int LengthOf(ulong word) => BitOperations.TrailingZeroCount(word | 0x100) + 1;

    private static ulong ValueOf(ulong word, int length) => unchecked(word << (64 - (8 * length))) >> (64 - (7 * length));

    private static long Unfolded(ulong folded) => unchecked((long)(folded >> 1) ^ -(long)(folded & 1));
}
