using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>Writes the parts of an entry's body into a span, one after another.</summary>
internal ref struct BodyWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    internal int Length { get; private set; }

    internal void Byte(byte value) => _target[Length++] = value;

    internal void Number(ulong value) => Length += Varint.Write(_target[Length..], value);

    internal void Signed(Int128 value) => Length += Varint.WriteSigned(_target[Length..], value);

    /// <summary>Writes an amount as states hold it.</summary>
    internal void Amount(Int128 value) => Length += Varint.WriteAmount(_target[Length..], value);

    internal void Day(DateOnly day) => Number((ulong)day.DayNumber);

    /// <summary>Writes the length and the ASCII characters.</summary>
    /// <exception cref="ArgumentException">Another character; the message does not repeat it.</exception>
    internal void Text(string text, string field)
    {
        Number((ulong)text.Length);
        if (Ascii.FromUtf16(text, _target[Length..], out var written) != OperationStatus.Done)
            throw new ArgumentException($"'{field}' is longer than an entry may be, or not ASCII.", field);
        Length += written;
    }

    internal void Money(Money money)
    {
        Signed(money.MinorUnits);
        BinaryPrimitives.WriteUInt16LittleEndian(_target[Length..], money.Currency.Number);
        Length += sizeof(ushort);
    }

    /// <summary>Writes all 64 bits: for what is rarely a small number.</summary>
    internal void Wide(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_target[Length..], value);
        Length += sizeof(ulong);
    }

    internal void Citizen(CitizenId citizen)
    {
        Wide(citizen.High);
        Wide(citizen.Low);
    }

    internal readonly void Patch(int at, byte value) => _target[at] = value;

    /// <summary>Leaves room for the length of what follows; <see cref="EndLength"/> writes it.</summary>
    internal int BeginLength()
    {
        Byte(0);
        return Length;
    }

    /// <summary>Writes how long what was written since is, moving it along where one byte is too few.</summary>
    internal void EndLength(int begin)
    {
        var length = Length - begin;
        Span<byte> written = stackalloc byte[Varint.MaxLength];
        var size = Varint.Write(written, (ulong)length);
        if (size > 1) _target.Slice(begin, length).CopyTo(_target[(begin + size - 1)..]);
        written[..size].CopyTo(_target[(begin - 1)..]);
        Length += size - 1;
    }
}
