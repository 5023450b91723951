using System.Buffers;
using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class ReferencesTests
{
    private static readonly ReferenceKey Key = new(Enumerable.Range(0, 16).Select(value => (byte)value).ToArray());

    [Theory]
    // The test vectors of the reference implementation, vectors_sip64: key 00..0f, message 00, 01, … of the length given.
    [InlineData(0, 0x726FDB47DD0E0E31)]
    [InlineData(1, 0x74F839C593DC67FD)]
    [InlineData(15, 0xA129CA6149BE45E5)] // the worked example of the paper, appendix A
    public void The_digest_is_SipHash_2_4(int length, ulong expected)
    {
        var message = Enumerable.Range(0, length).Select(value => (byte)value).ToArray();

        Assert.Equal(expected, SipHash.Hash(0x0706050403020100, 0x0F0E0D0C0B0A0908, message));
    }

    [Fact]
    public void Furnisher_and_reference_are_kept_apart_in_the_digest()
    {
        Assert.NotEqual(Key.DigestOf(new("bank-a"), "1"), Key.DigestOf(new("bank-"), "a1"));
        Assert.NotEqual(Key.DigestOf(new("bank-a"), "1"), new ReferenceKey(Enumerable.Repeat((byte)1, 16).ToArray()).DigestOf(new("bank-a"), "1"));
        Assert.Throws<InvalidOperationException>(() => default(ReferenceKey).DigestOf(new("bank-a"), "1"));
        Assert.Throws<ArgumentException>(() => new ReferenceKey(new byte[16]));
    }

    [Fact]
    public void Every_reference_is_found_in_the_ring_or_in_a_page_that_the_probe_names() => Gen.Select(
        Gen.Int[0, 800], Gen.Int[0, int.MaxValue]).Sample(
        (count, seed) =>
        {
            Random random = new(seed);
            References references = new();
            List<byte[]> pages = [];
            List<(ulong Digest, ulong Sequence)> added = [];
            var sequence = 1ul;
            while (added.Count < count)
            {
                // A record of one entry or several; and some numbers go to records without any.
                var digests = Enumerable.Range(0, random.Next(4) == 0 ? random.Next(1, 150) : 1).Select(_ => Digest(random)).ToArray();
                sequence += random.Next(5) == 0 ? (ulong)random.Next(1, 300) : 1;
                var told = references.PagesFinishedBy(digests, sequence);
                var finished = digests.Select(digest => references.Add(digest, sequence)).OfType<ReferencePage>().ToList();
                Assert.Equal(told.Select(Bytes), finished.Select(Bytes));
                pages.AddRange(finished.Select(Bytes));
                added.AddRange(digests.Select(digest => (digest, sequence)));
                if (random.Next(10) == 0) references = Restored(references);
            }

            Assert.Equal(added.Count, references.Count);
            Assert.Equal(added.Count / ReferencePage.Size, references.PageCount);
            foreach (var (digest, itsSequence) in added)
            {
                var probe = references.Probe(digest);
                Assert.False(probe.IsNew);
                var found = probe.RecentSequences.Concat(
                    probe.Pages.Concat(Enumerable.Range(0, probe.UnfilteredPages)).SelectMany(number => ReferencePage.Find(pages[number], digest)));
                Assert.Contains(itsSequence, found);
            }
        },
        iter: 60);

    [Fact]
    public void Pages_older_than_the_filters_may_hold_anything()
    {
        References references = new();
        for (var index = 0ul; index < (References.MaxFilters + 3) * ReferencePage.Size; index++) references.Add(unchecked(index * 0x9E37_79B9_7F4A_7C15) >> 16, index + 1);

        Assert.Equal(3, references.Probe(0x1234_5678_9ABC).UnfilteredPages);
    }

    [Fact]
    public void A_reference_never_seen_reads_few_pages_in_vain()
    {
        Random random = new(1);
        References references = new();
        for (var index = 0ul; index < 100 * ReferencePage.Size; index++) references.Add(Digest(random), index + 1);

        var pagesNamed = Enumerable.Range(0, 10_000).Sum(_ => references.Probe(Digest(random)).Pages.Length);

        // One page in 46 by calculation: (1 - e^(-5 * 64 / 512))^5 = 2.2 %.
        Assert.InRange(pagesNamed / (10_000.0 * 100), 0.018, 0.026);
    }

    [Fact]
    public void Two_references_of_one_digest_are_both_named()
    {
        References references = new();
        references.Add(42, 1);
        references.Add(42, 7);

        Assert.Equal([7ul, 1ul], references.Probe(42).RecentSequences);
    }

    [Fact]
    public void Digests_that_differ_in_any_byte_are_told_apart()
    {
        References references = new();
        const ulong Digest = 0x0102_0304_0506;
        references.Add(Digest, 1);

        Assert.False(references.Probe(Digest).IsNew);
        for (var bit = 0; bit < 8 * ReferenceKey.DigestBytes; bit++) Assert.True(references.Probe(Digest ^ (1ul << bit)).IsNew);
    }

    [Fact]
    public void The_records_that_correct_an_entry_are_told_and_survive_snapshots_and_pages()
    {
        References references = new();
        for (var index = 0ul; index < 200; index++)
        {
            references.Add(index, index + 1);
            if (index == 50) references.AddCorrection(7, 51);
            if (index == 170) references.AddCorrection(7, 171);
            if (index == 171) references.AddCorrection(9, 172);
        }

        references = Restored(references);
        Assert.Equal([51ul, 171ul], references.CorrectionsOf(7));
        Assert.Equal([172ul], references.CorrectionsOf(9));
        Assert.Empty(references.CorrectionsOf(8));
    }

    [Fact]
    public void A_page_that_is_none_is_told_by_its_place()
    {
        References references = new();
        ReferencePage? page = null;
        for (var index = 0ul; page is null; index++) page = references.Add(index, index + 1);
        var bytes = Bytes(page);

        Assert.Equal([4ul], ReferencePage.Find(bytes, 3));
        Assert.Empty(ReferencePage.Find(bytes, 64));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<EntryMalformedException>(() => ReferencePage.Find(bytes.AsSpan(0, length), 3));
        Assert.Throws<EntryMalformedException>(() => ReferencePage.Find([.. bytes, 0], 3));
    }

    private static ulong Digest(Random random) => (ulong)random.NextInt64(1L << (8 * ReferenceKey.DigestBytes));

    private static byte[] Bytes(ReferencePage page)
    {
        ArrayBufferWriter<byte> bytes = new();
        page.Encode(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static References Restored(References references)
    {
        var bytes = new byte[references.MaxSnapshotBytes];
        var written = bytes.AsSpan(0, references.Write(bytes));
        var position = 0;
        Assert.True(References.TryRead(written, ref position, out var restored));
        Assert.Equal(written.Length, position);
        Assert.True(references.SameAs(restored));
        return restored;
    }
}
