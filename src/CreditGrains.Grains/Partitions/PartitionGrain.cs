using System.Collections.Immutable;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Placement;
using CreditGrains.Grains.Silos;
using CreditGrains.Journal;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CreditGrains.Grains.Partitions;

/// <summary>One partition's intake and census: takes many citizens' entries in one call and hands them out on its own silo.</summary>
/// <remarks>
/// A citizen that is in memory and has nothing on its way takes its entries at once, and all of a round go into one batch. The others
/// are called: they must be read from the store first, or must wait for what is on its way.
/// </remarks>
[GrainType(GrainTypes.Partition), PartitionPlacement, GrainDirectory(GrainDirectoryName = PartitionDirectory.Name), Reentrant]
public sealed class PartitionGrain(PartitionHost partitions, PartitionMap map, CitizenReferences citizens, ActiveCitizens active) : Grain, IPartitionGrain
{
    private const int CitizensAskedAtOnce = 256;

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries) =>
        LedgerTraces.AreHeard ? LedgerTraces.RecordManyAsync(this, entries, static (grain, entries) => grain.TakeIn(entries)) : TakeIn(entries);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<LedgerTotals>> ReadTotals() =>
        LedgerTraces.AreHeard ? LedgerTraces.ReadAsync("read totals", this, 0, static (grain, _) => grain.Sum()) : Sum();

    private async ValueTask<ImmutableArray<RecordOutcome>> TakeIn(ImmutableArray<Entry> entries)
    {
        if (entries.IsDefaultOrEmpty) return [];
        var partition = map.PartitionOf(this.GetGrainId());
        var round = new IntakeRound(entries, await partitions.OpenAsync(partition));
        List<Task>? calls = null;
        List<(int First, int Left)>? rests = null;
        try
        {
            foreach (var first in round.Chain())
            {
                var left = round.Log is not null && active.Find(partition, entries[first].Citizen) is { } citizen ? citizen.Take(round, first) : first;
                if (left == first) (calls ??= []).Add(CallAsync(round, first));
                else if (left >= 0) (rests ??= []).Add((first, left));
            }
        }
        finally
        {
            round.Log?.Flush();
        }

        await round.AllSettledAsync();
        if (rests is not null) (calls ??= []).AddRange(rests.Select(rest => RestAsync(round, rest.First, rest.Left)));
        if (calls is not null) await Task.WhenAll(calls);
        return round.Outcomes;
    }

    /// <summary>Calls a citizen with its entries from one on.</summary>
    private async Task CallAsync(IntakeRound round, int first)
    {
        var citizen = citizens.Of(round.EntryAt(first).Citizen);
        if (round.After(first) < 0)
        {
            round.Set(first, await citizen.Record(round.EntryAt(first)));
            return;
        }

        var places = round.PlacesFrom(first);
        var outcomes = await citizen.RecordMany([.. places.Select(round.EntryAt)]);
        for (var index = 0; index < places.Count; index++) round.Set(places[index], outcomes[index]);
    }

    /// <summary>Calls a citizen with what it could not take at once, behind what it took.</summary>
    private Task RestAsync(IntakeRound round, int first, int rest)
    {
        // Behind an entry that must be sent again nothing is recorded, so that they come in their order.
        var isLost = round.PlacesFrom(first).TakeWhile(place => place != rest).Any(place => round.Outcomes[place].MayRetry);
        if (!isLost) return CallAsync(round, rest);
        foreach (var place in round.PlacesFrom(rest)) round.Set(place, new(RecordStatus.NotWritten));
        return Task.CompletedTask;
    }

    private async ValueTask<ReadAnswer<LedgerTotals>> Sum()
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
