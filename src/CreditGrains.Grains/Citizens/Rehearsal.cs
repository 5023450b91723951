using CreditGrains.Grains.Partitions;
using CreditGrains.Journal;
using CreditGrains.Ledger;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Grains.Citizens;

/// <summary>Does once, before the silo joins, what it will do first when it has: look at heads and fold citizens.</summary>
/// <remarks>
/// A silo that joins has its share of the citizens from one moment to the next, and their callers wait while code is compiled and connections are
/// made. Nothing is kept and nothing written. What fails is not told: whoever needs it will meet it again, and be told then.
/// </remarks>
internal sealed partial class Rehearsal(
    IJournalStore store,
    LedgerSettings ledger,
    ClaimTiming timing,
    CitizenServices services,
    ILogger<Rehearsal> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int MaxHeads = 32;
    private const int MaxCitizens = 4;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<Rehearsal>(ServiceLifecycleStage.ApplicationServices, RunAsync, _ => Task.CompletedTask);

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (timing != ClaimTiming.Ahead) return;
        try
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            enough.CancelAfter(AtMost);
            var heads = await Task.WhenAll(Enumerable.Range(0, Math.Min(MaxHeads, ledger.PartitionCount)).Select(partition => store.ReadHeadAsync(partition, enough.Token).AsTask()));
            var citizens = heads.SelectMany(head => head?.Entries ?? []).Select(entry => entry.Journal).Where(journal => journal.Space == Space.Citizen).Distinct().Take(MaxCitizens);
            foreach (var citizen in citizens) await FoldAsync(CitizenId.FromValue(citizen.Id).PartitionOf(ledger.PartitionCount), citizen, enough.Token);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or JournalBrokenException or EntryMalformedException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            LogBrokenOff(failure.GetType().Name);
        }
    }

    private async Task FoldAsync(int partition, JournalId journal, CancellationToken cancellation)
    {
        var (state, after) = await services.ReadBackAsync(partition, store.ReadJournal(partition, journal, 1, ulong.MaxValue, ReadDirection.Descending, cancellation));
        for (var place = after.Count - 1; place >= 0; place--)
        {
            foreach (var body in after[place].Bodies)
                if (body is { } bytes) state.Apply(EntryCodec.Decode(CitizenId.FromValue(journal.Id), bytes.Span, after[place].Header.Sequence, after[place].Header.RecordedAt));
        }

        state.Trim();
    }

    [LoggerMessage(LogLevel.Information, "The rehearsal broke off ({Reason}); the first callers may wait a little longer")]
    private partial void LogBrokenOff(string reason);
}
