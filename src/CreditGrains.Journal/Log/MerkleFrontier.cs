using System.Numerics;
using System.Runtime.InteropServices;

namespace CreditGrains.Journal;

/// <summary>The right edge of an RFC 6962 Merkle tree over a partition's record hashes: enough to add leaves and to give the root.</summary>
/// <remarks>
/// It holds one hash for each whole subtree, the largest first: as many as the number of leaves has one-bits. A leaf's hash is SHA-256 of
/// a zero byte and the record hash, a node's that of a one byte and its two children. Not for use from two threads at once.
/// </remarks>
public sealed class MerkleFrontier
{
    private readonly RecordHash[] _subtrees = new RecordHash[64];
    private int _count;

    /// <summary>Gets the number of leaves.</summary>
    public ulong LeafCount { get; private set; }

    /// <summary>Gets the subtrees' hashes, the largest first.</summary>
    internal ReadOnlySpan<RecordHash> Subtrees => _subtrees.AsSpan(0, _count);

    /// <summary>Adds a leaf.</summary>
    /// <param name="recordHash">The record hash.</param>
    public void Append(RecordHash recordHash)
    {
        Span<byte> leaf = stackalloc byte[1 + RecordHash.Length];
        leaf[0] = 0;
        recordHash.Write(leaf[1..]);
        var hash = RecordHash.Of(leaf);

        // Each low one-bit of the old count is a whole subtree that the new leaf completes.
        for (var carry = LeafCount; (carry & 1) != 0; carry >>= 1) hash = Node(_subtrees[--_count], hash);

        _subtrees[_count++] = hash;
        LeafCount++;
    }

    /// <summary>Gives the root of the tree; of no leaves, the SHA-256 of nothing.</summary>
    public RecordHash Root()
    {
        if (_count == 0) return RecordHash.Of([]);

        var root = _subtrees[_count - 1];
        for (var i = _count - 2; i >= 0; i--) root = Node(_subtrees[i], root);
        return root;
    }

    /// <summary>Gives whether two frontiers stand for the same tree.</summary>
    /// <param name="other">The other.</param>
    public bool Matches(MerkleFrontier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return LeafCount == other.LeafCount && Subtrees.SequenceEqual(other.Subtrees);
    }

    /// <summary>Becomes a copy of another frontier.</summary>
    internal void CopyFrom(MerkleFrontier other)
    {
        other.Subtrees.CopyTo(_subtrees);
        _count = other._count;
        LeafCount = other.LeafCount;
    }

    /// <summary>Restores a frontier; null if there are not as many subtrees as the leaf count asks for.</summary>
    internal static MerkleFrontier? Restore(ulong leafCount, ReadOnlySpan<byte> subtrees)
    {
        var count = BitOperations.PopCount(leafCount);
        if (subtrees.Length != count * RecordHash.Length) return null;

        var frontier = new MerkleFrontier { LeafCount = leafCount, _count = count };
        MemoryMarshal.Cast<byte, RecordHash>(subtrees).CopyTo(frontier._subtrees);
        return frontier;
    }

    private static RecordHash Node(RecordHash left, RecordHash right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * RecordHash.Length)];
        node[0] = 1;
        left.Write(node[1..]);
        right.Write(node[(1 + RecordHash.Length)..]);
        return RecordHash.Of(node);
    }
}
