using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CreditGrains.Grains.Citizens;
using CreditGrains.Journal;

namespace CreditGrains.Grains.Partitions;

/// <summary>One call to a partition's intake: its entries, chained by citizen, and what became of them.</summary>
internal sealed class IntakeRound
{
    private readonly ImmutableArray<Entry> _entries;
    private readonly int[] _after;
    private readonly RecordOutcome[] _outcomes;
    private readonly List<(PendingRecord Record, int Place)> _awaited;
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unsettled = 1; // records under way, and the round itself until it has been filled

    internal IntakeRound(ImmutableArray<Entry> entries, PartitionLog? log)
    {
        _entries = entries;
        _after = new int[entries.Length];
        _outcomes = new RecordOutcome[entries.Length];
        _awaited = new(entries.Length);
        Log = log;
    }

    /// <summary>Gets the partition's log; null while it is not this silo's.</summary>
    internal PartitionLog? Log { get; }

    internal ImmutableArray<RecordOutcome> Outcomes => ImmutableCollectionsMarshal.AsImmutableArray(_outcomes);

    internal Entry EntryAt(int place) => _entries[place];

    /// <summary>Gives the place of the same citizen's next entry; negative if there is none.</summary>
    internal int After(int place) => _after[place];

    /// <summary>Chains the entries of each citizen in their order, and gives the place of each one's first.</summary>
    internal List<int> Chain()
    {
        var firsts = new List<int>(_entries.Length);
        var lasts = new Dictionary<CitizenId, int>(_entries.Length);
        for (var place = 0; place < _entries.Length; place++)
        {
            _after[place] = -1;
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(lasts, _entries[place].Citizen, out var exists);
            if (exists) _after[last] = place;
            else firsts.Add(place);
            last = place;
        }

        return firsts;
    }

    internal List<int> PlacesFrom(int first)
    {
        var places = new List<int>();
        for (var place = first; place >= 0; place = _after[place]) places.Add(place);
        return places;
    }

    internal void Set(int place, in RecordOutcome outcome) => _outcomes[place] = outcome;

    /// <summary>Waits for a record that an entry went into. Inside its citizen's gate, before it is committed.</summary>
    internal void Await(PendingRecord record, int place)
    {
        if (record.Round is null)
        {
            record.Round = this;
            Interlocked.Increment(ref _unsettled);
        }

        _awaited.Add((record, place));
    }

    /// <summary>Counts a record as settled. From any thread.</summary>
    internal void Settled()
    {
        if (Interlocked.Decrement(ref _unsettled) == 0) _settled.TrySetResult();
    }

    /// <summary>Waits until every record is settled, and takes over their outcomes. Asked once, when nothing more will be awaited.</summary>
    internal async ValueTask AllSettledAsync()
    {
        Settled();
        await _settled.Task;
        foreach (var (record, place) in _awaited) _outcomes[place] = record.Outcome;
    }
}
