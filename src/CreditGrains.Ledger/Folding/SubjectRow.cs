namespace CreditGrains.Ledger;

/// <summary>What stands of one tradeline or position: its name, its currency and its events by day.</summary>
/// <remarks>
/// Bytes of a row: the id's length and ASCII characters; then varints: the currency's index plus one (0 while no money is known), the home
/// furnisher's index, the first event's day, the days from it to the last, where the last day's events begin, how many bytes of events there are;
/// then the events (<see cref="EventReader"/>). Kept by day for ever, so that late entries, reversals and the repayment grid are exact; the
/// windows' totals of these kinds are summed from here and kept nowhere else.
/// </remarks>
internal ref struct SubjectRow
{
    internal const int MaxHeadBytes = 6 * Varint.MaxLength;

    private readonly EntryKind _firstKind;

    internal SubjectRow(ReadOnlySpan<byte> section, int at, EntryKind firstKind)
    {
        _firstKind = firstKind;
        At = at;
        var position = at;
        var idLength = section[position++];
        Id = section.Slice(position, idLength);
        position += idLength;
        HeadAt = position;
        Currency = (int)Varint.Read(section, ref position);
        Home = (int)Varint.Read(section, ref position);
        FirstDay = (int)Varint.Read(section, ref position);
        LastDay = FirstDay + (int)Varint.Read(section, ref position);
        LastAt = (int)Varint.Read(section, ref position);
        var length = (int)Varint.Read(section, ref position);
        EventsAt = position;
        Events = section.Slice(position, length);
    }

    internal int At { get; }

    internal ReadOnlySpan<byte> Id { get; }

    internal int HeadAt { get; }

    /// <summary>The currency's index plus one; 0 while no entry with money is known. It stays when all entries are reversed.</summary>
    internal int Currency { get; set; }

    /// <summary>The furnisher whose events do not name him.</summary>
    internal int Home { get; }

    internal int FirstDay { get; set; }

    internal int LastDay { get; set; }

    internal int LastAt { get; set; }

    internal int EventsAt { get; }

    internal ReadOnlySpan<byte> Events { get; }

    internal readonly int End => EventsAt + Events.Length;

    /// <summary>The currency's index plus one where an event that stands has money; else 0, whatever went before.</summary>
    internal readonly int StandingCurrency()
    {
        var reader = Read();
        while (reader.Read())
            if (reader.Current.HasMoney) return Currency;
        return 0;
    }

    internal readonly EventReader Read() => new(Events, FirstDay, Home, _firstKind);

    /// <summary>Writes the numbers before the events.</summary>
    internal readonly int WriteHead(Span<byte> target, int eventsLength)
    {
        var length = Varint.Write(target, (ulong)Currency);
        length += Varint.Write(target[length..], (ulong)Home);
        length += Varint.Write(target[length..], (ulong)FirstDay);
        length += Varint.Write(target[length..], (ulong)(LastDay - FirstDay));
        length += Varint.Write(target[length..], (ulong)LastAt);
        return length + Varint.Write(target[length..], (ulong)eventsLength);
    }
}
