using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace CreditGrains.Client;

/// <summary>The client over Orleans. Carries no rule: every answer is the ledger's.</summary>
internal sealed class LedgerClient(ILedgerGrains grains, IOptions<LedgerClientOptions> options, TimeProvider clock) : ILedgerClient
{
    private const int PartitionsAskedAtOnce = 16;
    private static readonly FileRequest Now = new();

    private readonly RetryPolicy _retry = new(options.Value, clock);
    private int _partitionCount;

    public Task<LedgerDescription> DescribeAsync(CancellationToken cancellation) =>
        UntilAnswered(() => grains.Ledger.Describe(), "the ledger's description", cancellation);

    public async Task<RecordOutcome> RecordAsync(Entry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var grain = grains.Citizen(entry.Citizen);
        var started = _retry.Start();
        for (var attempt = 1; ; attempt++)
        {
            RecordOutcome outcome;
            try
            {
                outcome = await grain.Record(entry).OrGivenUp(cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                cancellation.ThrowIfCancellationRequested();

                // Silence is not a no: the entry may be there. The same reference sent again will tell.
                if (_retry.IsLast(attempt, started))
                    throw new LedgerUnreachableException("No silo answered for the citizen. The entry may be recorded; send it again under the same reference to learn.", failure);
                outcome = new(RecordStatus.Unknown);
            }

            if (!outcome.MayRetry || _retry.IsLast(attempt, started)) return outcome;
            await _retry.BackOffAsync(attempt, cancellation);
        }
    }

    public async IAsyncEnumerable<RecordOutcome> RecordManyAsync(
        IAsyncEnumerable<Entry> entries, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var partitionCount = await PartitionCountAsync(cancellation);
        await using var flight = new BulkFlight(grains, partitionCount, options.Value, _retry, cancellation);
        flight.Start(entries);
        while (await flight.NextAsync() is { } outcome) yield return outcome;
    }

    public Task<ReadAnswer<CreditFile>> ReadFileAsync(CitizenId citizen, FileRequest? request, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        request ??= Now;
        return UntilAvailable(() => grain.ReadFile(request), cancellation);
    }

    public async IAsyncEnumerable<HistoryEntry> ReadHistoryAsync(CitizenId citizen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        for (ulong? from = 1; from is { } sequence;)
        {
            var answer = await UntilAvailable(() => grain.ReadHistory(new HistoryRequest(sequence)), cancellation);
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
            var answer = await UntilAvailable(grain.ReadTotals, stop);
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

    private async Task<ReadAnswer<T>> UntilAvailable<T>(Func<ValueTask<ReadAnswer<T>>> ask, CancellationToken cancellation)
        where T : class
    {
        // One method and not UntilAnswered within a loop: nearly every call is answered at once, and each method on the way would be waited for apart.
        var started = _retry.Start();
        for (int attempt = 1, silences = 0; ;)
        {
            ReadAnswer<T> answer;
            try
            {
                answer = await ask().OrGivenUp(cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                await BearSilenceAsync(++silences, started, "the answer", failure, cancellation);
                continue;
            }

            if (answer.Status != ReadStatus.Unavailable || _retry.IsLast(attempt, started)) return answer;
            silences = 0;
            await _retry.BackOffAsync(attempt++, cancellation);
        }
    }

    private async Task<T> UntilAnswered<T>(Func<ValueTask<T>> ask, string what, CancellationToken cancellation)
    {
        var started = _retry.Start();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask().OrGivenUp(cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                await BearSilenceAsync(attempt, started, what, failure, cancellation);
            }
        }
    }

    /// <summary>Waits before a silent ledger is asked again; throws where it was asked often enough.</summary>
    private Task BearSilenceAsync(int attempt, long started, string what, Exception failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_retry.IsLast(attempt, started))
            throw new LedgerUnreachableException($"No silo gave {what} in {attempt} attempts. Check that the ledger is being served and ask again.", failure);
        return _retry.BackOffAsync(attempt, cancellation);
    }
}
