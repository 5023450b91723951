using System.Diagnostics;
using CreditGrains.Journal.RocksDb;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CreditGrains.Journal.Tests.Stores;

public sealed class RocksDbStoreTests : JournalStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JournalId Ada = new(Space.Citizen, 0xADA);

    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override IJournalStore Open() => OpenIn(_folder.Path);

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_folder_is_opened_again()
    {
        await using (var first = OpenIn(_folder.Path))
        {
            for (var number = 1UL; number <= 100; number++)
                Assert.Equal(InsertVerdict.Inserted, (await first.InsertAsync([At(Ada, number, $"row {number}")], None)).Verdict);
        }

        await using var second = OpenIn(_folder.Path);
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"row {number}"), Texts(await Collect(second.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 100), ReadDirection.Ascending, None))));
        Assert.Equal(InsertVerdict.KeyExists, (await second.InsertAsync([At(Ada, 100, "again")], None)).Verdict);
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_of_writing_loses_nothing_acknowledged_and_leaves_no_half_set()
    {
        if (ChildProcess.Argument is { } folder)
        {
            await WriteSetsUntilKilled(folder);
            return;
        }

        var acknowledged = 0UL;
        using (var child = ChildProcess.Start(_folder.Path))
        {
            while (acknowledged < 300 && await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (ChildProcess.Said(line, "acknowledged ") is { } number) acknowledged = ulong.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
            }

            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(acknowledged >= 300, "the child process wrote nothing");
        var first = await Read(0, Ada);
        var second = await Read(0, new(Space.Citizen, 0xB0B));
        Assert.True((ulong)first.Count >= acknowledged);
        Assert.Equal(first.Count, second.Count);
        Assert.Equal(Enumerable.Range(1, first.Count).Select(number => (ulong)number), first.Select(row => row.Key.Number));
    }

    /// <summary>The half that is run in a process of its own.</summary>
    private static async Task WriteSetsUntilKilled(string folder)
    {
        await using var store = OpenIn(folder);
        for (var number = 1UL; ; number++)
        {
            Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync([At(Ada, number, new string('x', 300)), At(new(Space.Citizen, 0xB0B), number, "y")], None)).Verdict);
            Console.Out.WriteLine($"acknowledged {number}");
        }
    }

    [Fact]
    public async Task A_file_system_that_refuses_to_grow_leaves_the_outcome_unknown_and_ends_all_writing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit on the size of files.");
        if (ChildProcess.Argument is { } folder)
        {
            await WriteSetsUntilRefused(folder);
            return;
        }

        using var child = ChildProcess.Start(_folder.Path, maxFileKiB: 2048);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        var said = ChildProcess.Said(output, "refused ");
        Assert.StartsWith("Unknown then NotWritten: RocksDB failed (IO error", said, StringComparison.Ordinal);
        Assert.Contains("until the store is opened again", said, StringComparison.Ordinal);

        // With room again, all that was acknowledged is there, and perhaps the set whose fate was unknown.
        var acknowledged = int.Parse(ChildProcess.Said(output, "acknowledged ")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(acknowledged > 10);
        Assert.InRange((await Read(0, Ada)).Count, acknowledged, acknowledged + 1);
        Assert.Equal(InsertVerdict.Inserted, await Insert(At(Ada, 1_000_000, "room again")));
    }

    /// <summary>The half that is run in a process that may not write large files.</summary>
    private static async Task WriteSetsUntilRefused(string folder)
    {
        await using var store = OpenIn(folder);
        var acknowledged = 0UL;
        InsertOutcome outcome;
        do outcome = await store.InsertAsync([At(Ada, acknowledged + 1, new string('x', 20_000))], None);
        while (outcome.Verdict == InsertVerdict.Inserted && acknowledged++ < 10_000);

        var next = await store.InsertAsync([At(Ada, 999_999, "after")], None);
        Console.Out.WriteLine($"acknowledged {acknowledged}");
        Console.Out.WriteLine($"refused {outcome.Verdict} then {next.Verdict}: {store.Failure}");
        Assert.Equal(acknowledged, (ulong)(await Collect(store.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 99_999), ReadDirection.Ascending, None))).Count); // reads go on
    }

    [Fact]
    public async Task A_disk_that_runs_full_is_refused_as_not_written_and_goes_on_when_there_is_room()
    {
        var free = 100L << 20;
        await using var store = RocksDbStore.Open(_folder.Path, new() { MinFreeBytes = 50L << 20, FreeBytes = _ => Volatile.Read(ref free) }, NullLogger.Instance);
        Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync([At(Ada, 1, "x")], None)).Verdict);

        Volatile.Write(ref free, 20L << 20);
        InsertOutcome refused;
        var number = 2UL;
        do refused = await store.InsertAsync([At(Ada, number++, "x")], None); // the volume is asked ten times a second
        while (refused.Verdict == InsertVerdict.Inserted);

        Assert.Equal(InsertVerdict.NotWritten, refused.Verdict);
        Assert.Contains("The disk is full", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("20 MiB left of a reserve of 50 MiB", refused.Reason, StringComparison.Ordinal);
        Assert.Null(store.Failure);

        Volatile.Write(ref free, 100L << 20);
        Assert.Equal(InsertVerdict.Inserted, (await store.InsertAsync([At(Ada, number, "x")], None)).Verdict);
    }

    [Fact]
    public void A_folder_that_is_open_elsewhere_is_refused_with_the_process_that_holds_it()
    {
        _ = Store;

        var refused = Assert.Throws<StoreUnavailableException>(() => OpenIn(_folder.Path));

        using var self = Process.GetCurrentProcess();
        Assert.Contains($"{_folder.Path} is open in process {Environment.ProcessId} ({self.ProcessName})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_free_again_once_the_store_is_closed()
    {
        await using (OpenIn(_folder.Path))
        {
        }

        await using var again = OpenIn(_folder.Path);
    }

    [Fact]
    public void A_folder_with_other_peoples_files_is_left_alone()
    {
        var file = Path.Combine(_folder.Path, "thesis.txt");
        File.WriteAllText(file, "chapter one");

        var refused = Assert.Throws<StoreUnavailableException>(() => OpenIn(_folder.Path));

        Assert.Contains("is not a ledger's", refused.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task The_folder_is_closed_to_other_users()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps access lists, not modes.");
        var path = Path.Combine(_folder.Path, "ledger");

        await using var store = OpenIn(path);

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Purged_bytes_are_in_no_file_any_more()
    {
        var secret = new byte[64];
        new Random(5).NextBytes(secret);
        await using var store = OpenIn(_folder.Path);
        for (var number = 1UL; number <= 50; number++) await store.InsertAsync([At(Ada, number, "x")], None);
        await store.InsertAsync([new(Key(0, Ada, 51), secret)], None);
        await store.PurgeAsync(Key(0, Ada, 0), Key(0, Ada, ulong.MaxValue)); // so that it lies in an old file
        Assert.True(IsInAFile(secret));

        Assert.True(await store.RedactAsync(Key(0, Ada, 51), secret, "gone"u8.ToArray(), None));
        await store.PurgeAsync(Key(0, Ada, 51), Key(0, Ada, 51));

        Assert.False(IsInAFile(secret));
        Assert.Equal(51, (await Collect(store.ReadAsync(Key(0, Ada, 0), Key(0, Ada, 99), ReadDirection.Ascending, None))).Count);
    }

    [Fact]
    public async Task A_reader_still_open_when_the_store_closes_is_told_so()
    {
        for (var number = 1UL; number <= 10; number++) await Insert(At(Ada, number, "x"));
        await using var rows = Store.ReadAsync(Key(0, Ada, 1), Key(0, Ada, 10), ReadDirection.Ascending, None).GetAsyncEnumerator(None);
        Assert.True(await rows.MoveNextAsync());

        await Store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await rows.MoveNextAsync());
    }

    [Fact]
    public async Task What_is_queued_when_the_store_closes_is_written_first()
    {
        var inserts = Enumerable.Range(1, 200).Select(number => Store.InsertAsync([At(Ada, (ulong)number, "x")], None).AsTask()).ToArray();
        await Store.DisposeAsync();

        Assert.All(await Task.WhenAll(inserts), outcome => Assert.Equal(InsertVerdict.Inserted, outcome.Verdict));
        await using var again = OpenIn(_folder.Path);
        Assert.Equal(200, (await Collect(again.ReadAsync(Key(0, Ada, 0), Key(0, Ada, 999), ReadDirection.Ascending, None))).Count);
    }

    [Fact]
    public Task Partitions_written_at_once_by_their_logs_are_sound() => SoundPartitions.AssertAsync(Store, partitions: 16, citizens: 8, records: 20);

    private bool IsInAFile(ReadOnlySpan<byte> bytes)
    {
        foreach (var path in Directory.GetFiles(_folder.Path))
        {
            if (Path.GetFileName(path) == FolderLock.LockFile) continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            file.CopyTo(copy);
            if (copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(bytes) >= 0) return true;
        }

        return false;
    }

    private static RocksDbStore OpenIn(string folder, ILogger? logger = null) =>
        RocksDbStore.Open(folder, new() { MinFreeBytes = 0 }, logger ?? NullLogger.Instance);
}
