using CreditGrains.Client;

namespace CreditGrains.Chaos;

/// <summary>What citizens' histories hold, against what was acknowledged.</summary>
internal sealed class Held
{
    private long _citizens;
    private long _entries;
    private long _minorUnits;

    /// <summary>Gets how many acknowledged entries are in no history.</summary>
    internal long Lost { get; private set; }

    /// <summary>Gets how many references stand more than once.</summary>
    internal long Duplicated { get; private set; }

    /// <summary>Reads every history.</summary>
    internal static async Task<Held> CountAsync(ILedgerClient ledger, IReadOnlyList<Witness> witnesses)
    {
        var held = new Held();
        await Parallel.ForEachAsync(witnesses, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (witness, stop) =>
        {
            HashSet<int> found = [];
            var (duplicated, minorUnits) = (0L, 0L);
            await foreach (var entry in ledger.ReadHistoryAsync(witness.Citizen, stop))
            {
                if (!found.Add(Load.NumberOf(entry.Entry!))) duplicated++;
                minorUnits += entry.Entry!.Money!.Value.MinorUnits;
            }

            var lost = Enumerable.Range(1, witness.Sent).Count(number => witness.WasAcknowledged(number) && !found.Contains(number));
            lock (held)
            {
                held._citizens += found.Count > 0 ? 1 : 0;
                held._entries += found.Count + duplicated;
                held._minorUnits += minorUnits;
                held.Lost += lost;
                held.Duplicated += duplicated;
            }
        });
        return held;
    }

    /// <summary>Whether totals say the same as the histories together.</summary>
    internal bool IsSumOf(LedgerTotals totals) =>
        totals.Citizens == _citizens && totals.Entries == _entries
        && totals.Totals is [{ Kind: EntryKind.PaymentMade } only]
        && only.Furnisher == Load.Furnisher && only.Currency == Load.Currency && only.Total.Count == _entries && only.Total.MinorUnits == _minorUnits;
}
