using System.Runtime.InteropServices;
using CreditGrains.Grains.Citizens;

namespace CreditGrains.Grains.Partitions;

/// <summary>Sums the totals of a partition's citizens.</summary>
internal sealed class CensusSum
{
    private readonly Dictionary<(FurnisherId Furnisher, EntryKind Kind, Currency Currency), Total> _sums = [];
    private long _citizens;
    private long _entries;

    internal LedgerTotals Result => new(
        _citizens, _entries, [.. _sums.Select(sum => new FurnisherTotal(sum.Key.Furnisher, sum.Key.Kind, sum.Key.Currency, sum.Value))]);

    /// <summary>Adds what the citizens answer. False if one could not: a sum without it would be wrong.</summary>
    internal async ValueTask<bool> AddAsync(List<Task<CitizenTotals?>> asked)
    {
        var isComplete = true;
        foreach (var answer in asked)
        {
            if (await answer is not { } totals)
            {
                isComplete = false;
                continue;
            }

            if (totals.Entries == 0) continue;
            _citizens++;
            _entries += totals.Entries;
            foreach (var total in totals.Totals)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (total.Furnisher, total.Kind, total.Currency), out _);
                sum = new(sum.Count + total.Total.Count, sum.MinorUnits + total.Total.MinorUnits);
            }
        }

        return isComplete;
    }
}
