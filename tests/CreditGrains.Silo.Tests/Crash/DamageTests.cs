using System.Globalization;
using System.Text.Json;
using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;
using RocksDbSharp;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>A ledger's folder is damaged behind the program's back: verify names what and where.</summary>
public sealed class DamageTests(DamageTests.SoundLedger sound) : IClassFixture<DamageTests.SoundLedger>
{
    private const int Records = 5;

    private static readonly CitizenId Victim = Payments.Citizen(3);

    [Fact]
    public async Task A_byte_that_was_flipped_is_named()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        Tamper(data, rows => rows.Flip(RecordKey(3)));
        await AssertBroken(data, 3);
    }

    [Fact]
    public async Task A_record_that_was_removed_is_named()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        Tamper(data, rows => rows.Remove(RecordKey(3)));
        await AssertBroken(data, 3);
    }

    [Fact]
    public async Task The_newest_records_of_a_citizen_that_were_removed_are_named()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        Tamper(data, rows => rows.Remove(RecordKey(4), RecordKey(5)));
        await AssertBroken(data, 4, 5);
    }

    [Fact]
    public async Task A_citizen_that_was_removed_is_named()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        Tamper(data, rows => rows.Remove([.. Enumerable.Range(1, Records).Select(number => RecordKey((ulong)number))]));
        await AssertBroken(data, 1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task A_batch_row_that_was_removed_is_named()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        Tamper(data, rows => rows.Remove(new RowKey(3, BatchRow.Journal, 4)));

        // Batch 1 claims; each record after it has a batch of its own, so that batch 4 listed record 3.
        var broken = await AssertBroken(data, 3);
        Assert.Contains(broken, place => place is (3, null, 4, "batch: the batch is missing"));
    }

    [Fact]
    public async Task A_folder_that_a_process_holds_is_refused_to_a_second_one_which_names_the_first()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        await using var server = await LedgerServerProgram.StartAsync(temp, data);

        foreach (var command in new[] { "verify", "totals" })
        {
            var second = await LedgerProgram.RunAsync(command, "--data", data);
            Assert.Equal(ExitCode.Unreachable, second.Code);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {server.Program.ProcessId} "), second.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    public async Task A_ledger_whose_pseudonym_key_is_missing_or_another_is_not_opened(string? key)
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        var file = Payments.WriteFile(temp, "entries.jsonl", [Payments.Of(Victim, 99)]);
        var keyFile = Path.Combine(data, "pseudonym.key");
        File.Delete(keyFile);
        if (key is not null) await File.WriteAllTextAsync(keyFile, key, TestContext.Current.CancellationToken);

        foreach (string[] command in new string[][] { ["totals"], ["verify"], ["import", "entries", file], ["serve", "--development-plain-text"] })
        {
            var ended = await LedgerProgram.RunAsync([.. command, "--data", data]);
            Assert.Equal(ExitCode.Unreachable, ended.Code);
            Assert.StartsWith("PseudonymKeyMismatch: ", ended.Error, StringComparison.Ordinal);
        }

        Assert.Equal(key is not null, File.Exists(keyFile));
    }

    [Fact]
    public async Task A_ledger_whose_reference_key_is_missing_is_not_opened_and_is_given_no_other()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        var file = Payments.WriteFile(temp, "entries.jsonl", [Payments.Of(Victim, 1)]);
        var keyFile = Path.Combine(data, "reference.key");
        File.Delete(keyFile);

        foreach (string[] command in new string[][] { ["totals"], ["import", "entries", file] })
        {
            var ended = await LedgerProgram.RunAsync([.. command, "--data", data]);
            Assert.Equal(ExitCode.Unreachable, ended.Code);
            Assert.Contains("reference.key", ended.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(keyFile));
    }

    [Fact]
    public async Task A_ledger_is_not_opened_with_another_key_of_references()
    {
        using var temp = new TempFolder();
        var data = sound.CopyTo(temp["ledger"]);
        var file = Payments.WriteFile(temp, "entries.jsonl", [Payments.Of(Victim, 1)]);
        await File.WriteAllTextAsync(Path.Combine(data, "reference.key"), new string('7', 32), TestContext.Current.CancellationToken);

        var ended = await LedgerProgram.RunAsync("import", "entries", file, "--data", data);

        Assert.Equal(ExitCode.Unreachable, ended.Code);
        Assert.Contains("ReferenceKeyMismatch", ended.Error, StringComparison.Ordinal);
    }

    private static RowKey RecordKey(ulong number) => new(Victim.PartitionOf(8), new(Space.Citizen, Victim.Value), number);

    /// <summary>Runs verify and expects each of the victim's records among what is broken, and nobody else's.</summary>
    private static async Task<List<(int Partition, string? Citizen, long? Sequence, string What)>> AssertBroken(string data, params long[] sequences)
    {
        var ended = await LedgerProgram.RunAsync("verify", "--data", data, "--json");
        Assert.Equal(ExitCode.Broken, ended.Code);
        Assert.False(ended.Json.GetProperty("ok").GetBoolean());
        var broken = ended.Json.GetProperty("broken").EnumerateArray().Select(place => (
            Partition: place.GetProperty("partition").GetInt32(),
            Citizen: place.GetProperty("citizen").GetString(),
            Sequence: place.GetProperty("sequence") is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : (long?)null,
            What: place.GetProperty("what").GetString()!)).ToList();

        Assert.All(broken, place =>
        {
            Assert.Equal(Victim.PartitionOf(8), place.Partition);
            Assert.True(place.Citizen is null || place.Citizen == Victim.ToString());
            Assert.NotEmpty(place.What);
        });
        Assert.All(sequences, sequence => Assert.Contains(broken, place => place.Citizen == Victim.ToString() && place.Sequence == sequence));
        return broken;
    }

    private static void Tamper(string data, Action<Rows> tamper)
    {
        using var database = RocksDb.Open(new DbOptions(), Path.Combine(data, "journal"));
        tamper(new(database));
    }

    /// <summary>The rows of a store, under no rule at all.</summary>
    private sealed class Rows(RocksDb database)
    {
        internal void Flip(RowKey key)
        {
            var value = database.Get(Bytes(key)) ?? throw new KeyNotFoundException($"{key}");
            value[value.Length / 2] ^= 1;
            database.Put(Bytes(key), value);
        }

        internal void Remove(params RowKey[] keys)
        {
            foreach (var key in keys)
            {
                Assert.NotNull(database.Get(Bytes(key)));
                database.Remove(Bytes(key));
            }
        }

        private static byte[] Bytes(RowKey key)
        {
            var bytes = new byte[RowKey.Length];
            key.Write(bytes);
            return bytes;
        }
    }

    /// <summary>A ledger that the program made: five records of each of eight citizens, each in a batch of its own.</summary>
    public sealed class SoundLedger : IAsyncLifetime
    {
        private readonly TempFolder _temp = new();

        public async ValueTask InitializeAsync()
        {
            await using var server = await LedgerServerProgram.StartAsync(_temp, _temp["sound"]);
            for (var number = 0; number < 8 * Records; number++)
            {
                var entry = Payments.Of(Payments.Citizen(number % 8), number);
                Assert.Equal(RecordStatus.Recorded, (await server.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
            }

            Assert.Equal(ExitCode.Fine, (await server.StopAsync()).Code);
        }

        internal string CopyTo(string folder)
        {
            foreach (var file in Directory.EnumerateFiles(_temp["sound"], "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(_temp["sound"], file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            return folder;
        }

        public ValueTask DisposeAsync()
        {
            _temp.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
