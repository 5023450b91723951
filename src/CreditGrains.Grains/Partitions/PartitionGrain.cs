using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Placement;
using CreditGrains.Journal;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CreditGrains.Grains.Partitions;

/// <summary>One partition's intake and census: takes many citizens' entries in one call and fans them out on its own silo.</summary>
[GrainType(GrainTypes.Partition), PartitionPlacement, GrainDirectory(GrainDirectoryName = PartitionDirectory.Name), Reentrant]
public sealed class PartitionGrain(PartitionHost partitions, PartitionMap map, CitizenReferences citizens) : Grain, IPartitionGrain
{
    private const int CitizensAskedAtOnce = 256;

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries)
    {
        if (entries.IsDefaultOrEmpty) return [];
        var outcomes = new RecordOutcome[entries.Length];

        // One call a citizen: the entries of one are chained in their order by the index of the next.
        var next = new int[entries.Length];
        var lasts = new Dictionary<CitizenId, (int First, int Last)>(entries.Length);
        for (var place = 0; place < entries.Length; place++)
        {
            next[place] = -1;
            ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(lasts, entries[place].Citizen, out var exists);
            if (exists) next[chain.Last] = place;
            chain = (exists ? chain.First : place, place);
        }

        var calls = new ValueTask<RecordOutcome>[lasts.Count];
        var firsts = new int[lasts.Count];
        var count = 0;
        List<Task>? chains = null;
        foreach (var (citizen, (first, last)) in lasts)
        {
            if (first != last)
            {
                (chains ??= []).Add(RecordChain(citizen, first));
                continue;
            }

            firsts[count] = first;
            calls[count++] = citizens.Of(citizen).Record(entries[first]);
        }

        for (var place = 0; place < count; place++) outcomes[firsts[place]] = await calls[place];
        if (chains is not null) await Task.WhenAll(chains);
        return ImmutableCollectionsMarshal.AsImmutableArray(outcomes);

        async Task RecordChain(CitizenId citizen, int first)
        {
            var places = new List<int>();
            for (var place = first; place >= 0; place = next[place]) places.Add(place);
            var answers = await citizens.Of(citizen).RecordMany([.. places.Select(place => entries[place])]);
            for (var index = 0; index < places.Count; index++) outcomes[places[index]] = answers[index];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadAnswer<LedgerTotals>> ReadTotals()
    {
        var partition = map.PartitionOf(this.GetGrainId());
        if (await partitions.OpenAsync(partition) is null) return new(ReadStatus.Unavailable, null);

        var sum = new CensusSum();
        var asked = new List<Task<CitizenTotals?>>(CitizensAskedAtOnce);
        try
        {
            await foreach (var citizen in CitizensAsync(partition))
            {
                asked.Add(citizens.MemberOf(citizen).ReadTotals().AsTask());
                if (asked.Count < CitizensAskedAtOnce) continue;
                if (!await sum.AddAsync(asked)) return new(ReadStatus.Unavailable, null);
                asked.Clear();
            }
        }
        catch (StoreUnavailableException)
        {
            return new(ReadStatus.Unavailable, null);
        }

        return await sum.AddAsync(asked) ? new(ReadStatus.Answered, sum.Result) : new(ReadStatus.Unavailable, null);
    }

    /// <summary>Names every citizen that has a record, in order: from each one's first row straight to the next one's.</summary>
    private async IAsyncEnumerable<CitizenId> CitizensAsync(int partition)
    {
        var end = new RowKey(partition, new(Space.Citizen, UInt128.MaxValue), ulong.MaxValue);
        for (UInt128 from = 0; ;)
        {
            Row? first = null;
            await foreach (var row in partitions.Store.ReadAsync(
                new(partition, new(Space.Citizen, from), 0), end, ReadDirection.Ascending, CancellationToken.None))
            {
                first = row;
                break;
            }

            if (first is not { } found) yield break;
            yield return CitizenId.FromValue(found.Key.Journal.Id);
            if (found.Key.Journal.Id == UInt128.MaxValue) yield break;
            from = found.Key.Journal.Id + 1;
        }
    }
}
