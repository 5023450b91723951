using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CreditGrains.Ledger;

/// <summary>Where a reference may have been seen before.</summary>
/// <param name="RecentSequences">Records among the newest whose digest is the same, newest first. Read each and compare.</param>
/// <param name="Pages">Numbers of pages that may hold the digest, newest first. Read each, ask <see cref="ReferencePage.Find"/>, then read the records.</param>
/// <param name="UnfilteredPages">How many of the oldest pages, from number 0, have no filter any more and may hold it too.</param>
public readonly record struct ReferenceProbe(ImmutableArray<ulong> RecentSequences, ImmutableArray<int> Pages, int UnfilteredPages)
{
    /// <summary>Gets whether the reference is new for certain: there is nothing to read.</summary>
    public bool IsNew => RecentSequences.IsEmpty && Pages.IsEmpty && UnfilteredPages == 0;
}

/// <summary>Which references a citizen's entries had: the newest exactly, the older through filters. Owned by one grain, like the state.</summary>
/// <remarks>
/// <para>The newest, fewer than <see cref="ReferencePage.Size"/>, lie in a ring with their records' sequences. The one that would be
/// the 64th makes them a page, which is written in the batch of that record, and the ring is empty again. Of each page a Bloom filter of 64 bytes
/// is kept, for the newest <see cref="MaxFilters"/> pages: at 64 references to 512 bits and five bits each, one new reference in 46
/// reads a page in vain.</para>
/// <para>A probe is never wrong, at worst slower: what it does not name is not there.</para>
/// <para>Kept besides, for they are rare: which records hold the reversals and corrections of an entry, by its digest.</para>
/// </remarks>
public sealed class References
{
    /// <summary>The most filters kept, 64 bytes each: 8 KiB.</summary>
    public const int MaxFilters = 128;

    private const int FilterBytes = 64;
    private const int BitsAReference = 5;
    private const int BitsOfAPosition = 9;
    private const int GrowthBytes = 24;

    // The digests of some thirty entries, which a replay adds to a snapshot.
    private const int RestoredRoomBytes = 192;

    // One array, so that a citizen has one object more and not four: filters, oldest first; the ring's digests, oldest first, the low four
    // bytes of each and then the high two of each, so that many are compared at once; the steps between the ring's sequences, as runs of a
    // varint step and a byte that says how often (most often there is one run, of step 1); corrections, a digest and a varint sequence
    // each, oldest first.
    private byte[] _bytes = [];
    private int _length;
    private int _sequencesLength;
    private int _correctionsLength;
    private int _pageCount;
    private int _ringCount;
    private ulong _newestSequence;

    /// <summary>Gets how many references there are.</summary>
    public long Count => ((long)_pageCount * ReferencePage.Size) + _ringCount;

    /// <summary>Gets how many pages have been finished.</summary>
    public int PageCount => _pageCount;

    private int FilterCount => Math.Min(_pageCount, MaxFilters);

    private int RingAt => FilterCount * FilterBytes;

    private int HighsAt => RingAt + (_ringCount * sizeof(uint));

    private int SequencesAt => HighsAt + (_ringCount * sizeof(ushort));

    private int CorrectionsAt => SequencesAt + _sequencesLength;

    /// <summary>Tells where a reference may have been seen before.</summary>
    /// <param name="digest">Its digest, of <see cref="ReferenceKey.DigestOf(EntryReference)"/>.</param>
    public ReferenceProbe Probe(ulong digest)
    {
        var recent = ImmutableArray<ulong>.Empty;
        if (MemoryMarshal.Cast<byte, uint>(_bytes.AsSpan(RingAt, _ringCount * sizeof(uint))).Contains(LittleEndian(ReferenceKey.LowOf(digest)))) recent = RecentSequences(digest);

        var pages = ImmutableArray<int>.Empty;
        for (var filter = FilterCount - 1; filter >= 0; filter--)
            if (MayHold(_bytes.AsSpan(filter * FilterBytes, FilterBytes), digest)) pages = pages.Add(_pageCount - FilterCount + filter);

        return new(recent, pages, _pageCount - FilterCount);
    }

    /// <summary>Tells which pages adding some references would finish, and adds none.</summary>
    /// <param name="digests">The digests of the references of one record, in its order.</param>
    /// <param name="sequence">The record's sequence.</param>
    /// <returns>The pages that belong in the record's batch; most often none.</returns>
    public ImmutableArray<ReferencePage> PagesFinishedBy(ReadOnlySpan<ulong> digests, ulong sequence)
    {
        var pages = ImmutableArray<ReferencePage>.Empty;
        if (_ringCount + digests.Length < ReferencePage.Size) return pages;

        var (ring, sequences) = Ring();
        foreach (var digest in digests)
        {
            ring.Add(digest);
            sequences.Add(sequence);
            if (ring.Count < ReferencePage.Size) continue;
            pages = pages.Add(new(_pageCount + pages.Length, [.. ring], [.. sequences]));
            ring.Clear();
            sequences.Clear();
        }

        return pages;
    }

    /// <summary>Adds a reference, once its record is durable.</summary>
    /// <param name="digest">Its digest, of <see cref="ReferenceKey.DigestBytes"/>.</param>
    /// <param name="sequence">The sequence of the record that holds it; not below the one before.</param>
    /// <returns>The page that it finished, the same that <see cref="PagesFinishedBy"/> told; most often none.</returns>
    public ReferencePage? Add(ulong digest, ulong sequence)
    {
        Invariant.Holds(digest >> (8 * ReferenceKey.DigestBytes) == 0);
        Invariant.Holds(sequence >= _newestSequence || _ringCount == 0);
        if (_ringCount == ReferencePage.Size - 1) return FinishPage(digest, sequence);

        if (_ringCount > 0) AddStep(sequence - _newestSequence);
        Span<byte> written = stackalloc byte[ReferenceKey.DigestBytes];
        ReferenceKey.WriteDigest(written, digest);
        Insert(SequencesAt, written[sizeof(uint)..]);
        Insert(HighsAt, written[..sizeof(uint)]);
        _ringCount++;
        _newestSequence = sequence;
        return null;
    }

    /// <summary>Notes that an entry was reversed or corrected, once the record that says so is durable.</summary>
    /// <param name="original">The digest of the entry named.</param>
    /// <param name="sequence">The sequence of the record that holds the reversal or correction.</param>
    public void AddCorrection(ulong original, ulong sequence)
    {
        Span<byte> note = stackalloc byte[ReferenceKey.DigestBytes + Varint.MaxLength];
        ReferenceKey.WriteDigest(note, original);
        var length = ReferenceKey.DigestBytes + Varint.Write(note[ReferenceKey.DigestBytes..], sequence);
        Insert(_length, note[..length]);
        _correctionsLength += length;
    }

    /// <summary>Tells which records hold the reversals and corrections of an entry.</summary>
    /// <param name="original">The entry's digest.</param>
    /// <returns>Their sequences, oldest first; empty, most often. Read each and compare the name, for two digests can be one.</returns>
    public ImmutableArray<ulong> CorrectionsOf(ulong original)
    {
        var found = ImmutableArray<ulong>.Empty;
        ReadOnlySpan<byte> notes = _bytes.AsSpan(CorrectionsAt, _correctionsLength);
        for (var position = 0; position < notes.Length;)
        {
            var digest = ReferenceKey.ReadDigest(notes[position..]);
            position += ReferenceKey.DigestBytes;
            var sequence = Varint.Read(notes, ref position);
            if (digest == original && (found.IsEmpty || found[^1] != sequence)) found = found.Add(sequence);
        }

        return found;
    }

    /// <summary>Gives up the room to grow into.</summary>
    internal void Trim()
    {
        if (_bytes.Length - _length >= sizeof(ulong)) Array.Resize(ref _bytes, _length);
    }

    /// <summary>Tells how many bytes <see cref="Write"/> needs at most.</summary>
    internal int MaxSnapshotBytes => _length + (6 * Varint.MaxLength);

    /// <summary>Tells whether two hold the same: the same references, added in the same order with the same sequences.</summary>
    /// <param name="other">The other.</param>
    public bool SameAs(References other) =>
        other is not null &&
        (_pageCount, _ringCount, _newestSequence) == (other._pageCount, other._ringCount, other._newestSequence)
        && (_sequencesLength, _correctionsLength) == (other._sequencesLength, other._correctionsLength)
        && _bytes.AsSpan(0, _length).SequenceEqual(other._bytes.AsSpan(0, other._length));

    internal int Write(Span<byte> target)
    {
        var length = Varint.Write(target, (ulong)_pageCount);
        length += Varint.Write(target[length..], (ulong)_ringCount);
        length += Varint.Write(target[length..], _newestSequence);
        length += Varint.Write(target[length..], (ulong)_sequencesLength);
        length += Varint.Write(target[length..], (ulong)_correctionsLength);
        _bytes.AsSpan(0, _length).CopyTo(target[length..]);
        return length + _length;
    }

    internal static bool TryRead(ReadOnlySpan<byte> source, ref int position, [NotNullWhen(true)] out References? references)
    {
        references = new()
        {
            _pageCount = checked((int)Varint.Read(source, ref position)),
            _ringCount = checked((int)Varint.Read(source, ref position)),
            _newestSequence = Varint.Read(source, ref position),
            _sequencesLength = checked((int)Varint.Read(source, ref position)),
            _correctionsLength = checked((int)Varint.Read(source, ref position)),
        };
        if (references._ringCount >= ReferencePage.Size) return false;
        if (references._sequencesLength > source.Length || references._correctionsLength > source.Length) return false;
        references._length = references.CorrectionsAt + references._correctionsLength;
        if (references._length > source.Length - position) return false;
        references._bytes = GC.AllocateUninitializedArray<byte>(references._length + RestoredRoomBytes);
        source.Slice(position, references._length).CopyTo(references._bytes);
        position += references._length;
        return true;
    }

    private static uint LittleEndian(uint value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    // Five of the digest's own bits, nine at a time, are the filter's positions: the digest is a keyed hash already.
    private static bool MayHold(ReadOnlySpan<byte> filter, ulong digest)
    {
        for (var index = 0; index < BitsAReference; index++, digest >>= BitsOfAPosition)
        {
            var bit = (int)(digest & ((FilterBytes * 8) - 1));
            if ((filter[bit >> 3] & (1 << (bit & 7))) == 0) return false;
        }

        return true;
    }

    private static void Mark(Span<byte> filter, ulong digest)
    {
        for (var index = 0; index < BitsAReference; index++, digest >>= BitsOfAPosition)
        {
            var bit = (int)(digest & ((FilterBytes * 8) - 1));
            filter[bit >> 3] |= (byte)(1 << (bit & 7));
        }
    }

    private (List<ulong> Digests, List<ulong> Sequences) Ring()
    {
        List<ulong> digests = new(ReferencePage.Size), sequences = new(ReferencePage.Size);
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, CorrectionsAt);
        for (var index = 0; index < _ringCount; index++)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(RingAt + (index * sizeof(uint)))..]);
            var high = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(HighsAt + (index * sizeof(ushort)))..]);
            digests.Add(low | ((ulong)high << 32));
        }

        if (_ringCount == 0) return (digests, sequences);

        // The newest is known; the first lies all the steps before it.
        sequences.Add(0);
        for (var position = SequencesAt; position < bytes.Length;)
        {
            var step = Varint.Read(bytes, ref position);
            for (var times = bytes[position++]; times > 0; times--) sequences.Add(sequences[^1] + step);
        }

        var first = _newestSequence - sequences[^1];
        for (var index = 0; index < sequences.Count; index++) sequences[index] += first;
        return (digests, sequences);
    }

    private void AddStep(ulong step)
    {
        ReadOnlySpan<byte> runs = _bytes.AsSpan(SequencesAt, _sequencesLength);
        var last = ulong.MaxValue;
        for (var position = 0; position < runs.Length; position++) last = Varint.Read(runs, ref position);
        if (last == step)
        {
            _bytes[CorrectionsAt - 1]++;
            return;
        }

        Span<byte> run = stackalloc byte[Varint.MaxLength + 1];
        var length = Varint.Write(run, step);
        run[length++] = 1;
        Insert(CorrectionsAt, run[..length]);
        _sequencesLength += length;
    }

    private ImmutableArray<ulong> RecentSequences(ulong digest)
    {
        var (digests, sequences) = Ring();
        var found = ImmutableArray<ulong>.Empty;
        for (var index = digests.Count - 1; index >= 0; index--)
            if (digests[index] == digest) found = found.Add(sequences[index]);
        return found;
    }

    private ReferencePage FinishPage(ulong digest, ulong sequence)
    {
        var page = PagesFinishedBy([digest], sequence)[0];
        Span<byte> filter = stackalloc byte[FilterBytes];
        filter.Clear();
        foreach (var held in page.Digests) Mark(filter, held);

        // The oldest filter makes room where there are as many as may be. The array is made anew, so that the ring's bytes go.
        var kept = _bytes.AsSpan(0, RingAt);
        if (FilterCount == MaxFilters) kept = kept[FilterBytes..];
        var corrections = _bytes.AsSpan(CorrectionsAt, _correctionsLength);
        var bytes = new byte[Rounded(kept.Length + FilterBytes + corrections.Length)];
        kept.CopyTo(bytes);
        filter.CopyTo(bytes.AsSpan(kept.Length));
        corrections.CopyTo(bytes.AsSpan(kept.Length + FilterBytes));

        _length = kept.Length + FilterBytes + corrections.Length;
        _bytes = bytes;
        _pageCount++;
        _ringCount = 0;
        _sequencesLength = 0;
        _newestSequence = sequence;
        return page;
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Rounded(_length + bytes.Length));
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(at));
        _length += bytes.Length;
    }

    // A whole number of words, and a little to grow into: an array's length is rounded up to one in any case.
    private static int Rounded(int length) => (length + GrowthBytes) & ~7;
}
