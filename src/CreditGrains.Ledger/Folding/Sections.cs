using System.Runtime.CompilerServices;

namespace CreditGrains.Ledger;

/// <summary>The parts of a citizen's state, in the order in which they lie in its one array: what grows with every entry last.</summary>
internal enum Section
{
    Furnishers,
    Categories,
    Currencies,
    Profiles,
    Links,
    PublicRecords,
    Inquiries,
    Obligations,
    FurnisherTotals,
    Lines,
    OldMonths,
    Months,
    Positions,
    Tradelines,
    Days,
}

/// <summary>Byte strings that lie one behind the other in one array, so that a citizen costs one object and a snapshot one copy.</summary>
internal struct Sections()
{
    internal const int Count = (int)Section.Days + 1;

    private const int GrowthBytes = 24;

    // Some thirty entries' worth: what a replay folds into a snapshot goes in without a new array for every other one.
    private const int RestoredRoomBytes = 256;

    private byte[] _bytes = [];
    private Ends _ends;

    internal readonly int Length => _ends[Count - 1];

    internal readonly ReadOnlySpan<byte> All => _bytes.AsSpan(0, Length);

    internal readonly ReadOnlySpan<byte> this[Section section] => _bytes.AsSpan(Start(section), LengthOf(section));

    internal readonly int LengthOf(Section section) => _ends[(int)section] - Start(section);

    /// <summary>Makes sections of bytes that are copied, with room for what a replay adds.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="lengths">How long each is; their sum is the length of <paramref name="bytes"/>.</param>
    internal static Sections Of(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> lengths)
    {
        Sections sections = new() { _bytes = GC.AllocateUninitializedArray<byte>(bytes.Length + RestoredRoomBytes) };
        bytes.CopyTo(sections._bytes);
        var end = 0;
        for (var index = 0; index < Count; index++) sections._ends[index] = end += lengths[index];
        return sections;
    }

    /// <summary>Puts other bytes in the place of some of a section.</summary>
    /// <param name="section">Which.</param>
    /// <param name="at">Where in it, from 0.</param>
    /// <param name="removed">How many bytes go.</param>
    /// <param name="inserted">The bytes that come; not out of these sections.</param>
    internal void Splice(Section section, int at, int removed, ReadOnlySpan<byte> inserted)
    {
        var start = Start(section) + at;
        var change = inserted.Length - removed;
        if (change != 0)
        {
            var tail = Length - start - removed;
            if (Length + change > _bytes.Length)
            {
                var grown = GC.AllocateUninitializedArray<byte>((Length + change + GrowthBytes) & ~7);
                _bytes.AsSpan(0, start).CopyTo(grown);
                _bytes.AsSpan(start + removed, tail).CopyTo(grown.AsSpan(start + inserted.Length));
                _bytes = grown;
            }
            else
            {
                _bytes.AsSpan(start + removed, tail).CopyTo(_bytes.AsSpan(start + inserted.Length));
            }

            for (var index = (int)section; index < Count; index++) _ends[index] += change;
        }

        inserted.CopyTo(_bytes.AsSpan(start));
    }

    /// <summary>Writes over one byte of a section.</summary>
    internal readonly void Set(Section section, int at, byte value) => _bytes[Start(section) + at] = value;

    internal void Append(Section section, ReadOnlySpan<byte> bytes) => Splice(section, LengthOf(section), 0, bytes);

    /// <summary>Gives up the room to grow into.</summary>
    internal void Trim()
    {
        if (_bytes.Length - Length >= sizeof(ulong)) Array.Resize(ref _bytes, Length);
    }

    private readonly int Start(Section section) => section == 0 ? 0 : _ends[(int)section - 1];

    [InlineArray(Sections.Count)]
    private struct Ends
    {
        private int _first;
    }
}
