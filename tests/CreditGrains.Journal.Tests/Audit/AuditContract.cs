using System.Runtime.CompilerServices;
using CreditGrains.Journal.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Audit;

/// <summary>Every sort of damage is found and named, in every store.</summary>
public abstract class AuditContract : IAsyncDisposable
{
    private const int Partition = 5;
    private const int Citizens = 3;
    private const int RecordsEach = 5;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ICipherKeys _keys = TestKeys.Of(CipherSuite.AesGcm);
    private readonly Dictionary<JournalId, RecordTail> _tails = [];

    /// <summary>Gets the store under test.</summary>
    protected abstract IJournalStore Store { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Puts any bytes under a key, or takes the row away.</summary>
    protected abstract Task Damage(RowKey key, byte[]? value);

    [Fact]
    public async Task A_sound_partition_has_no_findings_and_every_record_is_seen_in_order()
    {
        await Fill();
        var seen = new Visitor();

        var report = await PartitionAudit.RunAsync(Store, Partition, _keys, seen, null, None);

        Assert.Empty(report.Findings);
        Assert.True(report.IsSound);
        Assert.Equal((Citizens * RecordsEach) + 1, report.RecordsRead);
        Assert.Equal(Citizens + 1, report.JournalsRead);
        Assert.Equal((await Store.ReadHeadAsync(Partition, None))!.Frontier.Root(), report.Root);
        Assert.Equal(
            from citizen in Enumerable.Range(1, Citizens) from sequence in Enumerable.Range(1, RecordsEach) select ((UInt128)citizen, (ulong)sequence),
            seen.Records.Where(header => header.Journal.Space == Space.Citizen).Select(header => (header.Journal.Id, header.Sequence)));
        Assert.Equal([1, 1, 2, 2, 2], seen.Records.Take(RecordsEach).Select(header => header.Format));
        Assert.All(seen.Left, left => Assert.True(left.IsSound));
    }

    [Fact]
    public async Task A_partition_that_nobody_claimed_is_sound() => Assert.True((await Audit()).IsSound);

    [Fact]
    public async Task A_changed_byte_in_any_row_is_found_there()
    {
        await Fill();
        foreach (var row in await All())
        {
            foreach (var at in new[] { 0, row.Value.Length / 3, row.Value.Length / 2, row.Value.Length - 1 })
            {
                var damaged = row.Value.ToArray();
                damaged[at] ^= 0x20;
                Assert.True(await Store.RedactAsync(row.Key, row.Value, damaged, None));

                Assert.Contains((await Audit()).Findings, finding => finding.Journal == row.Key.Journal && finding.Number == row.Key.Number);

                Assert.True(await Store.RedactAsync(row.Key, damaged, row.Value, None));
            }
        }

        Assert.True((await Audit()).IsSound);
    }

    [Fact]
    public async Task A_record_missing_from_the_middle_is_found()
    {
        await Fill();
        await Damage(new(Partition, LogFixture.Citizen(2), 3), null);

        Assert.Equal(
            [(LogFixture.Citizen(2), 3UL, JournalDamage.RecordMissing), (LogFixture.Citizen(2), 3UL, JournalDamage.ListedRecordMissing)],
            Named(await Audit()));
    }

    [Fact]
    public async Task A_journal_cut_short_is_found()
    {
        await Fill();
        await Damage(new(Partition, LogFixture.Citizen(2), 4), null);
        await Damage(new(Partition, LogFixture.Citizen(2), 5), null);

        Assert.Equal(
            [(LogFixture.Citizen(2), 4UL, JournalDamage.ListedRecordMissing), (LogFixture.Citizen(2), 5UL, JournalDamage.ListedRecordMissing)],
            Named(await Audit()));
    }

    [Fact]
    public async Task A_journal_that_is_gone_is_found()
    {
        await Fill();
        for (var number = 1UL; number <= RecordsEach; number++) await Damage(new(Partition, LogFixture.Citizen(3), number), null);

        Assert.Equal(
            Enumerable.Range(1, RecordsEach).Select(number => (LogFixture.Citizen(3), (ulong)number, JournalDamage.ListedRecordMissing)),
            Named(await Audit()));
    }

    [Fact]
    public async Task A_missing_batch_row_is_found_with_the_records_that_it_listed()
    {
        await Fill();
        var batch = (await Batches())[4];
        await Damage(BatchRow.KeyOf(Partition, batch.Number), null);

        var findings = Named(await Audit());

        Assert.Contains((BatchRow.Journal, batch.Number, JournalDamage.BatchMissing), findings);
        Assert.All(batch.Entries, entry => Assert.Contains((entry.Journal, entry.Number, JournalDamage.UnlistedRow), findings));
        Assert.Equal(1 + batch.Entries.Length, findings.Count);
    }

    [Fact]
    public async Task The_newest_batch_row_missing_leaves_its_records_unlisted()
    {
        await Fill(release: false);
        var batch = (await Batches())[^1];
        await Damage(BatchRow.KeyOf(Partition, batch.Number), null);

        Assert.Equal(batch.Entries.Select(entry => (entry.Journal, entry.Number, JournalDamage.UnlistedRow)), Named(await Audit()));
    }

    [Fact]
    public async Task A_row_slipped_in_is_found()
    {
        await Fill();
        var tail = _tails[LogFixture.Citizen(1)];
        var record = RecordFrame.Seal(
            new() { Format = LedgerFormats.NewestKnown, Journal = LogFixture.Citizen(1), After = tail, RecordedAt = 1, Kind = 1, Bodies = [new byte[3]] }, _keys.Current(LogFixture.Citizen(1)));
        await Store.InsertAsync([new(new(Partition, LogFixture.Citizen(1), tail.Sequence + 1), record.Value)], None);

        Assert.Equal([(LogFixture.Citizen(1), tail.Sequence + 1, JournalDamage.UnlistedRow)], Named(await Audit()));
    }

    [Fact]
    public async Task A_record_put_in_the_place_of_another_breaks_hash_and_chain()
    {
        await Fill();
        var key = new RowKey(Partition, LogFixture.Citizen(1), 2);
        var forged = RecordFrame.Seal(
            new() { Format = LedgerFormats.NewestKnown, Journal = key.Journal, After = new(1, RecordHash.Of([9])), RecordedAt = 1, Kind = 1, Bodies = [new byte[3]] }, _keys.Current(key.Journal));
        await Damage(key, forged.Value.ToArray());

        Assert.Equal(
            [(key.Journal, 2UL, JournalDamage.RecordHashMismatch), (key.Journal, 2UL, JournalDamage.ChainBroken)],
            Named(await Audit()));
    }

    [Fact]
    public async Task Rows_of_rubbish_everywhere_are_reported_and_thrown_by_nothing()
    {
        await Fill();
        var random = new Random(3);
        foreach (var row in await All())
        {
            var rubbish = new byte[random.Next(0, 200)];
            random.NextBytes(rubbish);
            await Store.RedactAsync(row.Key, row.Value, rubbish, None);
        }

        var report = await Audit();

        Assert.True(report.FindingsTotal >= report.BatchesRead + report.RecordsRead);
    }

    [Fact]
    public async Task A_redacted_body_is_no_damage()
    {
        await Fill();
        var row = (await All()).First(row => row.Key.Journal == LogFixture.Citizen(1));

        Assert.True(await Store.RedactAsync(row.Key, row.Value, RecordFrame.Redact(row, 0), None));

        Assert.True((await Audit()).IsSound);
    }

    [Fact]
    public async Task What_is_committed_while_the_journals_are_walked_is_no_damage_and_what_is_slipped_in_is()
    {
        await Fill();
        var log = await Own("c", 3);
        var slipped = new RowKey(Partition, LogFixture.Citizen(3), RecordsEach + 1);
        var store = new WrittenMeanwhile(Store, async () =>
        {
            await Append(log, LogFixture.Citizen(2), RecordsEach + 1);
            await Append(log, LogFixture.Citizen(Citizens + 1), 1);
            var row = (await All()).First(row => row.Key == new RowKey(Partition, LogFixture.Citizen(2), RecordsEach + 1));
            await Store.InsertAsync([new(slipped, row.Value)], None);
        });

        var report = await PartitionAudit.RunAsync(store, Partition, _keys, null, null, None);

        Assert.All(report.Findings, finding => Assert.Equal((slipped.Journal, slipped.Number), (finding.Journal, finding.Number)));
        Assert.Contains(report.Findings, finding => finding.Damage == JournalDamage.UnlistedRow);
    }

    [Fact]
    public async Task A_record_of_a_newer_format_is_not_called_damaged()
    {
        await Fill();
        var row = (await All()).First(row => row.Key.Journal == LogFixture.Citizen(1));
        await Damage(row.Key, [LedgerFormats.NewestKnown + 1, .. row.Value.Span[1..]]);

        var finding = Assert.Single((await Audit()).Findings);

        Assert.Equal((JournalDamage.FormatTooNew, LedgerFormats.NewestKnown + 1), (finding.Damage, finding.Format));
    }

    [Fact]
    public async Task A_record_copied_over_one_of_another_citizen_is_found()
    {
        await Fill();
        var rows = (await All()).ToDictionary(row => row.Key, row => row.Value.ToArray());
        var key = new RowKey(Partition, LogFixture.Citizen(2), 5);
        await Damage(key, rows[new(Partition, LogFixture.Citizen(1), 5)]);

        Assert.Equal([(key.Journal, 5UL, JournalDamage.BodyDigestMismatch)], Named(await Audit()));
    }

    /// <summary>
    /// Three citizens with five records each, the first two in format 1 and the others in 2, a page of the partition, two owners, a
    /// settlement, and a release in between.
    /// </summary>
    private async Task Fill(bool release = true)
    {
        var first = await Own("a", 1);
        for (var round = 1; round <= RecordsEach; round++)
        {
            if (round == 3)
            {
                await first.ReleaseAsync();
                first = await Own("b", 2);
            }

            for (var citizen = 1; citizen <= Citizens; citizen++) await Append(first, LogFixture.Citizen(citizen), round);
        }

        if (release)
        {
            await Append(first, new(Space.Partition, 77), 1);
            await first.ReleaseAsync();
        }
    }

    private async Task<PartitionLog> Own(string owner, long membership) =>
        (await PartitionLog.ClaimAsync(Store, Partition, owner, membership, TimeProvider.System, new(), NullLogger.Instance, None)).Log!;

    private async Task Append(PartitionLog log, JournalId journal, int round)
    {
        var tail = _tails.GetValueOrDefault(journal);
        var recordedAt = log.NextRecordedAt();
        var record = RecordFrame.Seal(
            new()
            {
                Format = round < 3 ? 1 : 2,
                Journal = journal,
                After = tail,
                RecordedAt = recordedAt,
                Kind = 1,
                Bodies = new ReadOnlyMemory<byte>[] { new byte[40], new byte[10] },
                Snapshot = round % 2 == 0 ? new(1, (ulong)round, new byte[100]) : null,
            },
            _keys.Current(journal));
        Assert.Equal(CommitVerdict.Durable, await log.AppendAsync(new AppendRow(journal, tail.Sequence + 1, record.Value, record.Hash), recordedAt));
        _tails[journal] = new(tail.Sequence + 1, record.Hash);
    }

    private async Task<AuditReport> Audit() => await PartitionAudit.RunAsync(Store, Partition, _keys, null, null, None);

    private static List<(JournalId, ulong, JournalDamage)> Named(AuditReport report) =>
        [.. report.Findings.Select(finding => (finding.Journal, finding.Number, finding.Damage))];

    private async Task<List<BatchRow>> Batches()
    {
        var batches = new List<BatchRow>();
        await foreach (var batch in Store.ReadBatches(Partition, 1, None)) batches.Add(batch);
        return batches;
    }

    private async Task<List<Row>> All()
    {
        var rows = new List<Row>();
        await foreach (var row in Store.ReadAsync(
            new(Partition, BatchRow.Journal, 0), new(Partition, new(Space.System, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Ascending, None)) rows.Add(row);
        return rows;
    }

    /// <summary>A store that somebody writes to after the partition log was read, and before anything else is.</summary>
    private sealed class WrittenMeanwhile(IJournalStore store, Func<Task> write) : IJournalStore
    {
        private bool _isWritten;

        public StoreLimits Limits => store.Limits;

        public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation) => store.InsertAsync(rows, cancellation);

        public async IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
        {
            if (from.Journal.Space == Space.Citizen && !_isWritten)
            {
                _isWritten = true;
                await write();
            }

            await foreach (var row in store.ReadAsync(from, to, direction, cancellation)) yield return row;
        }

        public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
            store.RedactAsync(key, expected, redacted, cancellation);

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Visitor : IAuditVisitor
    {
        internal List<RecordHeader> Records { get; } = [];

        internal List<(JournalId Journal, bool IsSound)> Left { get; } = [];

        public void Visit(OpenedRecord record) => Records.Add(record.Header);

        public void Leave(JournalId journal, bool isSound) => Left.Add((journal, isSound));
    }
}
