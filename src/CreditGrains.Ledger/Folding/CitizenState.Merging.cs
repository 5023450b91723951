using System.Globalization;
using System.Text;

namespace CreditGrains.Ledger;

/// <content>Several states as one, and two states held against each other.</content>
public sealed partial class CitizenState
{
    /// <summary>Makes the state of a person whose ids are linked: the fold of all their accepted entries together. None of the states is changed.</summary>
    /// <param name="others">The states of the aliases.</param>
    /// <returns>
    /// A state to read from, without references. Tradelines and positions of one id and one currency are one; of several currencies they
    /// stand side by side.
    /// </returns>
    public CitizenState MergedWith(IEnumerable<CitizenState> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        CitizenState merged = new();
        CitizenState[] all = [this, .. others];
        foreach (var state in all) merged.MoveTo(state._newest);
        foreach (var state in all) merged.Absorb(state);
        return merged;
    }

    /// <summary>Tells whether two states hold the same: the fold of the same set of entries, whatever their order was. References are not compared.</summary>
    /// <param name="other">The other state.</param>
    public bool SameAs(CitizenState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_entries != other._entries || _newest != other._newest) return false;

        // Folded in the same order they are the same bytes. Else indexes differ, and what they stand for is compared.
        return _sections.All.SequenceEqual(other._sections.All) || Facts().SequenceEqual(other.Facts(), StringComparer.Ordinal);
    }

    private void Absorb(CitizenState other)
    {
        _entries += other._entries;
        var furnishers = Array.ConvertAll(other.Names(Section.Furnishers), name => NameIndex(Section.Furnishers, name));
        var categories = Array.ConvertAll(other.Names(Section.Categories), name => NameIndex(Section.Categories, name));
        int CategoryOf(int theirs) => theirs == 0 ? 0 : categories[theirs - 1] + 1;
        int CurrencyOf(int theirs) => theirs == 0 ? 0 : CurrencyIndex(other.CurrencyAt(theirs));

        var rows = other._sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var (furnisher, kind, currency, total) = ReadFurnisherTotal(rows, ref position);
            AddToFurnisher(furnishers[furnisher], kind, CurrencyOf(currency), total.Count, total.MinorUnits);
        }

        var lines = new int[other.MostLines];
        var lineReader = new LineReader(other._sections[Section.Lines]);
        while (lineReader.Read())
        {
            lines[lineReader.Index] = LineIndex(
                lineReader.Kind, CurrencyOf(lineReader.Currency), CategoryOf(lineReader.Category), lineReader.Lifetime.Count, lineReader.Lifetime.MinorUnits);
        }

        var days = new CellReader(other._sections[Section.Days], other._days.First);
        while (days.Read()) AddDay(days.Current with { Line = lines[days.Line] });
        var months = new CellReader(other._sections[Section.Months], other._months.First);
        while (months.Read()) AddMonth(months.Current with { Line = lines[months.Line] });
        var oldMonths = new CellReader(other._sections[Section.OldMonths], other._oldMonths.First);
        while (oldMonths.Read()) AddMonth(oldMonths.Current with { Line = lines[oldMonths.Line] });

        var inquiries = new CellReader(other._sections[Section.Inquiries], other._inquiries.First);
        while (inquiries.Read()) Cells.Add(ref _sections, Section.Inquiries, ref _inquiries, inquiries.Current);
        var obligations = new CellReader(other._sections[Section.Obligations], other._obligations.First);
        while (obligations.Read()) AddObligation(obligations.Current);

        AbsorbEvents(Section.Tradelines);
        AbsorbEvents(Section.Positions);

        var profiles = other._sections[Section.Profiles];
        for (var position = 0; position < profiles.Length;)
        {
            var count = (int)Varint.Read(profiles, ref position);
            var day = (int)Varint.Read(profiles, ref position);
            var length = (int)Varint.Read(profiles, ref position);
            var province = length == 0 ? null : Encoding.ASCII.GetString(profiles.Slice(position, length));
            position += length;
            var birthYear = (int)Varint.Read(profiles, ref position);
            AddProfile(day, province, birthYear == 0 ? null : birthYear, count);
        }

        var records = other._sections[Section.PublicRecords];
        for (var position = 0; position < records.Length;)
        {
            var count = (int)Varint.Read(records, ref position);
            var day = (int)Varint.Read(records, ref position);
            var type = (PublicRecordType)Varint.Read(records, ref position);
            AddPublicRecord(day, type, (int)Varint.Read(records, ref position), count);
        }

        var links = other._sections[Section.Links];
        for (var position = 0; position < links.Length;)
        {
            var (id, role, net) = ReadLink(links, ref position);
            AddLink(id, role, net);
        }

        void AbsorbEvents(Section section)
        {
            var bytes = other._sections[section];
            for (var at = 0; at < bytes.Length;)
            {
                var theirs = new SubjectRow(bytes, at, Subjects.FirstKindOf(section));
                at = theirs.End;
                var currency = CurrencyOf(theirs.StandingCurrency());
                var reader = theirs.Read();
                while (reader.Read())
                {
                    var change = reader.Current;
                    change.Furnisher = furnishers[change.Furnisher];
                    change.Category = CategoryOf(change.Category);
                    if (!Subjects.TryFind(_sections, section, theirs.Id, currency, out var row))
                        row = Subjects.Add(ref _sections, section, theirs.Id, currency, furnishers[theirs.Home]);
                    Subjects.Change(ref _sections, section, row, currency, change);
                }
            }
        }
    }

    /// <summary>Says all that the state holds, one fact a line, without an index and in order.</summary>
    private List<string> Facts()
    {
        List<string> facts = [];
        var furnishers = Names(Section.Furnishers);
        var categories = Names(Section.Categories);
        string CategoryAt(int index) => index == 0 ? "" : categories[index - 1];
        void Say(FormattableString fact) => facts.Add(fact.ToString(CultureInfo.InvariantCulture));

        // Names alone are no facts: a name stays when all that was said under it is reversed.
        foreach (var total in Totals()) Say($"total {total.Furnisher} {total.Kind} {total.Currency} {total.Total.Count} {total.Total.MinorUnits}");

        List<string> lines = [];
        var lineReader = new LineReader(_sections[Section.Lines]);
        while (lineReader.Read())
        {
            lines.Add($"{lineReader.Kind} {CurrencyAt(lineReader.Currency)} {CategoryAt(lineReader.Category)}");
            if (lineReader.Lifetime.Count != 0) Say($"line {lines[^1]} {lineReader.Lifetime.Count} {lineReader.Lifetime.MinorUnits}");
        }

        SayCells("day", Section.Days, _days.First);
        SayCells("month", Section.Months, _months.First);
        SayCells("old month", Section.OldMonths, _oldMonths.First);
        SayCounts(Section.Inquiries, _inquiries.First);
        SayCounts(Section.Obligations, _obligations.First);
        SayEvents(Section.Tradelines);
        SayEvents(Section.Positions);

        SaySaid(Section.Profiles, SkipProfile);
        SaySaid(Section.PublicRecords, SkipPublicRecord);

        var links = _sections[Section.Links];
        for (var position = 0; position < links.Length;)
        {
            var (other, role, net) = ReadLink(links, ref position);
            if (net != 0) Say($"link {other} {role} {net}");
        }

        facts.Sort(StringComparer.Ordinal);
        return facts;

        void SayCells(string name, Section section, int first)
        {
            var reader = new CellReader(_sections[section], first);
            while (reader.Read()) Say($"{name} {reader.Period} {lines[reader.Line]} {reader.Count} {reader.MinorUnits}");
        }

        void SayCounts(Section section, int first)
        {
            var reader = new CellReader(_sections[section], first);
            while (reader.Read()) Say($"{section} {reader.Period} {reader.Line} {reader.Count}");
        }

        void SaySaid(Section section, SkipRow skip)
        {
            var rows = _sections[section];
            for (var position = 0; position < rows.Length;)
            {
                var start = position;
                Varint.Skip(rows, ref position);
                skip(rows, ref position);
                Say($"{section} {Convert.ToHexString(rows[start..position])}");
            }
        }

        void SayEvents(Section section)
        {
            var bytes = _sections[section];
            for (var at = 0; at < bytes.Length;)
            {
                var row = new SubjectRow(bytes, at, Subjects.FirstKindOf(section));
                at = row.End;
                var name = $"{section} {Encoding.ASCII.GetString(row.Id)} {CurrencyAt(row.StandingCurrency())}";
                var reader = row.Read();
                while (reader.Read())
                {
                    var @event = reader.Current;
                    var what = $"{@event.Kind} {furnishers[@event.Furnisher]} {CategoryAt(@event.Category)} {Convert.ToHexString(@event.Extra)}";
                    Say($"{name} {@event.Day} {what} {@event.Count} {@event.HasMoney} {@event.MinorUnits} {@event.Units}");
                }
            }
        }
    }
}
