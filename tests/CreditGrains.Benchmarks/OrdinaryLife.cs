using CreditGrains.Silo.Nation;

namespace CreditGrains.Benchmarks;

/// <summary>Citizens with 24 months of ordinary life: 500 entries and two tradelines each.</summary>
internal static class OrdinaryLife
{
    private const ulong Seed = 1;
    private static readonly DateOnly FirstDay = new(2024, 1, 1);

    /// <summary>Gets the last day of every such life.</summary>
    internal static DateOnly LastDay { get; } = FirstDay.AddMonths(OrdinaryCitizen.Months).AddDays(-1);

    /// <summary>Makes their entries, one citizen's n-th beside all others' n-th, as they would come in time.</summary>
    internal static async IAsyncEnumerable<Entry> Of(CitizenId[] citizens)
    {
        await Task.CompletedTask;
        foreach (var group in citizens.Chunk(2_000))
        {
            var lives = group.Select((citizen, number) => OrdinaryCitizen.Entries(Seed, (ulong)number, citizen, FirstDay).ToArray()).ToArray();
            for (var place = 0; place < OrdinaryCitizen.EntryCount; place++)
                foreach (var life in lives)
                    yield return life[place];
        }
    }
}
