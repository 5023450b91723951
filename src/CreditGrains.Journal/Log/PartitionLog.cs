using System.Text;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal;

/// <summary>One partition as owned by one silo: the only way to append records to it.</summary>
/// <remarks>
/// <para>
/// What it does: gathers appends while a batch is in flight, writes them as the next batch together with their batch row, and says what
/// became of them. One batch is in flight at a time; the store makes the batches of many partitions durable together.
/// </para>
/// <para>
/// What it relies on: the store inserts a set of rows all or none, and never over an existing key. So two writers of batch <em>n</em>
/// collide on its row, and the later one has written nothing.
/// </para>
/// <para>
/// What it promises: <see cref="CommitVerdict.Durable"/> is said only of rows that the store holds and the partition log lists;
/// <see cref="CommitVerdict.NotWritten"/> and <see cref="CommitVerdict.FenceLost"/> only of rows that are not there and can never get
/// there. Where the store does not know, the log claims the batch's number for an empty batch, and only then answers.
/// </para>
/// <para>
/// It starts no thread, and time is the <see cref="TimeProvider"/> alone: verdicts come on the thread that the store answers on.
/// All members may be called from any thread.
/// </para>
/// </remarks>
public sealed partial class PartitionLog
{
    private readonly IJournalStore _store;
    private readonly byte[] _owner;
    private readonly long _membershipVersion;
    private readonly TimeProvider _time;
    private readonly PartitionLogOptions _options;
    private readonly ILogger _logger;
    private readonly CommitTally? _tally;
    private readonly FencePost _fence;
    private readonly PartitionClock _clock;
    private readonly int _maxBatchRecords;
    private readonly int _maxBatchBytes;
    private readonly TaskCompletionSource<LogClosing> _closed = new();

    // Guards what follows, up to the next comment.
    private readonly Lock _gate = new();
    private readonly Queue<AppendRequest> _queue = new();
    private readonly HashSet<JournalId> _outstanding = [];
    private int _queuedRecords;
    private int _queuedBytes;
    private bool _isCommitting;
    private bool _isReleasing;
    private bool _isSettling;
    private LogClosing? _closing;
    private TaskCompletionSource? _idle;
    private ulong _epoch;
    private long _confirmedAt;

    // Touched only by whoever set _isCommitting, one at a time.
    private readonly List<AppendRequest> _batch = [];
    private List<Row> _rows = [];
    private readonly List<RecordHash> _hashes = [];
    private readonly MerkleFrontier _frontier = new();
    private readonly MerkleFrontier _grown = new();
    private ulong _head;
    private long _highestRecordedAt;
    private LogClosing? _lostBecause;

    private PartitionLog(
        IJournalStore store, int partition, string owner, long membershipVersion, TimeProvider time, PartitionLogOptions options, ILogger logger,
        CommitTally? tally, FencePost fence, BatchRow claim, long confirmedAt)
    {
        _store = store;
        Partition = partition;
        _owner = Encoding.UTF8.GetBytes(owner);
        _membershipVersion = membershipVersion;
        _time = time;
        _options = options;
        _logger = logger;
        _tally = tally;
        _fence = fence;
        _maxBatchRecords = Math.Min(options.MaxRecordsPerBatch, store.Limits.MaxRows - 1);
        _maxBatchBytes = store.Limits.MaxBytes - BatchRowFormat.MaxEmptyBytes;
        _head = claim.Number;
        _epoch = claim.Epoch;
        _highestRecordedAt = claim.HighestRecordedAt;
        _frontier.CopyFrom(claim.Frontier);
        _clock = new(partition, time, claim.HighestRecordedAt, logger);
        _confirmedAt = confirmedAt;
        MaxRecordsPerAppend = _maxBatchRecords;
        MaxBytesPerAppend = Math.Min(_maxBatchBytes, options.MaxQueuedBytes);
    }

    /// <summary>Gets the partition.</summary>
    public int Partition { get; }

    /// <summary>Gets how many records one append may have: they go into one batch.</summary>
    public int MaxRecordsPerAppend { get; }

    /// <summary>Gets how many bytes one append may have, counting for each record its value and <see cref="RecordOverheadBytes"/>.</summary>
    public int MaxBytesPerAppend { get; }

    /// <summary>What each record costs a batch besides its value: its key, and its place in the batch row.</summary>
    public const int RecordOverheadBytes = RowKey.Length + BatchRowFormat.MaxEntryBytes;

    /// <summary>Gets the epoch under which this log writes now. It rises when an unknown commit is settled.</summary>
    public ulong Epoch
    {
        get
        {
            lock (_gate) return _epoch;
        }
    }

    /// <summary>Gets a task that completes, on the thread that found out, when the log has closed. Then it never writes again: drop the citizens.</summary>
    public Task<LogClosing> Closed => _closed.Task;

    /// <summary>Gets whether the log has closed.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Gets how many records wait for the next batch.</summary>
    public int QueuedRecords
    {
        get
        {
            lock (_gate) return _queuedRecords;
        }
    }

    /// <summary>
    /// Gets whether reads that leave no record may be answered from memory: the last confirmed commit began less than
    /// <see cref="PartitionLogOptions.Lease"/> ago by the monotonic clock. Otherwise call <see cref="ConfirmAsync"/> first.
    /// </summary>
    public bool HoldsLease
    {
        get
        {
            lock (_gate) return _closing is null && !_isReleasing && _time.GetElapsedTime(_confirmedAt) < _options.Lease;
        }
    }

    /// <summary>
    /// Tells whether a journal has an append whose verdict is not given yet. Whoever would read the journal to continue it waits for that: what
    /// it read could be overtaken.
    /// </summary>
    /// <param name="journal">The journal.</param>
    public bool IsOutstanding(JournalId journal)
    {
        lock (_gate) return _outstanding.Contains(journal);
    }

    /// <summary>Gives the time to seal the next record with: the clock's, or 1 µs after the partition's last if that is later.</summary>
    /// <returns>Microseconds since 1970-01-01 UTC; each value once, rising over the partition's whole life and all its owners.</returns>
    public long NextRecordedAt() => _clock.Next();

    /// <summary>Appends one sealed record.</summary>
    /// <param name="row">The record. Its journal must have no other append outstanding: a record must not outlive one it follows.</param>
    /// <param name="recordedAt">What it was sealed with, from <see cref="NextRecordedAt"/>.</param>
    /// <returns>What became of it; given only when that is certain, or the deadline has passed.</returns>
    /// <exception cref="ArgumentException">The record is larger than <see cref="MaxBytesPerAppend"/> allows.</exception>
    public ValueTask<CommitVerdict> AppendAsync(in AppendRow row, long recordedAt) => AwaitAsync(new(row, recordedAt));

    /// <summary>Appends sealed records, all or none: they go into one batch.</summary>
    /// <param name="rows">One or more records, in order. The memory is the log's until the verdict. Their journals must have no other append outstanding.</param>
    /// <param name="recordedAt">The highest that any of them was sealed with, from <see cref="NextRecordedAt"/>.</param>
    /// <returns>What became of them; given only when that is certain, or the deadline has passed.</returns>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="MaxRecordsPerAppend"/> or <see cref="MaxBytesPerAppend"/> allow.</exception>
    public ValueTask<CommitVerdict> AppendAsync(ReadOnlyMemory<AppendRow> rows, long recordedAt) => AwaitAsync(new(rows, recordedAt));

    /// <summary>Reads the rows of one journal of this partition.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="from">The smallest number.</param>
    /// <param name="to">The largest number, included.</param>
    /// <param name="direction">Which end comes first.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public IAsyncEnumerable<Row> ReadJournal(JournalId journal, ulong from, ulong to, ReadDirection direction, CancellationToken cancellation) =>
        _store.ReadJournal(Partition, journal, from, to, direction, cancellation);

    /// <summary>Reads the partition log upward.</summary>
    /// <param name="from">The first batch number.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="JournalBrokenException">A batch row is missing, or is not one.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public IAsyncEnumerable<BatchRow> ReadBatches(ulong from, CancellationToken cancellation) => _store.ReadBatches(Partition, from, cancellation);

    /// <summary>Asks the store whether this log still owns the partition, and renews the lease if so.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>
    /// Whether the newest batch row is this log's. False does not by itself close the log: a commit in flight finds out what happened to it first.
    /// </returns>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    /// <exception cref="JournalBrokenException">The newest batch row is not one.</exception>
    public async ValueTask<bool> ConfirmAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();

        // Batch numbers have no gaps: where none follows the one that is known, it is the newest. A row by its key is what stores find soonest.
        BatchRow? newer = null;
        for (var next = Volatile.Read(ref _head) + 1; await _store.ReadBatchAsync(Partition, next, cancellation).ConfigureAwait(false) is { } found; next++) newer = found;
        lock (_gate)
        {
            if (_closing is not null || _isReleasing) return false;
            if (newer is null || newer.Epoch == _epoch)
            {
                _confirmedAt = Math.Max(_confirmedAt, started);
                return true;
            }

            // An older epoch was read before our own settlement; a newer one may be that settlement, not yet heard of.
            if (newer.Epoch < _epoch || _isCommitting || _isSettling) return false;
        }

        Close(LogClosing.FenceLost);
        return false;
    }

    /// <summary>Finishes what is queued, then tells the successor that it need not wait. The log is closed afterwards.</summary>
    /// <returns>Whether the release is durable. If not, the successor waits for the lease; nothing is lost by that.</returns>
    /// <remarks>From the call on, new appends are told <see cref="CommitVerdict.FenceLost"/>, and the lease is given up.</remarks>
    public async ValueTask<bool> ReleaseAsync()
    {
        Task idle;
        bool isUnderWay;
        var mustStart = false;
        lock (_gate)
        {
            isUnderWay = _isReleasing || _closing is not null;
            mustStart = !isUnderWay && !_isCommitting && _queue.Count > 0; // submitted with more to come
            if (!isUnderWay && (_isCommitting || mustStart)) _idle = new();
            idle = _idle?.Task ?? Task.CompletedTask;
            _isReleasing = true;
            _isCommitting = true; // taken now, or handed over by the commits under way when they are through
        }

        if (isUnderWay) return await _closed.Task.ConfigureAwait(false) == LogClosing.Released;
        if (mustStart) _ = CommitQueuedAsync();
        await idle.ConfigureAwait(false);
        if (IsClosed) return false; // the commits under way lost the fence

        var batchId = _options.Random.NextUInt128();
        var row = EncodeEmpty(BatchFlags.Released, batchId, _epoch);
        var (placing, _) = await _fence.PlaceAsync(row, batchId, _time.GetTimestamp(), _options.SettleDeadline).ConfigureAwait(false);
        Close(placing switch
        {
            Placing.Placed => LogClosing.Released,
            Placing.Taken => LogClosing.FenceLost,
            Placing.Silent => LogClosing.Unsettled,
            _ => LogClosing.Contradiction,
        });
        return placing == Placing.Placed;
    }

    /// <summary>Appends sealed records, and tells the request what became of them.</summary>
    /// <param name="append">The records, not submitted before.</param>
    /// <param name="isMoreComing">
    /// Whether the caller will submit more at once and then call <see cref="Flush"/>: until then an idle partition writes nothing, so that
    /// they share a batch.
    /// </param>
    /// <returns>
    /// Null: the records wait for their batch, and the request will be answered. Else the verdict, <see cref="CommitVerdict.Overloaded"/> or
    /// <see cref="CommitVerdict.FenceLost"/>, and the request is not answered.
    /// </returns>
    /// <exception cref="ArgumentException">There are none, or more than <see cref="MaxRecordsPerAppend"/> or <see cref="MaxBytesPerAppend"/> allow.</exception>
    public CommitVerdict? Submit(AppendRequest append, bool isMoreComing = false)
    {
        ArgumentNullException.ThrowIfNull(append);
        if (append.Count == 0) throw new ArgumentException("An append has at least one record.", nameof(append));
        if (append.Count > MaxRecordsPerAppend) throw new ArgumentException($"An append has at most {MaxRecordsPerAppend} records.", nameof(append));
        if (append.Bytes > MaxBytesPerAppend) throw new ArgumentException($"An append has at most {MaxBytesPerAppend} bytes.", nameof(append));
        Invariant.Holds(append.RecordedAt <= _clock.Last);

        lock (_gate)
        {
            if (_closing is not null || _isReleasing) return CommitVerdict.FenceLost;
            if (_queuedRecords + append.Count > _options.MaxQueuedRecords && _queuedRecords > 0
                || (long)_queuedBytes + append.Bytes > _options.MaxQueuedBytes)
            {
                JournalMetrics.Overloads.Add(1);
                _tally?.CountOverload();
                return CommitVerdict.Overloaded;
            }

            foreach (ref readonly var row in append.Rows)
            {
                Invariant.Holds(row.Number > 0 && row.Journal.Space != Space.Batch && !row.Value.IsEmpty);
                Invariant.Holds(!_outstanding.Contains(row.Journal));
            }

            foreach (ref readonly var row in append.Rows) _outstanding.Add(row.Journal);
            _queue.Enqueue(append);
            _queuedRecords += append.Count;
            _queuedBytes += append.Bytes;
            JournalMetrics.QueueDepth.Add(append.Count);
            if (isMoreComing || _isCommitting) return null;
            _isCommitting = true;
        }

        _ = CommitQueuedAsync(); // never faults: it answers every append and closes the log if it must
        return null;
    }

    /// <summary>Starts writing what was submitted with more to come.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isCommitting || _queue.Count == 0) return;
            _isCommitting = true;
        }

        _ = CommitQueuedAsync();
    }

    private ValueTask<CommitVerdict> AwaitAsync(AwaitedAppend append) =>
        Submit(append) is { } atOnce ? new(atOnce) : new(append.Verdict);

    /// <summary>Closes for good: first the callers that wait are told, then the owner.</summary>
    private void Close(LogClosing why)
    {
        AppendRequest[] waiting;
        TaskCompletionSource? idle;
        lock (_gate)
        {
            if (_closing is not null) return;
            _closing = why;
            waiting = [.. _queue];
            JournalMetrics.QueueDepth.Add(-_queuedRecords);
            _queue.Clear();
            _queuedRecords = _queuedBytes = 0;
            idle = _idle;
        }

        if (why == LogClosing.Released) LogReleased(Partition, _head);
        else LogClosed(why == LogClosing.FenceLost ? LogLevel.Warning : LogLevel.Error, Partition, _head + 1, why);
        if (why == LogClosing.FenceLost)
        {
            JournalMetrics.FenceLosses.Add(1);
            _tally?.CountFenceLoss();
        }

        if (why == LogClosing.Contradiction)
        {
            JournalMetrics.Contradictions.Add(1);
            LogContradiction(Partition, _head + 1);
        }

        foreach (var append in waiting) Tell(append, CommitVerdict.FenceLost);
        _closed.TrySetResult(why);
        idle?.TrySetResult();
    }

    [LoggerMessage(LogLevel.Information, "Partition {Partition}: released with batch {Batch}")]
    private partial void LogReleased(int partition, ulong batch);

    [LoggerMessage("Partition {Partition}: closed before batch {Batch}: {Why}; this silo no longer writes to it")]
    private partial void LogClosed(LogLevel level, int partition, ulong batch, LogClosing why);

    [LoggerMessage(LogLevel.Critical, "Partition {Partition}: a key of batch {Batch} is taken but the batch row is not there or cannot be read; nothing was overwritten; run an audit before anything is written")]
    private partial void LogContradiction(int partition, ulong batch);
}
