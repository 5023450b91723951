namespace CreditGrains.Ledger;

/// <content>What cannot be accepted because of what the file holds.</content>
public sealed partial class CitizenState
{
    /// <summary>Tells why an entry cannot be accepted into this file.</summary>
    /// <param name="entry">An entry that <see cref="EntryRules"/> let pass and whose reference is new.</param>
    /// <param name="effect">What a correction puts aside, as <see cref="CorrectionRules"/> found it; null for other kinds.</param>
    /// <returns>
    /// The first refusal that applies, from <see cref="RecordRefusal.CurrencyMismatch"/> to <see cref="RecordRefusal.FileFull"/>, or null if
    /// none does.
    /// </returns>
    public RecordOutcome? FirstRefusal(Entry entry, Effect? effect = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Kind == EntryKind.EntryReversed || KindTable.FormOf(new Content(entry).Kind) is not { IsFurnished: true } form) return null;

        var content = new Content(entry);
        var (section, id) = form.Subject switch
        {
            Subject.Tradeline => (Section.Tradelines, content.Tradeline?.Value),
            Subject.Position => (Section.Positions, content.Position?.Value),
            _ => (default(Section), null),
        };
        if (id is not null && Subjects.TryFind(_sections, section, id, out var row))
        {
            if (content.Money is { } money && row.Currency != 0 && CurrencyAt(row.Currency) != money.Currency)
                return RecordOutcome.Refused(RecordRefusal.CurrencyMismatch, "money.currency");
            if (content.Kind == EntryKind.LoanOpened && Openings(row) > (IsOpeningOf(effect, id) ? 1 : 0))
                return RecordOutcome.Refused(RecordRefusal.TradelineAlreadyOpen, "tradeline");
        }
        else if (id is not null && Subjects.Count(_sections, section) >= (section == Section.Tradelines ? MaxTradelines : MaxPositions))
        {
            return RecordOutcome.Refused(RecordRefusal.FileFull, section == Section.Tradelines ? "tradeline" : "detail.position");
        }

        if (content.Detail is IdentityLink link && FirstLinkRefusal(entry, link) is { } refusal) return refusal;
        if (!TryFindName(Section.Furnishers, content.Furnisher.Value, out var furnishers) && furnishers >= MaxFurnishers)
            return RecordOutcome.Refused(RecordRefusal.FileFull, "furnisher");
        if (content.Category is { } category && !TryFindName(Section.Categories, category, out var categories) && categories >= MaxCategories)
            return RecordOutcome.Refused(RecordRefusal.FileFull, "category");
        return null;
    }

    /// <summary>
    /// Tells whether an entry must wait until all that was accepted before it is folded, because the answer could depend on it. What is
    /// not so may be accepted while earlier entries are on their way to the store: ordinary payments and repayments.
    /// </summary>
    /// <param name="entry">An entry that <see cref="EntryRules"/> let pass.</param>
    public bool NeedsQuiet(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if ((byte)entry.Kind >= FirstUnfurnishedKind) return false; // traces: nothing of the file decides about them
        if (entry.Kind is EntryKind.EntryReversed or EntryKind.EntryCorrected or EntryKind.LoanOpened or EntryKind.IdentityLinked or EntryKind.IdentityUnlinked)
            return true;
        if (!TryFindName(Section.Furnishers, entry.Furnisher.Value, out _)) return true;
        if (entry.Category is { } category && !TryFindName(Section.Categories, category, out _)) return true;

        var content = new Content(entry);
        return KindTable.FormOf(entry.Kind)?.Subject switch
        {
            Subject.Tradeline => IsUnsettled(Section.Tradelines, content.Tradeline?.Value, content.Money is not null),
            Subject.Position => IsUnsettled(Section.Positions, content.Position?.Value, content.Money is not null),
            _ => false,
        };
    }

    /// <summary>Whether a row does not yet exist, or does not yet have the currency that money would have to match.</summary>
    private bool IsUnsettled(Section section, string? id, bool hasMoney) =>
        id is null || !Subjects.TryFind(_sections, section, id, out var row) || (hasMoney && row.Currency == 0);

    private static long Openings(in SubjectRow row)
    {
        var count = 0L;
        var reader = row.Read();
        while (reader.Read())
            if (reader.Current.Kind == EntryKind.LoanOpened) count += reader.Current.Count;
        return count;
    }

    private static bool IsOpeningOf(Effect? effect, string tradeline) => effect is { Kind: EntryKind.LoanOpened } && effect.Tradeline?.Value == tradeline;

    private RecordOutcome? FirstLinkRefusal(Entry entry, IdentityLink link)
    {
        if (link.Other == entry.Citizen) return RecordOutcome.Refused(RecordRefusal.LinkToSelf, "detail.other");
        if (entry.Kind == EntryKind.IdentityUnlinked)
            return NetLinks(link.Other, link.Role) > 0 ? null : RecordOutcome.Refused(RecordRefusal.NotLinked, "detail.other");

        // An alias has one principal and no aliases of its own: a person's ids are one step apart.
        var contradicts = NetLinks(null, IdentityRole.Alias) > 0
            || (link.Role == IdentityRole.Principal ? NetLinks(link.Other, IdentityRole.Principal) > 0 : NetLinks(null, IdentityRole.Principal) > 0);
        return contradicts ? RecordOutcome.Refused(RecordRefusal.AlreadyLinked, "detail.other") : null;
    }
}
