using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>Reads what <see cref="BodyWriter"/> wrote, trusting no byte. Every method names the field it reads for the exception.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    internal int Position { get; private set; }

    internal readonly bool IsAtEnd => Position == _source.Length;

    internal byte Byte(string field)
    {
        if (Position >= _source.Length) Fail(field);
        return _source[Position++];
    }

    internal bool Flag(string field)
    {
        var value = Byte(field);
        if (value > 1) Fail(field);
        return value == 1;
    }

    internal ulong Number(string field, ulong max)
    {
        var value = UInt128.Zero;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte(field);
            if (shift > 63 || (next == 0 && shift > 0)) Fail(field);
            value |= (UInt128)(uint)(next & 0x7F) << shift;
            if (next < 0x80) break;
        }

        if (value > max) Fail(field);
        return (ulong)value;
    }

    internal Int128 Signed(string field)
    {
        // The common case: up to nine bytes, which fit 64 bits.
        ulong narrow = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var next = Byte(field);
            if (next == 0 && shift > 0) Fail(field);
            narrow |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)(narrow >> 1) ^ -(long)(narrow & 1);
        }

        UInt128 folded = narrow;
        for (var shift = 63; ; shift += 7)
        {
            var next = Byte(field);
            if (next == 0 || shift > 126 || (shift == 126 && next > 3)) Fail(field);
            folded |= (UInt128)(uint)(next & 0x7F) << shift;
            if (next < 0x80) return unchecked((Int128)(folded >> 1) ^ -(Int128)(folded & 1));
        }
    }

    internal long Amount(string field)
    {
        var value = Signed(field);
        if (value < long.MinValue || value > long.MaxValue) Fail(field);
        return (long)value;
    }

    internal DateOnly Day(string field) => DateOnly.FromDayNumber((int)Number(field, (ulong)DateOnly.MaxValue.DayNumber));

    internal string Text(string field)
    {
        var bytes = Slice((int)Number(field, EntryCodec.MaxBodyBytes), field);
        if (!Ascii.IsValid(bytes)) Fail(field);
        return Encoding.ASCII.GetString(bytes);
    }

    internal Money Money(string field)
    {
        var minorUnits = Amount(field);
        return new(minorUnits, new Currency(BinaryPrimitives.ReadUInt16LittleEndian(Slice(sizeof(ushort), field))));
    }

    internal ulong Wide(string field) => BinaryPrimitives.ReadUInt64BigEndian(Slice(sizeof(ulong), field));

    internal CitizenId Citizen(string field) => new(Wide(field), Wide(field));

    internal ReadOnlySpan<byte> Slice(int length, string field)
    {
        if (length > _source.Length - Position) Fail(field);
        var bytes = _source.Slice(Position, length);
        Position += length;
        return bytes;
    }

    [DoesNotReturn]
    internal readonly void Fail(string field) => throw new EntryMalformedException(field, Position);
}
