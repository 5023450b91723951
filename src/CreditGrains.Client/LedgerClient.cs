using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace CreditGrains.Client;

/// <summary>The client over Orleans. Carries no rule: every answer is the ledger's.</summary>
internal sealed class LedgerClient(ILedgerGrains grains, IOptions<LedgerClientOptions> options, TimeProvider clock) : ILedgerClient
{
    private const int PartitionsAskedAtOnce = 16;

    private readonly RetryPolicy _retry = new(options.Value, clock);
    private LedgerDescription? _description;

    public async Task<LedgerDescription> DescribeAsync(CancellationToken cancellation) =>
        _description ??= await UntilAnswered(() => grains.Ledger.Describe(), "the ledger's description", cancellation);

    public async Task<RecordOutcome> RecordAsync(Entry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var grain = grains.Citizen(entry.Citizen);
        for (var attempt = 1; ; attempt++)
        {
            RecordOutcome outcome;
            try
            {
                outcome = await grain.Record(entry).AsTask().WaitAsync(cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                // Silence is not a no: the entry may be there. The same reference sent again will tell.
                if (attempt == _retry.MaxAttempts)
                    throw new LedgerUnreachableException("No silo answered for the citizen. The entry may be recorded; send it again under the same reference to learn.", failure);
                outcome = new(RecordStatus.Unknown);
            }

            if (!outcome.MayRetry || attempt == _retry.MaxAttempts) return outcome;
            await _retry.BackOffAsync(attempt, cancellation);
        }
    }

    public async IAsyncEnumerable<RecordOutcome> RecordManyAsync(
        IAsyncEnumerable<Entry> entries, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var partitionCount = (await DescribeAsync(cancellation)).PartitionCount;
        await using var flight = new BulkFlight(grains, partitionCount, options.Value, _retry, cancellation);
        var reading = flight.ReadAsync(entries);
        while (await flight.NextAsync(reading) is { } outcome) yield return outcome;
        await reading;
    }

    public async Task<ReadAnswer<CreditFile>> ReadFileAsync(CitizenId citizen, FileRequest? request, CancellationToken cancellation)
    {
        var grain = grains.Citizen(citizen);
        request ??= Now;
        return await UntilAvailable(() => grain.ReadFile(request), cancellation);
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
        var partitionCount = (await DescribeAsync(cancellation)).PartitionCount;
        var sum = new TotalsSum();
        var answered = 0;
        using var slots = new SemaphoreSlim(PartitionsAskedAtOnce);
        await Task.WhenAll(Enumerable.Range(0, partitionCount).Select(Ask));
        return sum.Result;

        async Task Ask(int partition)
        {
            await slots.WaitAsync(cancellation);
            try
            {
                var grain = grains.Partition(partition, partitionCount);
                var answer = await UntilAvailable(grain.ReadTotals, cancellation);
                if (answer is not { Status: ReadStatus.Answered, Value: { } totals })
                    throw new LedgerUnreachableException($"Partition {partition} did not answer, and totals without it would be wrong. Ask again.");

                lock (sum) sum.Add(totals);
                progress?.Report(Interlocked.Increment(ref answered));
            }
            finally
            {
                slots.Release();
            }
        }
    }

    private static readonly FileRequest Now = new();

    private async Task<ReadAnswer<T>> UntilAvailable<T>(Func<ValueTask<ReadAnswer<T>>> ask, CancellationToken cancellation)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await UntilAnswered(ask, "the answer", cancellation);
            if (answer.Status != ReadStatus.Unavailable || attempt == _retry.MaxAttempts) return answer;
            await _retry.BackOffAsync(attempt, cancellation);
        }
    }

    private async Task<T> UntilAnswered<T>(Func<ValueTask<T>> ask, string what, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask().AsTask().WaitAsync(cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                if (attempt == _retry.MaxAttempts)
                    throw new LedgerUnreachableException($"No silo gave {what} in {attempt} attempts. Check that the ledger is being served and ask again.", failure);
                await _retry.BackOffAsync(attempt, cancellation);
            }
        }
    }
}
