using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>A nation's ledger is backed up, lost and restored by the program as an operator runs it, killed on the way.</summary>
public sealed class BackupTests(BackupTests.Nation nation) : IClassFixture<BackupTests.Nation>
{
    [Fact]
    public async Task A_backup_and_a_restore_killed_in_the_middle_end_with_the_same_ledger()
    {
        using var temp = new TempFolder();

        // Killed as soon as there are some partitions, of 256.
        var backup = await KilledAsync(
            attempt => temp[$"backup-{attempt}"],
            folder => ["backup", folder, "--data", nation.Data],
            folder => FilesIn(folder) >= 20,
            folder => File.Exists(Path.Combine(folder, "backup.manifest")));
        var tooEarly = await LedgerProgram.RunAsync("restore", backup, "--data", CopyKeys(temp["early"]));
        Assert.Equal(ExitCode.Usage, tooEarly.Code);
        Assert.Contains("no finished backup", tooEarly.Error, StringComparison.Ordinal);

        var resumed = await LedgerProgram.RunAsync("backup", backup, "--data", nation.Data, "--json");
        Assert.Equal((ExitCode.Fine, ""), (resumed.Code, resumed.Error));
        Assert.InRange(resumed.Json.GetProperty("rowsWritten").GetInt64(), 1, resumed.Json.GetProperty("rows").GetInt64() - 1);

        // Killed once rows are on their way into the store.
        var target = await KilledAsync(
            attempt => CopyKeys(temp[$"restored-{attempt}"]),
            folder => ["restore", backup, "--data", folder],
            folder => LogBytesIn(folder) > 200_000,
            _ => false);

        // Half a ledger is neither opened nor taken for an empty place.
        var half = await LedgerProgram.RunAsync("totals", "--data", target);
        Assert.Equal(ExitCode.Unreachable, half.Code);
        var over = await LedgerProgram.RunAsync("simulate", "--citizens", "1", "--months", "1", "--seed", "1", "--data", target);
        Assert.Equal(ExitCode.Unreachable, over.Code);
        Assert.Contains("Run the restore again", over.Error, StringComparison.Ordinal);

        var restored = await LedgerProgram.RunAsync("restore", backup, "--data", target, "--json");
        Assert.Equal((ExitCode.Fine, ""), (restored.Code, restored.Error));
        Assert.True(restored.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(2, restored.Json.GetProperty("era").GetInt32());
        Assert.InRange(restored.Json.GetProperty("rowsWritten").GetInt64(), 1, restored.Json.GetProperty("rows").GetInt64() - 1);

        var verified = await LedgerProgram.RunAsync("verify", "--data", target, "--json");
        Assert.Equal((ExitCode.Fine, ""), (verified.Code, verified.Error));
        Assert.Equal(await TotalsOf(nation.Data), await TotalsOf(target));
    }

    [Fact]
    public async Task A_restored_ledger_goes_on_and_is_backed_up_into_the_same_folder()
    {
        using var temp = new TempFolder();
        var (backup, target) = (temp["backup"], CopyKeys(temp["restored"]));
        await Fine("backup", backup, "--data", nation.Data);
        await Fine("restore", backup, "--data", target);
        var more = Payments.WriteFile(temp, "entries.jsonl", [.. Enumerable.Range(0, 50).Select(number => Payments.Of(Payments.Citizen(number), number))]);
        await Fine("import", "entries", more, "--data", target);

        await Fine("backup", backup, "--data", target);
        var again = CopyKeys(temp["again"]);
        await Fine("restore", backup, "--data", again);

        Assert.Equal(await TotalsOf(target), await TotalsOf(again));
        Assert.NotEqual(await TotalsOf(nation.Data), await TotalsOf(again));
    }

    [Fact]
    public async Task A_restore_is_refused_over_a_ledger_over_other_things_and_without_the_right_keys()
    {
        using var temp = new TempFolder();
        var backup = temp["backup"];
        await Fine("backup", backup, "--data", nation.Data);

        var over = await LedgerProgram.RunAsync("restore", backup, "--data", nation.CopyTo(temp["ledger"]));
        Assert.Equal(ExitCode.Usage, over.Code);
        Assert.Contains("holds a ledger", over.Error, StringComparison.Ordinal);

        Directory.CreateDirectory(temp["letters"]);
        await File.WriteAllTextAsync(Path.Combine(temp["letters"], "letter"), "dear", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Usage, (await LedgerProgram.RunAsync("restore", backup, "--data", temp["letters"])).Code);

        var keyless = await LedgerProgram.RunAsync("restore", backup, "--data", temp["nowhere"]);
        Assert.Equal(ExitCode.Unreachable, keyless.Code);
        Assert.Contains("pseudonym.key", keyless.Error, StringComparison.Ordinal);

        var wrong = CopyKeys(temp["wrong"]);
        await File.WriteAllTextAsync(Path.Combine(wrong, "reference.key"), new string('7', 32), TestContext.Current.CancellationToken);
        var mismatch = await LedgerProgram.RunAsync("restore", backup, "--data", wrong);
        Assert.Equal(ExitCode.Unreachable, mismatch.Code);
        Assert.Contains("ReferenceKeyMismatch", mismatch.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(wrong, "journal")));
    }

    [Fact]
    public async Task A_damaged_backup_is_named_file_by_file_and_made_whole_by_reading_anew()
    {
        using var temp = new TempFolder();
        var (backup, target) = (temp["backup"], CopyKeys(temp["restored"]));
        await Fine("backup", backup, "--data", nation.Data);
        var victims = Directory.GetFiles(backup, "*.scan").OrderByDescending(file => new FileInfo(file).Length).Take(2).ToList();
        foreach (var victim in victims)
        {
            var bytes = await File.ReadAllBytesAsync(victim, TestContext.Current.CancellationToken);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(victim, bytes, TestContext.Current.CancellationToken);
        }

        var damaged = await LedgerProgram.RunAsync("restore", backup, "--data", target);

        Assert.Equal(ExitCode.Broken, damaged.Code);
        Assert.All(victims, victim => Assert.Contains($"{Path.GetFileName(victim)}: ChecksumMismatch, partition ", damaged.Error, StringComparison.Ordinal));
        await Fine("backup", backup, "--anew", "--data", nation.Data);
        await Fine("restore", backup, "--data", target);
        Assert.Equal(await TotalsOf(nation.Data), await TotalsOf(target));
    }

    private static async Task Fine(params string[] words)
    {
        var ended = await LedgerProgram.RunAsync(words);
        Assert.Equal((ExitCode.Fine, ""), (ended.Code, ended.Error));
    }

    private static async Task<string> TotalsOf(string data)
    {
        var totals = await LedgerProgram.RunAsync("totals", "--data", data, "--json");
        Assert.Equal((ExitCode.Fine, ""), (totals.Code, totals.Error));
        return totals.Json.ToString();
    }

    private string CopyKeys(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var key in Directory.GetFiles(nation.Data, "*.key")) File.Copy(key, Path.Combine(folder, Path.GetFileName(key)));
        return folder;
    }

    /// <summary>Kills the program in the middle; on a machine that looks elsewhere it may be through by then, and is let try again elsewhere.</summary>
    private static async Task<string> KilledAsync(Func<int, string> place, Func<string, string[]> words, Func<string, bool> isInTheMiddle, Func<string, bool> isThrough)
    {
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var folder = place(attempt);
            using var program = LedgerProgram.Start(words(folder));
            await Eventually.Is("a moment to kill it at", () => isInTheMiddle(folder) || program.HasExited);
            var hasEnded = program.HasExited;
            await program.KillAsync();
            if (!hasEnded && !isThrough(folder)) return folder;
        }

        throw new Xunit.Sdk.XunitException("The program was always done before it could be killed: the test proves nothing.");
    }

    private static int FilesIn(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*.scan").Length : 0;

    private static long LogBytesIn(string data)
    {
        var journal = new DirectoryInfo(Path.Combine(data, "journal"));
        return journal.Exists ? journal.EnumerateFiles("*.log").Sum(file => file.Length) : 0;
    }

    /// <summary>A ledger of some thousand entries, made once.</summary>
    public sealed class Nation : IAsyncLifetime
    {
        private readonly TempFolder _temp = new();

        internal string Data => _temp["nation"];

        public async ValueTask InitializeAsync() => await Fine("simulate", "--citizens", "400", "--months", "24", "--seed", "4", "--data", Data);

        public ValueTask DisposeAsync()
        {
            _temp.Dispose();
            return ValueTask.CompletedTask;
        }

        internal string CopyTo(string folder)
        {
            foreach (var file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(Data, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            return folder;
        }
    }
}
