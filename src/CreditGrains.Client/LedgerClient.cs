using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace CreditGrains.Client;

/// <summary>The client over Orleans. Carries no rule: every answer is the ledger's.</summary>
internal sealed class LedgerClient(ILedgerGrains grains, IOptions<LedgerClientOptions> options, TimeProvider clock) : ILedgerClient
{
    private const int PartitionsAskedAtOnce = 16;
    private static readonly FileRequest Now = new();

    private readonly RetryPolicy _retry = new(options.Value, clock);
    private readonly CallTimes _times = new(clock);
    private int _partitionCount;

    public async Task<LedgerDescription> DescribeAsync(CancellationToken cancellation)
    {
        var call = new HedgedCall<LedgerDescription>(_retry, _times.Describe);
        while (true)
        {
            try
            {
                return await call.AskAsync(() => grains.Ledger.Describe(), cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                EndureOrThrow(call, failure, cancellation);
            }

            await call.BackOffAsync(cancellation);
        }
    }

    public async Task<RecordOutcome> RecordAsync(Entry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var grain = grains.Citizen(entry.Citizen);
        var call = new HedgedCall<RecordOutcome>(_retry, _times.Record);
        while (true)
        {
            RecordOutcome outcome;
            try
            {
                outcome = await call.AskAsync(() => grain.Record(entry), cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                cancellation.ThrowIfCancellationRequested();

                // Silence is not a no: the entry may be there. The same reference sent again will tell.
                if (call.IsOver)
                    throw new LedgerUnreachableException("No silo answered for the citizen. The entry may be recorded; send it again under the same reference to learn.", failure);
                outcome = new(RecordStatus.Unknown);
            }

            if (outcome.Status == RecordStatus.Refused && await call.HadStragglersAsync(cancellation)) continue;
            if (!outcome.MayRetry || call.IsOver) return outcome;
            await call.BackOffAsync(cancellation);
        }
    }

    public async IAsyncEnumerable<RecordOutcome> RecordManyAsync(
        IAsyncEnumerable<Entry> entries, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var partitionCount = await PartitionCountAsync(cancellation);
        await using var flight = new BulkFlight(grains, partitionCount, options.Value, _retry, _times.RecordMany, cancellation);
        flight.Start(entries);
        while (await flight.NextAsync() is { } outcome) yield return outcome;
    }

    public Task<ReadAnswer<CreditFile>> ReadFileAsync(CitizenId citizen, FileRequest? request, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        request ??= Now;
        return UntilAvailable(() => grain.ReadFile(request), _times.ReadFile, cancellation);
    }

    public Task<ReadAnswer<CharacteristicVector>> ReadCharacteristicsAsync(CitizenId citizen, FileRequest? request, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        request ??= Now;
        return UntilAvailable(() => grain.ReadCharacteristics(request), _times.ReadCharacteristics, cancellation);
    }

    public Task<ReadAnswer<ScoreReport>> ScoreAsync(CitizenId citizen, ScoreRequest request, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        return UntilAvailable(() => grain.Score(request), _times.Score, cancellation);
    }

    public Task<ReadAnswer<ScoreReplay>> ReplayScoreAsync(CitizenId citizen, ulong sequence, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        return UntilAvailable(() => grain.ReplayScore(sequence), _times.ReplayScore, cancellation);
    }

    public async IAsyncEnumerable<HistoryEntry> ReadHistoryAsync(CitizenId citizen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        for (ulong? from = 1; from is { } sequence;)
        {
            var answer = await UntilAvailable(() => grain.ReadHistory(new HistoryRequest(sequence)), _times.ReadHistory, cancellation);
            if (answer is not { Status: ReadStatus.Answered, Value: { } page })
                throw new LedgerUnreachableException("The citizen's history could not be read to its end. Ask again.");

            foreach (var entry in page.Entries) yield return entry;
            from = page.NextSequence;
        }
    }

    public async Task<LedgerTotals> ReadTotalsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var partitionCount = await PartitionCountAsync(cancellation);
        var sum = new TotalsSum();
        var answered = 0;

        // The first failure stops the rest: there will be no sum, and each would be waited for as long.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = PartitionsAskedAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, partitionCount, parallel, async (partition, stop) =>
        {
            var grain = grains.Partition(partition, partitionCount);
            var answer = await UntilAvailable(grain.ReadTotals, _times.ReadTotals, stop);
            if (answer is not { Status: ReadStatus.Answered, Value: { } totals })
                throw new LedgerUnreachableException($"Partition {partition} did not answer, and totals without it would be wrong. Ask again.");

            lock (sum) sum.Add(totals);
            progress?.Report(Interlocked.Increment(ref answered));
        });
        return sum.Result;
    }

    /// <summary>Gives how many partitions the ledger has. It is asked once: the number was fixed when the ledger was made.</summary>
    private async ValueTask<int> PartitionCountAsync(CancellationToken cancellation) =>
        _partitionCount is not 0 and var known ? known : _partitionCount = (await DescribeAsync(cancellation)).PartitionCount;

    private async Task<ReadAnswer<T>> UntilAvailable<T>(Func<ValueTask<ReadAnswer<T>>> ask, AnswerTimes times, CancellationToken cancellation)
        where T : class
    {
        var call = new HedgedCall<ReadAnswer<T>>(_retry, times);
        while (true)
        {
            try
            {
                var answer = await call.AskAsync(ask, cancellation);
                if (answer.Status != ReadStatus.Unavailable || call.IsOver) return answer;
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                EndureOrThrow(call, failure, cancellation);
            }

            await call.BackOffAsync(cancellation);
        }
    }

    /// <summary>Throws where a silent ledger was asked long enough, or the caller has given up.</summary>
    private static void EndureOrThrow<T>(HedgedCall<T> call, Exception failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (call.IsOver)
            throw new LedgerUnreachableException($"No silo answered in {call.Sent} attempts. Check that the ledger is being served and ask again.", failure);
    }
}
