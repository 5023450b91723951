using System.Runtime.InteropServices;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <summary>Entries accepted and waiting for one commit; settles with the outcome of every one of them. They are folded after it is durable and not before.</summary>
/// <remarks>Most records hold one entry, which lies in the record itself: only a second one makes lists.</remarks>
internal sealed class PendingRecord() : TaskCompletionSource<RecordOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private StoredEntry _entry;
    private ReadOnlyMemory<byte> _body;
    private ulong _digest;
    private List<StoredEntry>? _entries;
    private List<ReadOnlyMemory<byte>>? _bodies;
    private List<ulong>? _digests;

    internal int Count { get; private set; }

    /// <summary>The longest retention of its entries, by number: what the record's header says.</summary>
    internal ushort RetentionClass { get; private set; }

    internal int BodyBytes { get; private set; }

    /// <summary>Whether it is settled and was not recorded, as far as is known.</summary>
    internal bool IsLost => Task.IsCompleted && (!Task.IsCompletedSuccessfully || Task.Result.Status != RecordStatus.Recorded);

    internal ReadOnlySpan<StoredEntry> Entries => _entries is null ? new(ref _entry) : CollectionsMarshal.AsSpan(_entries);

    internal ReadOnlySpan<ReadOnlyMemory<byte>> Bodies => _bodies is null ? new(ref _body) : CollectionsMarshal.AsSpan(_bodies);

    internal ReadOnlySpan<ulong> Digests => _digests is null ? new(ref _digest) : CollectionsMarshal.AsSpan(_digests);

    internal bool Holds(ulong digest) => Digests.Contains(digest);

    internal void Add(in StoredEntry entry, ReadOnlyMemory<byte> body, ulong digest)
    {
        if (Count == 0)
        {
            _entry = entry;
            _body = body;
            _digest = digest;
        }
        else
        {
            (_entries ??= [_entry]).Add(entry);
            (_bodies ??= [_body]).Add(body);
            (_digests ??= [_digest]).Add(digest);
        }

        Count++;
        RetentionClass = Math.Max(RetentionClass, (ushort)entry.Entry.RetentionClass);
        BodyBytes += body.Length;
    }
}
