namespace CreditGrains.Journal.Tests.Backup;

/// <summary>The folder on disk: who may use it, who may read it, and what an interrupted run leaves in it.</summary>
public sealed class BackupFolderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _place = new();

    private string Folder => Path.Combine(_place.Path, "backup");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Folder_and_files_are_for_their_owner_alone()
    {
        await BackUp();
        if (OperatingSystem.IsWindows()) return; // it has other permissions

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        foreach (var file in Directory.GetFiles(Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task While_one_run_writes_no_other_writes_or_restores()
    {
        using (BackupFolder.OpenToWrite(Folder))
        {
            Assert.Equal(BackupRefusal.InUse, Assert.Throws<BackupRefusedException>(() => BackupFolder.OpenToWrite(Folder)).Refusal);
            Assert.Equal(BackupRefusal.InUse, Assert.Throws<BackupRefusedException>(() => BackupFolder.OpenToRead(Folder)).Refusal);
        }

        using (BackupFolder.OpenToRead(Folder))
        {
            using var another = BackupFolder.OpenToRead(Folder);
            Assert.Equal(BackupRefusal.InUse, Assert.Throws<BackupRefusedException>(() => BackupFolder.OpenToWrite(Folder)).Refusal);
        }

        await BackUp();
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_left_alone()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "letters.txt"), "dear");

        Assert.Equal(BackupRefusal.NotABackup, Assert.Throws<BackupRefusedException>(() => BackupFolder.OpenToWrite(Folder)).Refusal);
        Assert.Equal(BackupRefusal.NotABackup, Assert.Throws<BackupRefusedException>(() => BackupFolder.OpenToRead(Folder + "s")).Refusal);
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_copy_without_the_lock_is_restored_and_continued()
    {
        var ledger = await BackUp();
        File.Delete(Path.Combine(Folder, "backup.lock"));

        await using var restored = new InMemory.InMemoryStore();
        Assert.True((await LedgerRestore.RunAsync(restored, Folder, LivingLedger.Keys, new(), null, None)).IsRestored);
        await LedgerBackup.RunAsync(ledger.Store, Folder, new(), null, None);
    }

    [Fact]
    public async Task Drafts_are_removed_by_the_next_run()
    {
        var ledger = await BackUp();
        using (var folder = BackupFolder.OpenToWrite(Folder))
        {
            await using var draft = folder.Create("00001-0001-000000000001-000000000009.log");
            await draft.WriteAsync(new byte[100], None);
            Assert.Contains(folder.Names(), name => name.EndsWith(IBackupFiles.DraftSuffix, StringComparison.Ordinal));
        }

        await LedgerBackup.RunAsync(ledger.Store, Folder, new(), null, None);

        Assert.DoesNotContain(Directory.GetFiles(Folder), file => file.EndsWith(IBackupFiles.DraftSuffix, StringComparison.Ordinal));
    }

    private async Task<LivingLedger> BackUp()
    {
        var ledger = await LivingLedger.CreateAsync(51);
        await ledger.StepsAsync(30);
        await LedgerBackup.RunAsync(ledger.Store, Folder, new(), null, None);
        return ledger;
    }
}
