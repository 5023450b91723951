using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Orleans.Serialization;

namespace CreditGrains.Packing;

/// <summary>Packs a whole credit file into one run of bytes, and unpacks it.</summary>
/// <remarks>
/// The first byte is the version of the form; bytes of another version are refused. Then the file's fields, each array behind its count; the totals come
/// last and are the most of it, and are not unpacked before they are looked at. A window's total is written as the difference from the window before, which it mostly equals. Differences wrap around, so that every pair of totals has one.
/// </remarks>
internal static class CreditFilePack
{
    /// <summary>The version that this build writes, and the only one it reads.</summary>
    internal const byte Version = 1;

    private const int HasTerms = 1 << 0;
    private const int HasOpenedOn = 1 << 1;
    private const int HasPrincipal = 1 << 2;
    private const int HasOutstanding = 1 << 3;
    private const int HasLimit = 1 << 4;
    private const int HasDaysPastDue = 1 << 5;
    private const int HasStatus = 1 << 6;
    private const int HasClosedOn = 1 << 7;
    private const int HasChargedOffOn = 1 << 8;
    private const int TradelineBits = (1 << 9) - 1;

    private const int HasTermsLimit = 1 << 0;

    private const int HasValue = 1 << 0;
    private const int HasValuedOn = 1 << 1;
    private const int PositionBits = (1 << 2) - 1;

    private const int IsRefolded = 1 << 0;
    private const int HasProfile = 1 << 1;
    private const int HasBirthYear = 1 << 2;
    private const int FileBits = (1 << 3) - 1;

    // The fewest bytes that one of each takes: what a count is checked against.
    private const int LeastTotalBytes = 2;
    private const int LeastKindBytes = 3;
    private const int LeastCategoryBytes = 3 + (2 * LeastTotalBytes);
    private const int LeastTradelineBytes = 8;
    private const int LeastCoLenderBytes = 2;
    private const int LeastPositionBytes = 6;
    private const int CitizenBytes = 2 * sizeof(ulong);

    internal static void Write(ref PackWriter writer, CreditFile file)
    {
        writer.Byte(Version);
        writer.Byte((byte)((file.Refolded ? IsRefolded : 0) | (file.Profile is null ? 0 : HasProfile) | (file.Profile?.BirthYear is null ? 0 : HasBirthYear)));
        writer.Citizen(file.Citizen);
        writer.Day(file.AsOf);
        writer.Word((ulong)file.KnownAt.UtcTicks);
        writer.Signed(file.KnownAt.TotalOffsetMinutes);
        writer.Signed(file.Entries);
        writer.Byte((byte)file.Coverage);

        writer.Count(file.Tradelines.AsSpan().Length, file.Tradelines.IsDefault);
        foreach (var tradeline in file.Tradelines.AsSpan()) Write(ref writer, tradeline);

        writer.Count(file.Positions.AsSpan().Length, file.Positions.IsDefault);
        foreach (var position in file.Positions.AsSpan()) Write(ref writer, position);

        if (file.Profile is { } profile)
        {
            writer.Text(profile.Province);
            if (profile.BirthYear is { } year) writer.Signed(year);
        }

        writer.Count(file.Aliases.AsSpan().Length, file.Aliases.IsDefault);
        foreach (var alias in file.Aliases.AsSpan()) writer.Citizen(alias);

        var totals = writer.BeginPart();
        writer.Count(file.Totals.AsSpan().Length, file.Totals.IsDefault);
        foreach (var kind in file.Totals.AsSpan()) Write(ref writer, kind);
        writer.EndPart(totals);

        string? name = null;
        writer.Count(file.Categories.AsSpan().Length, file.Categories.IsDefault);
        foreach (var category in file.Categories.AsSpan()) Write(ref writer, category, ref name);
    }

    internal static CreditFile Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PackReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new SerializerException($"A credit file of form {version} cannot be read: this build reads form {Version} only.");

        var flags = Flags(reader.Byte(), FileBits);
        var citizen = reader.Citizen();
        var asOf = reader.Day();
        var knownAt = Instant(ref reader);
        var entries = reader.Signed();
        var coverage = (Coverage)reader.Byte();
        var tradelines = Tradelines(ref reader);
        var positions = Positions(ref reader);
        var profile = (flags & HasProfile) == 0
            ? null
            : new CitizenProfile { Province = reader.Text(), BirthYear = (flags & HasBirthYear) == 0 ? null : reader.Signed(int.MinValue, int.MaxValue) };
        var aliases = Aliases(ref reader);
        var (totals, categories) = reader.PartAndRest();
        return new()
        {
            Citizen = citizen,
            AsOf = asOf,
            KnownAt = knownAt,
            Entries = entries,
            Coverage = coverage,
            Refolded = (flags & IsRefolded) != 0,
            PackedTotals = new(totals, Kinds),
            PackedCategories = new(categories, Categories),
            Tradelines = tradelines,
            Positions = positions,
            Profile = profile,
            Aliases = aliases,
        };
    }

    private static int Flags(int flags, int known)
    {
        if ((flags & ~known) != 0) PackReader.ThrowMalformed("a field that this build does not know");
        return flags;
    }

    private static DateTimeOffset Instant(ref PackReader reader)
    {
        const int MostOffsetMinutes = 14 * 60;
        var utcTicks = reader.Word();
        var offset = reader.Signed(-MostOffsetMinutes, MostOffsetMinutes) * TimeSpan.TicksPerMinute;
        var mostTicks = (ulong)DateTimeOffset.MaxValue.UtcTicks;
        if (utcTicks > mostTicks || (ulong)Math.Max(0, (long)utcTicks + offset) > mostTicks || (long)utcTicks + offset < 0) PackReader.ThrowMalformed("an instant beyond the calendar");
        return new((long)utcTicks + offset, new(offset));
    }

    private static void Write(ref PackWriter writer, KindTotals kind)
    {
        writer.Number(kind.Currency.Number);
        writer.Byte((byte)kind.Kind);
        var windows = kind.Totals.AsSpan();
        writer.Count(windows.Length, kind.Totals.IsDefault);
        var before = default(Total);
        foreach (ref readonly var total in windows)
        {
            writer.Signed(unchecked(total.Count - before.Count));
            writer.Amount(unchecked(total.MinorUnits - before.MinorUnits));
            before = total;
        }
    }

    private static ImmutableArray<KindTotals> Kinds(ref PackReader reader)
    {
        var count = reader.Count(LeastKindBytes);
        if (count < 0) return default;
        var kinds = count == 0 ? [] : new KindTotals[count];
        for (var index = 0; index < kinds.Length; index++) kinds[index] = new(Currency(ref reader), (EntryKind)reader.Byte(), Windows(ref reader));
        return ImmutableCollectionsMarshal.AsImmutableArray(kinds);
    }

    private static ImmutableArray<Total> Windows(ref PackReader reader)
    {
        var count = reader.Count(LeastTotalBytes);
        if (count < 0) return default;
        var windows = count == 0 ? [] : new Total[count];
        var before = default(Total);
        for (var index = 0; index < windows.Length; index++)
            windows[index] = before = unchecked(new(before.Count + reader.Signed(), before.MinorUnits + reader.Amount()));
        return ImmutableCollectionsMarshal.AsImmutableArray(windows);
    }

    private static void Write(ref PackWriter writer, CategoryTotals category, ref string? name)
    {
        writer.Text(category.Category, name);
        name = category.Category;
        writer.Number(category.Currency.Number);
        writer.Byte((byte)category.Kind);
        Write(ref writer, category.Lifetime);
        Write(ref writer, category.Months12);
    }

    private static ImmutableArray<CategoryTotals> Categories(ref PackReader reader)
    {
        var count = reader.Count(LeastCategoryBytes);
        if (count < 0) return default;
        var categories = count == 0 ? [] : new CategoryTotals[count];
        string? name = null;
        for (var index = 0; index < categories.Length; index++)
        {
            name = reader.Text(name);
            categories[index] = new(name!, Currency(ref reader), (EntryKind)reader.Byte(), Total(ref reader), Total(ref reader));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(categories);
    }

    private static void Write(ref PackWriter writer, in Total total)
    {
        writer.Signed(total.Count);
        writer.Amount(total.MinorUnits);
    }

    private static Total Total(ref PackReader reader) => new(reader.Signed(), reader.Amount());

    private static Currency Currency(ref PackReader reader) => new((ushort)reader.Number(ushort.MaxValue));

    private static void Write(ref PackWriter writer, TradelineView tradeline)
    {
        writer.Number((ulong)(
            (tradeline.Terms is null ? 0 : HasTerms)
            | (tradeline.OpenedOn is null ? 0 : HasOpenedOn)
            | (tradeline.PrincipalMinorUnits is null ? 0 : HasPrincipal)
            | (tradeline.OutstandingMinorUnits is null ? 0 : HasOutstanding)
            | (tradeline.LimitMinorUnits is null ? 0 : HasLimit)
            | (tradeline.DaysPastDue is null ? 0 : HasDaysPastDue)
            | (tradeline.Status is null ? 0 : HasStatus)
            | (tradeline.ClosedOn is null ? 0 : HasClosedOn)
            | (tradeline.ChargedOffOn is null ? 0 : HasChargedOffOn)));
        writer.Text(tradeline.Id.Value);
        writer.Text(tradeline.Furnisher.Value);
        writer.Number(tradeline.Currency.Number);
        if (tradeline.OpenedOn is { } openedOn) writer.Day(openedOn);
        if (tradeline.Terms is { } terms) Write(ref writer, terms);
        if (tradeline.PrincipalMinorUnits is { } principal) writer.Signed(principal);
        writer.Amount(tradeline.DrawnMinorUnits);
        writer.Amount(tradeline.RepaidMinorUnits);
        if (tradeline.OutstandingMinorUnits is { } outstanding) writer.Amount(outstanding);
        if (tradeline.LimitMinorUnits is { } limit) writer.Signed(limit);
        if (tradeline.DaysPastDue is { } daysPastDue) writer.Signed(daysPastDue);
        writer.Count(tradeline.Grid.AsSpan().Length, tradeline.Grid.IsDefault);
        foreach (var cell in tradeline.Grid.AsSpan()) writer.Signed(cell);
        if (tradeline.Status is { } status) writer.Byte((byte)status);
        if (tradeline.ClosedOn is { } closedOn) writer.Day(closedOn);
        if (tradeline.ChargedOffOn is { } chargedOffOn) writer.Day(chargedOffOn);
        writer.Amount(tradeline.ChargedOffMinorUnits);
    }

    private static ImmutableArray<TradelineView> Tradelines(ref PackReader reader)
    {
        var count = reader.Count(LeastTradelineBytes);
        if (count < 0) return default;
        var tradelines = count == 0 ? [] : new TradelineView[count];
        for (var index = 0; index < tradelines.Length; index++)
        {
            var flags = Flags(reader.Number(int.MaxValue), TradelineBits);

            // In the order in which they are written: an initialiser runs from the top.
            tradelines[index] = new()
            {
                Id = new(reader.Text()!),
                Furnisher = new(reader.Text()!),
                Currency = Currency(ref reader),
                OpenedOn = (flags & HasOpenedOn) == 0 ? null : reader.Day(),
                Terms = (flags & HasTerms) == 0 ? null : Terms(ref reader),
                PrincipalMinorUnits = (flags & HasPrincipal) == 0 ? null : reader.Signed(),
                DrawnMinorUnits = reader.Amount(),
                RepaidMinorUnits = reader.Amount(),
                OutstandingMinorUnits = (flags & HasOutstanding) == 0 ? null : reader.Amount(),
                LimitMinorUnits = (flags & HasLimit) == 0 ? null : reader.Signed(),
                DaysPastDue = (flags & HasDaysPastDue) == 0 ? null : reader.Signed(int.MinValue, int.MaxValue),
                Grid = Grid(ref reader),
                Status = (flags & HasStatus) == 0 ? null : (AccountStatus)reader.Byte(),
                ClosedOn = (flags & HasClosedOn) == 0 ? null : reader.Day(),
                ChargedOffOn = (flags & HasChargedOffOn) == 0 ? null : reader.Day(),
                ChargedOffMinorUnits = reader.Amount(),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(tradelines);
    }

    private static ImmutableArray<short> Grid(ref PackReader reader)
    {
        var count = reader.Count(leastBytes: 1);
        if (count < 0) return default;
        var grid = count == 0 ? [] : new short[count];
        for (var index = 0; index < grid.Length; index++) grid[index] = (short)reader.Signed(short.MinValue, short.MaxValue);
        return ImmutableCollectionsMarshal.AsImmutableArray(grid);
    }

    private static void Write(ref PackWriter writer, LoanTerms terms)
    {
        writer.Byte((byte)terms.Portfolio);
        writer.Byte((byte)(terms.LimitMinorUnits is null ? 0 : HasTermsLimit));
        writer.Signed(terms.TermMonths);
        writer.Signed(terms.InstalmentMinorUnits);
        if (terms.LimitMinorUnits is { } limit) writer.Signed(limit);
        writer.Count(terms.CoLenders.AsSpan().Length, terms.CoLenders.IsDefault);
        foreach (var coLender in terms.CoLenders.AsSpan())
        {
            writer.Text(coLender.Organisation.Value);
            writer.Signed(coLender.BasisPoints);
        }
    }

    private static LoanTerms Terms(ref PackReader reader)
    {
        var portfolio = (PortfolioType)reader.Byte();
        var flags = Flags(reader.Byte(), HasTermsLimit);
        return new()
        {
            Portfolio = portfolio,
            TermMonths = reader.Signed(int.MinValue, int.MaxValue),
            InstalmentMinorUnits = reader.Signed(),
            LimitMinorUnits = (flags & HasTermsLimit) == 0 ? null : reader.Signed(),
            CoLenders = CoLenders(ref reader),
        };
    }

    private static ImmutableArray<CoLender> CoLenders(ref PackReader reader)
    {
        var count = reader.Count(LeastCoLenderBytes);
        if (count < 0) return default;
        var coLenders = count == 0 ? [] : new CoLender[count];
        for (var index = 0; index < coLenders.Length; index++) coLenders[index] = new(new(reader.Text()!), reader.Signed(int.MinValue, int.MaxValue));
        return ImmutableCollectionsMarshal.AsImmutableArray(coLenders);
    }

    private static void Write(ref PackWriter writer, PositionView position)
    {
        writer.Byte((byte)((position.ValueMinorUnits is null ? 0 : HasValue) | (position.ValuedOn is null ? 0 : HasValuedOn)));
        writer.Text(position.Id.Value);
        writer.Number(position.Currency.Number);
        writer.Amount(position.Units);
        writer.Amount(position.CostMinorUnits);
        if (position.ValueMinorUnits is { } value) writer.Signed(value);
        if (position.ValuedOn is { } valuedOn) writer.Day(valuedOn);
        writer.Amount(position.NetInflowMinorUnits);
    }

    private static ImmutableArray<PositionView> Positions(ref PackReader reader)
    {
        var count = reader.Count(LeastPositionBytes);
        if (count < 0) return default;
        var positions = count == 0 ? [] : new PositionView[count];
        for (var index = 0; index < positions.Length; index++)
        {
            var flags = Flags(reader.Byte(), PositionBits);
            positions[index] = new()
            {
                Id = new(reader.Text()!),
                Currency = Currency(ref reader),
                Units = reader.Amount(),
                CostMinorUnits = reader.Amount(),
                ValueMinorUnits = (flags & HasValue) == 0 ? null : reader.Signed(),
                ValuedOn = (flags & HasValuedOn) == 0 ? null : reader.Day(),
                NetInflowMinorUnits = reader.Amount(),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(positions);
    }

    private static ImmutableArray<CitizenId> Aliases(ref PackReader reader)
    {
        var count = reader.Count(CitizenBytes);
        if (count < 0) return default;
        var aliases = count == 0 ? [] : new CitizenId[count];
        for (var index = 0; index < aliases.Length; index++) aliases[index] = reader.Citizen();
        return ImmutableCollectionsMarshal.AsImmutableArray(aliases);
    }
}
