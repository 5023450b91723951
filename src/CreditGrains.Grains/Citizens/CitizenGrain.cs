using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
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
/// <para>Two act on a citizen from other threads than its own: the partition's log, which brings a verdict, and the partition's intake, which
/// brings entries without a call a citizen. Both come in alone, through <see cref="TurnGate"/>, and never wait inside.</para>
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
    private bool _isInDoubt; // memory may be behind the store: this activation answers nothing more
    private int _linking; // how many links of this principal have an alias's side under way
    private TurnGate _gate;
    private bool _isListed; // the intake can find it
    private bool _isLeaving; // the next activation may begin at any time: nothing more is committed
    private int _calledAt; // when a call last came, in seconds of the monotonic clock

    private JournalId Journal => new(Space.Citizen, _id.Value);

    private ValueTask<RecordOutcome> RecordOne(Entry entry)
    {
        if (Check(entry, isOwn: false) is { } refused) return new(refused);
        EnterCall();
        try
        {
            if (TryAccept(entry, DigestOf(entry), out var pending))
            {
                Commit();
                return new(pending.Settled);
            }
        }
        finally
        {
            _gate.Leave();
        }

        return RecordSlowly(entry, isOwn: false);
    }

    private async ValueTask<ImmutableArray<RecordOutcome>> RecordAll(ImmutableArray<Entry> entries)
    {
        if (entries.IsDefaultOrEmpty) return [];
        var outcomes = new RecordOutcome[entries.Length];
        var settled = new Task<RecordOutcome>?[entries.Length];
        PendingRecord? last = null;
        EnterCall();
        try
        {
            for (var place = 0; place < outcomes.Length; place++)
            {
                var entry = entries[place];
                PendingRecord? pending = null;
                if (Check(entry, isOwn: false) is { } refused) outcomes[place] = refused;
                else if (last is { IsLost: true } || !TryAccept(entry, DigestOf(entry), out pending))
                    (pending, outcomes[place]) = await AcceptAsync(entry, isOwn: false, last);
                settled[place] = pending?.Settled;
                last = pending ?? last;
                if (!outcomes[place].MayRetry) continue;

                // Behind an entry that must be sent again nothing of this call is recorded, so that they come in their order.
                outcomes.AsSpan(place + 1).Fill(new(RecordStatus.NotWritten));
                break;
            }

            Commit();
        }
        finally
        {
            _gate.Leave();
        }

        for (var place = 0; place < outcomes.Length; place++)
        {
            if (settled[place] is { } outcome) outcomes[place] = await outcome;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(outcomes);
    }

    /// <inheritdoc/>
    public async ValueTask<RecordOutcome> RecordAliasSide(Entry entry)
    {
        // The rules are asked about the form in which it was furnished, to the principal.
        if (entry is not { Kind: EntryKind.IdentityLinked or EntryKind.IdentityUnlinked, Detail: IdentityLink { Role: IdentityRole.Alias } link })
            return RecordOutcome.Refused(RecordRefusal.KindNotFurnishable, "kind");
        if (EntryRules.FirstRefusal(entry with { Detail = link with { Role = IdentityRole.Principal } }, services.Clock.Today) is { } malformed) return malformed;
        return Check(entry, isOwn: true) is { } refused ? refused : await RecordSlowly(entry, isOwn: true);
    }

    private async ValueTask<RecordOutcome> RecordSlowly(Entry entry, bool isOwn)
    {
        Task<RecordOutcome> settled;
        EnterCall();
        try
        {
            var (pending, outcome) = await AcceptAsync(entry, isOwn);
            if (pending is null) return outcome;
            Commit();
            settled = pending.Settled;
        }
        finally
        {
            _gate.Leave();
        }

        return await settled;
    }

    /// <summary>Refuses what no file could accept. What the ledger itself writes has passed these rules in its first form.</summary>
    private RecordOutcome? Check(Entry entry, bool isOwn)
    {
        if (!isOwn && EntryRules.FirstRefusal(entry, services.Clock.Today) is { } refused) return services.Refusals.Count(refused);
        return entry.Citizen == _id ? null : services.Refusals.Count(RecordOutcome.Refused(RecordRefusal.FieldMalformed, "citizen"));
    }

    /// <summary>Enters the gate for a call. A citizen is listed for the intake by its first call: calls come only to a whole activation.</summary>
    /// <remarks>
    /// One that the runtime has given up before it was whole is never told so, and would stay in the list for ever, a second truth about its citizen.
    /// </remarks>
    private void EnterCall()
    {
        _gate.Enter();
        _calledAt = Seconds;
        if (_isListed || _log is not { } log) return;
        _isListed = true;
        services.Active.Add(log.Partition, this);
    }

    private static int Seconds => unchecked((int)(Environment.TickCount64 / 1000));

    private ulong DigestOf(Entry entry) => services.ReferenceKey.DigestOf(entry.Furnisher, entry.Reference);

    /// <summary>Accepts at once what most entries are: of a new reference, and independent of whatever is on its way.</summary>
    /// <returns>False if deciding takes more: nothing has happened then.</returns>
    private bool TryAccept(Entry entry, ulong digest, [NotNullWhen(true)] out PendingRecord? pending)
    {
        pending = null;
        if (_isInDoubt || _log is not { IsClosed: false }) return false;
        if (CorrectionRules.Concern(entry) || entry.Detail is IdentityLink) return false;
        if (IsBusy && (PendingWith(digest) is not null || _state.NeedsQuiet(entry))) return false;
        if (!_state.References.Probe(digest).IsNew || _state.FirstRefusal(entry) is not null) return false;

        pending = Add(entry, null, digest);
        return pending is not null;
    }

    /// <summary>Decides about any entry: it goes into the record that is open, or comes back with its outcome.</summary>
    /// <param name="entry">The entry, checked.</param>
    /// <param name="isOwn">Whether the ledger itself writes it.</param>
    /// <param name="behind">The record that holds the caller's entry before this one; null if there is none.</param>
    private async ValueTask<(PendingRecord? Pending, RecordOutcome Outcome)> AcceptAsync(Entry entry, bool isOwn, PendingRecord? behind = null)
    {
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
                        : services.Refusals.Count(RecordOutcome.Refused(RecordRefusal.ReferenceReused, "reference")));

                var correction = CorrectionRules.Concern(entry) ? await FindEffectAsync(entry) : default;
                if (_accepted != accepted && (_state.NeedsQuiet(entry) || MayHaveCome(digest, pages))) continue;
                if ((correction.Refusal ?? _state.FirstRefusal(entry, correction.Effect)) is { } refused)
                {
                    // A refusal is final, so memory that another owner may have left behind does not speak it.
                    if (!await MayAnswerAsync()) return (null, new(RecordStatus.NotWritten));
                    if (_accepted != accepted) continue;
                    return (null, services.Refusals.Count(refused));
                }

                if (isOwn && _linking > 0) continue; // a link may have begun while the store was read

                if (!isOwn && entry.Detail is IdentityLink link)
                {
                    if (!isLinking) _linking++;
                    isLinking = true;

                    // The alias first: until both sides are durable nobody is told so, and the same reference sent again completes them.
                    var otherSide = await services.Citizens.MemberOf(link.Other).RecordAliasSide(AliasSideOf(entry, link));
                    if (otherSide.Status is not (RecordStatus.Recorded or RecordStatus.AlreadyRecorded)) return (null, otherSide with { Sequence = 0 });
                    if (_accepted != accepted) continue;
                }

                if (Add(entry, correction.Effect, digest) is { } open) return (open, default);

                // The open record is full. It leaves when the one under way is through.
                var full = _open!;
                Commit();
                await (_committing ?? full).Settled;
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

    /// <summary>Puts an accepted entry into the open record; null if that has no room for it.</summary>
    private PendingRecord? Add(Entry entry, Effect? effect, ulong digest)
    {
        var body = Encode(entry, effect);
        if (_open is { } open && (open.Count == RecordFrame.MaxBodies || open.BodyBytes + body.Length > RecordFrame.MaxBodiesBytes)) return null;

        open = _open ??= new(this);
        open.Add(new(entry, effect), body, digest);
        unchecked { _accepted++; }
        return open;
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
            if (!_isInDoubt && _log is { IsClosed: false }) return true;
            GiveUp();
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
}
