using System.Globalization;
using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Tests.Log;

namespace CreditGrains.Journal.Tests.Backup;

/// <summary>Is a backup, taken while the ledger is written to and cut off anywhere, the ledger's past? <c>CREDITGRAINS_SEEDS</c> runs more seeds.</summary>
public sealed class BackupTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BackupOptions OneByOne = new() { PartitionsAtOnce = 1 };

    [Fact]
    public async Task Whatever_is_written_meanwhile_a_backup_is_the_past_up_to_its_batches()
    {
        var scansMetLater = 0;
        for (var seed = 1; seed <= Seeds(); seed++)
        {
            var random = new Random(seed);
            var ledger = await LivingLedger.CreateAsync(seed);
            await ledger.StepsAsync(random.Next(120));
            var files = new MemoryFiles();
            for (var run = 0; run < 3; run++)
            {
                var heads = await LivingLedger.HeadsAsync(ledger.Store);
                var store = new InterruptedStore(ledger.Store, random, ledger.StepAsync);

                var summary = await LedgerBackup.RunAsync(store, files, new() { PartitionsAtOnce = 1, Anew = random.Next(3) == 0 }, null, None);

                await using var restored = new InMemoryStore(new(random.Next(2, 40), 64 * 1024));
                var outcome = await Restore(restored, files);
                Assert.True(outcome.IsRestored, $"seed {seed}, run {run}");
                Assert.Equal(summary.Batches, outcome.Batches);
                if (outcome.Rows < summary.Rows) scansMetLater++;
                await ledger.AssertIsPastAsync(restored, heads);
                await ledger.StepsAsync(random.Next(20));
            }
        }

        Assert.True(scansMetLater > 0, "no walk ever met a record of a batch that came later: the test proves nothing");
    }

    [Fact]
    public async Task Writers_on_other_threads_do_not_disturb_it()
    {
        var ledger = await LivingLedger.CreateAsync(new InMemoryStore(), 5, citizens: 300);
        await ledger.StepsAsync(2000);
        var heads = await LivingLedger.HeadsAsync(ledger.Store);
        var files = new MemoryFiles();
        using var isDone = new CancellationTokenSource();
        var writer = Task.Run(
            async () =>
            {
                while (!isDone.IsCancellationRequested) await ledger.StepAsync();
            },
            None);

        for (var run = 0; run < 5; run++) await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        await isDone.CancelAsync();
        await writer;

        await using var restored = new InMemoryStore();
        Assert.True((await Restore(restored, files)).IsRestored);
        await ledger.AssertIsPastAsync(restored, heads);
    }

    [Fact]
    public async Task A_run_cut_off_at_any_step_is_continued_by_the_next()
    {
        for (var stopAfter = 0; ; stopAfter++)
        {
            var random = new Random(stopAfter);
            var ledger = await LivingLedger.CreateAsync(7);
            await ledger.StepsAsync(60);
            var files = new MemoryFiles();

            // Every other time the run cut off is the second, or one that reads everything anew.
            var options = new BackupOptions { PartitionsAtOnce = 1, Anew = stopAfter % 4 == 1 };
            var before = await LivingLedger.HeadsAsync(ledger.Store);
            if (stopAfter % 2 == 1)
            {
                await LedgerBackup.RunAsync(ledger.Store, files, OneByOne, null, None);
                await ledger.StepsAsync(30);
            }

            files.StopAfter(stopAfter);
            var isCutOff = await IsCutOff(new InterruptedStore(ledger.Store, random, ledger.StepAsync), files, options);
            files.Revive();
            if (isCutOff && stopAfter % 2 == 1) await AssertRestores(ledger, files, before);

            await ledger.StepsAsync(10);
            var heads = await LivingLedger.HeadsAsync(ledger.Store);
            await LedgerBackup.RunAsync(new InterruptedStore(ledger.Store, random, ledger.StepAsync), files, OneByOne, null, None);

            await AssertRestores(ledger, files, heads);
            Assert.DoesNotContain(files.Names(), name => name.EndsWith(IBackupFiles.DraftSuffix, StringComparison.Ordinal));
            if (!isCutOff && stopAfter % 4 == 3) break; // no kind of run has so many steps
        }
    }

    [Fact]
    public async Task A_run_cut_off_again_and_again_gets_done()
    {
        var ledger = await LivingLedger.CreateAsync(8);
        await ledger.StepsAsync(100);
        var heads = await LivingLedger.HeadsAsync(ledger.Store);
        var files = new MemoryFiles();
        var runs = 0;
        do
        {
            files.Revive();
            files.StopAfter(12); // enough for one partition, not for all
            Assert.True(++runs < 20, "a run that is cut off keeps nothing of what it did");
        }
        while (await IsCutOff(ledger.Store, files, OneByOne));

        files.Revive();
        Assert.True(runs > 2);
        await AssertRestores(ledger, files, heads);
    }

    [Fact]
    public async Task What_an_interrupted_run_left_and_was_damaged_since_is_read_again()
    {
        var ledger = await LivingLedger.CreateAsync(9);
        await ledger.StepsAsync(100);
        var heads = await LivingLedger.HeadsAsync(ledger.Store);
        var whole = new MemoryFiles();
        whole.StopAfter(14);
        Assert.True(await IsCutOff(ledger.Store, whole, OneByOne));
        whole.Revive();
        var left = whole.Names().First(name => SegmentHeader.TryParse(name, out _));
        for (var at = 0; at < whole.Files[left].Length; at += 37)
        {
            var files = whole.Copy();
            files.Put(left, Damage.Flip(whole.Files[left], at));

            await LedgerBackup.RunAsync(ledger.Store, files, OneByOne, null, None);

            await AssertRestores(ledger, files, heads);
        }
    }

    [Fact]
    public async Task A_second_run_reads_only_what_is_new()
    {
        var ledger = await LivingLedger.CreateAsync(10);
        await ledger.StepsAsync(200);
        var files = new MemoryFiles();
        var first = await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        var names = files.Names();

        var second = await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        Assert.Equal(names, files.Names());
        Assert.Equal((0, first.Rows), (second.RowsWritten, second.Rows));

        await ledger.StepAsync();
        var third = await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        Assert.InRange(third.RowsWritten, 1, 5);
        Assert.Equal(names.Count + 1, files.Names().Count);
    }

    [Fact]
    public async Task Progress_ends_at_all_partitions()
    {
        var ledger = await LivingLedger.CreateAsync(10);
        await ledger.StepsAsync(50);
        var heard = new Heard<BackupProgress>();

        var summary = await LedgerBackup.RunAsync(ledger.Store, new MemoryFiles(), OneByOne, heard, None);

        Assert.Equal(new(LivingLedger.Partitions, LivingLedger.Partitions, summary.Rows, summary.Bytes), heard.All[^1]);
    }

    [Fact]
    public async Task A_body_redacted_before_a_run_that_reads_anew_is_gone_from_the_backup()
    {
        var ledger = await LivingLedger.CreateAsync(11);
        await ledger.StepsAsync(150);
        var files = new MemoryFiles();
        await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        var row = (await LivingLedger.RowsAsync(ledger.Store, 1)).First(row => row.Key.Journal == LogFixture.Citizen(2));
        Assert.True(await ledger.Store.RedactAsync(row.Key, row.Value, RecordFrame.Redact(row, 0), None));

        await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);
        Assert.Contains(files.Files.Values, bytes => bytes.AsSpan().IndexOf(row.Value.Span) >= 0); // it is not in the log, so nothing tells of it

        await LedgerBackup.RunAsync(ledger.Store, files, new() { Anew = true }, null, None);
        Assert.DoesNotContain(files.Files.Values, bytes => bytes.AsSpan().IndexOf(row.Value.Span) >= 0);
        await AssertRestores(ledger, files, await LivingLedger.HeadsAsync(ledger.Store));
    }

    [Fact]
    public async Task Keys_are_not_in_it()
    {
        var ledger = await LivingLedger.CreateAsync(12);
        await ledger.StepsAsync(50);
        var files = new MemoryFiles();
        await LedgerBackup.RunAsync(ledger.Store, files, new(), null, None);

        byte[] key = [.. Enumerable.Range(0, AesGcmCipher.KeyBytes).Select(i => (byte)i)];
        Assert.DoesNotContain(files.Files.Values, bytes => bytes.AsSpan().IndexOf(key) >= 0);
    }

    private static async Task<bool> IsCutOff(IJournalStore store, MemoryFiles files, BackupOptions options)
    {
        try
        {
            await LedgerBackup.RunAsync(store, files, options, null, None);
            return false;
        }
        catch (MachineStoppedException)
        {
            return true;
        }
    }

    private static async Task AssertRestores(LivingLedger ledger, MemoryFiles files, ulong[] heads)
    {
        await using var restored = new InMemoryStore();
        Assert.True((await Restore(restored, files)).IsRestored);
        await ledger.AssertIsPastAsync(restored, heads);
    }

    private static ValueTask<RestoreSummary> Restore(IJournalStore store, MemoryFiles files) =>
        LedgerRestore.RunAsync(store, files, LivingLedger.Keys, new() { PartitionsAtOnce = 1 }, null, None);

    private static int Seeds() =>
        int.TryParse(Environment.GetEnvironmentVariable("CREDITGRAINS_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : 100;
}

/// <summary>Keeps what was reported.</summary>
internal sealed class Heard<T> : IProgress<T>
{
    internal List<T> All { get; } = [];

    public void Report(T value)
    {
        lock (All) All.Add(value);
    }
}
