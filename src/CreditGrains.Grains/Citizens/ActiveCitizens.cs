using System.Numerics;

namespace CreditGrains.Grains.Citizens;

/// <summary>Finds the citizens that are in this silo's memory, by partition and id: for the partition's intake.</summary>
/// <remarks>
/// One table a partition, of nothing but references, found by the id's own trailing bits, which are uniform: 11 to 22 bytes a citizen.
/// A citizen that is in memory and not in here is merely slower to reach.
/// </remarks>
public sealed class ActiveCitizens(LedgerSettings ledger)
{
    private readonly Table[] _tables = [.. Enumerable.Range(0, ledger.PartitionCount).Select(_ => new Table())];

    /// <summary>Counts the citizens in here: those in memory that have been called.</summary>
    public long Count()
    {
        long count = 0;
        foreach (var table in _tables) count += table.Count;
        return count;
    }

    internal CitizenGrain? Find(int partition, CitizenId id) => _tables[partition].Find(id);

    internal void Add(int partition, CitizenGrain citizen) => _tables[partition].Add(citizen);

    internal void Remove(int partition, CitizenGrain citizen) => _tables[partition].Remove(citizen);

    /// <summary>Open addressing, each citizen at its id's slot or the next free one after it; no slot is ever a tombstone.</summary>
    private sealed class Table
    {
        private const int MinSlots = 8;

        private readonly Lock _gate = new();
        private CitizenGrain?[] _slots = [];
        private int _count;

        /// <summary>Gets how many are in it, or were a moment ago.</summary>
        internal int Count => Volatile.Read(ref _count);

        internal CitizenGrain? Find(CitizenId id)
        {
            lock (_gate)
            {
                if (_count == 0) return null;
                for (var slot = HomeOf(id); _slots[slot] is { } held; slot = Next(slot))
                    if (held.Id == id) return held;
                return null;
            }
        }

        internal void Add(CitizenGrain citizen)
        {
            lock (_gate)
            {
                // Three quarters full at most, so that searches end soon.
                if (4 * (_count + 1) > 3 * _slots.Length) Resize(Math.Max(MinSlots, 2 * _slots.Length));
                Place(citizen);
                _count++;
            }
        }

        internal void Remove(CitizenGrain citizen)
        {
            lock (_gate)
            {
                if (_count == 0) return;
                var gap = HomeOf(citizen.Id);
                while (_slots[gap] is { } held && !ReferenceEquals(held, citizen)) gap = Next(gap);
                if (_slots[gap] is null) return;

                // Who stands behind the gap moves into it, unless its home lies between the two.
                for (var slot = Next(gap); _slots[slot] is { } held; slot = Next(slot))
                {
                    if (Distance(HomeOf(held.Id), slot) < Distance(gap, slot)) continue;
                    _slots[gap] = held;
                    gap = slot;
                }

                _slots[gap] = null;
                _count--;
                if (_slots.Length > MinSlots && 8 * _count < _slots.Length) Resize(_slots.Length / 2);
            }
        }

        private void Resize(int slots)
        {
            var old = _slots;
            _slots = new CitizenGrain?[(int)BitOperations.RoundUpToPowerOf2((uint)slots)];
            foreach (var citizen in old)
                if (citizen is not null) Place(citizen);
        }

        private void Place(CitizenGrain citizen)
        {
            var slot = HomeOf(citizen.Id);
            while (_slots[slot] is not null) slot = Next(slot);
            _slots[slot] = citizen;
        }

        private int HomeOf(CitizenId id) => (int)(id.Low & (uint)(_slots.Length - 1));

        private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

        private int Distance(int from, int to) => (to - from) & (_slots.Length - 1);
    }
}
