using System.Buffers;

namespace CreditGrains.Ledger;

/// <summary>Turns an accepted entry into the bytes of a record's body, and back.</summary>
/// <remarks>
/// <para>The form is canonical: an entry has one. All numbers are <see cref="Varint"/>s unless a width is given; text is its length and
/// its ASCII characters; a day is its number since 0001-01-01. In order:</para>
/// <code>
/// version          1 byte: 1
/// kind             1 byte
/// parts            1 byte: bit 0 money, 1 tradeline, 2 category, 3 data class, 4 consent, 5 corrects, 6 detail, 7 effect
/// lawful basis     1 byte
/// retention class  1 byte
/// furnisher        text
/// reference        text
/// occurred on      day
/// money            minor units, signed; currency, 2 bytes little-endian
/// tradeline        text
/// category         text
/// data class       1 byte
/// consent          text
/// corrects         furnisher as text, empty where it is the entry's own; reference as text
/// detail           code, 1 byte; length; that many bytes (<see cref="DetailCodec"/>)
/// effect           kind, 1 byte; parts, 1 byte (bits 0, 1, 2 and 6); furnisher, empty where it is the entry's own; day; the parts
/// </code>
/// <para>The citizen is not in it: the record's header holds it. A kind or a detail code that this build does not know is no fault:
/// the envelope is read, the detail passed over by its length, and the entry marked opaque.</para>
/// </remarks>
public static class EntryCodec
{
    /// <summary>The longest body, in bytes. An entry that <see cref="EntryRules"/> lets pass stays well below.</summary>
    public const int MaxBodyBytes = 4_096;

    private const byte Version = 1;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Money = 1,
        Tradeline = 2,
        Category = 4,
        DataClass = 8,
        Consent = 16,
        Corrects = 32,
        Detail = 64,
        Effect = 128,
    }

    /// <summary>Writes a body.</summary>
    /// <param name="entry">The entry; of the form that <see cref="EntryRules"/> lets pass, or written by the ledger itself.</param>
    /// <param name="effect">What a reversal or a correction puts aside; null for all other kinds.</param>
    /// <param name="target">Where to; grows by the body's length.</param>
    /// <returns>The body's length, in bytes.</returns>
    /// <exception cref="ArgumentException">A text is not ASCII, or the body is longer than <see cref="MaxBodyBytes"/>.</exception>
    public static int Encode(Entry entry, Effect? effect, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var length = Encode(entry, effect, target.GetSpan(MaxBodyBytes));
        target.Advance(length);
        return length;
    }

    /// <summary>Writes a body.</summary>
    /// <param name="entry">The entry; of the form that <see cref="EntryRules"/> lets pass, or written by the ledger itself.</param>
    /// <param name="effect">What a reversal or a correction puts aside; null for all other kinds.</param>
    /// <param name="target">Where to; <see cref="MaxBodyBytes"/> are always enough.</param>
    /// <returns>The body's length, in bytes.</returns>
    /// <exception cref="ArgumentException">A text is not ASCII, or the body is longer than <paramref name="target"/>.</exception>
    public static int Encode(Entry entry, Effect? effect, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(entry);
        try
        {
            var writer = new BodyWriter(target);
            Write(entry, effect, ref writer);
            return writer.Length;
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new ArgumentException("The entry is longer than the target.", nameof(target), fault);
        }
    }

    /// <summary>Reads a body.</summary>
    /// <param name="citizen">Whose entry it is, from the record's header.</param>
    /// <param name="body">All of the body's bytes.</param>
    /// <param name="sequence">The record's sequence, to pass on.</param>
    /// <param name="recordedAt">When it was recorded, in microseconds since 1970-01-01 UTC, to pass on.</param>
    /// <exception cref="EntryMalformedException">The bytes are not of the form.</exception>
    public static StoredEntry Decode(CitizenId citizen, ReadOnlySpan<byte> body, ulong sequence = 0, long recordedAt = 0)
    {
        var reader = new BodyReader(body);
        if (reader.Byte("version") != Version) reader.Fail("version");
        var kind = (EntryKind)reader.Byte("kind");
        var parts = (Parts)reader.Byte("parts");
        var lawfulBasis = (LawfulBasis)reader.Byte("lawfulBasis");
        var retentionClass = (RetentionClass)reader.Byte("retentionClass");
        var furnisher = new FurnisherId(reader.Text("furnisher"));
        var isOpaque = !KindTable.Knows(kind);
        var entry = new Entry
        {
            Citizen = citizen,
            Kind = kind,
            LawfulBasis = lawfulBasis,
            RetentionClass = retentionClass,
            Furnisher = furnisher,
            Reference = reader.Text("reference"),
            OccurredOn = reader.Day("occurredOn"),
            Money = parts.HasFlag(Parts.Money) ? reader.Money("money") : null,
            Tradeline = parts.HasFlag(Parts.Tradeline) ? new TradelineId(reader.Text("tradeline")) : null,
            Category = parts.HasFlag(Parts.Category) ? reader.Text("category") : null,
            DataClass = parts.HasFlag(Parts.DataClass) ? (DataClass)reader.Byte("dataClass") : null,
            Consent = parts.HasFlag(Parts.Consent) ? reader.Text("consent") : null,
            Corrects = parts.HasFlag(Parts.Corrects)
                ? new EntryReference(OwnOrOther(furnisher, ref reader, "corrects.furnisher"), reader.Text("corrects.reference"))
                : null,
            Detail = parts.HasFlag(Parts.Detail) ? DetailCodec.Read(ref reader, ref isOpaque) : null,
        };
        var effect = parts.HasFlag(Parts.Effect) ? ReadEffect(ref reader, furnisher, ref isOpaque) : null;
        if (!reader.IsAtEnd) reader.Fail("end");
        return new(entry, effect, sequence, recordedAt, isOpaque);
    }

    /// <summary>Tells whether an entry says again exactly what a stored one says: all that the furnisher sent, and nothing of what the ledger added.</summary>
    /// <param name="stored">The stored entry. An opaque one equals nothing, for what it says is not known.</param>
    /// <param name="entry">The entry sent.</param>
    public static bool SameContent(in StoredEntry stored, Entry entry) => !stored.IsOpaque && stored.Entry.Equals(entry);

    private static void Write(Entry entry, Effect? effect, ref BodyWriter writer)
    {
        writer.Byte(Version);
        writer.Byte((byte)entry.Kind);
        writer.Byte((byte)(PartsOf(entry.Money, entry.Tradeline, entry.Category, entry.Detail)
            | (entry.DataClass is null ? 0 : Parts.DataClass)
            | (entry.Consent is null ? 0 : Parts.Consent)
            | (entry.Corrects is null ? 0 : Parts.Corrects)
            | (effect is null ? 0 : Parts.Effect)));
        writer.Byte((byte)entry.LawfulBasis);
        writer.Byte((byte)entry.RetentionClass);
        writer.Text(entry.Furnisher.Value, "furnisher");
        writer.Text(entry.Reference, "reference");
        writer.Day(entry.OccurredOn);
        if (entry.Money is { } money) writer.Money(money);
        if (entry.Tradeline is { } tradeline) writer.Text(tradeline.Value, "tradeline");
        if (entry.Category is { } category) writer.Text(category, "category");
        if (entry.DataClass is { } dataClass) writer.Byte((byte)dataClass);
        if (entry.Consent is { } consent) writer.Text(consent, "consent");
        if (entry.Corrects is { } corrects)
        {
            writer.Text(corrects.Furnisher == entry.Furnisher ? "" : corrects.Furnisher.Value, "corrects.furnisher");
            writer.Text(corrects.Reference, "corrects.reference");
        }

        if (entry.Detail is { } detail) DetailCodec.Write(detail, ref writer);
        if (effect is not null) WriteEffect(effect, entry.Furnisher, ref writer);
    }

    private static void WriteEffect(Effect effect, FurnisherId own, ref BodyWriter writer)
    {
        writer.Byte((byte)effect.Kind);
        writer.Byte((byte)PartsOf(effect.Money, effect.Tradeline, effect.Category, effect.Detail));
        writer.Text(effect.Furnisher == own ? "" : effect.Furnisher.Value, "effect.furnisher");
        writer.Day(effect.OccurredOn);
        if (effect.Money is { } money) writer.Money(money);
        if (effect.Tradeline is { } tradeline) writer.Text(tradeline.Value, "effect.tradeline");
        if (effect.Category is { } category) writer.Text(category, "effect.category");
        if (effect.Detail is { } detail) DetailCodec.Write(detail, ref writer);
    }

    private static Effect ReadEffect(ref BodyReader reader, FurnisherId own, ref bool isOpaque)
    {
        var kind = (EntryKind)reader.Byte("effect.kind");
        var parts = (Parts)reader.Byte("effect.parts");
        if ((parts & ~(Parts.Money | Parts.Tradeline | Parts.Category | Parts.Detail)) != 0) reader.Fail("effect.parts");
        return new()
        {
            Kind = kind,
            Furnisher = OwnOrOther(own, ref reader, "effect.furnisher"),
            OccurredOn = reader.Day("effect.occurredOn"),
            Money = parts.HasFlag(Parts.Money) ? reader.Money("effect.money") : null,
            Tradeline = parts.HasFlag(Parts.Tradeline) ? new TradelineId(reader.Text("effect.tradeline")) : null,
            Category = parts.HasFlag(Parts.Category) ? reader.Text("effect.category") : null,
            Detail = parts.HasFlag(Parts.Detail) ? DetailCodec.Read(ref reader, ref isOpaque) : null,
        };
    }

    private static FurnisherId OwnOrOther(FurnisherId own, ref BodyReader reader, string field)
    {
        var written = reader.Text(field);
        if (written == own.Value) reader.Fail(field);
        return written.Length == 0 ? own : new(written);
    }

    private static Parts PartsOf(Money? money, TradelineId? tradeline, string? category, EntryDetail? detail) =>
        (money is null ? 0 : Parts.Money)
        | (tradeline is null ? 0 : Parts.Tradeline)
        | (category is null ? 0 : Parts.Category)
        | (detail is null ? 0 : Parts.Detail);
}
