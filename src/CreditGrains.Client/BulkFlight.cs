using System.Collections.Immutable;

namespace CreditGrains.Client;

/// <summary>One run of <see cref="ILedgerClient.RecordManyAsync"/>: entries in, batches out by partition, outcomes back in order.</summary>
/// <remarks>
/// <para>A ring of slots, one an entry, bounds what is in flight: an entry takes the slot of its index, its outcome fills it, and
/// reading the outcome frees it. Entries wait in their partition's lane. A lane has one batch under way, so that the entries of a
/// citizen arrive in their order; a full batch leaves at once, and all partial ones leave when the reader would have to wait, for
/// the input or for a slot.</para>
/// </remarks>
internal sealed class BulkFlight : IAsyncDisposable
{
    private readonly ILedgerGrains _grains;
    private readonly int _partitionCount;
    private readonly LedgerClientOptions _options;
    private readonly RetryPolicy _retry;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancellation;
    private readonly Lane?[] _lanes;
    private readonly RecordOutcome[] _outcomes;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _read;
    private long _given;
    private Exception? _failure;

    internal BulkFlight(
        ILedgerGrains grains, int partitionCount, LedgerClientOptions options, RetryPolicy retry, CancellationToken cancellation)
    {
        _grains = grains;
        _partitionCount = partitionCount;
        _options = options;
        _retry = retry;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _cancellation = _stop.Token;
        _lanes = new Lane?[partitionCount];
        _outcomes = new RecordOutcome[options.MaxEntriesInFlight];
        _slots = new SemaphoreSlim(options.MaxEntriesInFlight);
    }

    /// <summary>Reads the input to its end and sends it. Ends when every entry has been handed to its lane.</summary>
    internal Task ReadAsync(IAsyncEnumerable<Entry> entries) => Task.Run(async () =>
    {
        try
        {
            await using var input = entries.GetAsyncEnumerator(_cancellation);
            while (true)
            {
                var next = input.MoveNextAsync();
                if (!next.IsCompleted) SendPartialBatches();
                if (!await next) break;

                var slot = _slots.WaitAsync(_cancellation);
                if (!slot.IsCompleted) SendPartialBatches();
                await slot;

                Take(input.Current);
            }

            SendPartialBatches();
        }
        finally
        {
            // Whoever waits for an outcome must learn that no more will come, or why.
            Signal();
        }
    });

    /// <summary>Gives the next outcome in the order of the entries; null when the input has ended and all have been given.</summary>
    internal async ValueTask<RecordOutcome?> NextAsync(Task reading)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                ref var slot = ref _outcomes[_given % _outcomes.Length];
                if (_given < _read && slot.Status != default)
                {
                    var outcome = slot;
                    slot = default;
                    _given++;
                    _slots.Release();
                    return outcome;
                }

                if (_failure is not null) throw new LedgerUnreachableException("The ledger stopped answering. What was acknowledged is kept; run the same entries again.", _failure);
                if (reading.IsCompleted && (_given == _read || !reading.IsCompletedSuccessfully)) return null;
                if (_changed.Task.IsCompleted) _changed = NewSignal();
                changed = _changed.Task;
            }

            if (reading.IsCompleted) await changed.WaitAsync(_cancellation);
            else await Task.WhenAny(changed, reading).WaitAsync(_cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Take(Entry entry)
    {
        var partition = entry.Citizen.PartitionOf(_partitionCount);
        Lane lane;
        lock (_gate)
        {
            lane = _lanes[partition] ??= new Lane(partition);
            lane.Waiting.Enqueue((entry, _read++));
            if (lane.IsSending || lane.Waiting.Count < _options.MaxEntriesPerBatch) return;
            lane.IsSending = true;
        }

        _ = SendAsync(lane);
    }

    private void SendPartialBatches()
    {
        foreach (var lane in _lanes)
        {
            if (lane is null) continue;
            lock (_gate)
            {
                if (lane.IsSending || lane.Waiting.Count == 0) continue;
                lane.IsSending = true;
            }

            _ = SendAsync(lane);
        }
    }

    /// <summary>Sends a lane's batches one after another until nothing waits in it.</summary>
    private async Task SendAsync(Lane lane)
    {
        try
        {
            var grain = _grains.Partition(lane.Partition, _partitionCount);
            while (true)
            {
                List<(Entry Entry, long Index)> batch;
                lock (_gate)
                {
                    batch = new(Math.Min(lane.Waiting.Count, _options.MaxEntriesPerBatch));
                    while (batch.Count < _options.MaxEntriesPerBatch && lane.Waiting.TryDequeue(out var waiting)) batch.Add(waiting);
                    if (batch.Count == 0)
                    {
                        lane.IsSending = false;
                        return;
                    }
                }

                await SendAsync(grain, batch);
            }
        }
        catch (Exception failure)
        {
            // The reader of outcomes throws it; here there is nobody to throw to.
            lock (_gate) _failure ??= failure;
            Signal();
        }
    }

    /// <summary>Sends one batch, and what of it may be retried again, in order, until it is settled or the attempts run out.</summary>
    private async Task SendAsync(IPartitionGrain grain, List<(Entry Entry, long Index)> batch)
    {
        for (var attempt = 1; batch.Count > 0; attempt++)
        {
            ImmutableArray<RecordOutcome> outcomes = [];
            Exception? silence = null;
            try
            {
                outcomes = await grain.RecordMany([.. batch.Select(waiting => waiting.Entry)]).AsTask().WaitAsync(_cancellation);
            }
            catch (Exception failure) when (RetryPolicy.MeansSilence(failure))
            {
                silence = failure;
            }

            var isLast = attempt == _retry.MaxAttempts;
            if (silence is not null && isLast) throw silence;

            var again = new List<(Entry Entry, long Index)>();
            if (silence is not null) again = batch;
            else Settle(batch, outcomes, isLast, again);

            batch = again;
            if (batch.Count > 0) await _retry.BackOffAsync(attempt, _cancellation);
        }
    }

    private void Settle(List<(Entry Entry, long Index)> batch, ImmutableArray<RecordOutcome> outcomes, bool isLast, List<(Entry, long)> again)
    {
        lock (_gate)
        {
            for (var place = 0; place < batch.Count; place++)
            {
                if (outcomes[place].MayRetry && !isLast) again.Add(batch[place]);
                else _outcomes[batch[place].Index % _outcomes.Length] = outcomes[place];
            }
        }

        Signal();
    }

    private void Signal()
    {
        lock (_gate) _changed.TrySetResult();
    }

    private sealed class Lane(int partition)
    {
        internal int Partition { get; } = partition;

        internal Queue<(Entry Entry, long Index)> Waiting { get; } = new();

        internal bool IsSending { get; set; }
    }
}
