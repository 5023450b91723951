namespace CreditGrains.Ledger;

/// <summary>Folds a citizen's journal anew: for a file further back than the state reaches, and to hold a state against.</summary>
/// <remarks>
/// A past file is a function of the entries that occurred on or before its day and were recorded at or before its instant, and of nothing
/// else: a reversal or correction outside that set has no effect, and of an entry's corrections the last one inside it stands, whether or
/// not the entry itself is inside.
/// </remarks>
public static class PastFold
{
    /// <summary>Folds all entries of a citizen as they were accepted. The result is the same state that the grain holds.</summary>
    /// <param name="entries">All entries, in the order of their recording.</param>
    public static CitizenState Fold(IEnumerable<StoredEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        CitizenState state = new();
        foreach (var entry in entries) state.Apply(entry);
        return state;
    }

    /// <summary>Folds what was known at an instant of what had occurred by a day.</summary>
    /// <param name="entries">All entries of a citizen, in the order of their recording; those recorded later may be left out.</param>
    /// <param name="asOf">The day, inclusive.</param>
    /// <param name="knownAt">The instant, in microseconds since 1970-01-01 UTC, inclusive.</param>
    /// <returns>A state to read the file of that day from; <see cref="CitizenState.CanAnswer"/> affirms it. It is not to be folded on.</returns>
    public static CitizenState Fold(IEnumerable<StoredEntry> entries, DateOnly asOf, long knownAt)
    {
        ArgumentNullException.ThrowIfNull(entries);
        CitizenState state = new();

        // What each entry named by a reversal or correction has come to, within the set; null once it is reversed.
        Dictionary<EntryReference, Entry?> changed = [];
        List<Entry> originals = [];
        foreach (var stored in entries)
        {
            var entry = stored.Entry;
            if (entry.OccurredOn > asOf || stored.RecordedAt > knownAt) continue;
            state.FoldTrace(entry);
            if (!state.Accept(entry)) continue;
            if (!CorrectionRules.Concern(entry) || entry.Corrects is not { } named) originals.Add(entry);
            else changed[named] = entry.Kind == EntryKind.EntryReversed ? null : entry;
        }

        foreach (var original in originals)
            if (!changed.ContainsKey(new(original.Furnisher, original.Reference))) state.Fold(new Content(original), +1);
        foreach (var correction in changed.Values)
            if (correction is not null) state.Fold(new Content(correction), +1);

        return state;
    }
}
