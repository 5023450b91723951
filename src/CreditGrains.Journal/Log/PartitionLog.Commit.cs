using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal;

public sealed partial class PartitionLog
{
    /// <summary>Writes batch after batch until nothing waits. Runs once at a time, entered with _isCommitting set.</summary>
    private async Task CommitQueuedAsync()
    {
        JournalTraces.StandAlone();
        while (TakeBatch())
        {
            var span = JournalTraces.Commit(Partition);
            var started = _time.GetTimestamp();
            CommitVerdict verdict;
            try
            {
                verdict = await CommitBatchAsync(started).ConfigureAwait(false);
            }
            catch (Exception bug)
            {
                // Not to carry on after it, but so that nobody waits for ever: callers hear that nothing is known, and the log closes.
                LogFault(bug, Partition, _head + 1);
                _lostBecause = LogClosing.Fault;
                verdict = CommitVerdict.Unknown;
            }

            CountCommit(verdict, started);
            JournalTraces.End(span, verdict, _hashes.Count);
            AnswerBatch(verdict);
        }
    }

    /// <summary>Moves what waits into the batch, as much as it may carry. False: nothing waits, and the committing is over.</summary>
    private bool TakeBatch()
    {
        TaskCompletionSource? idle;
        lock (_gate)
        {
            if (_closing is null && _queue.Count > 0)
            {
                var records = 0;
                var bytes = 0;
                while (_queue.TryPeek(out var next) && records + next.Count <= _maxBatchRecords && bytes + next.Bytes <= _maxBatchBytes)
                {
                    _batch.Add(_queue.Dequeue());
                    records += next.Count;
                    bytes += next.Bytes;
                }

                Invariant.Holds(records > 0);
                _queuedRecords -= records;
                foreach (var append in _batch) _queuedBytes -= append.Bytes;
                JournalMetrics.QueueDepth.Add(-records);
                return true;
            }

            idle = _idle;
            _isCommitting = idle is not null; // a release that waits takes over
        }

        idle?.TrySetResult();
        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CommitVerdict> CommitBatchAsync(long started)
    {
        var number = _head + 1;
        var batchId = _options.Random.NextUInt128();
        var highest = EncodeBatch(number, batchId);

        var outcome = await _fence.InsertAsync(_rows, number).ConfigureAwait(false);
        switch (outcome.Verdict)
        {
            case InsertVerdict.Inserted:
                return Confirmed(highest, started);

            case InsertVerdict.NotWritten:
                return CommitVerdict.NotWritten;

            case InsertVerdict.KeyExists:
                // A duplicated request or a lost reply looks like this too: whose row it is decides.
                var (placing, found) = await _fence.LookAsync(number, started, _options.SettleDeadline).ConfigureAwait(false);
                return placing == Placing.Taken && found!.BatchId == batchId ? Confirmed(highest, started) : Lost(placing);

            default:
                _rows = []; // the store may still be sending the old list
                return await SettleAsync(number, batchId, highest, started).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out what became of a batch by claiming its number for an empty one, under a new epoch.</summary>
    private async ValueTask<CommitVerdict> SettleAsync(ulong number, UInt128 lostId, long highest, long started)
    {
        var settleId = _options.Random.NextUInt128();
        var epoch = _epoch + 1;
        SetSettling(true);
        try
        {
            var row = EncodeEmpty(BatchFlags.Claim, settleId, epoch);
            var settleStarted = _time.GetTimestamp();
            var (placing, found) = await _fence.PlaceAsync(row, settleId, settleStarted, _options.SettleDeadline).ConfigureAwait(false);
            if (placing == Placing.Placed)
            {
                // The number is taken for ever, so the lost batch can never land.
                lock (_gate)
                {
                    _epoch = epoch;
                    _confirmedAt = settleStarted;
                }

                _head = number;
                LogSettled(Partition, number, CommitVerdict.NotWritten);
                return CommitVerdict.NotWritten;
            }

            if (placing == Placing.Taken && found!.BatchId == lostId)
            {
                LogSettled(Partition, number, CommitVerdict.Durable);
                return Confirmed(highest, started);
            }

            return Lost(placing);
        }
        finally
        {
            SetSettling(false);
        }
    }

    private void SetSettling(bool isSettling)
    {
        lock (_gate) _isSettling = isSettling;
    }

    private CommitVerdict Confirmed(long highest, long started)
    {
        _head++;
        _highestRecordedAt = highest;
        _frontier.CopyFrom(_grown);
        lock (_gate) _confirmedAt = Math.Max(_confirmedAt, started);
        return CommitVerdict.Durable;
    }

    /// <summary>Closes the log over a batch that did not get its number, and says what that means for the batch.</summary>
    private CommitVerdict Lost(Placing placing)
    {
        switch (placing)
        {
            case Placing.Taken:
                _lostBecause = LogClosing.FenceLost;
                return CommitVerdict.FenceLost;

            case Placing.Contradiction:
                // Some key of the batch is taken, for ever: it was not written and cannot be.
                _lostBecause = LogClosing.Contradiction;
                return CommitVerdict.FenceLost;

            case Placing.Broken:
                // The row in the place may be ours, damaged.
                _lostBecause = LogClosing.Contradiction;
                return CommitVerdict.Unknown;

            default:
                _lostBecause = LogClosing.Unsettled;
                return CommitVerdict.Unknown;
        }
    }

    /// <summary>Tells the batch's callers, then closes if the batch was the last.</summary>
    private void AnswerBatch(CommitVerdict verdict)
    {
        var closing = _lostBecause;
        lock (_gate)
        {
            // Set before the callers run: what they append from here on must not slip in behind a lost fence.
            if (closing is not null) _isReleasing = true;
            foreach (var append in _batch)
                foreach (ref readonly var row in append.Rows)
                    _outstanding.Remove(row.Journal);
        }

        foreach (var append in _batch) Tell(append, verdict);
        _batch.Clear();
        _rows.Clear(); // an idle partition keeps nobody's bytes in memory
        if (closing is { } why) Close(why);
    }

    /// <summary>Gives a verdict to one of many: whatever it does with it, the others get theirs.</summary>
    private static void Tell(AppendRequest append, CommitVerdict verdict)
    {
        try
        {
            append.Answer(verdict);
        }
        catch (Exception)
        {
            // Its owner has broken its word not to throw, perhaps because it could not log. It is counted; a second attempt to log would end alike.
            JournalMetrics.AnswerFaults.Add(1);
        }
    }

    private long EncodeBatch(ulong number, UInt128 batchId)
    {
        _rows.Clear();
        _hashes.Clear();
        _grown.CopyFrom(_frontier);
        var highest = _highestRecordedAt;
        foreach (var append in _batch)
        {
            highest = Math.Max(highest, append.RecordedAt);
            foreach (ref readonly var row in append.Rows)
            {
                _rows.Add(new(new(Partition, row.Journal, row.Number), row.Value));
                _hashes.Add(row.Hash);
                _grown.Append(row.Hash);
            }
        }

        _rows.Add(BatchRowFormat.Encode(
            BatchRow.KeyOf(Partition, number), BatchFlags.None, batchId, _owner, _epoch, _membershipVersion, highest,
            CollectionsMarshal.AsSpan(_rows), CollectionsMarshal.AsSpan(_hashes), _grown));
        return highest;
    }

    private Row EncodeEmpty(BatchFlags flags, UInt128 batchId, ulong epoch) => BatchRowFormat.Encode(
        BatchRow.KeyOf(Partition, _head + 1), flags, batchId, _owner, epoch, _membershipVersion, _highestRecordedAt, [], [], _frontier);

    private void CountCommit(CommitVerdict verdict, long started)
    {
        var ended = _time.GetTimestamp();
        var isDurable = verdict == CommitVerdict.Durable;
        var entries = 0;
        foreach (var append in _batch) entries += append.EntryCount;
        JournalMetrics.Commits.Add(1, new KeyValuePair<string, object?>("verdict", VerdictTags[(int)verdict]));
        JournalMetrics.CommitLatency.Record(_time.GetElapsedTime(started, ended).TotalSeconds);
        JournalMetrics.BatchSize.Record(_hashes.Count);
        if (isDurable) JournalMetrics.Records.Add(_hashes.Count);
        if (isDurable) JournalMetrics.Entries.Add(entries);
        _tally?.CountCommit(Partition, isDurable, entries, _hashes.Count, started, ended);
    }

    // Boxed once: a tag a commit must not allocate.
    private static readonly object[] VerdictTags = [.. Enumerable.Range(0, 6).Select(number => (object)((CommitVerdict)number).ToString())];

    [LoggerMessage(LogLevel.Critical, "Partition {Partition}, batch {Batch}: a bug stopped the commit; the log closes")]
    private partial void LogFault(Exception bug, int partition, ulong batch);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}, batch {Batch}: an unknown outcome is settled: {Verdict}")]
    private partial void LogSettled(int partition, ulong batch, CommitVerdict verdict);
}
