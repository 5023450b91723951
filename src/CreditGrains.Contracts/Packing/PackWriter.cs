using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CreditGrains.Packing;

/// <summary>Writes values one behind the other, in as few bytes as they need and without names: what is where is the reader's to know.</summary>
/// <remarks>
/// <para>A number takes 1 to 8 bytes for up to 56 bits: the zero bits below the lowest one bit of the first byte count the bytes that follow, and the
/// number lies above them, its low end first. So its length is known before it is read, and it is read at once. A first byte of 0 says that the whole
/// number follows: 8 bytes, of an amount 16. Signed numbers are folded first, 0, −1, 1, −2 … to 0, 1, 2, 3 ….</para>
/// <para>Begins in a buffer of the caller's and goes on in a rented one, which <see cref="Dispose"/> gives back.</para>
/// </remarks>
internal ref struct PackWriter(Span<byte> buffer)
{
    /// <summary>The count that stands for an array which is none at all, and for a text that is null.</summary>
    internal const int Absent = 0;

    /// <summary>In the place of a text's length: the same text as before.</summary>
    internal const int SameText = 1;

    /// <summary>What a text's length is counted from.</summary>
    internal const int FirstTextLength = 2;

    private const int MaxValueBytes = 1 + 16;

    private Span<byte> _bytes = buffer;
    private byte[]? _rented;
    private int _length;

    internal readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    internal void Byte(byte value)
    {
        Reserve(MaxValueBytes);
        _bytes[_length++] = value;
    }

    internal void Number(ulong value)
    {
        Reserve(MaxValueBytes);
        var target = _bytes[_length..];
        var bits = 64 - BitOperations.LeadingZeroCount(value | 1);
        if (bits <= 56)
        {
            var length = (bits + 6) / 7;
            BinaryPrimitives.WriteUInt64LittleEndian(target, ((value << 1) | 1) << (length - 1));
            _length += length;
            return;
        }

        target[0] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(target[1..], value);
        _length += 1 + sizeof(ulong);
    }

    internal void Signed(long value) => Number(unchecked((ulong)((value << 1) ^ (value >> 63))));

    internal void Amount(Int128 value)
    {
        var narrow = unchecked((long)value);
        var folded = unchecked((ulong)((narrow << 1) ^ (narrow >> 63)));
        if (narrow == value && folded < 1UL << 56)
        {
            Number(folded);
            return;
        }

        Reserve(MaxValueBytes);
        _bytes[_length] = 0;
        BinaryPrimitives.WriteInt128LittleEndian(_bytes[(_length + 1)..], value);
        _length += MaxValueBytes;
    }

    /// <summary>Writes eight bytes as they are, for what has no small values.</summary>
    internal void Word(ulong value)
    {
        Reserve(MaxValueBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[_length..], value);
        _length += sizeof(ulong);
    }

    internal void Day(DateOnly day) => Number((ulong)day.DayNumber);

    internal void Citizen(CitizenId citizen)
    {
        Word(citizen.High);
        Word(citizen.Low);
    }

    /// <summary>Writes a text, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="before">What stands in the same place of the element before; the same text is not written twice.</param>
    internal void Text(string? text, string? before = null)
    {
        if (text is null)
        {
            Number(Absent);
            return;
        }

        if (text == before)
        {
            Number(SameText);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length + FirstTextLength);
        Reserve(length);
        _length += Encoding.UTF8.GetBytes(text, _bytes[_length..]);
    }

    /// <summary>Writes how many elements follow.</summary>
    internal void Count(int count, bool isDefault) => Number(isDefault ? Absent : (ulong)count + 1);

    /// <summary>Leaves room for the length of what is written next, which lets a reader pass over it.</summary>
    /// <returns>Where the room is: what <see cref="EndPart"/> wants.</returns>
    internal int BeginPart()
    {
        Reserve(sizeof(int));
        _length += sizeof(int);
        return _length;
    }

    internal readonly void EndPart(int begun) => BinaryPrimitives.WriteInt32LittleEndian(_bytes[(begun - sizeof(int))..], _length - begun);

    internal readonly void Dispose()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _length < more) Grow(more);
    }

    private void Grow(int more)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, _length + more));
        Written.CopyTo(grown);
        Dispose();
        _bytes = _rented = grown;
    }
}
