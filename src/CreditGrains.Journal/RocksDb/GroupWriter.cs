using Microsoft.Extensions.Logging;
using RocksDbSharp;
using Database = RocksDbSharp.RocksDb;

namespace CreditGrains.Journal.RocksDb;

/// <summary>The one thread that writes: takes all that waits, writes what is free, syncs once, answers all.</summary>
internal sealed partial class GroupWriter
{
    private readonly Database _database;
    private readonly RocksDbStoreOptions _options;
    private readonly ILogger _logger;
    private readonly KeyLookup _lookup;
    private readonly FreeSpace _space;
    private readonly nint _durably;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<RowKey> _groupKeys = [];

    private readonly object _gate = new();
    private Queue<WriteRequest> _waiting = new();
    private long _waitingBytes;
    private bool _isStopping;
    private int _unanswered = 1; // groups on their way to their callers, and the thread itself

    internal GroupWriter(Database database, RocksDbStoreOptions options, ILogger logger)
    {
        _database = database;
        _options = options;
        _logger = logger;
        _lookup = new(database.Handle);
        _space = new(database.Path, options);
        _durably = Native.Instance.rocksdb_writeoptions_create();
        Native.Instance.rocksdb_writeoptions_set_sync(_durably, 1);
        new Thread(Run) { IsBackground = true, Name = "creditgrains journal writer" }.Start();
    }

    /// <summary>Gets why nothing is written any more; null while all is well.</summary>
    internal string? Failure { get; private set; }

    internal Task<InsertOutcome> Submit(WriteRequest request, CancellationToken cancellation)
    {
        request.GiveUpOn(cancellation);
        string? refusal = null;
        lock (_gate)
        {
            if (_isStopping) refusal = "The store is closed.";
            else if (_waitingBytes + request.Bytes > _options.MaxQueuedBytes) refusal = "Too much is waiting to be written; try later.";
            else
            {
                _waiting.Enqueue(request);
                _waitingBytes += request.Bytes;
                if (_waiting.Count == 1) Monitor.Pulse(_gate);
            }
        }

        if (refusal is not null)
        {
            request.Found = new(InsertVerdict.NotWritten, refusal);
            request.Answer();
        }

        return request.Task;
    }

    /// <summary>Ends the thread once all that was submitted before is written and answered.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        return _stopped.Task;
    }

    private void Run()
    {
        var group = new List<WriteRequest>();
        using (var batch = new WriteBatch())
        {
            while (TakeGroup(group))
            {
                WriteGroup(group, batch);
                group.Clear();
                batch.Clear();
                _groupKeys.Clear();
            }
        }

        _lookup.Close();
        Native.Instance.rocksdb_writeoptions_destroy(_durably);
        AnsweredGroup();
    }

    /// <summary>Counts a group as answered, or the thread as ended. After the last of all the writer has stopped.</summary>
    private void AnsweredGroup()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0) _stopped.SetResult();
    }

    private bool TakeGroup(List<WriteRequest> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isStopping) Monitor.Wait(_gate);

            var bytes = 0L;
            while (_waiting.TryPeek(out var next) && (group.Count == 0 || bytes + next.Bytes <= _options.MaxGroupBytes))
            {
                group.Add(_waiting.Dequeue());
                bytes += next.Bytes;
            }

            _waitingBytes -= bytes;
            return group.Count > 0;
        }
    }

    private void WriteGroup(List<WriteRequest> group, WriteBatch batch)
    {
        var refusal = Failure ?? _space.Shortage();
        try
        {
            foreach (var request in group)
            {
                request.Found = refusal is not null ? new(InsertVerdict.NotWritten, refusal) : Prepare(request, batch);
            }

            if (batch.Count() > 0) Native.Instance.rocksdb_write(_database.Handle, _durably, batch.Handle);
        }
        catch (RocksDbException failed)
        {
            // Even where the write-ahead log took the bytes and only the sync failed, they may come back at the next opening.
            Failure = $"RocksDB failed ({failed.Message}). Nothing more is written until the store is opened again; look at the disk first.";
            LogFailed(failed, _database.Path);
            foreach (var request in group)
            {
                if (request.HangsOnGroup) request.Found = new(InsertVerdict.Unknown, failed.Message);
            }
        }

        Interlocked.Increment(ref _unanswered);
        new Answers([.. group], AnsweredGroup).Give();
    }

    /// <summary>Puts a request into the group's write if its keys allow, and gives the answer that holds once that is durable.</summary>
    private InsertOutcome Prepare(WriteRequest request, WriteBatch batch)
    {
        if (!request.TryStart()) return new(InsertVerdict.NotWritten); // nobody waits for this answer any more
        return request switch
        {
            InsertRequest insert => Prepare(insert, batch),
            RedactRequest redact => Prepare(redact, batch),
            _ => throw new InvalidOperationException($"No way to write a {request.GetType().Name}."),
        };
    }

    private InsertOutcome Prepare(InsertRequest insert, WriteBatch batch)
    {
        var rows = insert.Rows;
        if (FirstTaken(insert) is { } answer) return answer;

        Span<byte> key = stackalloc byte[RowKey.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Key.Write(key);
            batch.Put(key, rows[i].Value.Span);
        }

        insert.HangsOnGroup = true;
        return new(InsertVerdict.Inserted);
    }

    /// <summary>Looks up every key and reserves it within the group. An answer: some key cannot be had, and none is reserved.</summary>
    private InsertOutcome? FirstTaken(InsertRequest insert)
    {
        Span<byte> key = stackalloc byte[RowKey.Length];
        var rows = insert.Rows;
        for (var i = 0; i < rows.Count; i++)
        {
            // The row that is in the way may stand in this very group, and be no more durable than it.
            insert.HangsOnGroup = !_groupKeys.Add(rows[i].Key);
            if (insert.HangsOnGroup) return Unreserve(rows, i, new(InsertVerdict.KeyExists));

            rows[i].Key.Write(key);
            try
            {
                if (_lookup.Exists(key)) return Unreserve(rows, i + 1, new(InsertVerdict.KeyExists));
            }
            catch (RocksDbException unreadable)
            {
                return Unreserve(rows, i + 1, new(InsertVerdict.NotWritten, $"A key could not be looked up: {unreadable.Message}"));
            }
        }

        return null;
    }

    private InsertOutcome Unreserve(IReadOnlyList<Row> rows, int count, InsertOutcome answer)
    {
        for (var i = 0; i < count; i++) _groupKeys.Remove(rows[i].Key);
        return answer;
    }

    private InsertOutcome Prepare(RedactRequest redact, WriteBatch batch)
    {
        Span<byte> key = stackalloc byte[RowKey.Length];
        redact.Redacted.Key.Write(key);

        // Another redaction of this row in the same group is not in the database yet: the later one must read again.
        if (!_groupKeys.Add(redact.Redacted.Key)) return new(InsertVerdict.KeyExists);
        try
        {
            if (!_lookup.Holds(key, redact.Expected.Span)) return new(InsertVerdict.KeyExists);
        }
        catch (RocksDbException unreadable)
        {
            return new(InsertVerdict.NotWritten, $"The row could not be looked up: {unreadable.Message}");
        }

        batch.Put(key, redact.Redacted.Value.Span);
        redact.HangsOnGroup = true;
        return new(InsertVerdict.Inserted);
    }

    [LoggerMessage(LogLevel.Critical, "{Folder}: RocksDB failed to write; nothing more is written until the store is opened again")]
    private partial void LogFailed(Exception failed, string folder);
}
