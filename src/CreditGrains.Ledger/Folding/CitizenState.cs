using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace CreditGrains.Ledger;

/// <summary>All that is kept in memory of one citizen: the fold of the accepted entries, and which references they had.</summary>
/// <remarks>
/// <para>A function of the set of the accepted entries and not of their order, so long as a reversal or correction comes after what it
/// names. Owned by one grain: nothing here is safe to call from two turns at once.</para>
/// <para>Totals are kept by (kind, currency, category): by day for the newest 92 days, by month for the newest 60 months, the category
/// of a month only for the newest 12; for ever by (furnisher, kind, currency) and by (category, kind, currency). The newest day is that of the newest
/// accepted entry. What is about a tradeline or a position is kept by day for ever (<see cref="SubjectRow"/>).</para>
/// <para>Bills that are no credit are counted by month and lateness, public records kept each.</para>
/// <para>An entry of a kind or with a detail that this build does not know is counted in <see cref="Entries"/> and otherwise passed over. Of traces of access and
/// oversight (kinds from 100) hard inquiries are counted by day, for scores; the rest is passed over: who asked is nothing that a file says.</para>
/// </remarks>
public sealed partial class CitizenState
{
    /// <summary>The version of the fold. A snapshot of another version is not read; the journal is folded anew.</summary>
    public const int FoldVersion = 3;

    /// <summary>The most tradelines of a citizen.</summary>
    public const int MaxTradelines = 256;

    /// <summary>The most investment positions of a citizen.</summary>
    public const int MaxPositions = 256;

    /// <summary>The most furnishers of a citizen.</summary>
    public const int MaxFurnishers = 64;

    /// <summary>The most categories of a citizen.</summary>
    public const int MaxCategories = 256;

    private const int FirstUnfurnishedKind = 100;

    private Sections _sections = new();
    private CellBounds _days;
    private CellBounds _months;
    private CellBounds _oldMonths;
    private CellBounds _inquiries;
    private CellBounds _obligations;
    private int _newest;
    private long _entries;

    /// <summary>Gets how many entries were accepted, reversed, reversing and correcting ones included; traces of access, and the side of a link that the ledger writes itself, are not entries of the file.</summary>
    public long Entries => _entries;

    /// <summary>Gets the newest day on which an accepted entry occurred; null while there is none.</summary>
    public DateOnly? NewestOn => _newest == 0 ? null : DateOnly.FromDayNumber(_newest);

    /// <summary>Gets which references the entries had. The grain adds them beside <see cref="Apply"/>; snapshots hold both.</summary>
    public References References { get; private set; } = new();

    /// <summary>Gets the ids that are linked to this one, which is their principal; in order.</summary>
    public ImmutableArray<CitizenId> Aliases
    {
        get
        {
            var aliases = ImmutableArray<CitizenId>.Empty;
            var links = _sections[Section.Links];
            for (var position = 0; position < links.Length;)
            {
                var (other, role, net) = ReadLink(links, ref position);
                if (role == IdentityRole.Principal && net > 0) aliases = aliases.Add(other);
            }

            return aliases.Sort();
        }
    }

    /// <summary>Gets the id that answers for this one; null while this one answers for itself.</summary>
    public CitizenId? Principal
    {
        get
        {
            var links = _sections[Section.Links];
            for (var position = 0; position < links.Length;)
            {
                var (other, role, net) = ReadLink(links, ref position);
                if (role == IdentityRole.Alias && net > 0) return other;
            }

            return null;
        }
    }

    /// <summary>How many lines there can be, at the fewest bytes a line; counting them would take a pass.</summary>
    private int MostLines => _sections.LengthOf(Section.Lines) / LineReader.LeastBytes;

    private int FirstDayKept => _newest - Calendar.DaysKept + 1;

    /// <summary>Tells whether a day's file can be told from this state. An older day's is folded from the journal (<see cref="PastFold"/>).</summary>
    /// <param name="asOf">The day.</param>
    public bool CanAnswer(DateOnly asOf) => asOf.DayNumber >= _newest;

    /// <summary>Folds an accepted entry in.</summary>
    /// <param name="stored">The entry, accepted by the rules; a reversal or correction with its effect, after the entry it names.</param>
    public void Apply(in StoredEntry stored)
    {
        var entry = stored.Entry;
        FoldTrace(entry);
        if (!Accept(entry)) return;
        if (stored.Effect is { } effect) Fold(new Content(effect), -1);
        if (entry.Kind != EntryKind.EntryReversed) Fold(new Content(entry), +1);
    }

    /// <summary>Gives up the room that folding left to grow into: for a state that has been folded and is now kept.</summary>
    public void Trim()
    {
        _sections.Trim();
        References.Trim();
    }

    /// <summary>Counts an entry as accepted, whether or not it stands; false where it is nothing that a file counts.</summary>
    internal bool Accept(Entry entry)
    {
        if ((byte)entry.Kind >= FirstUnfurnishedKind) return false;
        if (!IsAliasSide(entry.Detail)) _entries++;
        MoveTo(entry.OccurredOn.DayNumber);
        return true;
    }

    /// <summary>Moves the newest day on, and what falls out of the days into the months and out of those into the years.</summary>
    private void MoveTo(int newest)
    {
        if (newest <= _newest) return;
        _newest = newest;

        List<Cell>? cells = null;
        var firstMonth = Calendar.MonthOf(newest) - Calendar.MonthsKept + 1;
        var firstCategoryMonth = Calendar.MonthOf(newest) - Calendar.CategoryMonthsKept + 1;
        while (_sections.LengthOf(Section.OldMonths) > 0 && _oldMonths.First < firstMonth)
            Cells.TakeFirst(ref _sections, Section.OldMonths, ref _oldMonths, cells ??= []);
        cells?.Clear();

        while (_sections.LengthOf(Section.Months) > 0 && _months.First < firstCategoryMonth)
            Cells.TakeFirst(ref _sections, Section.Months, ref _months, cells ??= []);
        AddMonths(cells);

        while (_sections.LengthOf(Section.Days) > 0 && _days.First < FirstDayKept)
            Cells.TakeFirst(ref _sections, Section.Days, ref _days, cells ??= []);
        if (cells is null) return;
        for (var index = 0; index < cells.Count; index++) cells[index] = cells[index] with { Period = Calendar.MonthOf(cells[index].Period) };
        AddMonths(cells);
    }

    private void AddMonths(List<Cell>? cells)
    {
        if (cells is null) return;
        foreach (var cell in cells) AddMonth(cell);
        cells.Clear();
    }

    /// <summary>Lets a content stand, or stand no more.</summary>
    /// <param name="content">The content; its day is not after the newest.</param>
    /// <param name="sign">1 or −1.</param>
    internal void Fold(in Content content, int sign)
    {
        if (KindTable.FormOf(content.Kind) is not { IsFurnished: true } form || !IsWhole(content, form)) return;
        if (IsAliasSide(content.Detail))
        {
            AddLink(content, sign);
            return;
        }

        var currency = content.Money is { } money ? CurrencyIndex(money.Currency) : 0;
        var minorUnits = (Int128)(content.Money?.MinorUnits ?? 0) * sign;
        var furnisher = NameIndex(Section.Furnishers, content.Furnisher.Value);
        var category = content.Category is { } name ? NameIndex(Section.Categories, name) + 1 : 0;
        AddToFurnisher(furnisher, content.Kind, currency, sign, minorUnits);
        switch (form.Subject)
        {
            case Subject.Tradeline:
                FoldEvent(Section.Tradelines, content.Tradeline!.Value.Value, content, furnisher, category, currency, sign);
                break;

            case Subject.Position:
                FoldEvent(Section.Positions, content.Position!.Value.Value, content, furnisher, category, currency, sign);
                break;

            default:
                var line = LineIndex(content.Kind, currency, category, sign, minorUnits);
                AddDay(new(content.OccurredOn.DayNumber, line, sign, minorUnits));
                AddDetail(content, sign);
                break;
        }
    }

    /// <summary>Keeps what scores ask of a trace of access: that somebody considered new credit, and when. It is no entry of the file.</summary>
    internal void FoldTrace(Entry entry)
    {
        if (entry is { Kind: EntryKind.InquiryPermitted, Detail: InquiryDetail { IsHard: true } })
            Cells.Add(ref _sections, Section.Inquiries, ref _inquiries, new(entry.OccurredOn.DayNumber, 0, 1, 0));
    }

    private void AddDetail(in Content content, int sign)
    {
        switch (content.Detail)
        {
            case CitizenProfile profile:
                AddProfile(content.OccurredOn.DayNumber, profile.Province, profile.BirthYear, sign);
                break;

            case IdentityLink:
                AddLink(content, sign);
                break;

            case NonCreditObligation obligation:
                AddObligation(new(Calendar.MonthOf(content.OccurredOn.DayNumber), (int)LatenessOf(obligation.DaysLate), sign, 0));
                break;

            case PublicRecord record:
                AddPublicRecord(content.OccurredOn.DayNumber, record.Type, record.EndedOn?.DayNumber ?? 0, sign);
                break;
        }
    }

    private static Lateness LatenessOf(int daysLate) => daysLate switch
    {
        0 => Lateness.OnTime,
        < 30 => Lateness.UpTo29,
        < 60 => Lateness.UpTo59,
        _ => Lateness.From60,
    };

    private void AddObligation(in Cell cell) => Cells.Add(ref _sections, Section.Obligations, ref _obligations, cell);

    // The ledger writes it beside the principal's side, which is what was furnished and is counted.
    private static bool IsAliasSide(EntryDetail? detail) => detail is IdentityLink { Role: IdentityRole.Alias };

    private void AddLink(in Content content, int sign)
    {
        var link = (IdentityLink)content.Detail!;
        AddLink(link.Other, link.Role, content.Kind == EntryKind.IdentityLinked ? sign : -sign);
    }

    // An opaque entry can lack what its kind is kept under. The rules let no such entry pass.
    private static bool IsWhole(in Content content, KindForm form) => form.Subject switch
    {
        Subject.Tradeline => content.Tradeline is not null && (form.Detail is null || content.Detail is not null),
        Subject.Position => content.Detail is InvestmentHolding,
        _ => form.Detail is null || content.Detail is not null,
    };

    private void FoldEvent(Section section, string id, in Content content, int furnisher, int category, int currency, int sign)
    {
        if (!Subjects.TryFind(_sections, section, id, out var row))
        {
            Span<byte> name = stackalloc byte[EntryRules.MaxReferenceLength];
            row = Subjects.Add(ref _sections, section, name[..Encoding.ASCII.GetBytes(id, name)], currency, furnisher);
        }

        Span<byte> extra = stackalloc byte[content.Detail is LoanTerms ? EventExtras.MaxBytes : 64];
        SubjectEvent change = new()
        {
            Day = content.OccurredOn.DayNumber,
            Kind = content.Kind,
            Furnisher = furnisher,
            Category = category,
            Count = sign,
            HasMoney = content.Money is not null,
            MinorUnits = content.Money?.MinorUnits ?? 0,
            Units = (content.Detail as InvestmentHolding)?.Units ?? 0,
            Extra = extra[..EventExtras.Write(content.Detail, extra)],
        };
        if (SubjectEvent.AddsUp(change.Kind))
        {
            change.MinorUnits *= sign;
            change.Units *= sign;
        }

        Subjects.Change(ref _sections, section, row, currency, change);
    }

    private void AddDay(in Cell cell)
    {
        if (cell.Period >= FirstDayKept) Cells.Add(ref _sections, Section.Days, ref _days, cell);
        else AddMonth(cell with { Period = Calendar.MonthOf(cell.Period) });
    }

    private void AddMonth(in Cell cell)
    {
        var back = Calendar.MonthOf(_newest) - cell.Period;
        if (back < Calendar.CategoryMonthsKept) Cells.Add(ref _sections, Section.Months, ref _months, cell);
        else if (back < Calendar.MonthsKept) Cells.Add(ref _sections, Section.OldMonths, ref _oldMonths, cell with { Line = LineWithoutCategory(cell.Line) });
    }

    /// <summary>Finds a name in a list of names, each its length and its ASCII characters; adds it where it is not.</summary>
    private int NameIndex(Section section, string name)
    {
        if (TryFindName(section, name, out var index)) return index;
        Span<byte> written = stackalloc byte[1 + EntryRules.MaxReferenceLength];
        written[0] = (byte)Encoding.ASCII.GetBytes(name, written[1..]);
        _sections.Append(section, written[..(1 + written[0])]);
        return index;
    }

    /// <summary>Finds a name; where it is not, the index is the one it would get, which is how many there are.</summary>
    private bool TryFindName(Section section, string name, out int index)
    {
        var names = _sections[section];
        index = 0;
        for (var at = 0; at < names.Length; at += 1 + names[at], index++)
            if (names[at] == name.Length && Ascii.Equals(names.Slice(at + 1, names[at]), name)) return true;
        return false;
    }

    /// <summary>Finds a currency's index plus one, 0 being no currency; adds it where it is not.</summary>
    private int CurrencyIndex(Currency currency)
    {
        if (TryFindCurrency(currency, out var index)) return index;
        Span<byte> written = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(written, currency.Number);
        _sections.Append(Section.Currencies, written);
        return index;
    }

    private bool TryFindCurrency(Currency currency, out int index)
    {
        var currencies = _sections[Section.Currencies];
        for (index = 1; (index - 1) * sizeof(ushort) < currencies.Length; index++)
            if (BinaryPrimitives.ReadUInt16LittleEndian(currencies[((index - 1) * sizeof(ushort))..]) == currency.Number) return true;
        return false;
    }

    private Currency CurrencyAt(int index) =>
        index == 0 ? default : new(BinaryPrimitives.ReadUInt16LittleEndian(_sections[Section.Currencies][((index - 1) * sizeof(ushort))..]));

    /// <summary>Adds to a furnisher's lifetime total. A row: furnisher, kind (1 byte), currency, count, sum.</summary>
    private void AddToFurnisher(int furnisher, EntryKind kind, int currency, long count, Int128 minorUnits)
    {
        Span<byte> written = stackalloc byte[1 + (4 * Varint.MaxLength)];
        var rows = _sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var isSame = (int)Varint.Read(rows, ref position) == furnisher;
            isSame &= rows[position++] == (byte)kind;
            isSame &= (int)Varint.Read(rows, ref position) == currency;
            var at = position;
            if (!isSame)
            {
                Varint.Skip(rows, ref position);
                Varint.SkipAmount(rows, ref position);
                continue;
            }

            var total = new Total((long)Varint.Read(rows, ref position) + count, Varint.ReadAmount(rows, ref position) + minorUnits);
            _sections.Splice(Section.FurnisherTotals, at, position - at, written[..WriteTotal(written, total)]);
            return;
        }

        var length = Varint.Write(written, (ulong)furnisher);
        written[length++] = (byte)kind;
        length += Varint.Write(written[length..], (ulong)currency);
        length += WriteTotal(written[length..], new(count, minorUnits));
        _sections.Append(Section.FurnisherTotals, written[..length]);
    }

    /// <summary>
    /// Finds a line, adds it where it is not, and adds to its lifetime total where it has a category. A row: kind (1 byte), currency,
    /// category; with a category, count and sum.
    /// </summary>
    private int LineIndex(EntryKind kind, int currency, int category, long count, Int128 minorUnits)
    {
        Span<byte> written = stackalloc byte[1 + (4 * Varint.MaxLength)];
        var rows = _sections[Section.Lines];
        var index = 0;
        for (var position = 0; position < rows.Length; index++)
        {
            var isSame = rows[position++] == (byte)kind;
            isSame &= (int)Varint.Read(rows, ref position) == currency;
            var itsCategory = (int)Varint.Read(rows, ref position);
            isSame &= itsCategory == category;
            var at = position;
            if (itsCategory == 0 && isSame) return index;
            if (!isSame)
            {
                if (itsCategory == 0) continue;
                Varint.Skip(rows, ref position);
                Varint.SkipAmount(rows, ref position);
                continue;
            }

            var total = new Total((long)Varint.Read(rows, ref position) + count, Varint.ReadAmount(rows, ref position) + minorUnits);
            _sections.Splice(Section.Lines, at, position - at, written[..WriteTotal(written, total)]);
            return index;
        }

        written[0] = (byte)kind;
        var length = 1 + Varint.Write(written[1..], (ulong)currency);
        length += Varint.Write(written[length..], (ulong)category);
        if (category != 0) length += WriteTotal(written[length..], new(count, minorUnits));
        _sections.Append(Section.Lines, written[..length]);
        return index;
    }

    /// <summary>Finds the line of the same kind and currency without a category.</summary>
    private int LineWithoutCategory(int line)
    {
        var reader = new LineReader(_sections[Section.Lines]);
        while (reader.Read())
            if (reader.Index == line) return reader.Category == 0 ? line : LineIndex(reader.Kind, reader.Currency, 0, 0, 0);
        Invariant.Holds(line < 0);
        return line;
    }

    private static int WriteTotal(Span<byte> target, Total total)
    {
        Invariant.Holds(total.Count >= 0);
        var length = Varint.Write(target, (ulong)total.Count);
        return length + Varint.WriteAmount(target[length..], total.MinorUnits);
    }

    /// <summary>Counts what was said of who the citizen is. A row: count, day, length and characters of the province, birth year or 0.</summary>
    private void AddProfile(int day, string? province, int? birthYear, int sign)
    {
        Span<byte> said = stackalloc byte[(3 * Varint.MaxLength) + EntryRules.MaxReferenceLength];
        var length = Varint.Write(said, (ulong)day);
        length += Varint.Write(said[length..], (ulong)(province?.Length ?? 0));
        if (province is not null) length += Encoding.ASCII.GetBytes(province, said[length..]);
        length += Varint.Write(said[length..], (ulong)(birthYear ?? 0));
        AddSaid(Section.Profiles, said[..length], sign, SkipProfile);
    }

    /// <summary>Counts a public record. A row: count, day, type, day of its end or 0.</summary>
    private void AddPublicRecord(int day, PublicRecordType type, int endedOn, int sign)
    {
        Span<byte> said = stackalloc byte[3 * Varint.MaxLength];
        var length = Varint.Write(said, (ulong)day);
        length += Varint.Write(said[length..], (ulong)type);
        length += Varint.Write(said[length..], (ulong)endedOn);
        AddSaid(Section.PublicRecords, said[..length], sign, SkipPublicRecord);
    }

    /// <summary>Adds to the row that says the same, which comes into being with its first entry and goes with its last.</summary>
    private void AddSaid(Section section, scoped ReadOnlySpan<byte> said, int sign, SkipRow skip)
    {
        Span<byte> count = stackalloc byte[Varint.MaxLength];
        var rows = _sections[section];
        for (var position = 0; position < rows.Length;)
        {
            var at = position;
            var held = (long)Varint.Read(rows, ref position);
            var countEnd = position;
            skip(rows, ref position);
            if (!rows[countEnd..position].SequenceEqual(said)) continue;
            if (held + sign == 0) _sections.Splice(section, at, position - at, []);
            else _sections.Splice(section, at, countEnd - at, count[..Varint.Write(count, (ulong)(held + sign))]);
            return;
        }

        Invariant.Holds(sign > 0);
        _sections.Append(section, said);
        _sections.Splice(section, rows.Length, 0, count[..Varint.Write(count, (ulong)sign)]);
    }

    private static void SkipPublicRecord(ReadOnlySpan<byte> rows, ref int position)
    {
        for (var part = 0; part < 3; part++) Varint.Skip(rows, ref position);
    }

    private static void SkipProfile(ReadOnlySpan<byte> rows, ref int position)
    {
        Varint.Skip(rows, ref position);
        var length = (int)Varint.Read(rows, ref position);
        position += length;
        Varint.Skip(rows, ref position);
    }

    /// <summary>Counts links less unlinks with one other id. A row: the id, 16 bytes; this side's role, 1 byte; the net count, signed.</summary>
    private void AddLink(CitizenId other, IdentityRole role, Int128 change)
    {
        Span<byte> written = stackalloc byte[(2 * sizeof(ulong)) + 1 + Varint.MaxLength];
        var links = _sections[Section.Links];
        var net = change;
        int at = 0, end = 0;
        for (var position = 0; position < links.Length; at = end = position)
        {
            var link = ReadLink(links, ref position);
            if (link.Other != other || link.Role != role) continue;
            net += link.Net;
            end = position;
            break;
        }

        var writer = new BodyWriter(written);
        writer.Citizen(other);
        writer.Byte((byte)role);
        writer.Amount(net);
        _sections.Splice(Section.Links, at, end - at, net == 0 ? [] : written[..writer.Length]);
    }

    private static (CitizenId Other, IdentityRole Role, Int128 Net) ReadLink(ReadOnlySpan<byte> links, ref int position)
    {
        var other = new CitizenId(BinaryPrimitives.ReadUInt64BigEndian(links[position..]), BinaryPrimitives.ReadUInt64BigEndian(links[(position + sizeof(ulong))..]));
        position += 2 * sizeof(ulong);
        var role = (IdentityRole)links[position++];
        return (other, role, Varint.ReadAmount(links, ref position));
    }

    private Int128 NetLinks(CitizenId? other, IdentityRole role)
    {
        var links = _sections[Section.Links];
        Int128 net = 0;
        for (var position = 0; position < links.Length;)
        {
            var link = ReadLink(links, ref position);
            if (link.Role == role && (other is null || link.Other == other) && link.Net > 0) net += link.Net;
        }

        return net;
    }

    /// <summary>Passes over a row behind its count.</summary>
    private delegate void SkipRow(ReadOnlySpan<byte> rows, ref int position);

    /// <summary>Reads the lines one after another.</summary>
    private ref struct LineReader(ReadOnlySpan<byte> rows)
    {
        /// <summary>The fewest bytes of a line: kind, currency and category.</summary>
        internal const int LeastBytes = 3;

        private readonly ReadOnlySpan<byte> _rows = rows;
        private int _position;

        internal int Index { get; private set; } = -1;

        internal EntryKind Kind { get; private set; }

        internal int Currency { get; private set; }

        internal int Category { get; private set; }

        internal Total Lifetime { get; private set; }

        internal bool Read()
        {
            if (_position >= _rows.Length) return false;
            Index++;
            Kind = (EntryKind)_rows[_position++];
            Currency = (int)Varint.Read(_rows, ref _position);
            Category = (int)Varint.Read(_rows, ref _position);
            Lifetime = Category == 0 ? default : new((long)Varint.Read(_rows, ref _position), Varint.ReadAmount(_rows, ref _position));
            return true;
        }
    }
}
