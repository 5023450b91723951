using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CreditGrains.Client;

/// <summary>One run of <see cref="ILedgerClient.RecordManyAsync"/>: entries in, batches out by partition, outcomes back in order.</summary>
/// <remarks>
/// <para>A ring of slots, one an entry, bounds what is in flight: the entry of index i takes slot i modulo their number, its outcome
/// fills it, and giving the outcome frees it. The input is asked for an entry only while a slot is free.</para>
/// <para>Entries wait in their partition's lane. A lane has one batch under way, so that the entries of a citizen arrive in their
/// order; a full batch leaves at once, and all partial ones leave when the reader has to wait, for the input or for a slot. So what
/// the caller waits for is always under way.</para>
/// <para>Three parties meet at the gate: the reader of the input, the senders, one a lane, and the caller who takes outcomes. Each
/// waits on a signal of its own, made under the gate after it has looked, and set under the gate after what it waits for is there.</para>
/// </remarks>
internal sealed class BulkFlight : IAsyncDisposable
{
    private readonly ILedgerGrains _grains;
    private readonly int _partitionCount;
    private readonly int _maxEntriesPerBatch;
    private readonly RetryPolicy _retry;
    private readonly AnswerTimes _times;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopped;
    private readonly Lane?[] _lanes;
    private readonly RecordOutcome[] _outcomes;
    private readonly Lock _gate = new();

    /// <summary>Lanes that have entries and no batch under way; some that have left since.</summary>
    private readonly List<Lane> _partial = [];
    private readonly List<Lane> _leaving = [];

    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource? _outcomeSignal;
    private TaskCompletionSource? _slotSignal;
    private TaskCompletionSource? _landedSignal;
    private long _read;
    private long _given;
    private long _readOnAt;
    private int _sending;
    private bool _hasEnded;
    private Exception? _inputFailure;
    private Exception? _failure;

    internal BulkFlight(
        ILedgerGrains grains, int partitionCount, LedgerClientOptions options, RetryPolicy retry, AnswerTimes times, CancellationToken cancellation)
    {
        _grains = grains;
        _partitionCount = partitionCount;
        _maxEntriesPerBatch = options.MaxEntriesPerBatch;
        _retry = retry;
        _times = times;
        _caller = cancellation;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stopped = _stop.Token;
        _lanes = new Lane?[partitionCount];
        _outcomes = new RecordOutcome[options.MaxEntriesInFlight];
    }

    /// <summary>Begins to read the input and to send what it gives. Once.</summary>
    internal void Start(IAsyncEnumerable<Entry> entries) => _reading = Task.Run(() => ReadAsync(entries));

    /// <summary>Gives the next outcome in the order of the entries; null when the input has ended and all have been given.</summary>
    internal async ValueTask<RecordOutcome?> NextAsync()
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                ref var slot = ref _outcomes[_given % _outcomes.Length];
                if (slot.Status != default)
                {
                    var outcome = slot;
                    slot = default;
                    _given++;
                    if (_given >= _readOnAt) Set(ref _slotSignal);
                    return outcome;
                }

                if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
                if (_hasEnded && _given == _read)
                {
                    // An input may answer a cancellation by ending. The stream has not been recorded to its end all the same.
                    _caller.ThrowIfCancellationRequested();
                    if (_inputFailure is not null) ExceptionDispatchInfo.Throw(_inputFailure);
                    return null;
                }

                changed = (_outcomeSignal = NewSignal()).Task;
            }

            await changed.WaitAsync(_caller);
        }
    }

    /// <summary>Stops, and returns once the input is closed and no sender is left. What has been sent may be recorded all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        Task? landed = null;
        lock (_gate)
        {
            if (_sending > 0) landed = (_landedSignal = NewSignal()).Task;
        }

        if (landed is not null) await landed;
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes whoever waits for a signal. Under the gate.</summary>
    private static void Set(ref TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        signal = null;
    }

    /// <summary>Reads the input to its end and sends it. Never throws: the caller learns of a failure behind the outcomes of what was read.</summary>
    private async Task ReadAsync(IAsyncEnumerable<Entry> entries)
    {
        Exception? failure = null;
        try
        {
            await using var input = entries.GetAsyncEnumerator(_stopped);
            while (true)
            {
                _stopped.ThrowIfCancellationRequested();
                if (NoSlot() is { } freed)
                {
                    SendPartialBatches();
                    await freed.WaitAsync(_stopped);
                    continue;
                }

                var next = input.MoveNextAsync();
                if (!next.IsCompleted) SendPartialBatches();
                if (!await next) break;
                Take(input.Current);
            }
        }
        catch (Exception reason)
        {
            failure = reason;
        }

        SendPartialBatches();
        lock (_gate)
        {
            _hasEnded = true;
            _inputFailure = failure;
            Set(ref _outcomeSignal);
        }
    }

    /// <summary>Gives what to wait for when every slot is taken; null when one is free.</summary>
    private Task? NoSlot()
    {
        lock (_gate)
        {
            if (_read - _given < _outcomes.Length) return null;

            // Not for one slot: whoever went on with that would send a batch of one, and the next, and the next.
            _readOnAt = _given + Math.Max(1, _outcomes.Length / 4);
            return (_slotSignal = NewSignal()).Task;
        }
    }

    private void Take(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var partition = entry.Citizen.PartitionOf(_partitionCount);
        var lane = _lanes[partition] ??= new Lane(partition, _maxEntriesPerBatch);
        lock (_gate)
        {
            lane.Waiting.Enqueue(new(entry, _read++));
            if (lane.IsSending) return;
            if (!lane.IsListed) _partial.Add(lane);
            lane.IsListed = true;
            if (lane.Waiting.Count < _maxEntriesPerBatch) return;
            lane.IsSending = true;
            _sending++;
        }

        _ = SendAsync(lane);
    }

    private void SendPartialBatches()
    {
        lock (_gate)
        {
            foreach (var lane in _partial)
            {
                lane.IsListed = false;
                if (lane.IsSending || lane.Waiting.Count == 0) continue;
                lane.IsSending = true;
                _sending++;
                _leaving.Add(lane);
            }

            _partial.Clear();
        }

        foreach (var lane in _leaving) _ = SendAsync(lane);
        _leaving.Clear();
    }

    /// <summary>Sends a lane's batches one after another until nothing waits in it.</summary>
    private async Task SendAsync(Lane lane)
    {
        try
        {
            var grain = _grains.Partition(lane.Partition, _partitionCount);
            while (TryFill(lane)) await SendAsync(grain, lane.Batch);
        }
        catch (Exception failure)
        {
            // The caller is thrown it, behind the outcomes that are there; here there is nobody to throw to.
            Fail(failure);
        }
        finally
        {
            lock (_gate)
            {
                if (--_sending == 0) Set(ref _landedSignal);
            }
        }
    }

    /// <summary>Fills a lane's batch with what waits; frees the lane where nothing does, or where all has been stopped.</summary>
    private bool TryFill(Lane lane)
    {
        lock (_gate)
        {
            while (lane.Batch.Count < _maxEntriesPerBatch && lane.Waiting.TryDequeue(out var waiting)) lane.Batch.Add(waiting);
            return lane.IsSending = lane.Batch.Count > 0 && !_stopped.IsCancellationRequested;
        }
    }

    /// <summary>Sends one batch, and what of it may be retried again, in order, until it is settled or the attempts run out.</summary>
    private async Task SendAsync(IPartitionGrain grain, List<Waiting> batch)
    {
        var call = new HedgedCall<ImmutableArray<RecordOutcome>>(_retry, _times);
        while (true)
        {
            try
            {
                var entries = EntriesOf(batch);
                var outcomes = await call.AskAsync(() => grain.RecordMany(entries), _stopped);
                if (HasRefusal(outcomes) && await call.HadStragglersAsync(_stopped)) continue;
                Settle(batch, outcomes, call.IsOver);
            }
            catch (Exception failure) when (!call.IsOver && RetryPolicy.MeansSilence(failure))
            {
                // Silence is not a no: what is recorded already will say so when it is sent again.
                _stopped.ThrowIfCancellationRequested();
            }

            if (batch.Count == 0) return;
            await call.BackOffAsync(_stopped);
        }
    }

    private static bool HasRefusal(ImmutableArray<RecordOutcome> outcomes)
    {
        if (outcomes.IsDefault) return false;
        foreach (ref readonly var outcome in outcomes.AsSpan())
        {
            if (outcome.Status == RecordStatus.Refused) return true;
        }

        return false;
    }

    private static ImmutableArray<Entry> EntriesOf(List<Waiting> batch)
    {
        var entries = new Entry[batch.Count];
        for (var place = 0; place < entries.Length; place++) entries[place] = batch[place].Entry;
        return ImmutableCollectionsMarshal.AsImmutableArray(entries);
    }

    /// <summary>Fills the slots of the entries that are settled. What is to be sent again stays in the batch.</summary>
    private void Settle(List<Waiting> batch, ImmutableArray<RecordOutcome> outcomes, bool isLast)
    {
        // An answer that does not fit its question tells nothing about any entry, and a slot without a status would never be given.
        if (outcomes.IsDefault || outcomes.Length != batch.Count)
            throw new InvalidOperationException($"The ledger gave {(outcomes.IsDefault ? 0 : outcomes.Length)} outcomes to {batch.Count} entries.");
        foreach (var outcome in outcomes)
        {
            if (outcome.Status == default) throw new InvalidOperationException("The ledger gave an outcome without a status.");
        }

        var kept = 0;
        lock (_gate)
        {
            for (var place = 0; place < outcomes.Length; place++)
            {
                if (!isLast && IsOpen(batch, kept, batch[place].Entry.Citizen, outcomes[place])) batch[kept++] = batch[place];
                else _outcomes[batch[place].Index % _outcomes.Length] = outcomes[place];
            }

            if (_outcomes[_given % _outcomes.Length].Status != default) Set(ref _outcomeSignal);
        }

        batch.RemoveRange(kept, batch.Count - kept);
    }

    /// <summary>Whether an entry is to be sent again: it may be retried, or was refused while an earlier one of its citizen was not yet in.</summary>
    private static bool IsOpen(List<Waiting> batch, int kept, CitizenId citizen, RecordOutcome outcome)
    {
        if (outcome.MayRetry) return true;
        if (outcome.Status != RecordStatus.Refused) return false;

        // A reversal of an entry that is still to be recorded is refused for want of it. The refusal left nothing behind.
        foreach (ref readonly var earlier in CollectionsMarshal.AsSpan(batch)[..kept])
        {
            if (earlier.Entry.Citizen == citizen) return true;
        }

        return false;
    }

    private void Fail(Exception failure)
    {
        // Stopped by the caller or by the end of the loop: the caller's own wait tells which.
        if (_stopped.IsCancellationRequested) return;
        lock (_gate)
        {
            _failure ??= RetryPolicy.MeansSilence(failure)
                ? new LedgerUnreachableException("The ledger stopped answering. What was acknowledged is kept; run the same entries again.", failure)
                : failure;
            Set(ref _outcomeSignal);
        }
    }

    /// <summary>An entry, and which of the stream it is, from 0.</summary>
    private readonly record struct Waiting(Entry Entry, long Index);

    private sealed class Lane(int partition, int maxEntriesPerBatch)
    {
        internal int Partition { get; } = partition;

        internal Queue<Waiting> Waiting { get; } = new();

        /// <summary>Gets what is under way. The sender's own; at most one sends a lane at a time.</summary>
        internal List<Waiting> Batch { get; } = new(Math.Min(maxEntriesPerBatch, 256));

        internal bool IsSending { get; set; }

        internal bool IsListed { get; set; }
    }
}
