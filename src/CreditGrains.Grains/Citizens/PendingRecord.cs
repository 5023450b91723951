using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <summary>What became of a record, and so of every entry in it.</summary>
internal readonly record struct Settlement(RecordStatus Status, ulong Sequence)
{
    internal RecordOutcome Outcome => new(Status, Sequence);
}

/// <summary>Entries accepted and waiting for one commit. They are folded after it is durable and not before.</summary>
internal sealed class PendingRecord
{
    // Runs its waiters on the activation's scheduler and not inside the turn that settles it.
    private readonly TaskCompletionSource<Settlement> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StoredEntry[] _entries = new StoredEntry[1];
    private ReadOnlyMemory<byte>[] _bodies = new ReadOnlyMemory<byte>[1];
    private ulong[] _digests = new ulong[1];

    internal int Count { get; private set; }

    /// <summary>The longest retention of its entries, by number: what the record's header says.</summary>
    internal ushort RetentionClass { get; private set; }

    internal int BodyBytes { get; private set; }

    internal Task<Settlement> Settled => _settled.Task;

    /// <summary>Whether it is settled and was not recorded, as far as is known.</summary>
    internal bool IsLost => Settled.IsCompleted && (!Settled.IsCompletedSuccessfully || Settled.Result.Status != RecordStatus.Recorded);

    internal ReadOnlySpan<StoredEntry> Entries => _entries.AsSpan(0, Count);

    internal ReadOnlySpan<ReadOnlyMemory<byte>> Bodies => _bodies.AsSpan(0, Count);

    internal ReadOnlySpan<ulong> Digests => _digests.AsSpan(0, Count);

    internal bool Holds(ulong digest) => Digests.Contains(digest);

    internal void Add(StoredEntry entry, ReadOnlyMemory<byte> body, ulong digest)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 4);
            Array.Resize(ref _bodies, Count * 4);
            Array.Resize(ref _digests, Count * 4);
        }

        _entries[Count] = entry;
        _bodies[Count] = body;
        _digests[Count] = digest;
        Count++;
        RetentionClass = Math.Max(RetentionClass, (ushort)entry.Entry.RetentionClass);
        BodyBytes += body.Length;
    }

    internal void Settle(Settlement settlement) => _settled.TrySetResult(settlement);

    internal void Fail(Exception bug) => _settled.TrySetException(bug);
}
