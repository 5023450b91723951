using CreditGrains.Journal.Tests.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

/// <summary>What every store must keep sound: many partitions, each written by its own log at once.</summary>
internal static class SoundPartitions
{
    /// <summary>Writes records of citizens of partitions, all at once, then audits every partition.</summary>
    internal static async Task AssertAsync(IJournalStore store, int partitions, int citizens, int records)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var stop = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Task.Run(async () =>
        {
            var log = (await PartitionLog.ClaimAsync(store, partition, "a", 1, TimeProvider.System, new(), NullLogger.Instance, stop)).Log!;
            await Task.WhenAll(Enumerable.Range(1, citizens).Select(async citizen =>
            {
                var tail = default(RecordTail);
                while (tail.Sequence < (ulong)records)
                {
                    var journal = LogFixture.Citizen(citizen);
                    var at = log.NextRecordedAt();
                    var record = RecordFrame.Seal(new() { Format = LedgerFormats.NewestKnown, Journal = journal, After = tail, RecordedAt = at, Kind = 1, Bodies = [new byte[50]] }, keys.Current(journal));
                    Assert.Equal(CommitVerdict.Durable, await log.AppendAsync(new AppendRow(journal, tail.Sequence + 1, record.Value, record.Hash), at));
                    tail = new(tail.Sequence + 1, record.Hash);
                }
            }));
            Assert.True(await log.ReleaseAsync());
        })));

        for (var partition = 0; partition < partitions; partition++)
        {
            var report = await PartitionAudit.RunAsync(store, partition, keys, null, null, stop);
            Assert.Empty(report.Findings);
            Assert.Equal(citizens * records, report.RecordsRead);
        }
    }
}
