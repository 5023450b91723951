namespace CreditGrains.Ledger;

/// <summary>What a reversal or a correction finds when it looks for the entry that it names.</summary>
/// <param name="Refusal">Why it cannot be accepted; null if it can.</param>
/// <param name="Effect">What stands of the entry named and is put aside; null where there is a refusal.</param>
public readonly record struct CorrectionFinding(RecordOutcome? Refusal, Effect? Effect);

/// <summary>Whether an entry can be reversed or corrected, and what stands of it.</summary>
/// <remarks>
/// Reversals and corrections name the original, never one another: of several corrections the last stands, and a reversal is final.
/// The refusals are those from <see cref="RecordRefusal.NotFurnishersEntry"/> to <see cref="RecordRefusal.AlreadyReversed"/>, in that order.
/// </remarks>
public static class CorrectionRules
{
    /// <summary>Tells whether an entry is a reversal or a correction, for which alone there is something to find.</summary>
    /// <param name="entry">Any entry.</param>
    public static bool Concern(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Kind is EntryKind.EntryReversed or EntryKind.EntryCorrected;
    }

    /// <summary>Tells what can be told before the original is read: whether it is the furnisher's own.</summary>
    /// <param name="entry">A reversal or correction that <see cref="EntryRules"/> let pass.</param>
    /// <returns>The refusal, or null if the original is to be read.</returns>
    public static RecordOutcome? FirstRefusal(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Corrects is { } corrects && corrects.Furnisher != entry.Furnisher
            ? RecordOutcome.Refused(RecordRefusal.NotFurnishersEntry, "corrects.furnisher")
            : null;
    }

    /// <summary>Finds what stands of the entry that a reversal or correction names.</summary>
    /// <param name="entry">A reversal or correction that <see cref="EntryRules"/> let pass.</param>
    /// <param name="original">The entry of the name that <see cref="Entry.Corrects"/> gives; null where there is none.</param>
    /// <param name="since">
    /// Accepted entries in the order of their recording, among them every reversal and correction of the original; others are passed
    /// over. <see cref="References.CorrectionsOf"/> tells in which records they are.
    /// </param>
    public static CorrectionFinding Find(Entry entry, StoredEntry? original, IEnumerable<StoredEntry> since)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(since);
        if (FirstRefusal(entry) is { } notOwn) return new(notOwn, null);
        if (original is not { Entry: { } standing }) return Refused(RecordRefusal.UnknownEntry);
        if (KindTable.FormOf(standing.Kind) is not { IsCorrectable: true }) return Refused(RecordRefusal.NotReversible);
        foreach (var later in since)
        {
            if (!Concern(later.Entry) || later.Entry.Corrects != entry.Corrects) continue;
            if (later.Entry.Kind == EntryKind.EntryReversed) return Refused(RecordRefusal.AlreadyReversed);
            standing = later.Entry;
        }

        return new(null, Effect.Of(standing));
    }

    private static CorrectionFinding Refused(RecordRefusal refusal) => new(RecordOutcome.Refused(refusal, "corrects"), null);
}
