using System.Runtime.InteropServices;

namespace CreditGrains.Client;

/// <summary>Sums totals of several parts of the population.</summary>
internal sealed class TotalsSum
{
    private readonly Dictionary<(FurnisherId Furnisher, EntryKind Kind, Currency Currency), Total> _sums = [];
    private long _citizens;
    private long _entries;

    internal LedgerTotals Result => new(_citizens, _entries,
    [
        .. _sums
            .OrderBy(sum => sum.Key.Furnisher.Value, StringComparer.Ordinal).ThenBy(sum => sum.Key.Kind).ThenBy(sum => sum.Key.Currency)
            .Select(sum => new FurnisherTotal(sum.Key.Furnisher, sum.Key.Kind, sum.Key.Currency, sum.Value)),
    ]);

    internal void Add(LedgerTotals part)
    {
        _citizens += part.Citizens;
        _entries += part.Entries;
        foreach (var total in part.Totals)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (total.Furnisher, total.Kind, total.Currency), out _);
            sum = new(sum.Count + total.Total.Count, sum.MinorUnits + total.Total.MinorUnits);
        }
    }
}
