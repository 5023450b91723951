using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Backup;

/// <summary>A ledger that is written to by real partition logs, step by step as a seed decides.</summary>
internal sealed class LivingLedger
{
    internal const int Partitions = 4;

    private static readonly PartitionLogOptions Options = new() { IsStoreExclusive = true, Lease = TimeSpan.Zero };

    private readonly Random _random;
    private readonly ICipherKeys _keys;
    private readonly PartitionLog?[] _logs = new PartitionLog?[Partitions];
    private readonly Dictionary<(int Partition, JournalId Journal), RecordTail> _tails = [];
    private readonly int _citizens;
    private long _membership;

    private LivingLedger(IJournalStore store, Random random, int citizens)
    {
        Store = store;
        _random = random;
        _citizens = citizens;
        _keys = TestKeys.Of(CipherSuite.AesGcm, new SeededSource(random.Next()));
    }

    internal IJournalStore Store { get; }

    internal static ICipherKeys Keys => TestKeys.Of(CipherSuite.AesGcm);

    internal static LedgerManifest Manifest(UInt128? id = null) => new(1, Partitions, 1, id ?? 0xC0FFEE, "UTC", new byte[] { 1, 2, 3 }, 1_000_000);

    internal static Task<LivingLedger> CreateAsync(int seed, UInt128? id = null) => CreateAsync(new InMemoryStore(), seed, id);

    internal static async Task<LivingLedger> CreateAsync(IJournalStore store, int seed, UInt128? id = null, int citizens = 6)
    {
        await LedgerManifest.CreateIfAbsentAsync(store, Manifest(id), CancellationToken.None);
        return new(store, new(seed), citizens);
    }

    internal async Task StepsAsync(int count)
    {
        for (var step = 0; step < count; step++) await StepAsync();
    }

    /// <summary>One step: mostly an append of one or a few records, sometimes a change of owner.</summary>
    internal async Task StepAsync()
    {
        var partition = _random.Next(Partitions);
        if (_logs[partition] is not { } log || _random.Next(12) == 0)
        {
            if (_logs[partition] is { } left && _random.Next(2) == 0) await left.ReleaseAsync();
            var owner = _random.Next(2) == 0 ? "a" : "b";
            _logs[partition] = (await PartitionLog.ClaimAsync(Store, partition, owner, ++_membership, TimeProvider.System, Options, NullLogger.Instance, CancellationToken.None)).Log!;
            return;
        }

        var journals = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Journal()).Distinct().ToArray();
        var recordedAt = 0L;
        var rows = journals.Select(journal => Seal(log, partition, journal, out recordedAt)).ToArray();
        Assert.Equal(CommitVerdict.Durable, await log.AppendAsync(rows, recordedAt));
        foreach (var row in rows) _tails[(partition, row.Journal)] = new(row.Number, row.Hash);
    }

    /// <summary>Gives all rows of a partition but the manifest's.</summary>
    internal static async Task<List<Row>> RowsAsync(IJournalStore store, int partition)
    {
        var rows = new List<Row>();
        var to = new RowKey(partition, new((Space)byte.MaxValue, UInt128.MaxValue), ulong.MaxValue);
        await foreach (var row in store.ReadAsync(new(partition, BatchRow.Journal, 0), to, ReadDirection.Ascending, CancellationToken.None))
        {
            if (row.Key.Journal != LedgerManifest.Journal) rows.Add(row);
        }

        return rows;
    }

    internal static async Task<ulong[]> HeadsAsync(IJournalStore store)
    {
        var heads = new ulong[Partitions];
        for (var partition = 0; partition < Partitions; partition++) heads[partition] = (await store.ReadHeadAsync(partition, CancellationToken.None))?.Number ?? 0;
        return heads;
    }

    /// <summary>Demands that a store holds, of each partition, exactly what this one holds of it up to some batch, and no less than is said.</summary>
    internal async Task AssertIsPastAsync(IJournalStore restored, ulong[] atLeast)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var there = await RowsAsync(restored, partition);
            var last = (await restored.ReadHeadAsync(partition, CancellationToken.None))?.Number ?? 0;
            Assert.True(last >= atLeast[partition], $"partition {partition} ends at batch {last}, before {atLeast[partition]}");

            var wanted = new HashSet<(JournalId, ulong)>();
            await foreach (var batch in Store.ReadBatches(partition, 1, CancellationToken.None))
            {
                if (batch.Number > last) break;
                wanted.Add((BatchRow.Journal, batch.Number));
                foreach (var entry in batch.Entries) wanted.Add((entry.Journal, entry.Number));
            }

            var past = (await RowsAsync(Store, partition)).Where(row => wanted.Contains((row.Key.Journal, row.Key.Number))).ToList();
            Assert.Equal(past.Select(row => row.Key), there.Select(row => row.Key));
            foreach (var (one, other) in past.Zip(there)) Assert.True(one.Value.Span.SequenceEqual(other.Value.Span), $"{one.Key} is not what it was");

            Assert.Empty((await PartitionAudit.RunAsync(restored, partition, Keys, null, null, CancellationToken.None)).Findings);
        }
    }

    private JournalId Journal() => _random.Next(8) == 0 ? new(Space.Partition, (UInt128)_random.Next(1, 3)) : LogFixture.Citizen(_random.Next(1, _citizens + 1));

    private AppendRow Seal(PartitionLog log, int partition, JournalId journal, out long recordedAt)
    {
        var tail = _tails.GetValueOrDefault((partition, journal));
        recordedAt = log.NextRecordedAt();
        var record = RecordFrame.Seal(
            new()
            {
                Format = 1 + _random.Next(LedgerFormats.NewestKnown),
                Journal = journal,
                After = tail,
                RecordedAt = recordedAt,
                Kind = 1,
                Bodies = new ReadOnlyMemory<byte>[] { new byte[_random.Next(1, 60)], new byte[10] },
                Snapshot = _random.Next(4) == 0 ? new(1, tail.Sequence, new byte[100]) : null,
            },
            _keys.Current(journal));
        return new(journal, tail.Sequence + 1, record.Value, record.Hash);
    }
}

/// <summary>Stands in front of a store and lets something happen before each row that is read.</summary>
internal sealed class InterruptedStore(IJournalStore store, Random random, Func<Task> meanwhile) : IJournalStore
{
    public StoreLimits Limits => store.Limits;

    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation) => store.InsertAsync(rows, cancellation);

    public async IAsyncEnumerable<Row> ReadAsync(
        RowKey from, RowKey to, ReadDirection direction, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // In pages of few rows, so that what is inserted meanwhile is met in all ways: before, behind, or in the middle of a set.
        RowKey? last = null;
        while (true)
        {
            if (random.Next(3) == 0) await meanwhile();
            var page = new List<Row>();
            var size = random.Next(1, 6);
            var (low, high) = direction == ReadDirection.Ascending ? (last ?? from, to) : (from, last ?? to);
            await foreach (var row in store.ReadAsync(low, high, direction, cancellation))
            {
                if (row.Key == last) continue;
                page.Add(row);
                if (page.Count == size) break;
            }

            foreach (var row in page)
            {
                if (random.Next(6) == 0) await meanwhile();
                last = row.Key;
                yield return row;
            }

            if (page.Count < size) yield break;
        }
    }

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        store.RedactAsync(key, expected, redacted, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
