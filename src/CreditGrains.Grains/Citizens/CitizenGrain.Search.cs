using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

public sealed partial class CitizenGrain
{
    /// <summary>Looks for the entry of a name. Memory says "no" for certain or "maybe"; then the record is read and compared.</summary>
    private ValueTask<StoredEntry?> FindAsync(ulong digest, EntryReference sought)
    {
        var probe = _state.References.Probe(digest);
        return probe.IsNew ? new((StoredEntry?)null) : FindAsync(digest, sought, probe);
    }

    private async ValueTask<StoredEntry?> FindAsync(ulong digest, EntryReference sought, ReferenceProbe probe)
    {
        foreach (var sequence in probe.RecentSequences)
        {
            if (await FindInRecordAsync(sequence, sought) is { } found) return found;
        }

        foreach (var page in probe.Pages)
        {
            await foreach (var bytes in ReadPagesAsync(page, page))
            {
                foreach (var sequence in ReferencePage.Find(bytes.Span, digest))
                {
                    if (await FindInRecordAsync(sequence, sought) is { } found) return found;
                }
            }
        }

        if (probe.UnfilteredPages == 0) return null;
        foreach (var sequence in await services.Older.FindAsync(_id, digest, probe.UnfilteredPages, ReadPagesAsync))
        {
            if (await FindInRecordAsync(sequence, sought) is { } found) return found;
        }

        return null;
    }

    /// <summary>Finds what a reversal or a correction would put aside, or why it cannot. Asked only while nothing is on its way.</summary>
    private async ValueTask<CorrectionFinding> FindEffectAsync(Entry entry)
    {
        if (CorrectionRules.FirstRefusal(entry) is { } refusal) return new(refusal, null);

        var sought = entry.Corrects!.Value;
        var digest = services.ReferenceKey.DigestOf(sought);
        var original = await FindAsync(digest, sought);
        var since = new List<StoredEntry>();
        foreach (var sequence in _state.References.CorrectionsOf(digest))
        {
            await foreach (var row in _log!.ReadJournal(Journal, sequence, sequence, ReadDirection.Ascending, CancellationToken.None))
                since.AddRange(Decode(services.Open(row)));
        }

        return CorrectionRules.Find(entry, original, since);
    }

    private async ValueTask<StoredEntry?> FindInRecordAsync(ulong sequence, EntryReference sought)
    {
        await foreach (var row in _log!.ReadJournal(Journal, sequence, sequence, ReadDirection.Ascending, CancellationToken.None))
        {
            foreach (var stored in Decode(services.Open(row)))
            {
                if (stored.Entry.Reference == sought.Reference && stored.Entry.Furnisher == sought.Furnisher) return stored;
            }
        }

        return null;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPagesAsync(int from, int to)
    {
        var next = from;
        await foreach (var row in _log!.ReadJournal(PagesJournal, RowOf(from), RowOf(to), ReadDirection.Ascending, CancellationToken.None))
        {
            // A page that is missing would hide an entry sent again, and double it.
            if (row.Key.Number != RowOf(next) || services.Open(row).Bodies is not [{ } page]) break;
            yield return page;
            next++;
        }

        if (next <= to) throw new JournalBrokenException(new(_log.Partition, PagesJournal, RowOf(next)), JournalDamage.RecordMissing);
    }

    /// <summary>Gives the number of a page's row: pages count from 0 and rows from 1.</summary>
    internal static ulong RowOf(int page) => (ulong)page + 1;
}
