namespace CreditGrains.Journal.Tests.Log;

public sealed class MerkleFrontierTests
{
    [Fact]
    public void The_empty_tree_has_the_hash_of_nothing() =>
        // SHA-256 of no bytes, as RFC 6962 §2.1 defines the hash of an empty list.
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new MerkleFrontier().Root().ToString());

    [Fact]
    public void A_tree_of_one_leaf_has_the_hash_of_a_zero_byte_and_the_leaf()
    {
        var leaf = RecordHash.Of("a"u8);
        var frontier = new MerkleFrontier();

        frontier.Append(leaf);

        Assert.Equal(RecordHash.Of([0, .. leaf]), frontier.Root());
    }

    [Fact]
    public void The_root_is_the_one_that_the_definition_gives_for_every_size()
    {
        var leaves = Enumerable.Range(0, 130).Select(i => RecordHash.Of(BitConverter.GetBytes(i))).ToArray();
        var frontier = new MerkleFrontier();
        for (var size = 0; size <= leaves.Length; size++)
        {
            Assert.Equal(ByDefinition(leaves.AsSpan(0, size)), frontier.Root());
            Assert.Equal((ulong)size, frontier.LeafCount);
            if (size < leaves.Length) frontier.Append(leaves[size]);
        }
    }

    [Fact]
    public void A_frontier_carries_on_from_its_bytes()
    {
        var frontier = new MerkleFrontier();
        for (var i = 0; i < 100; i++)
        {
            var restored = MerkleFrontier.Restore(
                frontier.LeafCount, System.Runtime.InteropServices.MemoryMarshal.AsBytes(frontier.Subtrees))!;
            Assert.True(restored.Matches(frontier));
            restored.Append(RecordHash.Of([(byte)i]));
            frontier.Append(RecordHash.Of([(byte)i]));
            Assert.Equal(frontier.Root(), restored.Root());
        }

        Assert.Null(MerkleFrontier.Restore(3, new byte[32]));
    }

    /// <summary>RFC 6962 §2.1, as it is written: split at the largest power of two below the size.</summary>
    private static RecordHash ByDefinition(ReadOnlySpan<RecordHash> leaves)
    {
        if (leaves.Length == 0) return RecordHash.Of([]);
        if (leaves.Length == 1) return RecordHash.Of([0, .. leaves[0]]);

        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return RecordHash.Of([1, .. ByDefinition(leaves[..split]), .. ByDefinition(leaves[split..])]);
    }
}
