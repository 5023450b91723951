namespace CreditGrains.Ledger;

/// <summary>An accepted entry as the journal holds it.</summary>
/// <param name="Entry">The entry as it was furnished.</param>
/// <param name="Effect">What a reversal or a correction puts aside; null for all other kinds.</param>
/// <param name="Sequence">The citizen's record that holds it, from 1; 0 where nobody asks.</param>
/// <param name="RecordedAt">When it was recorded, in microseconds since 1970-01-01 UTC; 0 where nobody asks.</param>
/// <param name="IsOpaque">Whether it holds a kind or a detail that this build does not know. The envelope is right; the detail is null.</param>
public readonly record struct StoredEntry(
    Entry Entry, Effect? Effect = null, ulong Sequence = 0, long RecordedAt = 0, bool IsOpaque = false);

/// <summary>What stood until a reversal or a correction put it aside.</summary>
/// <remarks>
/// The grain reads the original once, finds what stands of it (<see cref="CorrectionRules"/>) and writes it into the new entry, so
/// that a fold can undo it and never looks back.
/// </remarks>
public sealed record Effect
{
    /// <summary>Gets the kind that stood; never a reversal or a correction.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Gets who furnished it.</summary>
    public required FurnisherId Furnisher { get; init; }

    /// <summary>Gets the day on which it stood.</summary>
    public required DateOnly OccurredOn { get; init; }

    /// <summary>Gets its money, where it had any.</summary>
    public Money? Money { get; init; }

    /// <summary>Gets its tradeline, where it had one.</summary>
    public TradelineId? Tradeline { get; init; }

    /// <summary>Gets its category, where it had one.</summary>
    public string? Category { get; init; }

    /// <summary>Gets its detail, where it had one.</summary>
    public EntryDetail? Detail { get; init; }

    /// <summary>Tells what an entry says that stands: its own content, or what a correction puts in the place of another's.</summary>
    /// <param name="entry">Any entry but a reversal.</param>
    public static Effect Of(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var content = new Content(entry);
        return new()
        {
            Kind = content.Kind,
            Furnisher = content.Furnisher,
            OccurredOn = content.OccurredOn,
            Money = content.Money,
            Tradeline = content.Tradeline,
            Category = content.Category,
            Detail = content.Detail,
        };
    }
}

/// <summary>The part of an entry that a fold counts, whichever of the three it comes from: an entry, a correction or an effect.</summary>
internal readonly struct Content
{
    internal Content(Entry entry)
    {
        var correction = entry.Kind == EntryKind.EntryCorrected ? entry.Detail as Correction : null;
        Kind = correction?.As ?? entry.Kind;
        Detail = correction is null ? entry.Detail : correction.Detail;
        Furnisher = entry.Furnisher;
        OccurredOn = entry.OccurredOn;
        Money = entry.Money;
        Tradeline = entry.Tradeline;
        Category = entry.Category;
    }

    internal Content(Effect effect)
    {
        Kind = effect.Kind;
        Detail = effect.Detail;
        Furnisher = effect.Furnisher;
        OccurredOn = effect.OccurredOn;
        Money = effect.Money;
        Tradeline = effect.Tradeline;
        Category = effect.Category;
    }

    internal EntryKind Kind { get; }

    internal FurnisherId Furnisher { get; }

    internal DateOnly OccurredOn { get; }

    internal Money? Money { get; }

    internal TradelineId? Tradeline { get; }

    internal string? Category { get; }

    internal EntryDetail? Detail { get; }

    internal PositionId? Position => (Detail as InvestmentHolding)?.Position;
}
