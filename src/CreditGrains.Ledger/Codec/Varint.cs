using System.Buffers.Binary;
using System.Numerics;

namespace CreditGrains.Ledger;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the high bit set on all but the last.</summary>
/// <remarks>
/// Signed numbers are folded first, 0, −1, 1, −2 … to 0, 1, 2, 3 …, so that small ones of either sign stay short. Amounts in a state are
/// hardly ever negative and are not folded, which saves every third a byte: a negative one is 80 00, a form that no number has, and then
/// its magnitude. A number has one form only, whether it would fit 64 bits or needs 128.
/// </remarks>
internal static class Varint
{
    /// <summary>The longest form: a negative 128-bit amount.</summary>
    internal const int MaxLength = 21;

    // 80 00, the lower byte first.
    private const ulong NegativeMark = 0x0080;

    internal static int Write(Span<byte> target, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value & 0x7F | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    internal static int WriteSigned(Span<byte> target, Int128 value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            var narrow = (long)value;
            return Write(target, unchecked((ulong)((narrow << 1) ^ (narrow >> 63))));
        }

        return WriteWide(target, unchecked((UInt128)((value << 1) ^ (value >> 127))));
    }

    internal static int WriteAmount(Span<byte> target, Int128 value)
    {
        if (value < 0)
        {
            target[0] = 0x80;
            target[1] = 0;
            return 2 + WriteWide(target[2..], unchecked((UInt128)(-value)));
        }

        return value <= long.MaxValue ? Write(target, (ulong)value) : WriteWide(target, (UInt128)value);
    }

    /// <summary>Reads a number that <see cref="Write"/> wrote in bytes that are trusted: our own state.</summary>
    internal static ulong Read(ReadOnlySpan<byte> source, ref int position)
    {
        var first = source[position++];
        if (first < 0x80) return first;
        ulong value = first & 0x7Fu;
        for (var shift = 7; ; shift += 7)
        {
            var next = source[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    /// <summary>Reads a number that <see cref="WriteAmount"/> wrote in bytes that are trusted.</summary>
    internal static Int128 ReadAmount(ReadOnlySpan<byte> source, ref int position)
    {
        // Amounts are of two to four bytes and no two alike, which a loop guesses wrong at nearly every one: eight bytes are read at once.
        if (source.Length - position >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(source[position..]);
            var lastBytes = ~word & 0x8080_8080_8080_8080;
            if (lastBytes != 0 && (word & ushort.MaxValue) != NegativeMark)
            {
                var unused = 63 - BitOperations.TrailingZeroCount(lastBytes);
                position += sizeof(ulong) - (unused / 8);
                return Gathered(unchecked(word << unused) >> unused);
            }
        }

        return ReadAmountByByte(source, ref position);
    }

    /// <summary>Passes over a number.</summary>
    internal static void Skip(ReadOnlySpan<byte> source, ref int position)
    {
        while (source[position++] >= 0x80)
        {
        }
    }

    /// <summary>Passes over an amount.</summary>
    internal static void SkipAmount(ReadOnlySpan<byte> source, ref int position)
    {
        var isNegative = source[position] == 0x80 && source[position + 1] == 0;
        if (isNegative) position += 2;
        Skip(source, ref position);
    }

    /// <summary>Closes up the sevens of bits of eight bytes.</summary>
    private static long Gathered(ulong word)
    {
        word = (word & 0x007F_007F_007F_007F) | ((word & 0x7F00_7F00_7F00_7F00) >> 1);
        word = (word & 0x0000_3FFF_0000_3FFF) | ((word & 0x3FFF_0000_3FFF_0000) >> 2);
        return (long)((word & 0x0000_0000_0FFF_FFFF) | ((word & 0x0FFF_FFFF_0000_0000) >> 4));
    }

    private static Int128 ReadAmountByByte(ReadOnlySpan<byte> source, ref int position)
    {
        var at = position;
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = source[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            position = at;
            return value != 0 || shift == 0 ? (long)value : -ReadAmountByByte(source, ref position);
        }

        return ReadWide(source, ref position);
    }

    private static Int128 ReadWide(ReadOnlySpan<byte> source, ref int position)
    {
        var value = UInt128.Zero;
        for (var shift = 0; ; shift += 7)
        {
            var next = source[position++];
            value |= (UInt128)(uint)(next & 0x7F) << shift;
            if (next < 0x80) return unchecked((Int128)value);
        }
    }

    private static int WriteWide(Span<byte> target, UInt128 value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)((byte)(value & 0x7F) | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }
}
