using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>One life of one silo: claims the partitions that it is told are its own, and appends to their citizens' chains.</summary>
internal sealed class SimulatedSilo
{
    private readonly Random _random;
    private readonly History _history;
    private readonly SimulatedStore _store;
    private readonly ICipherKeys _keys;
    private readonly PartitionLogOptions _options;
    private readonly int _citizens;
    private readonly LedgerFormats _formats;
    private readonly Dictionary<int, PartitionLog> _logs = [];
    private readonly HashSet<int> _claiming = [];

    internal SimulatedSilo(string name, Scheduler scheduler, SimulatedServer server, Random random, History history, int citizens)
    {
        Name = name;
        _random = random;
        _history = history;
        _citizens = citizens;
        Process = new(scheduler, TimeSpan.FromMilliseconds(random.Next(-8000, 8000)));
        _store = new(server, Process);
        var bytes = new SeededSource(random.Next());
        _keys = TestKeys.Of(random.Next(4) == 0 ? CipherSuite.AesGcm : CipherSuite.Plain, bytes);
        _options = Options(bytes);
        _formats = new(written: random.Next(LedgerFormats.OldestKnown, LedgerFormats.NewestKnown + 1));
    }

    internal string Name { get; }

    internal SimulatedProcess Process { get; }

    internal IReadOnlyDictionary<int, PartitionLog> Logs => _logs;

    /// <summary>Hears that a partition is its own under a membership version.</summary>
    internal void Own(int partition, long membershipVersion) => Process.Run(() => _history.Watch(OwnAsync(partition, membershipVersion)));

    /// <summary>Hears that a partition is another's.</summary>
    internal void Disown(int partition) => Process.Run(() =>
    {
        if (_logs.Remove(partition, out var log)) _history.Watch(log.ReleaseAsync().AsTask());
    });

    private async Task OwnAsync(int partition, long membershipVersion)
    {
        if (!_claiming.Add(partition)) return;
        try
        {
            if (_logs.TryGetValue(partition, out var held) && !held.IsClosed) return;

            var outcome = await PartitionLog.ClaimAsync(
                _store, partition, Name, membershipVersion, Process, _options, NullLogger.Instance, CancellationToken.None).ConfigureAwait(false);
            _history.Claimed(this, partition, outcome);
            if (outcome.Log is not { } log) return;

            _logs[partition] = log;
            for (var citizen = 1; citizen <= _citizens; citizen++) _history.Watch(LiveAsync(log, new(Space.Citizen, (UInt128)citizen)));
            _history.Watch(ConfirmNowAndThenAsync(log));
        }
        finally
        {
            _claiming.Remove(partition);
        }
    }

    /// <summary>One citizen on this silo: replays, then appends one record after another, and stops when the log says that it is over.</summary>
    private async Task LiveAsync(PartitionLog log, JournalId journal)
    {
        if (await ReplayAsync(log, journal).ConfigureAwait(false) is not { } tail) return;
        while (!log.IsClosed)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(0, 200)), Process).ConfigureAwait(false);
            var mark = _history.NextMark();
            var body = new byte[12 + _random.Next(200)];
            BinaryPrimitives.WriteInt64BigEndian(body, mark);
            var recordedAt = log.NextRecordedAt();
            var record = RecordFrame.Seal(
                new() { Format = NextFormat(), Journal = journal, After = tail, RecordedAt = recordedAt, Kind = 1, Bodies = [body] }, _keys.Current(journal));
            var row = new AppendRow(journal, tail.Sequence + 1, record.Value, record.Hash);

            _history.Sent(log.Partition, row, recordedAt);
            var verdict = await Append(log, row, recordedAt).ConfigureAwait(false);
            _history.Answered(Name, log.Partition, row, verdict);
            if (verdict is CommitVerdict.FenceLost or CommitVerdict.Unknown) return;
            if (verdict == CommitVerdict.Durable) tail = new(row.Number, row.Hash);
        }
    }

    /// <summary>Every fifth append is of two rows: the citizen's and a page of the partition's own.</summary>
    private ValueTask<CommitVerdict> Append(PartitionLog log, AppendRow row, long recordedAt)
    {
        if (_random.Next(5) != 0) return log.AppendAsync(row, recordedAt);

        var page = new JournalId(Space.Partition, (UInt128)_history.NextMark());
        var record = RecordFrame.Seal(new() { Format = NextFormat(), Journal = page, After = default, RecordedAt = recordedAt, Kind = 2, Bodies = [new byte[8]] }, _keys.Current(page));
        return log.AppendAsync(new[] { row, new AppendRow(page, 1, record.Value, record.Hash) }, recordedAt);
    }

    /// <summary>Now and then the newest format comes into force, before one record and after another.</summary>
    private int NextFormat()
    {
        if (_random.Next(20) == 0) _formats.Write(LedgerFormats.NewestKnown);
        return _formats.Written;
    }

    private async Task<RecordTail?> ReplayAsync(PartitionLog log, JournalId journal)
    {
        while (!log.IsClosed)
        {
            try
            {
                var tail = default(RecordTail);
                await foreach (var row in log.ReadJournal(journal, 1, ulong.MaxValue, ReadDirection.Descending, CancellationToken.None).ConfigureAwait(false))
                {
                    tail = new(row.Key.Number, RecordFrame.HashOf(row));
                    break;
                }

                return tail;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), Process).ConfigureAwait(false);
            }
        }

        return null;
    }

    private async Task ConfirmNowAndThenAsync(PartitionLog log)
    {
        while (!log.IsClosed)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50, 1000)), Process).ConfigureAwait(false);
            try
            {
                var landed = _history.ClaimsReturned(log.Partition);
                var isOurs = await log.ConfirmAsync(CancellationToken.None).ConfigureAwait(false);
                _history.Confirmed(Name, log, isOurs, landed);
            }
            catch (StoreUnavailableException)
            {
                _history.Note($"{Name} cannot confirm {log.Partition}");
            }
        }
    }

    private static PartitionLogOptions Options(RandomSource random) => new()
    {
        MaxRecordsPerBatch = 16,
        MaxQueuedRecords = 4,
        InsertTimeout = TimeSpan.FromMilliseconds(300),
        SettleDeadline = TimeSpan.FromSeconds(3),
        MaxBackOff = TimeSpan.FromMilliseconds(200),
        ClaimDeadline = TimeSpan.FromSeconds(5),
        ReleaseWait = TimeSpan.FromMilliseconds(200),
        ReleasePoll = TimeSpan.FromMilliseconds(20),
        Lease = TimeSpan.FromMilliseconds(400),
        Random = random,
    };
}
