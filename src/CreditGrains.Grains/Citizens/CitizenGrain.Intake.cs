using CreditGrains.Grains.Partitions;

namespace CreditGrains.Grains.Citizens;

public sealed partial class CitizenGrain
{
    internal CitizenId Id => _id;

    /// <summary>Takes a citizen's entries of the intake's round, without a call: those that can be decided at once, in their order.</summary>
    /// <param name="round">The round.</param>
    /// <param name="first">The place of the citizen's first entry in it.</param>
    /// <returns>
    /// The place of the first entry that was not taken; negative if all were. It and those after it must be sent by a call, and if any
    /// were taken, after those are settled.
    /// </returns>
    internal int Take(IntakeRound round, int first)
    {
        if (!_gate.TryEnterAlone()) return first;
        try
        {
            // What is on its way already would have to be waited for, and nobody waits in here.
            if (IsBusy || round.Log is not { } log || _log != log) return first;

            // To the runtime only calls are a sign of life. Now and then one is made, or a busy citizen would be put out as idle.
            if (unchecked(Seconds - _calledAt) > services.SecondsBetweenCalls) return first;
            var place = first;
            for (; place >= 0; place = round.After(place))
            {
                var entry = round.EntryAt(place);
                if (Check(entry, isOwn: false) is { } refused) round.Set(place, refused);
                else if (TryAccept(entry, DigestOf(entry), out var pending)) round.Await(pending, place);
                else break;
            }

            Commit(log, isMoreComing: true);
            return place;
        }
        finally
        {
            _gate.LeaveAlone();
        }
    }
}
