using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains.Citizens;

/// <content>Scores: computed from the person's file, recorded, and only then answered.</content>
public sealed partial class CitizenGrain
{
    private const string SequenceField = "sequence";

    /// <summary>Who writes what the ledger itself says about a citizen.</summary>
    private static readonly FurnisherId Self = new("credit-grains");

    private ValueTask<ReadAnswer<ScoreReport>> DiscloseScore(ScoreRequest request)
    {
        if (!Purposes.AllowsScore(request.Purpose)) return new(new ReadAnswer<ScoreReport>(ReadStatus.BadRequest, null, "purpose"));
        if (request.Request is not { Length: > 0 and <= ScoreRequest.MaxRequestLength } || request.Request.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return new(new ReadAnswer<ScoreReport>(ReadStatus.BadRequest, null, "request"));
        return DiscloseAsync(
            static (grain, request) => grain._state.Principal is { } principal
                ? grain.PrincipalOrOwnAsync(grain.MemberOf(principal).ScorePerson(request, grain._id), request, static (grain, request) => grain.ScorePersonAsync(request, alias: null))
                : grain.ScorePersonAsync(request, alias: null),
            request);
    }

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ScoreReport>> ScorePerson(ScoreRequest request, CitizenId alias) =>
        DiscloseAsync(static (grain, asked) => grain.ScorePersonAsync(asked.Request, asked.Alias), (Request: request, Alias: alias));

    private ValueTask<ReadAnswer<ScoreReplay>> DiscloseReplay(ulong sequence) => DiscloseAsync(
        static (grain, sequence) => grain._state.Principal is { } principal ? grain.ReplayOfEitherAsync(sequence, principal) : grain.ReplayAsync(sequence, reference: null), sequence);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer<ScoreReplay>> ReplayPersonScore(ulong sequence) =>
        DiscloseAsync(static (grain, sequence) => grain.ReplayAsync(sequence, reference: null), sequence);

    /// <inheritdoc/>
    public async ValueTask<CitizenPoints?> ReadPoints()
    {
        var answer = await DiscloseAsync<PointsBox>(async () =>
        {
            var models = await services.Models.CurrentAsync();
            var asOf = services.Clock.DayOf(Math.Max(services.Clock.Now, _recordedAt));
            var (state, _) = await StateAsync(asOf, long.MaxValue);
            var draft = ScoreDraft.Of(state, asOf, models);
            return new(ReadStatus.Answered, new(new(draft.Coverage, draft.Score?.Points ?? double.NaN)));
        });
        return answer.Value?.Points;
    }

    private async ValueTask<ReadAnswer<ScoreReport>> ScorePersonAsync(ScoreRequest request, CitizenId? alias)
    {
        var reference = new EntryReference(Self, "score/" + request.Request);
        var digest = services.ReferenceKey.DigestOf(reference);
        var models = await services.Models.CurrentAsync();

        // The same request sent again is answered with the same score; and a record holds one score, so that its number names it.
        while (_open is not null && (PendingWith(digest) is not null || HoldsScore(_open))) await QuietAsync(digest);
        if (PendingWith(digest) is { } under) await under.Settled;
        if (!IsUsable) return new(ReadStatus.Unavailable, null);
        if (await FindAsync(digest, reference) is { } found) return await AgainAsync(found.Sequence, reference);

        ScoreDetail? recorded = null;
        var drafted = await ReadPersonAsync(new(request.AsOf), alias, (_, person) =>
        {
            var draft = ScoreDraft.Of(person.State, person.AsOf, models);
            if (draft.IsWhole) recorded = draft.Recorded(request.Purpose, person.AsOf, person.KnownSequence, person.LinkedSequences, person.KnownAt, services.Scoring.Scale);
            return draft;
        });
        if (drafted.Value is not { } draft) return new(drafted.Status, null, drafted.Field);
        if (recorded is null) return new(ReadStatus.Withheld, null, "model");

        // While the file was read another score may have been accepted: asked again, this one goes behind it.
        if (_open is { } other && HoldsScore(other)) return new(ReadStatus.Unavailable, null);

        var entry = new Entry
        {
            Citizen = _id,
            Kind = EntryKind.ScoreComputed,
            Furnisher = reference.Furnisher,
            Reference = reference.Reference,
            OccurredOn = services.Clock.Today,
            LawfulBasis = LawfulBasis.LegalDuty,
            RetentionClass = RetentionClass.AccessTrace,
            Detail = recorded,
        };
        if (!TryAccept(entry, digest, out var pending)) (pending, _) = await AcceptAsync(entry, isOwn: false);
        if (pending is null) return new(ReadStatus.Unavailable, null); // the same request may have come in between: sent again, it finds its score
        Commit();
        var outcome = await pending.Settled;
        return outcome.Status == RecordStatus.Recorded
            ? new(ReadStatus.Answered, draft.Report(_id, pending.Sequence, recorded, services.Scoring.HumanReview))
            : new(ReadStatus.Unavailable, null);
    }

    private static bool HoldsScore(PendingRecord record)
    {
        foreach (var stored in record.Entries)
            if (stored.Entry.Kind == EntryKind.ScoreComputed) return true;
        return false;
    }

    private async ValueTask<ReadAnswer<ScoreReport>> AgainAsync(ulong sequence, EntryReference reference)
    {
        var replay = await ReplayAsync(sequence, reference);

        // The version that gave it is not known here yet, or what it stood on was erased: no score is given out without its reasons.
        return replay.Value is { Recorded: { Coverage: not Coverage.NoFile, Reasons: [] } } ? new(ReadStatus.Unavailable, null) : new(replay.Status, replay.Value?.Recorded, replay.Field);
    }

    private async ValueTask<ReadAnswer<ScoreReplay>> ReplayOfEitherAsync(ulong sequence, CitizenId principal)
    {
        var own = await ReplayAsync(sequence, reference: null);
        return own is { Status: ReadStatus.BadRequest } ? await MemberOf(principal).ReplayPersonScore(sequence) : own;
    }

    /// <summary>Computes a past score again from the records that were known to it.</summary>
    /// <param name="sequence">The record that holds it.</param>
    /// <param name="reference">Which score of that record; null for the first.</param>
    private async ValueTask<ReadAnswer<ScoreReplay>> ReplayAsync(ulong sequence, EntryReference? reference)
    {
        if (sequence < 1 || sequence > _tail.Sequence) return new(ReadStatus.BadRequest, null, SequenceField);
        var models = await services.Models.CurrentAsync();
        ScoreDetail? past = null;
        await foreach (var row in _log!.ReadJournal(Journal, sequence, sequence, ReadDirection.Ascending, CancellationToken.None))
        {
            foreach (var stored in Decode(services.Open(row)))
                if (past is null && (reference is not { } sought || stored.Entry.Reference == sought.Reference)) past = stored.Entry.Detail as ScoreDetail;
        }

        if (past is null) return new(ReadStatus.BadRequest, null, SequenceField);
        var (state, _) = await StateAsync(past.AsOf, long.MaxValue, past.KnownSequence);
        if (!state.Aliases.IsEmpty)
        {
            if (await MergedAsync(state, state.Aliases, past.AsOf, long.MaxValue, past.LinkedSequences) is not { } merged) return new(ReadStatus.Unavailable, null);
            state = merged.Person;
        }

        var draft = ScoreDraft.Again(state, past, models);
        var isSame = draft.IsWhole && draft.Recorded(past.Purpose, past.AsOf, past.KnownSequence, past.LinkedSequences, past.KnownAt, past.Scale).Equals(past);
        return new(ReadStatus.Answered, new(draft.Report(_id, sequence, past, services.Scoring.HumanReview), isSame));
    }

    private sealed record PointsBox(CitizenPoints Points);
}
