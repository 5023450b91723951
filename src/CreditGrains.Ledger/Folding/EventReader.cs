namespace CreditGrains.Ledger;

/// <summary>Reads events in the order of their days.</summary>
/// <remarks>
/// An event: a head, 1 byte (bits 0–2 the kind, counted from the first of its tens; 3–6 the days since the event before, 15 saying that a
/// varint follows with all of them; 7 that parts follow); the parts, 1 byte, which say what comes then, in the order of their bits: a category, a
/// furnisher other than the home, a count other than 1, money, an extra. Without parts there is money alone, which is most events. The
/// units of a purchase or sale (<see cref="UnitSteps"/>) lie between money and extra. All are varints; the extra is its length and its bytes.
/// </remarks>
internal ref struct EventReader(ReadOnlySpan<byte> bytes, int firstDay, int home, EntryKind firstKind)
{
    internal const int KindBits = 0x07;
    internal const int StepShift = 3;
    internal const int LongStep = 0x0F;
    internal const int HasParts = 0x80;

    internal const int HasCategory = 0x01;
    internal const int HasFurnisher = 0x02;
    internal const int HasCount = 0x04;
    internal const int HasMoney = 0x08;
    internal const int HasExtra = 0x10;

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
        if (_bytes.Length == position) return;
        var behind = position + 1;
        _day = lastDay - ReadStep(_bytes[position], ref behind);
    }

    internal bool Read()
    {
        if (Position >= _bytes.Length) return false;
        var position = Position;
        EventAt = position;
        var head = _bytes[position++];
        Step = ReadStep(head, ref position);
        _day += Step;
        var parts = (head & HasParts) != 0 ? _bytes[position++] : HasMoney;
        var kind = (EntryKind)((int)_firstKind + (head & KindBits));
        Current.Day = _day;
        Current.Category = (parts & HasCategory) != 0 ? (int)Varint.Read(_bytes, ref position) : 0;
        Current.Furnisher = (parts & HasFurnisher) != 0 ? (int)Varint.Read(_bytes, ref position) : _home;
        Current.Count = (parts & HasCount) != 0 ? (long)Varint.Read(_bytes, ref position) : 1;
        Current.HasMoney = (parts & HasMoney) != 0;
        Current.MinorUnits = Current.HasMoney ? Varint.ReadAmount(_bytes, ref position) : 0;
        Current.Kind = kind;
        Current.Units = kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold ? UnitSteps.Read(_bytes, ref position) : 0;
        Current.Extra = default;
        if ((parts & HasExtra) != 0)
        {
            var length = (int)Varint.Read(_bytes, ref position);
            Current.Extra = _bytes.Slice(position, length);
            position += length;
        }

        Position = position;
        return true;
    }

    private readonly int ReadStep(int head, ref int position)
    {
        var step = (head >> StepShift) & LongStep;
        return step == LongStep ? (int)Varint.Read(_bytes, ref position) : step;
    }
}
