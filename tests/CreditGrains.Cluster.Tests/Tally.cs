namespace CreditGrains.Cluster.Tests;

/// <summary>What payments sum to, counted the simplest way there is: to hold files and totals against.</summary>
internal sealed class Tally
{
    private readonly Dictionary<CitizenId, Dictionary<(FurnisherId Furnisher, EntryKind Kind, Currency Currency), Total>> _citizens = [];
    private readonly Dictionary<CitizenId, List<Entry>> _entries = [];

    internal IEnumerable<CitizenId> Citizens => _citizens.Keys;

    internal IReadOnlyList<Entry> EntriesOf(CitizenId citizen) => _entries.GetValueOrDefault(citizen, []);

    /// <summary>Counts payments that were recorded once and stand.</summary>
    internal Tally Count(params IEnumerable<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (!_citizens.TryGetValue(entry.Citizen, out var sums)) _citizens.Add(entry.Citizen, sums = []);
            if (!_entries.TryGetValue(entry.Citizen, out var list)) _entries.Add(entry.Citizen, list = []);
            var key = (entry.Furnisher, entry.Kind, entry.Money!.Value.Currency);
            var sum = sums.GetValueOrDefault(key);
            sums[key] = new(sum.Count + 1, sum.MinorUnits + entry.Money.Value.MinorUnits);
            list.Add(entry);
        }

        return this;
    }

    /// <summary>The totals over all citizens, in the ledger's order.</summary>
    internal LedgerTotals Totals => new(
        _citizens.Count,
        _entries.Values.Sum(list => (long)list.Count),
        [
            .. _citizens.Values.SelectMany(sums => sums).GroupBy(sum => sum.Key)
                .OrderBy(group => group.Key.Furnisher.Value, StringComparer.Ordinal).ThenBy(group => group.Key.Kind).ThenBy(group => group.Key.Currency)
                .Select(group => new FurnisherTotal(
                    group.Key.Furnisher, group.Key.Kind, group.Key.Currency,
                    new(group.Sum(sum => sum.Value.Count), group.Aggregate((Int128)0, (all, sum) => all + sum.Value.MinorUnits)))),
        ]);

    /// <summary>Holds a citizen's file against the count.</summary>
    internal void AssertFile(CitizenId citizen, CreditFile file)
    {
        Assert.Equal(EntriesOf(citizen).Count, file.Entries);
        var expected = _citizens.GetValueOrDefault(citizen, [])
            .GroupBy(sum => (sum.Key.Kind, sum.Key.Currency))
            .ToDictionary(group => group.Key, group => new Total(group.Sum(sum => sum.Value.Count), group.Aggregate((Int128)0, (all, sum) => all + sum.Value.MinorUnits)));
        Assert.Equal(expected, file.Totals.ToDictionary(row => (row.Kind, row.Currency), row => row[Window.Lifetime]));
    }

    internal static void AssertSame(LedgerTotals expected, LedgerTotals actual)
    {
        Assert.Equal((expected.Citizens, expected.Entries), (actual.Citizens, actual.Entries));
        Assert.Equal(expected.Totals.AsEnumerable(), actual.Totals.AsEnumerable());
    }
}
