using System.Buffers.Binary;

namespace CreditGrains.Journal.Postgres;

/// <summary>How a key stands in columns, so that the server orders rows as <see cref="RowKey"/> does: each part as an unsigned integer.</summary>
internal static class RowColumns
{
    /// <summary>The type uuid orders by its sixteen bytes, as an unsigned big-endian integer would, and takes no length word.</summary>
    internal static Guid OfId(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new(bytes, bigEndian: true);
    }

    internal static UInt128 ToId(Guid column)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = column.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>PostgreSQL has no unsigned integers: a number is stored less 2^63, which keeps the order over the whole range.</summary>
    internal static long OfNumber(ulong number) => unchecked((long)(number ^ (1UL << 63)));

    internal static ulong ToNumber(long column) => unchecked((ulong)column) ^ (1UL << 63);
}
