using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Journal.Tests.Log;

/// <summary>Partition 5 of a scripted store, a clock that stands still unless told, and what was logged.</summary>
internal sealed class LogFixture
{
    internal const int Partition = 5;

    internal static readonly PartitionLogOptions Options = new()
    {
        InsertTimeout = TimeSpan.FromSeconds(1),
        SettleDeadline = TimeSpan.FromSeconds(10),
        ClaimDeadline = TimeSpan.FromSeconds(10),
        MinBackOff = TimeSpan.FromMilliseconds(100),
        MaxBackOff = TimeSpan.FromMilliseconds(100),
        ReleaseWait = TimeSpan.FromSeconds(2),
        Lease = TimeSpan.FromSeconds(3),
    };

    private readonly ICipherKeys _keys = TestKeys.Of(CipherSuite.Plain);
    private readonly Dictionary<JournalId, RecordTail> _tails = [];

    internal ScriptedStore Store { get; init; } = new();

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    internal LogLines Lines { get; } = new();

    internal static JournalId Citizen(int number) => new(Space.Citizen, (UInt128)number);

    internal ValueTask<ClaimOutcome> Claim(string owner = "a", long membership = 1, PartitionLogOptions? options = null) =>
        PartitionLog.ClaimAsync(Store, Partition, owner, membership, Time, options ?? Options, Lines, CancellationToken.None);

    internal async Task<PartitionLog> Own(string owner = "a", long membership = 1, PartitionLogOptions? options = null)
    {
        var claim = Claim(owner, membership, options).AsTask();
        while (!claim.IsCompleted) Time.Advance(TimeSpan.FromMilliseconds(100));
        return (await claim).Log!;
    }

    /// <summary>Seals the next record of a citizen; it counts as the tail only once <see cref="Append"/> heard that it is durable.</summary>
    internal (AppendRow Row, long RecordedAt) Draft(PartitionLog log, int citizen, string text = "entry")
    {
        var journal = Citizen(citizen);
        var tail = _tails.GetValueOrDefault(journal);
        var recordedAt = log.NextRecordedAt();
        var record = RecordFrame.Seal(
            new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = tail, RecordedAt = recordedAt, Kind = 1, Bodies = [System.Text.Encoding.UTF8.GetBytes(text)] },
            _keys.Current(journal));
        return (new(journal, tail.Sequence + 1, record.Value, record.Hash), recordedAt);
    }

    internal async Task<CommitVerdict> Append(PartitionLog log, int citizen, string text = "entry")
    {
        var (row, recordedAt) = Draft(log, citizen, text);
        var verdict = await log.AppendAsync(row, recordedAt);
        if (verdict == CommitVerdict.Durable) _tails[row.Journal] = new(row.Number, row.Hash);
        return verdict;
    }

    internal async Task<int> Count(int citizen)
    {
        var count = 0;
        await foreach (var _ in Store.Rows.ReadJournal(Partition, Citizen(citizen), 1, ulong.MaxValue, ReadDirection.Ascending, CancellationToken.None)) count++;
        return count;
    }

    internal async Task<List<BatchRow>> Batches()
    {
        var batches = new List<BatchRow>();
        await foreach (var batch in Store.Rows.ReadBatches(Partition, 1, CancellationToken.None)) batches.Add(batch);
        return batches;
    }

    internal async Task AssertSound()
    {
        var report = await PartitionAudit.RunAsync(Store.Rows, Partition, _keys, null, null, CancellationToken.None);
        Assert.Empty(report.Findings);
    }
}

/// <summary>Keeps what was logged.</summary>
internal sealed class LogLines : ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    internal IReadOnlyList<string> At(LogLevel level)
    {
        lock (_lines) return [.. _lines.Where(line => line.Level == level).Select(line => line.Text)];
    }

    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_lines) return [.. _lines.Select(line => line.Text)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines) _lines.Add((logLevel, formatter(state, exception)));
    }
}
