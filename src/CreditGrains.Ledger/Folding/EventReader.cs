namespace CreditGrains.Ledger;

/// <summary>Reads events in the order of their days.</summary>
/// <remarks>
/// An event: the days since the one before, a varint; a head, 1 byte (bits 0–2 the kind, counted from the first of its tens; 3 a category
/// follows; 4 a furnisher other than the home follows; 5 a count other than 1 follows; 6 money follows; 7 an extra follows); then those that
/// follow, in that order, the units of a purchase or sale (<see cref="UnitSteps"/>) between money and extra. All are varints; the extra is its length and its bytes.
/// </remarks>
internal ref struct EventReader(ReadOnlySpan<byte> bytes, int firstDay, int home, EntryKind firstKind)
{
    internal const int KindBits = 0x07;
    internal const int HasCategory = 0x08;
    internal const int HasFurnisher = 0x10;
    internal const int HasCount = 0x20;
    internal const int HasMoney = 0x40;
    internal const int HasExtra = 0x80;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _home = home;
    private readonly EntryKind _firstKind = firstKind;
    private int _day = firstDay;

    internal SubjectEvent Current;

    internal int Position { get; private set; }

    /// <summary>Where the event read last begins.</summary>
    internal int EventAt { get; private set; }

    /// <summary>The days between the event read last and the one before.</summary>
    internal int Step { get; private set; }

    /// <summary>Begins at the first event of the last day.</summary>
    internal void StartAt(int position, int lastDay)
    {
        Position = position;
        var step = position;
        _day = lastDay - (_bytes.Length > position ? (int)Varint.Read(_bytes, ref step) : 0);
    }

    internal bool Read()
    {
        if (Position >= _bytes.Length) return false;
        var position = Position;
        EventAt = position;
        Step = (int)Varint.Read(_bytes, ref position);
        _day += Step;
        var head = _bytes[position++];
        var kind = (EntryKind)((int)_firstKind + (head & KindBits));
        Current.Day = _day;
        Current.Category = (head & HasCategory) != 0 ? (int)Varint.Read(_bytes, ref position) : 0;
        Current.Furnisher = (head & HasFurnisher) != 0 ? (int)Varint.Read(_bytes, ref position) : _home;
        Current.Count = (head & HasCount) != 0 ? (long)Varint.Read(_bytes, ref position) : 1;
        Current.HasMoney = (head & HasMoney) != 0;
        Current.MinorUnits = Current.HasMoney ? Varint.ReadAmount(_bytes, ref position) : 0;
        Current.Kind = kind;
        Current.Units = kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold ? UnitSteps.Read(_bytes, ref position) : 0;
        Current.Extra = default;
        if ((head & HasExtra) != 0)
        {
            var length = (int)Varint.Read(_bytes, ref position);
            Current.Extra = _bytes.Slice(position, length);
            position += length;
        }

        Position = position;
        return true;
    }
}
