using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace CreditGrains.Ledger;

/// <content>What the state tells: the file and the furnishers' totals.</content>
public sealed partial class CitizenState
{
    /// <summary>Makes the credit file as of a day.</summary>
    /// <param name="citizen">Whose file it is.</param>
    /// <param name="asOf">The day; one that <see cref="CanAnswer"/> affirms.</param>
    /// <param name="knownAt">The instant at which it was known; passed on.</param>
    /// <param name="refolded">Whether the journal was folded anew for it; passed on.</param>
    public CreditFile View(CitizenId citizen, DateOnly asOf, DateTimeOffset knownAt, bool refolded = false)
    {
        Invariant.Holds(CanAnswer(asOf));
        var furnishers = Names(Section.Furnishers);
        var totals = Totals(asOf.DayNumber);
        var tradelines = Tradelines(furnishers, asOf.DayNumber, totals);
        var positions = Positions(totals);
        var kinds = totals.Kinds(out var isReported, out var isRecent);
        return new()
        {
            Citizen = citizen,
            AsOf = asOf,
            KnownAt = knownAt,
            Entries = _entries,
            Coverage = CoverageOf(asOf, isReported, isRecent),
            Refolded = refolded,
            Totals = kinds,
            Categories = totals.Categories(Names(Section.Categories)),
            Tradelines = tradelines,
            Positions = positions,
            Profile = Profile(),
            Aliases = Aliases,
        };
    }

    /// <summary>Tells how much the file as of a day can say.</summary>
    /// <param name="asOf">The day; one that <see cref="CanAnswer"/> affirms.</param>
    public Coverage CoverageOf(DateOnly asOf)
    {
        Invariant.Holds(CanAnswer(asOf));
        var totals = Totals(asOf.DayNumber);
        Count(Section.Tradelines, EntryKind.LoanOpened, totals);
        Count(Section.Positions, EntryKind.InvestmentBought, totals);
        totals.Kinds(out var isReported, out var isRecent);
        return CoverageOf(asOf, isReported, isRecent);
    }

    /// <summary>Counts the events of all tradelines or positions, as making their views does on the way.</summary>
    private void Count(Section section, EntryKind first, TotalsByKind totals)
    {
        var bytes = _sections[section];
        for (var at = 0; at < bytes.Length;)
        {
            var row = new SubjectRow(bytes, at, first);
            at = row.End;
            var counted = new EventTotals(totals, CurrencyAt(row.StandingCurrency()));
            var reader = row.Read();
            while (reader.Read()) counted.Add(reader.Current);
        }
    }

    private Coverage CoverageOf(DateOnly asOf, bool isReported, bool isRecent) =>
        !isReported ? Coverage.NoFile : isRecent && HasOldTradeline(asOf) ? Coverage.Scorable : Coverage.Thin;

    /// <summary>Gives the lifetime totals by furnisher, kind and currency of what stands; in the order of furnishers' ids, kinds and currencies.</summary>
    public ImmutableArray<FurnisherTotal> Totals()
    {
        var furnishers = Names(Section.Furnishers);
        var totals = ImmutableArray.CreateBuilder<FurnisherTotal>();
        var rows = _sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var (furnisher, kind, currency, total) = ReadFurnisherTotal(rows, ref position);
            if (total.Count != 0) totals.Add(new(new(furnishers[furnisher]), kind, CurrencyAt(currency), total));
        }

        totals.Sort(static (left, right) =>
        {
            var byName = string.CompareOrdinal(left.Furnisher.Value, right.Furnisher.Value);
            if (byName != 0) return byName;
            return left.Kind != right.Kind ? ((int)left.Kind).CompareTo((int)right.Kind) : left.Currency.CompareTo(right.Currency);
        });
        return totals.DrainToImmutable();
    }

    private static (int Furnisher, EntryKind Kind, int Currency, Total Total) ReadFurnisherTotal(ReadOnlySpan<byte> rows, ref int position)
    {
        var furnisher = (int)Varint.Read(rows, ref position);
        var kind = (EntryKind)rows[position++];
        var currency = (int)Varint.Read(rows, ref position);
        return (furnisher, kind, currency, new((long)Varint.Read(rows, ref position), Varint.ReadAmount(rows, ref position)));
    }

    private string[] Names(Section section)
    {
        var bytes = _sections[section];
        var count = 0;
        for (var at = 0; at < bytes.Length; at += 1 + bytes[at]) count++;
        if (count == 0) return [];

        var names = new string[count];
        count = 0;
        for (var at = 0; at < bytes.Length; at += 1 + bytes[at]) names[count++] = Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at]));
        return names;
    }

    /// <summary>Sums all but the events of tradelines and positions, whose views are made in the same pass.</summary>
    private TotalsByKind Totals(int asOf)
    {
        TotalsByKind totals = new(asOf);
        var rows = _sections[Section.FurnisherTotals];
        for (var position = 0; position < rows.Length;)
        {
            var (_, kind, currency, total) = ReadFurnisherTotal(rows, ref position);
            totals.AddLifetime(totals.KindAt(kind, CurrencyAt(currency)), total);
        }

        // Where each line is summed: by its kind, and by its category where it has one.
        const int MostOnStack = 128;
        Span<(int Kind, int Category)> lines = MostLines <= MostOnStack ? stackalloc (int, int)[MostLines] : new (int, int)[MostLines];
        var lineReader = new LineReader(_sections[Section.Lines]);
        while (lineReader.Read())
        {
            var currency = CurrencyAt(lineReader.Currency);
            var categoryAt = totals.CategoryAt(lineReader.Category, lineReader.Kind, currency);
            totals.AddCategoryLifetime(categoryAt, lineReader.Lifetime);
            lines[lineReader.Index] = (totals.KindAt(lineReader.Kind, currency), categoryAt);
        }

        AddDays(totals, lines);
        AddMonths(totals, lines, Section.Months, _months.First);
        AddMonths(totals, lines, Section.OldMonths, _oldMonths.First);
        return totals;
    }

    private void AddDays(TotalsByKind totals, ReadOnlySpan<(int Kind, int Category)> lines)
    {
        var reader = new CellReader(_sections[Section.Days], _days.First);
        var (day, windows) = (-1, default(TotalsByKind.Shortest));
        while (reader.Read())
        {
            if (reader.Period != day)
            {
                day = reader.Period;
                windows = totals.OfDay(day);
            }

            totals.Add(lines[reader.Line].Kind, lines[reader.Line].Category, windows, new(reader.Count, reader.MinorUnits));
        }
    }

    private void AddMonths(TotalsByKind totals, ReadOnlySpan<(int Kind, int Category)> lines, Section section, int first)
    {
        var reader = new CellReader(_sections[section], first);
        var (month, windows) = (-1, default(TotalsByKind.Shortest));
        while (reader.Read())
        {
            if (reader.Period != month)
            {
                month = reader.Period;
                windows = totals.OfMonth(month);
            }

            totals.Add(lines[reader.Line].Kind, lines[reader.Line].Category, windows, new(reader.Count, reader.MinorUnits));
        }
    }

    private ImmutableArray<TradelineView> Tradelines(ReadOnlySpan<string> furnishers, int asOf, TotalsByKind totals)
    {
        var bytes = _sections[Section.Tradelines];
        if (bytes.IsEmpty) return [];
        List<TradelineView> views = [];
        for (var at = 0; at < bytes.Length;)
        {
            var row = new SubjectRow(bytes, at, EntryKind.LoanOpened);
            at = row.End;
            if (TradelineFold.View(row, CurrencyAt(row.StandingCurrency()), furnishers, asOf, totals) is { } view) views.Add(view);
        }

        views.Sort(static (left, right) =>
        {
            var byId = string.CompareOrdinal(left.Id.Value, right.Id.Value);
            return byId != 0 ? byId : left.Currency.CompareTo(right.Currency);
        });
        return ImmutableCollectionsMarshal.AsImmutableArray(views.ToArray());
    }

    private ImmutableArray<PositionView> Positions(TotalsByKind totals)
    {
        var bytes = _sections[Section.Positions];
        if (bytes.IsEmpty) return [];
        List<PositionView> views = [];
        for (var at = 0; at < bytes.Length;)
        {
            var row = new SubjectRow(bytes, at, EntryKind.InvestmentBought);
            at = row.End;
            if (PositionFold.View(row, CurrencyAt(row.StandingCurrency()), totals) is { } view) views.Add(view);
        }

        views.Sort(static (left, right) =>
        {
            var byId = string.CompareOrdinal(left.Id.Value, right.Id.Value);
            return byId != 0 ? byId : left.Currency.CompareTo(right.Currency);
        });
        return ImmutableCollectionsMarshal.AsImmutableArray(views.ToArray());
    }

    /// <summary>Whether a tradeline is six months old: opened, or first heard of where the opening is not known, and six months have passed.</summary>
    private bool HasOldTradeline(DateOnly asOf)
    {
        var bytes = _sections[Section.Tradelines];
        for (var at = 0; at < bytes.Length;)
        {
            var row = new SubjectRow(bytes, at, EntryKind.LoanOpened);
            at = row.End;
            if (row.Events.IsEmpty) continue;
            int? openedOn = null;
            var reader = row.Read();
            while (openedOn is null && reader.Read())
                if (reader.Current.Kind == EntryKind.LoanOpened) openedOn = reader.Current.Day;
            if (DateOnly.FromDayNumber(openedOn ?? row.FirstDay).AddMonths(6) <= asOf) return true;
        }

        return false;
    }

    /// <summary>Tells each of province and birth year as the latest day that says it says it; of one day's words the greater.</summary>
    private CitizenProfile? Profile()
    {
        (int Day, string? Said) province = (0, null);
        (int Day, int Said) birthYear = (0, 0);
        var rows = _sections[Section.Profiles];
        for (var position = 0; position < rows.Length;)
        {
            Varint.Skip(rows, ref position);
            var day = (int)Varint.Read(rows, ref position);
            var length = (int)Varint.Read(rows, ref position);
            var name = length == 0 ? null : Encoding.ASCII.GetString(rows.Slice(position, length));
            position += length;
            var year = (int)Varint.Read(rows, ref position);
            if (name is not null && (day > province.Day || (day == province.Day && string.CompareOrdinal(name, province.Said) > 0))) province = (day, name);
            if (year != 0 && (day, year).CompareTo(birthYear) > 0) birthYear = (day, year);
        }

        return province.Said is null && birthYear.Said == 0
            ? null
            : new() { Province = province.Said, BirthYear = birthYear.Said == 0 ? null : birthYear.Said };
    }
}
