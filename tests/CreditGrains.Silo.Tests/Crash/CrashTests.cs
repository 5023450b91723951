using System.Collections.Concurrent;
using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>The program is killed at random moments, and carries on as if it had only been slow.</summary>
public sealed class CrashTests
{
    private const int Seed = 20_250_301;

    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1";
    private static readonly int Kills = IsThorough ? 20 : 4;

    [Fact]
    public async Task An_import_that_is_killed_again_and_again_ends_with_every_entry_once()
    {
        using var temp = new TempFolder();
        var entries = Enumerable.Range(0, 20_000 + (4_000 * Kills)).Select(number => Payments.Of(Payments.Citizen(number % 500), number)).ToList();
        var file = Payments.WriteFile(temp, "entries.jsonl", entries);
        var data = temp["ledger"];
        var random = new Random(Seed);

        // Each run is let write a stretch of its own, the first only just begin. Opening a store rewrites what the killed one left, so
        // that some kills come while it recovers.
        var stretch = entries.Count * 100L / Kills;
        var killed = 0;
        for (var hasEnded = false; killed < Kills && !hasEnded;)
        {
            using var import = LedgerProgram.Start("import", "entries", file, "--data", data, "--json");
            var written = new Written(data);
            var enough = killed == 0 ? 1 : random.NextInt64(1, stretch);
            await Eventually.Is("enough is written", () => written.Look() >= enough || import.HasExited);
            hasEnded = import.HasExited;
            if (hasEnded) Assert.Equal(ExitCode.Fine, (await import.EndAsync()).Code);
            else killed++;
            await import.KillAsync();
        }

        // On a machine that was looking elsewhere for long, an import may have reached its end.
        Assert.InRange(killed, Kills / 2, Kills);
        var last = await LedgerProgram.RunAsync("import", "entries", file, "--data", data, "--json");
        Assert.Equal((ExitCode.Fine, ""), (last.Code, last.Error));
        Assert.Equal(entries.Count, last.Json.GetProperty("recorded").GetInt64() + last.Json.GetProperty("alreadyRecorded").GetInt64());
        await AssertHoldsExactly(data, entries);
    }

    [Fact]
    public async Task What_a_killed_server_had_acknowledged_is_there_when_it_is_back_and_nothing_is_there_twice()
    {
        using var temp = new TempFolder();
        var data = temp["ledger"];
        var random = new Random(Seed);
        var callers = Enumerable.Range(0, 16).Select(number => new Caller(Payments.Citizen(number))).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await LedgerServerProgram.StartAsync(temp, data);
            foreach (var caller in callers) await caller.AssertKept(server.Client);

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var enough = callers.Sum(caller => caller.Acknowledged) + random.Next(1, 3_000);
            var calling = callers.Select(caller => Task.Run(() => caller.CallAsync(server.Client, stop.Token))).ToList();
            await Eventually.Is("enough is acknowledged", () => callers.Sum(caller => caller.Acknowledged) >= enough || calling.Exists(call => call.IsCompleted));
            await server.Program.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(calling);
        }

        await using (var server = await LedgerServerProgram.StartAsync(temp, data))
        {
            foreach (var caller in callers)
            {
                await caller.AssertKept(server.Client);
                await caller.SettleAsync(server.Client, TestContext.Current.CancellationToken);
            }

            Assert.Equal(ExitCode.Fine, (await server.StopAsync()).Code);
        }

        await AssertHoldsExactly(data, [.. callers.SelectMany(caller => caller.Entries)]);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_server_that_is_asked_to_stop_ends_well_and_releases_its_partitions(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no signals of that name.");
        using var temp = new TempFolder();
        var data = temp["ledger"];
        var entries = Enumerable.Range(0, 8).Select(number => Payments.Of(Payments.Citizen(number), number)).ToList();
        await using (var server = await LedgerServerProgram.StartAsync(temp, data))
        {
            foreach (var entry in entries)
                Assert.Equal(RecordStatus.Recorded, (await server.Client.RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
            var ended = await server.StopAsync(signal);
            Assert.Equal((ExitCode.Fine, ""), (ended.Code, ended.Error));
        }

        await using var store = await LedgerStore.OpenAsync(data, new SiloSettings(), create: false, TestContext.Current.CancellationToken);
        for (var partition = 0; partition < 8; partition++)
            Assert.Equal(BatchFlags.Released, (await store.Store.ReadHeadAsync(partition, TestContext.Current.CancellationToken))!.Flags);
    }

    [Fact]
    public async Task A_ledger_whose_making_was_cut_short_is_made_by_the_next_run()
    {
        using var temp = new TempFolder();
        var data = Directory.CreateDirectory(temp["ledger"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "pseudonym.key.new"), "0123", TestContext.Current.CancellationToken);
        var file = Payments.WriteFile(temp, "entries.jsonl", [Payments.Of(Payments.Citizen(1), 1)]);

        Assert.Equal((ExitCode.Fine, ""), Of(await LedgerProgram.RunAsync("import", "entries", file, "--data", data)));

        static (int, string) Of(Ended ended) => (ended.Code, ended.Error);
    }

    private static async Task AssertHoldsExactly(string data, List<Entry> entries)
    {
        var verified = await LedgerProgram.RunAsync("verify", "--data", data, "--json");
        Assert.Equal((ExitCode.Fine, ""), (verified.Code, verified.Error));
        Assert.True(verified.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(entries.Count, verified.Json.GetProperty("entries").GetInt64());

        var totals = await LedgerProgram.RunAsync("totals", "--data", data, "--json");
        Assert.Equal((ExitCode.Fine, ""), (totals.Code, totals.Error));
        Payments.AssertTotals(entries, totals.Json);
    }

    /// <summary>How much was written into a folder since the first look. Files that go, as logs do that were recovered, take nothing back.</summary>
    private sealed class Written(string folder)
    {
        private long _before = BytesIn(folder) ?? 0;
        private long _written;

        internal long Look()
        {
            if (BytesIn(folder) is not { } now) return _written;
            _written += Math.Max(0, now - _before);
            _before = now;
            return _written;
        }

        private static long? BytesIn(string folder)
        {
            try
            {
                return Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : 0;
            }
            catch (IOException)
            {
                return null; // a file went while it was looked at
            }
        }
    }

    /// <summary>Records payments of one citizen, one after another, and knows which were acknowledged.</summary>
    private sealed class Caller(CitizenId citizen)
    {
        private readonly ConcurrentQueue<Entry> _entries = new();
        private Entry? _doubtful;
        private int _next;

        internal IEnumerable<Entry> Entries => _entries;

        internal int Acknowledged => _entries.Count;

        internal async Task CallAsync(Client.ILedgerClient client, CancellationToken stop)
        {
            try
            {
                if (_doubtful is not null) await SettleAsync(client, stop);
                while (!stop.IsCancellationRequested)
                {
                    _doubtful = Payments.Of(citizen, _next++);
                    var outcome = await client.RecordAsync(_doubtful, stop);
                    Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded);
                    _entries.Enqueue(_doubtful);
                    _doubtful = null;
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or Client.LedgerUnreachableException)
            {
                // The server is gone; what became of the last one is found out when it is back.
            }
        }

        /// <summary>Sends the one that was not acknowledged again.</summary>
        internal async Task SettleAsync(Client.ILedgerClient client, CancellationToken stop)
        {
            if (_doubtful is not { } entry) return;
            var outcome = await client.RecordAsync(entry, stop);
            Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded);
            _entries.Enqueue(entry);
            _doubtful = null;
        }

        /// <summary>All that was acknowledged is there once; beside it at most the one that was not.</summary>
        internal async Task AssertKept(Client.ILedgerClient client)
        {
            var history = new List<Entry>();
            await foreach (var accepted in client.ReadHistoryAsync(citizen, TestContext.Current.CancellationToken)) history.Add(accepted.Entry!);
            if (history.Count > _entries.Count) Assert.Equal(_doubtful, history[^1]);
            Assert.Equal(_entries, history.Take(_entries.Count));
            Assert.InRange(history.Count, _entries.Count, _entries.Count + 1);
        }
    }
}
