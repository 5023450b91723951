namespace CreditGrains.Ledger;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the high bit set on all but the last.</summary>
/// <remarks>
/// Signed numbers are folded first, 0, −1, 1, −2 … to 0, 1, 2, 3 …, so that small ones of either sign stay short. A number has one
/// form only, whether it would fit 64 bits or needs 128.
/// </remarks>
internal static class Varint
{
    /// <summary>The longest form: a 128-bit number.</summary>
    internal const int MaxLength = 19;

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

        var folded = unchecked((UInt128)((value << 1) ^ (value >> 127)));
        var length = 0;
        while (folded >= 0x80)
        {
            target[length++] = (byte)((byte)(folded & 0x7F) | 0x80);
            folded >>= 7;
        }

        target[length++] = (byte)folded;
        return length;
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

    /// <summary>Reads a number that <see cref="WriteSigned"/> wrote in bytes that are trusted.</summary>
    internal static Int128 ReadSigned(ReadOnlySpan<byte> source, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = source[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        UInt128 wide = value;
        for (var shift = 63; ; shift += 7)
        {
            var next = source[position++];
            wide |= (UInt128)(uint)(next & 0x7F) << shift;
            if (next < 0x80) return unchecked((Int128)(wide >> 1) ^ -(Int128)(wide & 1));
        }
    }

    /// <summary>Passes over a number.</summary>
    internal static void Skip(ReadOnlySpan<byte> source, ref int position)
    {
        while (source[position++] >= 0x80)
        {
        }
    }
}
