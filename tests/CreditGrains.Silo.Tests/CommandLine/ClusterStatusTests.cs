using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Silo.Tests.CommandLine;

/// <summary>What <c>cluster status</c> shows of what the silos answer, letter by letter where programs read it.</summary>
public sealed class ClusterStatusTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);

    [Fact]
    public async Task For_programs_it_is_one_value()
    {
        var run = new CommandRun { Clock = _clock };
        run.Hosting.Cluster = Three;

        Assert.Equal(0, await run.RunAsync("cluster", "status", "--connect", "localhost:30000", "--json"));

        Assert.Equal(
            """
            {"at":"2026-11-24T12:00:00.000000Z","silos":[
            {"name":"silo-1","address":"10.0.0.1:11111","state":"active","report":{"startedAt":"2026-11-24T11:00:00.000000Z","version":"0.1.0","partitionsOwned":80,"partitionsAssigned":85,
            "activeCitizens":1234567,"entries":9000000,"commits":70000,"entriesPerSecond":1234.6,"commitsPerSecond":98.8,"commitP50Ms":1.023,"commitP99Ms":9.215,"recordsPerCommit":12.5,
            "queuedRecords":7,"fenceLosses":1,"overloads":2,"refusals":3,"workingSetBytes":1610612736,"heapBytes":1073741824,"processorSeconds":12.346,"newestFormat":2,"writtenFormat":1}},
            {"name":"silo-2","address":"10.0.0.2:11111","state":"notAnswering","report":null},
            {"name":"silo-3","address":"10.0.0.3:11111","state":"gone","report":null}],
            "totals":{"silos":2,"answering":1,"partitionsOwned":80,"activeCitizens":1234567,"entriesPerSecond":1234.6,"commitsPerSecond":98.8,"slowestCommitP99Ms":9.215,"workingSetBytes":1610612736}}
            """.Replace("\n", "", StringComparison.Ordinal),
            run.Out.TrimEnd());
    }

    [Fact]
    public async Task For_people_it_is_a_table()
    {
        var run = new CommandRun { Clock = _clock };
        run.Hosting.Cluster = Three;

        Assert.Equal(0, await run.RunAsync("cluster", "status", "--connect", "localhost:30000"));

        Assert.Equal(
            """
             silo    state          partitions   citizens  entries/s     p50     p99     memory
            ─────────────────────────────────────────────────────────────────────────────────────
             silo-1  active           80 of 85  1,234,567      1,235  1.0 ms  9.2 ms  1,536 MiB
             silo-2  not answering           –          –          –       –       –          –
             silo-3  gone                    –          –          –       –       –          –
            ─────────────────────────────────────────────────────────────────────────────────────
             1 of 2  answer                 80  1,234,567      1,235          9.2 ms  1,536 MiB
            """,
            string.Join('\n', run.Out.TrimEnd().Split('\n')[1..^2].Select(line => line.TrimEnd())));
        Assert.Equal("2026-11-24 12:00:00Z", run.LastLine.Trim());
    }

    [Fact]
    public async Task Watched_it_is_asked_again_every_two_seconds_until_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = new CommandRun { Clock = _clock };
        var asked = new List<DateTimeOffset>();
        run.Hosting.Cluster = () =>
        {
            asked.Add(_clock.GetUtcNow());
            if (asked.Count == 2) throw new LedgerUnreachableException("Nobody answers.");
            if (asked.Count == 4) interrupt.Cancel();
            return Three();
        };
        var running = run.RunAsync(interrupt.Token, "cluster", "status", "--connect", "localhost:30000", "--json", "--watch");
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.WhenAny(running, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, await running);

        Assert.Equal(4, asked.Count);
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(2)));
        Assert.Equal(3, run.Out.TrimEnd().Split('\n').Length);
        Assert.Equal("Nobody answers.\n", run.Error);
    }

    [Fact]
    public async Task The_ledger_is_opened_for_its_status_alone()
    {
        var run = new CommandRun();

        await run.RunAsync("cluster", "status", "--connect", "localhost:30000");

        Assert.Equal(LedgerUse.Status, Assert.Single(run.Hosting.Opened).Use);
    }

    [Fact]
    public async Task Nobody_reached_is_exit_code_5()
    {
        var run = new CommandRun();
        run.Hosting.Cluster = () => throw new LedgerUnreachableException("Nobody answers.");

        Assert.Equal(ExitCode.Unreachable, await run.RunAsync("cluster", "status", "--connect", "localhost:30000"));
    }

    private static ClusterReport Three() => new(
    [
        new(new("silo-1", "10.0.0.1:11111", SiloState.Active), new()
        {
            Name = "silo-1", Address = "10.0.0.1:11111", State = SiloState.Active, StartedAt = Noon.AddHours(-1), Version = "0.1.0",
            PartitionsOwned = 80, PartitionsAssigned = 85, ActiveCitizens = 1_234_567, Entries = 9_000_000, Commits = 70_000,
            EntriesPerSecond = 1_234.56, CommitsPerSecond = 98.76, CommitLatencyP50 = TimeSpan.FromMicroseconds(1_023), CommitLatencyP99 = TimeSpan.FromMicroseconds(9_215),
            RecordsPerCommit = 12.5, QueuedRecords = 7, FenceLosses = 1, Overloads = 2, Refusals = 3,
            WorkingSetBytes = 1_536L << 20, HeapBytes = 1L << 30, ProcessorTime = TimeSpan.FromMicroseconds(12_345_678), NewestFormat = 2, WrittenFormat = 1,
        }),
        new(new("silo-2", "10.0.0.2:11111", SiloState.Active), null),
        new(new("silo-3", "10.0.0.3:11111", SiloState.Gone), null),
    ]);
}
