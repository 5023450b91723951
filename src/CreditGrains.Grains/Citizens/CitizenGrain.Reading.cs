using System.Collections.Immutable;
using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

public sealed partial class CitizenGrain
{
    private const int MaxHistoryRecords = 1_000;
    private const string AliasField = "alias";

    private ValueTask<ReadAnswer<CreditFile>> DiscloseFile(FileRequest request) =>
        DisclosePerson(request, FileOf, static (principal, request, alias) => principal.ReadPersonFile(request, alias));

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<CreditFile>> ReadPersonFile(FileRequest request, CitizenId alias) => DiscloseAs(alias, request, FileOf);

    private ValueTask<ReadAnswer<CharacteristicVector>> DiscloseCharacteristics(FileRequest request) =>
        DisclosePerson(request, VectorOf, static (principal, request, alias) => principal.ReadPersonCharacteristics(request, alias));

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<CharacteristicVector>> ReadPersonCharacteristics(FileRequest request, CitizenId alias) => DiscloseAs(alias, request, VectorOf);

    private ValueTask<ReadAnswer<HistoryPage>> DiscloseHistory(HistoryRequest request) => DiscloseAsync(async () =>
    {
        if (request.FromSequence < 1) return new ReadAnswer<HistoryPage>(ReadStatus.BadRequest, null, "fromSequence");
        if (request.MaxRecords is < 1 or > MaxHistoryRecords) return new(ReadStatus.BadRequest, null, "maxRecords");

        // What is not durable when the read begins is not part of it, even if the store already holds it.
        var to = Math.Min(_tail.Sequence, request.FromSequence + (ulong)request.MaxRecords - 1);
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        if (request.FromSequence <= to)
        {
            await foreach (var row in _log!.ReadJournal(Journal, request.FromSequence, to, ReadDirection.Ascending, CancellationToken.None))
            {
                var record = services.Open(row);
                for (var index = 0; index < record.Bodies.Length; index++)
                {
                    var entry = record.Bodies[index] is { } body ? EntryCodec.Decode(_id, body.Span).Entry : null;
                    entries.Add(new(record.Header.Sequence, index, LedgerDay.InstantOf(record.Header.RecordedAt), entry));
                }
            }
        }

        return new(ReadStatus.Answered, new(entries.DrainToImmutable(), to < _tail.Sequence ? to + 1 : null));
    });

    /// <inheritdoc/>
    public async ValueTask<CitizenTotals?> ReadTotals() => (await DiscloseAsync<CitizenTotals>(() =>
        new(new ReadAnswer<CitizenTotals>(ReadStatus.Answered, new(_state.Entries, [.. _state.Totals()]))))).Value;

    /// <inheritdoc/>
    public async ValueTask<LinkedState?> ReadLinkedState(DateOnly asOf, long knownAt, ulong upTo) => (await DiscloseAsync<LinkedState>(async () =>
    {
        if (knownAt != long.MaxValue && !await AreSettledAsync()) return new(ReadStatus.Unavailable, null);
        var sequence = Math.Min(_tail.Sequence, upTo);
        return new(ReadStatus.Answered, new(SnapshotOf((await StateAsync(asOf, knownAt, upTo)).State).ToArray(), sequence));
    })).Value;

    /// <summary>The door: nothing of a file leaves the grain but through here.</summary>
    /// <param name="read">What reads it. It is given what it needs, for files are read too often to capture it.</param>
    /// <param name="asked">What was asked.</param>
    private async ValueTask<ReadAnswer<T>> DiscloseAsync<TAsked, T>(Func<CitizenGrain, TAsked, ValueTask<ReadAnswer<T>>> read, TAsked asked)
        where T : class
    {
        EnterCall();
        try
        {
            return await MayAnswerAsync() ? await read(this, asked) : new(ReadStatus.Unavailable, null);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException or EntryMalformedException)
        {
            services.LogUnreadable(services.Map.PartitionOf(this.GetGrainId()), failure);
            return new(ReadStatus.Unavailable, null);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private ValueTask<ReadAnswer<T>> DiscloseAsync<T>(Func<ValueTask<ReadAnswer<T>>> read)
        where T : class =>
        DiscloseAsync(static (_, read) => read(), read);

    /// <summary>Whether memory may speak: the partition is this silo's, as far as the lease or the store itself tells.</summary>
    private async ValueTask<bool> MayAnswerAsync()
    {
        if (!IsUsable) return false;
        return _log!.HoldsLease || (await _log.ConfirmAsync(CancellationToken.None) && IsUsable);
    }

    /// <summary>Waits for the record under way, which may bear an instant before one asked for; false if memory is in doubt then.</summary>
    private async ValueTask<bool> AreSettledAsync()
    {
        if (_committing is { } committing) await committing.Settled;
        return IsUsable;
    }

    /// <summary>Discloses something of a person's file: of an alias's, what its principal answers.</summary>
    /// <param name="request">As of when, as known when.</param>
    /// <param name="view">Makes it of the file.</param>
    /// <param name="ask">Asks the principal for it.</param>
    private ValueTask<ReadAnswer<T>> DisclosePerson<T>(
        FileRequest request, Func<CitizenId, PersonState, T> view, Func<ICitizenMember, FileRequest, CitizenId, ValueTask<ReadAnswer<T>>> ask)
        where T : class => DiscloseAsync(
        static (grain, asked) => grain._state.Principal is { } principal
            ? grain.PrincipalOrOwnAsync(
                asked.Ask(grain.MemberOf(principal), asked.Request, grain._id), asked, static (grain, asked) => grain.ReadPersonAsync(asked.Request, alias: null, asked.View))
            : grain.ReadPersonAsync(asked.Request, alias: null, asked.View),
        (Request: request, View: view, Ask: ask));

    private ValueTask<ReadAnswer<T>> DiscloseAs<T>(CitizenId alias, FileRequest request, Func<CitizenId, PersonState, T> view)
        where T : class =>
        DiscloseAsync(static (grain, asked) => grain.ReadPersonAsync(asked.Request, asked.Alias, asked.View), (Request: request, Alias: alias, View: view));

    /// <summary>Gives what the principal answered, or what this id answers for itself.</summary>
    /// <remarks>
    /// Questions to an alias are answered by the one id that speaks for the person, unless they are about a time before the link, or the principal's side
    /// of it is not recorded yet.
    /// </remarks>
    private async ValueTask<ReadAnswer<T>> PrincipalOrOwnAsync<TAsked, T>(ValueTask<ReadAnswer<T>> asking, TAsked asked, Func<CitizenGrain, TAsked, ValueTask<ReadAnswer<T>>> own)
        where T : class
    {
        var answer = await asking;
        return answer is { Status: ReadStatus.BadRequest, Field: AliasField } ? await own(this, asked) : answer;
    }

    private ICitizenMember MemberOf(CitizenId citizen) => services.Citizens.MemberOf(citizen);

    private async ValueTask<ReadAnswer<T>> ReadPersonAsync<T>(FileRequest request, CitizenId? alias, Func<CitizenId, PersonState, T> view)
        where T : class
    {
        var now = services.Clock.Now;
        var knownAt = request.KnownAt is { } instant ? LedgerDay.MicrosecondsOf(instant) : Math.Max(now, _recordedAt);
        if (request.KnownAt is not null && knownAt > now) return new(ReadStatus.BadRequest, null, "knownAt");

        var asOf = request.AsOf ?? services.Clock.DayOf(knownAt);
        if (asOf > services.Clock.DayOf(Math.Max(now, _recordedAt))) return new(ReadStatus.BadRequest, null, "asOf");

        if (request.KnownAt is not null && !await AreSettledAsync()) return new(ReadStatus.Unavailable, null);

        var knownSequence = _tail.Sequence;
        var (state, isRefolded) = await StateAsync(asOf, knownAt);
        var aliases = state.Aliases;
        if (alias is { } asked && !aliases.Contains(asked)) return new(ReadStatus.BadRequest, null, AliasField);
        if (aliases.IsEmpty) return new(ReadStatus.Answered, view(_id, new(state, asOf, knownAt, knownSequence, [], isRefolded)));

        // The aliases are waited for, and what this id records meanwhile is not part of the answer. Now is each one's own now: another
        // silo's clock may be ahead.
        if (!isRefolded && !CitizenState.TryRestore(SnapshotOf(state).Span, out state)) throw new System.Diagnostics.UnreachableException("A state cannot be copied.");
        return await MergedAsync(state, aliases, asOf, request.KnownAt is null ? long.MaxValue : knownAt, upTo: []) is { } merged
            ? new(ReadStatus.Answered, view(_id, new(merged.Person, asOf, knownAt, knownSequence, merged.Sequences, isRefolded)))
            : new(ReadStatus.Unavailable, null);
    }

    /// <summary>Merges what linked ids know into a state that nobody folds on; null while one of them cannot be read.</summary>
    /// <param name="state">The principal's.</param>
    /// <param name="aliases">The linked ids, in order.</param>
    /// <param name="asOf">The day.</param>
    /// <param name="knownAt">The instant; the largest number for now.</param>
    /// <param name="upTo">Each one's last record that shall be in it; where there is none, all are.</param>
    private async ValueTask<(CitizenState Person, ImmutableArray<ulong> Sequences)?> MergedAsync(
        CitizenState state, ImmutableArray<CitizenId> aliases, DateOnly asOf, long knownAt, ImmutableArray<ulong> upTo)
    {
        var parts = new List<CitizenState>(aliases.Length);
        var sequences = ImmutableArray.CreateBuilder<ulong>(aliases.Length);
        foreach (var other in aliases)
        {
            var last = sequences.Count < upTo.Length ? upTo[sequences.Count] : ulong.MaxValue;
            if (await MemberOf(other).ReadLinkedState(asOf, knownAt, last) is not { } linked) return null;
            if (!CitizenState.TryRestore(linked.Snapshot, out var part)) throw new System.Diagnostics.UnreachableException("A silo of another fold version answered.");
            parts.Add(part);
            sequences.Add(linked.Sequence);
        }

        return (state.MergedWith(parts), sequences.MoveToImmutable());
    }

    private static CreditFile FileOf(CitizenId citizen, PersonState person) =>
        person.State.View(citizen, person.AsOf, LedgerDay.InstantOf(person.KnownAt), person.IsRefolded);

    private static CharacteristicVector VectorOf(CitizenId citizen, PersonState person)
    {
        Span<double> values = stackalloc double[Characteristics.Count];
        person.State.Characterise(person.AsOf, values);
        var named = ImmutableArray.CreateBuilder<CharacteristicValue>(values.Length);
        foreach (var one in Characteristics.All) named.Add(new(one.Name, double.IsNaN(values[one.Index]) ? null : values[one.Index]));
        return new(citizen, person.AsOf, LedgerDay.InstantOf(person.KnownAt), named.MoveToImmutable());
    }

    /// <summary>Gives the citizen's own state as of a day, as known at an instant: memory's where it can tell, else folded anew.</summary>
    private async ValueTask<(CitizenState State, bool IsRefolded)> StateAsync(DateOnly asOf, long knownAt, ulong upTo = ulong.MaxValue)
    {
        if (knownAt >= _recordedAt && upTo >= _tail.Sequence && _state.CanAnswer(asOf)) return (_state, false);

        var entries = new List<StoredEntry>();
        var last = Math.Min(_tail.Sequence, upTo);
        if (last == 0) return (new(), true);
        await foreach (var row in _log!.ReadJournal(Journal, 1, last, ReadDirection.Ascending, CancellationToken.None))
            entries.AddRange(Decode(services.Open(row)));
        return (PastFold.Fold(entries, asOf, knownAt), true);
    }

    /// <summary>A whole person's state, linked ids merged, as of a day and as known at an instant.</summary>
    /// <param name="State">The state; nobody folds it on.</param>
    /// <param name="AsOf">The day.</param>
    /// <param name="KnownAt">The instant, in microseconds since 1970-01-01 UTC.</param>
    /// <param name="KnownSequence">The citizen's last record that was durable.</param>
    /// <param name="LinkedSequences">The last record that was durable of each linked id, in the order of <see cref="CitizenState.Aliases"/>.</param>
    /// <param name="IsRefolded">Whether it was folded anew from the journal.</param>
    private readonly record struct PersonState(CitizenState State, DateOnly AsOf, long KnownAt, ulong KnownSequence, ImmutableArray<ulong> LinkedSequences, bool IsRefolded);
}
