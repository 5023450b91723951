using CreditGrains.Journal.InMemory;
using CreditGrains.Journal.Tests.Log;

namespace CreditGrains.Journal.Tests.Backup;

/// <summary>What is damaged is named and not restored; what is not for each other is refused before anything is changed.</summary>
public sealed class BackupRefusalTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryFiles _files = new();
    private LivingLedger _ledger = null!;

    private InMemoryStore Source => (InMemoryStore)_ledger.Store;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LivingLedger.CreateAsync(31);
        await _ledger.StepsAsync(40);
        await LedgerBackup.RunAsync(new InterruptedStore(Source, new(1), _ledger.StepAsync), _files, new() { PartitionsAtOnce = 1 }, null, None);
        await _ledger.StepsAsync(20);
        await LedgerBackup.RunAsync(Source, _files, new(), null, None);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    [Fact]
    public async Task A_flipped_byte_anywhere_is_named_by_file_and_partition_and_nothing_is_restored()
    {
        foreach (var (name, bytes) in _files.Files)
        {
            for (var at = 0; at < bytes.Length; at += bytes.Length < 500 ? 1 : 7) await AssertDamaged(name, Damage.Flip(bytes, at));
        }
    }

    [Fact]
    public async Task A_torn_lengthened_or_missing_file_is_named()
    {
        foreach (var (name, bytes) in _files.Files)
        {
            for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 40)) await AssertDamaged(name, bytes[..length]);
            await AssertDamaged(name, [.. bytes, 0]);
            await AssertDamaged(name, [.. bytes, .. bytes]);
            if (name != BackupManifest.FileName) await AssertDamaged(name, null);
        }
    }

    [Fact]
    public async Task A_sound_file_in_the_place_of_another_is_named()
    {
        // Of an earlier set of the same partition and batches, and so with the same name but for the set.
        var older = _files.Copy();
        await LedgerBackup.RunAsync(Source, _files, new() { Anew = true }, null, None);
        await LedgerBackup.RunAsync(Source, _files, new() { Anew = true }, null, None);
        foreach (var name in _files.Names().Where(name => name != BackupManifest.FileName))
        {
            foreach (var other in older.Files.Values.Concat(_files.Files.Where(file => file.Key != name).Select(file => file.Value))) await AssertDamaged(name, other);
        }
    }

    [Fact]
    public async Task Damage_in_a_log_is_confined_to_the_batches_that_may_be_lost()
    {
        // Large records, so that the log has several blocks.
        var files = new MemoryFiles();
        await using var store = new InMemoryStore();
        var ledger = await LivingLedger.CreateAsync(store, 1);
        await LedgerBackup.RunAsync(store, files, new(), null, None);
        await ledger.StepsAsync(20_000);
        await LedgerBackup.RunAsync(store, files, new(), null, None);
        var (name, bytes) = files.Files.Where(file => file.Key.EndsWith(".log", StringComparison.Ordinal)).MaxBy(file => file.Value.Length);
        Assert.True(bytes.Length > 3 * SegmentHeader.BlockBytes);
        files.Put(name, Damage.Flip(bytes, bytes.Length / 2));

        var damaged = await Assert.ThrowsAsync<BackupDamagedException>(async () => await Restore(new InMemoryStore(), files));

        var damage = Assert.Single(damaged.Damages);
        Assert.Equal((name, BackupFault.ChecksumMismatch), (damage.File, damage.Fault));
        Assert.InRange(damage.FirstBatch, damage.LastBatch / 4, damage.LastBatch * 3 / 4);
    }

    [Fact]
    public async Task All_damaged_partitions_are_named_at_once()
    {
        foreach (var name in _files.Names().Where(name => name.EndsWith(".scan", StringComparison.Ordinal))) _files.Put(name, Damage.Flip(_files.Files[name], 60));

        var damaged = await Assert.ThrowsAsync<BackupDamagedException>(async () => await Restore(new InMemoryStore(), _files));

        Assert.Equal([0, 1, 2, 3], damaged.Damages.Select(damage => damage.Partition));
    }

    [Fact]
    public async Task A_damaged_backup_is_refused_by_the_next_run_and_made_whole_by_one_that_reads_anew()
    {
        var scan = _files.Names().First(name => name.EndsWith(".scan", StringComparison.Ordinal));
        foreach (var (name, damage) in new (string, byte[]?)[] { (scan, null), (BackupManifest.FileName, [1, 2, 3]) })
        {
            var files = _files.Copy();
            files.Put(name, damage);
            await Assert.ThrowsAsync<BackupDamagedException>(async () => await LedgerBackup.RunAsync(Source, files, new(), null, None));

            await LedgerBackup.RunAsync(Source, files, new() { Anew = true }, null, None);

            await using var restored = new InMemoryStore();
            Assert.True((await Restore(restored, files)).IsRestored);
        }
    }

    [Fact]
    public async Task A_damaged_ledger_is_not_backed_up_and_the_backup_before_is_kept()
    {
        await _ledger.StepsAsync(10);
        var row = (await LivingLedger.RowsAsync(Source, 1)).Last(row => row.Key.Journal == LogFixture.Citizen(2));
        var slippedIn = new RowKey(1, row.Key.Journal, row.Key.Number + 1);
        foreach (var (key, value) in new (RowKey, byte[]?)[] { (row.Key, null), (row.Key, [1, 2, 3]), (slippedIn, row.Value.ToArray()), (BatchRow.KeyOf(1, 3), null) })
        {
            var sound = (await LivingLedger.RowsAsync(Source, 1)).Where(row => row.Key == key).Select(row => row.Value.ToArray()).FirstOrDefault();
            Source.Damage(key, value);
            var (fresh, kept) = (new MemoryFiles(), _files.Copy());

            await Assert.ThrowsAsync<JournalBrokenException>(async () => await LedgerBackup.RunAsync(Source, fresh, new() { PartitionsAtOnce = 1 }, null, None));
            await Assert.ThrowsAsync<JournalBrokenException>(async () => await LedgerBackup.RunAsync(Source, kept, new() { Anew = true }, null, None));
            await Assert.ThrowsAsync<BackupRefusedException>(async () => await Restore(new InMemoryStore(), fresh));
            await using (var restored = new InMemoryStore()) Assert.True((await Restore(restored, kept)).IsRestored);

            // Once the ledger is whole again, the same folder will do.
            Source.Damage(key, sound);
            await LedgerBackup.RunAsync(Source, fresh, new(), null, None);
            await using (var restored = new InMemoryStore()) Assert.True((await Restore(restored, fresh)).IsRestored);
        }
    }

    [Fact]
    public async Task A_store_with_a_ledger_is_refused_even_if_it_is_this_one()
    {
        await using var store = new InMemoryStore();
        await Restore(store, _files);

        Assert.Equal(BackupRefusal.TargetHoldsLedger, (await Refused(() => Restore(store, _files))).Refusal);
        Assert.Equal(BackupRefusal.TargetHoldsLedger, (await Refused(() => Restore(Source, _files))).Refusal);
    }

    [Fact]
    public async Task A_store_with_other_rows_is_refused_before_anything_is_written()
    {
        var any = (await LivingLedger.RowsAsync(Source, 3))[^1];
        foreach (var row in new Row[]
        {
            new(new(3, LogFixture.Citizen(999), 1), any.Value), // no such citizen
            new(any.Key with { Number = 999 }, any.Value), // no such record
            new(any.Key, Damage.Flip(any.Value.ToArray(), 3)), // another record
            new(BatchRow.KeyOf(3, 999), any.Value),
            new(new(3, new(Space.System, 1), 1), any.Value),
        })
        {
            await using var store = new InMemoryStore();
            await store.InsertAsync([row], None);

            Assert.Equal(BackupRefusal.TargetHoldsOtherRows, (await Refused(() => Restore(store, _files))).Refusal);

            for (var partition = 0; partition < 3; partition++) Assert.Empty(await LivingLedger.RowsAsync(store, partition));
        }
    }

    [Fact]
    public async Task A_row_larger_than_the_store_takes_is_refused_before_anything_is_written()
    {
        await using var store = new InMemoryStore(new(100, 150));

        Assert.Equal(BackupRefusal.RowTooLarge, (await Refused(() => Restore(store, _files))).Refusal);

        for (var partition = 0; partition < LivingLedger.Partitions; partition++) Assert.Empty(await LivingLedger.RowsAsync(store, partition));
    }

    [Fact]
    public async Task A_folder_of_another_ledger_is_refused_finished_or_not()
    {
        var other = await LivingLedger.CreateAsync(1, id: 5);
        await other.StepsAsync(20);
        Assert.Equal(BackupRefusal.AnotherLedger, (await Refused(async () => await LedgerBackup.RunAsync(other.Store, _files, new(), null, None))).Refusal);

        _files.Put(BackupManifest.FileName, null);
        foreach (var anew in new[] { false, true })
            Assert.Equal(BackupRefusal.AnotherLedger, (await Refused(async () => await LedgerBackup.RunAsync(other.Store, _files, new() { Anew = anew }, null, None))).Refusal);
    }

    [Fact]
    public async Task A_ledger_that_went_another_way_since_is_refused()
    {
        var earlier = new MemoryFiles();
        await LedgerBackup.RunAsync(Source, earlier, new(), null, None);
        await _ledger.StepsAsync(20);
        await LedgerBackup.RunAsync(Source, _files, new(), null, None);

        // Restored from the earlier backup it has lost its end; then it grows past it.
        var back = new InMemoryStore();
        await Restore(back, earlier);
        Assert.Equal(BackupRefusal.OtherHistory, (await Refused(async () => await LedgerBackup.RunAsync(back, _files, new(), null, None))).Refusal);
        var heads = await LivingLedger.HeadsAsync(Source);
        for (var partition = 0; partition < LivingLedger.Partitions; partition++)
        {
            while ((await LivingLedger.HeadsAsync(back))[partition] <= heads[partition] + 1)
            {
                await PartitionLog.ClaimAsync(
                    back, partition, "z", 1000, TimeProvider.System, new() { IsStoreExclusive = true }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, None);
            }
        }

        Assert.Equal(BackupRefusal.OtherHistory, (await Refused(async () => await LedgerBackup.RunAsync(back, _files, new(), null, None))).Refusal);
    }

    [Fact]
    public async Task Without_a_ledger_or_a_finished_backup_nothing_is_done()
    {
        await using var empty = new InMemoryStore();
        Assert.Equal(BackupRefusal.NoLedger, (await Refused(async () => await LedgerBackup.RunAsync(empty, new MemoryFiles(), new(), null, None))).Refusal);

        _files.Put(BackupManifest.FileName, null);
        Assert.Equal(BackupRefusal.NotABackup, (await Refused(() => Restore(empty, _files))).Refusal);
    }

    [Fact]
    public async Task A_ledger_cut_into_other_partitions_is_refused()
    {
        Assert.True(await LedgerManifest.ReplaceAsync(Source, LivingLedger.Manifest(), LivingLedger.Manifest() with { PartitionCount = 8, Generation = 2 }, None));

        Assert.Equal(BackupRefusal.OtherPartitions, (await Refused(async () => await LedgerBackup.RunAsync(Source, _files, new(), null, None))).Refusal);
    }

    private async Task AssertDamaged(string name, byte[]? bytes)
    {
        var files = _files.Copy();
        files.Put(name, bytes);
        await using var store = new InMemoryStore();

        var damaged = await Assert.ThrowsAsync<BackupDamagedException>(async () => await Restore(store, files));

        var damage = Assert.Single(damaged.Damages);
        Assert.Equal(name, damage.File);
        Assert.Contains(name, damaged.Message, StringComparison.Ordinal);
        if (SegmentHeader.TryParse(name, out var header))
        {
            Assert.Equal(header.Partition, damage.Partition);
            Assert.InRange(damage.FirstBatch, header.FirstBatch, Math.Max(header.LastBatch, header.FirstBatch));
        }

        for (var partition = 0; partition < LivingLedger.Partitions; partition++) Assert.Empty(await LivingLedger.RowsAsync(store, partition));
        Assert.Null(await LedgerManifest.ReadAsync(store, None));
    }

    private static Task<BackupRefusedException> Refused<T>(Func<ValueTask<T>> action) => Assert.ThrowsAsync<BackupRefusedException>(async () => await action());

    private static ValueTask<RestoreSummary> Restore(IJournalStore store, MemoryFiles files) =>
        LedgerRestore.RunAsync(store, files, LivingLedger.Keys, new() { PartitionsAtOnce = 1 }, null, None);
}
