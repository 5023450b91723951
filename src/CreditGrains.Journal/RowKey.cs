namespace CreditGrains.Journal;

/// <summary>The four kinds of rows that a partition holds. The numbers are on disk.</summary>
public enum Space : byte
{
    /// <summary>Batch rows: number <em>n</em> is the partition's <em>n</em>-th commit; the id is zero. The fence and the partition log.</summary>
    Batch = 0,

    /// <summary>Records of citizens: the id is the citizen's, the number the record's sequence, from 1.</summary>
    Citizen = 1,

    /// <summary>What belongs to the partition as a whole: reference pages, projection checkpoints, escrow.</summary>
    Partition = 2,

    /// <summary>The ledger's own: manifest, policy, organisations, models, cases.</summary>
    System = 3,
}

/// <summary>Names one journal within a partition: a run of rows numbered from 1.</summary>
/// <param name="Space">Which kind of rows.</param>
/// <param name="Id">Whose rows, 128 bits; zero where the space needs none.</param>
public readonly record struct JournalId(Space Space, UInt128 Id);

/// <summary>Names one row for ever. Rows are inserted, never updated; only a body in one may be redacted.</summary>
/// <param name="Partition">The partition, from 0 to 65,535.</param>
/// <param name="Journal">The journal within the partition.</param>
/// <param name="Number">The row's place in its journal, from 1.</param>
/// <remarks>Rows order by partition, space, id, number, each as an unsigned integer.</remarks>
public readonly record struct RowKey(int Partition, JournalId Journal, ulong Number) : IComparable<RowKey>
{
    /// <summary>The length of <see cref="Write"/>'s output, in bytes.</summary>
    public const int Length = 2 + 1 + 16 + 8;

    /// <inheritdoc/>
    public int CompareTo(RowKey other)
    {
        var order = Partition.CompareTo(other.Partition);
        if (order == 0) order = Journal.Space.CompareTo(other.Journal.Space);
        if (order == 0) order = Journal.Id.CompareTo(other.Journal.Id);
        return order != 0 ? order : Number.CompareTo(other.Number);
    }

    /// <summary>Writes the key so that keys order as their bytes do: big-endian partition, space, id, number.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(target, checked((ushort)Partition));
        target[2] = (byte)Journal.Space;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(target[3..], Journal.Id);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(target[19..], Number);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="source">At least <see cref="Length"/> bytes.</param>
    public static RowKey Read(ReadOnlySpan<byte> source) => new(
        System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(source),
        new((Space)source[2], System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(source[3..])),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(source[19..]));

    /// <summary>Gives the key as an operator reads it in a message: partition/space/id/number.</summary>
    public override string ToString() => $"{Partition}/{Journal.Space}/{Journal.Id:x32}/{Number}";
}
