using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CreditGrains.Grains.Placement;
using CreditGrains.Journal;
using CreditGrains.Ledger;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CreditGrains.Grains.Citizens;

/// <summary>One citizen: decides about entries, appends them, folds what is durable, and answers from the fold.</summary>
/// <remarks>
/// <para>One record is committed at a time. What arrives meanwhile is accepted into the next one, so that a busy citizen is not bound
/// to one entry a commit; calls interleave, and every decision is made between two awaits.</para>
/// <para>The fold is never ahead of the store: entries are folded after their commit is durable. What a decision must know of entries
/// accepted and not yet folded is little — their references — and a decision that would need more waits until they are.</para>
/// <para>The grain keeps the log it was activated with. When that log closes, or a commit ends in doubt, the grain gives up its memory,
/// and the next activation reads what happened.</para>
/// </remarks>
[GrainType(GrainTypes.Citizen), PartitionPlacement, GrainDirectory(GrainDirectoryName = PartitionDirectory.Name), Reentrant]
public sealed partial class CitizenGrain(CitizenServices services) : Grain, ICitizenGrain, ICitizenMember
{
    /// <summary>The kind of a record that holds a citizen's entries, as its header has it.</summary>
    internal const ushort EntriesKind = 1;

    /// <summary>The kind of a record that holds a page of references.</summary>
    internal const ushort PageKind = 2;

    private CitizenId _id;
    private PartitionLog? _log;
    private CitizenState _state = null!; // set by the activation, before any call
    private RecordTail _tail;
    private PendingRecord? _open;
    private PendingRecord? _committing;
    private long _recordedAt;
    private int _accepted; // wraps; only asked whether it has changed
    private int _linking; // how many links of this principal have an alias's side under way

    private JournalId Journal => new(Space.Citizen, _id.Value);

    /// <inheritdoc/>
    public async ValueTask<RecordOutcome> Record(Entry entry)
    {
        var (pending, outcome) = await AcceptAsync(entry, isOwn: false);
        if (pending is null) return outcome;
        Commit();
        return (await pending.Settled).Outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries)
    {
        if (entries.IsDefaultOrEmpty) return [];
        var outcomes = new RecordOutcome[entries.Length];
        var pendings = new PendingRecord?[entries.Length];
        PendingRecord? last = null;
        for (var place = 0; place < outcomes.Length; place++)
        {
            (pendings[place], outcomes[place]) = await AcceptAsync(entries[place], isOwn: false, last);
            last = pendings[place] ?? last;
        }

        Commit();
        for (var place = 0; place < outcomes.Length; place++)
        {
            if (pendings[place] is { } pending) outcomes[place] = (await pending.Settled).Outcome;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(outcomes);
    }

    /// <inheritdoc/>
    public async ValueTask<RecordOutcome> RecordAliasSide(Entry entry)
    {
        var (pending, outcome) = await AcceptAsync(entry, isOwn: true);
        if (pending is null) return outcome;
        Commit();
        return (await pending.Settled).Outcome;
    }

    /// <summary>Decides about one entry: it goes into the record that is open, or comes back with its outcome.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isOwn">Whether the ledger itself writes it, and may write what is not furnished.</param>
    /// <param name="behind">The record that holds the caller's entry before this one; null if there is none.</param>
    private async ValueTask<(PendingRecord? Pending, RecordOutcome Outcome)> AcceptAsync(Entry entry, bool isOwn, PendingRecord? behind = null)
    {
        if (!isOwn && EntryRules.FirstRefusal(entry, services.Clock.Today) is { } refused) return (null, refused);
        if (entry.Citizen != _id) return (null, RecordOutcome.Refused(RecordRefusal.FieldMalformed, "citizen"));

        var reference = new EntryReference(entry.Furnisher, entry.Reference);
        var digest = services.ReferenceKey.DigestOf(reference);
        var isLinking = false;
        try
        {
            while (true)
            {
                // Behind an entry that was not written nothing is recorded, and nothing is refused for want of it.
                if (!IsUsable || behind is { IsLost: true }) return (null, new(RecordStatus.NotWritten));

                // Two ids that link each other at once would else each become the other's alias. Both are sent again, and one is first.
                if (isOwn && _linking > 0) return (null, new(RecordStatus.NotWritten));

                // The answer to some entries could depend on others that are accepted and not yet folded. They wait for those.
                if (IsBusy && (PendingWith(digest) is not null || _state.NeedsQuiet(entry)))
                {
                    await QuietAsync(digest);
                    continue;
                }

                // What follows may wait for the store. If anything was accepted or folded meanwhile, the decision is made anew.
                var (accepted, pages) = (_accepted, _state.References.PageCount);
                if (await FindAsync(digest, reference) is { } found)
                    return (null, EntryCodec.SameContent(found, entry)
                        ? new(RecordStatus.AlreadyRecorded, found.Sequence)
                        : RecordOutcome.Refused(RecordRefusal.ReferenceReused, "reference"));

                var correction = CorrectionRules.Concern(entry) ? await FindEffectAsync(entry) : default;
                if (_accepted != accepted && (_state.NeedsQuiet(entry) || MayHaveCome(digest, pages))) continue;
                if ((correction.Refusal ?? _state.FirstRefusal(entry, correction.Effect)) is { } refusedNow) return (null, refusedNow);

                if (!isOwn && entry.Detail is IdentityLink link)
                {
                    if (!isLinking)
                    {
                        isLinking = true;
                        _linking++;
                    }

                    // The alias first: until both sides are durable nobody is told so, and the same reference sent again completes them.
                    var otherSide = await services.Citizens.MemberOf(link.Other).RecordAliasSide(AliasSideOf(entry, link));
                    if (otherSide.Status is not (RecordStatus.Recorded or RecordStatus.AlreadyRecorded)) return (null, otherSide with { Sequence = 0 });
                    if (_accepted != accepted) continue;
                }

                var effect = correction.Effect;
                var body = Encode(entry, effect);
                if (_open is { } full && (full.Count == RecordFrame.MaxBodies || full.BodyBytes + body.Length > RecordFrame.MaxBodiesBytes))
                {
                    Commit();
                    await (_committing ?? full).Settled;
                    continue;
                }

                var open = _open ??= new();
                open.Add(new(entry, effect), body, digest);
                unchecked { _accepted++; }
                return (open, default);
            }
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException or EntryMalformedException)
        {
            // What is not known to be new is not accepted. Nothing was written for it.
            services.LogUnreadable(services.Map.PartitionOf(this.GetGrainId()), failure);
            return (null, new(RecordStatus.NotWritten));
        }
        finally
        {
            if (isLinking) _linking--;
        }
    }

    /// <summary>Whether the entry with that digest may have been accepted since there were so many pages.</summary>
    private bool MayHaveCome(ulong digest, int pages) =>
        PendingWith(digest) is not null || _state.References.PageCount != pages || !_state.References.Probe(digest).RecentSequences.IsEmpty;

    private Entry AliasSideOf(Entry entry, IdentityLink link) =>
        entry with { Citizen = link.Other, Detail = new IdentityLink { Other = _id, Role = IdentityRole.Alias } };

    private bool IsUsable
    {
        get
        {
            if (_log is { IsClosed: false }) return true;
            DeactivateOnIdle();
            return false;
        }
    }

    private bool IsBusy => _open is not null || _committing is not null;

    private PendingRecord? PendingWith(ulong digest) =>
        _committing is { } committing && committing.Holds(digest) ? committing
        : _open is { } open && open.Holds(digest) ? open
        : null;

    /// <summary>Waits until the record with that reference, else everything accepted so far, is settled.</summary>
    private async Task QuietAsync(ulong digest)
    {
        var last = PendingWith(digest) ?? _open ?? _committing!;
        Commit();
        await last.Settled;
    }

    private static byte[] Encode(Entry entry, Effect? effect)
    {
        Span<byte> scratch = stackalloc byte[EntryCodec.MaxBodyBytes];
        return scratch[..EntryCodec.Encode(entry, effect, scratch)].ToArray();
    }

    /// <summary>Starts committing what is open, unless a commit is under way: that one takes it up when it is through.</summary>
    private void Commit()
    {
        if (_committing is null && _open is not null) _ = CommitAllAsync();
    }

    private async Task CommitAllAsync()
    {
        while (_open is { } record)
        {
            _open = null;
            _committing = record;
            try
            {
                var settlement = await CommitAsync(record);
                _committing = null;
                record.Settle(settlement);

                // What was accepted behind it stays behind it, so that a caller's entries are recorded in their order.
                if (record.IsLost && _open is { } behind)
                {
                    _open = null;
                    behind.Settle(new(settlement.Status == RecordStatus.Unknown ? RecordStatus.NotWritten : settlement.Status, 0));
                }
            }
            catch (Exception bug)
            {
                // Nothing is known of this record or of what was accepted behind it. The callers get the bug, and memory goes.
                services.LogCommitFailed(_log!.Partition, bug);
                _committing = null;
                record.Fail(bug);
                _open?.Fail(bug);
                _open = null;
                DeactivateOnIdle();
                return;
            }
        }
    }

    private async ValueTask<Settlement> CommitAsync(PendingRecord record)
    {
        var log = _log!;
        var sequence = _tail.Sequence + 1;
        var recordedAt = log.NextRecordedAt();
        var sealedRecord = Seal(record, sequence, recordedAt);
        var row = new AppendRow(Journal, sequence, sealedRecord.Value, sealedRecord.Hash);

        var pages = _state.References.PagesFinishedBy(record.Digests, sequence);
        var verdict = pages.IsEmpty
            ? await log.AppendAsync(row, recordedAt)
            : await log.AppendAsync(WithPages(row, pages, recordedAt), recordedAt);

        if (verdict == CommitVerdict.Durable)
        {
            Fold(record, sequence, recordedAt, sealedRecord.Hash);
            return new(RecordStatus.Recorded, sequence);
        }

        if (verdict is CommitVerdict.NotWritten or CommitVerdict.Overloaded)
            return new(verdict == CommitVerdict.Overloaded ? RecordStatus.Overloaded : RecordStatus.NotWritten, 0);

        services.LogNotDurable(log.Partition, verdict);
        DeactivateOnIdle();
        return new(verdict == CommitVerdict.FenceLost ? RecordStatus.NotWritten : RecordStatus.Unknown, 0);
    }

    private SealedRecord Seal(PendingRecord record, ulong sequence, long recordedAt)
    {
        // The snapshot is of what is durable: it stands for the record before this one.
        Snapshot? snapshot = sequence % CitizenServices.RecordsPerSnapshot == 0
            ? new(CitizenState.FoldVersion, sequence - 1, SnapshotOf(_state))
            : null;

        return RecordFrame.Seal(
            new RecordDraft
            {
                Journal = Journal,
                After = _tail,
                RecordedAt = recordedAt,
                Kind = EntriesKind,
                RetentionClass = record.RetentionClass,
                Bodies = record.Bodies,
                Snapshot = snapshot,
            },
            services.Keys.Current(Journal));
    }

    private AppendRow[] WithPages(AppendRow row, ImmutableArray<ReferencePage> pages, long recordedAt)
    {
        var rows = new AppendRow[1 + pages.Length];
        rows[0] = row;
        for (var place = 0; place < pages.Length; place++)
        {
            var bytes = new ArrayBufferWriter<byte>(ReferencePage.MaxBytes);
            pages[place].Encode(bytes);
            var number = RowOf(pages[place].Number);
            var page = RecordFrame.Seal(
                new RecordDraft
                {
                    Journal = PagesJournal,
                    After = new(number - 1, default), // pages stand alone: each is found by its number
                    RecordedAt = recordedAt,
                    Kind = PageKind,
                    Bodies = [bytes.WrittenMemory],
                },
                services.Keys.Current(PagesJournal));
            rows[place + 1] = new(PagesJournal, number, page.Value, page.Hash);
        }

        return rows;
    }

    private void Fold(PendingRecord record, ulong sequence, long recordedAt, RecordHash hash)
    {
        // The digests were made when the entries were accepted.
        for (var place = 0; place < record.Count; place++) Fold(record.Entries[place], record.Digests[place], sequence);
        _tail = new(sequence, hash);
        _recordedAt = recordedAt;
        unchecked { _accepted++; }
    }

    private void Fold(in StoredEntry stored, ulong digest, ulong sequence)
    {
        _state.Apply(stored);

        // A page that fills now lies in this record's batch already: what it held only leaves memory.
        _state.References.Add(digest, sequence);
        if (stored.Entry.Corrects is { } corrects) _state.References.AddCorrection(services.ReferenceKey.DigestOf(corrects), sequence);
    }

    internal static ReadOnlyMemory<byte> SnapshotOf(CitizenState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        state.WriteSnapshot(bytes);
        return bytes.WrittenMemory;
    }
}
