using System.Runtime.InteropServices;
using CreditGrains.Grains.Partitions;
using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <summary>Entries accepted and waiting for one commit; settles with the outcome of every one of them. They are folded after it is durable and not before.</summary>
/// <remarks>Most records hold one entry, which lies in the record itself: only a second one makes lists. Used inside its citizen's gate.</remarks>
internal sealed class PendingRecord(CitizenGrain citizen) : AppendRequest
{
    private StoredEntry _entry;
    private ReadOnlyMemory<byte> _body;
    private ulong _digest;
    private List<StoredEntry>? _entries;
    private List<ReadOnlyMemory<byte>>? _bodies;
    private List<ulong>? _digests;
    private RecordOutcome _outcome;
    private Exception? _failure;
    private TaskCompletionSource<RecordOutcome>? _waited;

    internal int Count { get; private set; }

    /// <summary>The longest retention of its entries, by number: what the record's header says.</summary>
    internal ushort RetentionClass { get; private set; }

    internal int BodyBytes { get; private set; }

    /// <summary>The intake's round that waits for it; null where calls do.</summary>
    internal IntakeRound? Round { get; set; }

    internal ulong Sequence { get; private set; }

    internal RecordHash Hash { get; private set; }

    /// <summary>When it was sealed, in microseconds since 1970-01-01 UTC.</summary>
    internal long SealedAt { get; private set; }

    /// <summary>Whether it is settled and was not recorded, as far as is known.</summary>
    internal bool IsLost => _failure is not null || (_outcome.Status != default && _outcome.Status != RecordStatus.Recorded);

    /// <summary>The outcome, once settled.</summary>
    internal RecordOutcome Outcome
    {
        get
        {
            if (_failure is not null) throw new InvalidOperationException("A record could not be committed.", _failure);
            return _outcome;
        }
    }

    /// <summary>Completes with the outcome. Made when it is first asked for: of entries from the intake nobody asks.</summary>
    internal Task<RecordOutcome> Settled
    {
        get
        {
            if (_waited is not null) return _waited.Task;
            if (_failure is not null) return Task.FromException<RecordOutcome>(_failure);
            if (_outcome.Status != default) return Task.FromResult(_outcome);
            _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waited.Task;
        }
    }

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

    /// <summary>Takes its sealed form.</summary>
    internal void Place(in AppendRow row, long recordedAt)
    {
        Remember(row, recordedAt);
        Hold(row, recordedAt);
    }

    /// <summary>Takes its sealed form, and what goes into the batch with it.</summary>
    internal void Place(AppendRow[] rows, long recordedAt)
    {
        Remember(rows[0], recordedAt);
        Hold(rows, recordedAt);
    }

    /// <summary>Tells who waits. Their continuations run elsewhere.</summary>
    internal void Settle(in RecordOutcome outcome)
    {
        _outcome = outcome;
        _waited?.TrySetResult(outcome);
        TellRound();
    }

    internal void Fail(Exception bug)
    {
        _failure = bug;
        _waited?.TrySetException(bug);
        TellRound();
    }

    private void TellRound()
    {
        var round = Round;
        Round = null; // told once, whatever else goes wrong
        round?.Settled();
    }

    /// <inheritdoc/>
    protected override int EntryCount => Count;

    /// <inheritdoc/>
    protected override void Answer(CommitVerdict verdict) => citizen.Hear(this, verdict);

    private void Remember(in AppendRow row, long recordedAt)
    {
        Sequence = row.Number;
        Hash = row.Hash;
        SealedAt = recordedAt;
    }
}
