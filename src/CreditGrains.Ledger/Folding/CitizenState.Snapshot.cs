using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace CreditGrains.Ledger;

/// <content>Snapshots: the state as bytes.</content>
public sealed partial class CitizenState
{
    // The version; entries, newest day, the bounds of the five sections of cells, the sections' lengths, as varints; the sections; the
    // references; a CRC-32C of all before it.
    private const int MaxHeadBytes = (2 + 15 + Sections.Count + 1) * Varint.MaxLength;

    /// <summary>Writes a snapshot: the state and its references.</summary>
    /// <param name="target">Where to.</param>
    /// <returns>How many bytes.</returns>
    public int WriteSnapshot(IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var span = target.GetSpan(MaxHeadBytes + _sections.Length + References.MaxSnapshotBytes + sizeof(uint));
        var length = Varint.Write(span, FoldVersion);
        length += Varint.Write(span[length..], (ulong)_entries);
        length += Varint.Write(span[length..], (ulong)_newest);
        length += WriteBounds(span[length..], _days);
        length += WriteBounds(span[length..], _months);
        length += WriteBounds(span[length..], _oldMonths);
        length += WriteBounds(span[length..], _inquiries);
        length += WriteBounds(span[length..], _obligations);
        for (var section = 0; section < Sections.Count; section++) length += Varint.Write(span[length..], (ulong)_sections.LengthOf((Section)section));
        _sections.All.CopyTo(span[length..]);
        length += _sections.Length;
        length += References.Write(span[length..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[length..], Checksum(span[..length]));
        length += sizeof(uint);
        target.Advance(length);
        return length;
    }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="snapshot">All of its bytes; copied.</param>
    /// <param name="state">The state, if the answer is true.</param>
    /// <returns>False where the snapshot is of another <see cref="FoldVersion"/> or is not what was written: an older one or the journal serves instead.</returns>
    public static bool TryRestore(ReadOnlySpan<byte> snapshot, [NotNullWhen(true)] out CitizenState? state)
    {
        state = null;
        if (snapshot.Length <= sizeof(uint)) return false;
        var body = snapshot[..^sizeof(uint)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(snapshot[body.Length..]) != Checksum(body)) return false;

        // The checksum vouches for the bytes; a version that writes otherwise is told apart before they are read. What still does not
        // fit is bytes of somebody else's making.
        try
        {
            var position = 0;
            if (Varint.Read(body, ref position) != FoldVersion) return false;
            CitizenState read = new()
            {
                _entries = checked((long)Varint.Read(body, ref position)),
                _newest = checked((int)Varint.Read(body, ref position)),
                _days = ReadBounds(body, ref position),
                _months = ReadBounds(body, ref position),
                _oldMonths = ReadBounds(body, ref position),
                _inquiries = ReadBounds(body, ref position),
                _obligations = ReadBounds(body, ref position),
            };
            Span<int> lengths = stackalloc int[Sections.Count];
            var sum = 0;
            for (var section = 0; section < Sections.Count; section++) sum = checked(sum + (lengths[section] = checked((int)Varint.Read(body, ref position))));
            read._sections = Sections.Of(body.Slice(position, sum), lengths);
            position += sum;
            if (!References.TryRead(body, ref position, out var references) || position != body.Length) return false;
            read.References = references;
            state = read;
            return true;
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentOutOfRangeException or OverflowException)
        {
            return false;
        }
    }

    private static int WriteBounds(Span<byte> target, in CellBounds bounds)
    {
        var length = Varint.Write(target, (ulong)bounds.First);
        length += Varint.Write(target[length..], (ulong)(bounds.Last - bounds.First));
        return length + Varint.Write(target[length..], (ulong)bounds.LastAt);
    }

    private static CellBounds ReadBounds(ReadOnlySpan<byte> source, ref int position)
    {
        CellBounds bounds = new() { First = checked((int)Varint.Read(source, ref position)) };
        bounds.Last = checked(bounds.First + (int)Varint.Read(source, ref position));
        bounds.LastAt = checked((int)Varint.Read(source, ref position));
        return bounds;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) checksum = BitOperations.Crc32C(checksum, value);
        return ~checksum;
    }
}
