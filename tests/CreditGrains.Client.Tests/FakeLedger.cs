using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace CreditGrains.Client.Tests;

/// <summary>A ledger without a silo: grains that answer what a test tells them to, and remember what they were asked.</summary>
internal sealed class FakeLedger(int partitionCount = 4) : ILedgerGrains, ILedgerGrain, IClusterGrain
{
    private readonly ConcurrentDictionary<int, FakePartition> _partitions = new();
    private int _descriptions;

    /// <summary>Gets or sets what a partition answers to a batch; entries are recorded unless a test says otherwise.</summary>
    internal Func<Batch, Task<ImmutableArray<RecordOutcome>>> Answer { get; set; } = batch => Task.FromResult(batch.Recorded());

    /// <summary>Gets or sets what a citizen answers to an entry, and at which call.</summary>
    internal Func<Entry, int, Task<RecordOutcome>> AnswerOne { get; set; } = (entry, _) => Task.FromResult(Made.Recorded(entry));

    /// <summary>Gets or sets what a partition answers when it is asked for its totals.</summary>
    internal Func<int, CancellationToken, Task<ReadAnswer<LedgerTotals>>> AnswerTotals { get; set; } =
        (_, _) => Task.FromResult(new ReadAnswer<LedgerTotals>(ReadStatus.Answered, new(1, 2, [])));

    /// <summary>Gets or sets what the cluster answers when it is asked for its silos.</summary>
    internal Func<Task<ImmutableArray<SiloMember>>> AnswerSilos { get; set; } = () => Task.FromResult<ImmutableArray<SiloMember>>([]);

    /// <summary>Gets or sets what a silo answers when it is asked how it is.</summary>
    internal Func<string, Task<SiloReport>> AnswerReport { get; set; } = name => Task.FromResult(Made.Report(name));

    /// <summary>Gets every batch sent, in the order of the calls.</summary>
    internal ConcurrentQueue<Batch> Sent { get; } = new();

    /// <summary>Gets every entry sent to a citizen, in the order of the calls.</summary>
    internal ConcurrentQueue<Entry> SentOne { get; } = new();

    /// <summary>Gets how many partitions were asked for their totals.</summary>
    internal int TotalsAsked;

    public ILedgerGrain Ledger => this;

    public IClusterGrain Cluster => this;

    public IModelRegisterGrain Models => throw new NotSupportedException();

    public ISiloGrain Silo(string name) => new FakeSilo(this, name);

    public ICitizenGrain Citizen(CitizenId citizen) => new FakeCitizen(this);

    public IPartitionGrain Partition(int partition, int count) => _partitions.GetOrAdd(partition, number => new FakePartition(this, number));

    public ValueTask<LedgerDescription> Describe() => ValueTask.FromResult(
        new LedgerDescription("", partitionCount, "UTC", "", new DateOnly(2024, 1, 1).AddDays(Interlocked.Increment(ref _descriptions))));

    public ValueTask<ImmutableArray<SiloMember>> ListSilos() => new(AnswerSilos());

    internal IClusterReports Reports(TimeProvider? clock = null) =>
        new ClusterReports(this, Options.Create(new LedgerClientOptions { FirstBackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(1) }), clock ?? TimeProvider.System);

    internal ILedgerClient Client(Action<LedgerClientOptions>? configure = null, TimeProvider? clock = null)
    {
        // Waiting is not what most tests are about.
        var options = new LedgerClientOptions { FirstBackOff = TimeSpan.FromMilliseconds(1), MaxBackOff = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        return new LedgerClient(this, Options.Create(options), clock ?? TimeProvider.System);
    }

    private sealed class FakeSilo(FakeLedger ledger, string name) : ISiloGrain
    {
        public ValueTask<SiloReport> Report() => new(ledger.AnswerReport(name));
    }

    /// <summary>One call to a partition.</summary>
    /// <param name="Partition">Which.</param>
    /// <param name="Call">The how-manieth call to it, from 1.</param>
    /// <param name="Entries">What was sent.</param>
    internal sealed record Batch(int Partition, int Call, ImmutableArray<Entry> Entries)
    {
        internal ImmutableArray<RecordOutcome> Recorded() => [.. Entries.Select(Made.Recorded)];

        internal ImmutableArray<RecordOutcome> All(RecordStatus status) => [.. Entries.Select(_ => new RecordOutcome(status))];
    }

    private sealed class FakePartition(FakeLedger ledger, int number) : IPartitionGrain
    {
        private int _calls;

        public ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries)
        {
            var batch = new Batch(number, Interlocked.Increment(ref _calls), entries);
            ledger.Sent.Enqueue(batch);
            return new(ledger.Answer(batch));
        }

        public ValueTask<ReadAnswer<LedgerTotals>> ReadTotals()
        {
            Interlocked.Increment(ref ledger.TotalsAsked);
            return new(ledger.AnswerTotals(number, CancellationToken.None));
        }
    }

    private sealed class FakeCitizen(FakeLedger ledger) : ICitizenGrain
    {
        private int _calls;

        public ValueTask<RecordOutcome> Record(Entry entry)
        {
            ledger.SentOne.Enqueue(entry);
            return new(ledger.AnswerOne(entry, ++_calls));
        }

        public ValueTask<ImmutableArray<RecordOutcome>> RecordMany(ImmutableArray<Entry> entries) => throw new NotSupportedException();

        public ValueTask<ReadAnswer<CreditFile>> ReadFile(FileRequest request) => throw new NotSupportedException();

        public ValueTask<ReadAnswer<CharacteristicVector>> ReadCharacteristics(FileRequest request) => throw new NotSupportedException();

        public ValueTask<ReadAnswer<ScoreReport>> Score(ScoreRequest request) => throw new NotSupportedException();

        public ValueTask<ReadAnswer<ScoreReplay>> ReplayScore(ulong sequence) => throw new NotSupportedException();

        public ValueTask<ReadAnswer<HistoryPage>> ReadHistory(HistoryRequest request) => throw new NotSupportedException();
    }
}

/// <summary>Entries made for the tests. An outcome's sequence is the number of its entry, so that order can be told.</summary>
internal static class Made
{
    /// <summary>Makes the entry of a number, of a citizen in one of 4 partitions.</summary>
    internal static Entry Payment(int number, int partition = 0, ulong citizen = 1) => new()
    {
        Citizen = new((ulong)partition << 62, citizen),
        Kind = EntryKind.PaymentMade,
        Furnisher = new("bank"),
        Reference = number.ToString(CultureInfo.InvariantCulture),
        OccurredOn = new(2024, 1, 1),
        Money = new(100, Currency.Of("EUR")),
    };

    internal static SiloReport Report(string name) => new()
    {
        Name = name, Address = "127.0.0.1:11111", State = SiloState.Active, StartedAt = DateTimeOffset.UnixEpoch, Version = "1", PartitionsOwned = 1, PartitionsAssigned = 1,
        ActiveCitizens = 1, Entries = 1, Commits = 1, EntriesPerSecond = 1, CommitsPerSecond = 1, CommitLatencyP50 = null, CommitLatencyP99 = null, RecordsPerCommit = 1,
        QueuedRecords = 0, FenceLosses = 0, Overloads = 0, Refusals = 0, WorkingSetBytes = 1, HeapBytes = 1, ProcessorTime = default, NewestFormat = 2, WrittenFormat = 1,
    };

    internal static RecordOutcome Recorded(Entry entry) => new(RecordStatus.Recorded, NumberOf(entry));

    internal static ulong NumberOf(Entry entry) => ulong.Parse(entry.Reference, CultureInfo.InvariantCulture);

    /// <summary>Makes <paramref name="count"/> entries, one a partition in turn.</summary>
    internal static async IAsyncEnumerable<Entry> Payments(int count)
    {
        await Task.CompletedTask;
        for (var number = 1; number <= count; number++) yield return Payment(number, number % 4);
    }

    internal static async IAsyncEnumerable<Entry> Payments(params Entry[] entries)
    {
        await Task.CompletedTask;
        foreach (var entry in entries) yield return entry;
    }
}
