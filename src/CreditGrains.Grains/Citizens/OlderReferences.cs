using System.Runtime.InteropServices;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <summary>The references of busy citizens that no filter covers any more, indexed in memory; bounded, least recently used first to go.</summary>
/// <remarks>
/// A citizen's filter covers its newest pages. For a citizen with more, each new entry must be looked for among all the older ones; reading
/// those pages each time would cost more than the entry. What is here is only a copy of pages in the store and may be dropped at any time.
/// </remarks>
internal sealed class OlderReferences
{
    private const long MaxBytes = 64 * 1024 * 1024;

    // A digest, a sequence and what a dictionary adds to them.
    private const int BytesPerReference = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<CitizenId, LinkedListNode<Index>> _indexes = [];
    private readonly LinkedList<Index> _byUse = [];
    private long _bytes;

    /// <summary>Names the records that may hold a reference.</summary>
    /// <param name="citizen">Whose reference.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="pages">How many of the citizen's oldest pages to look in.</param>
    /// <param name="read">Reads pages from one number to another, in order; pages count from 0.</param>
    internal async ValueTask<IReadOnlyList<ulong>> FindAsync(
        CitizenId citizen, ulong digest, int pages, Func<int, int, IAsyncEnumerable<ReadOnlyMemory<byte>>> read)
    {
        var index = Use(citizen);
        if (index.Pages < pages)
        {
            // Calls of one citizen can interleave here between two pages. Each page goes in once, whoever reads it first.
            var next = index.Pages;
            await foreach (var page in read(next, pages - 1))
            {
                if (index.Pages == next) index.Add(page.Span);
                next++;
            }

            Account(index);
        }

        return index.Find(digest);
    }

    private Index Use(CitizenId citizen)
    {
        lock (_gate)
        {
            if (_indexes.TryGetValue(citizen, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value;
            }

            node = _byUse.AddFirst(new Index(citizen));
            _indexes.Add(citizen, node);
            return node.Value;
        }
    }

    private void Account(Index index)
    {
        lock (_gate)
        {
            if (!_indexes.ContainsKey(index.Citizen)) return;
            _bytes += index.TakeGrowth() * BytesPerReference;
            while (_bytes > MaxBytes && _byUse.Last is { } last && last.Value != index)
            {
                _bytes -= last.Value.Counted * BytesPerReference;
                _indexes.Remove(last.Value.Citizen);
                _byUse.RemoveLast();
            }
        }
    }

    private sealed class Index(CitizenId citizen)
    {
        private readonly Dictionary<ulong, ulong> _sequences = [];
        private readonly Dictionary<ulong, List<ulong>> _collisions = [];

        internal CitizenId Citizen => citizen;

        /// <summary>How many of the oldest pages are in it.</summary>
        internal int Pages { get; private set; }

        internal long Counted { get; private set; }

        internal long TakeGrowth()
        {
            var growth = _sequences.Count - Counted;
            Counted = _sequences.Count;
            return growth;
        }

        internal void Add(ReadOnlySpan<byte> bytes)
        {
            var page = ReferencePage.Decode(Pages, bytes);
            for (var place = 0; place < ReferencePage.Size; place++)
            {
                var (digest, sequence) = (page.Digests[place], page.Sequences[place]);
                ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_sequences, digest, out var exists);
                if (!exists) held = sequence;
                else if (held != sequence) (CollectionsMarshal.GetValueRefOrAddDefault(_collisions, digest, out _) ??= []).Add(sequence);
            }

            Pages++;
        }

        internal IReadOnlyList<ulong> Find(ulong digest) =>
            !_sequences.TryGetValue(digest, out var sequence) ? []
            : _collisions.TryGetValue(digest, out var others) ? [sequence, .. others]
            : [sequence];
    }
}
