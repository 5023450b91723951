using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Journal.Tests.Log;

/// <summary>What is told of commits is what was committed, by the clock that the log is given.</summary>
public sealed class CommitTallyTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, 15)]
    [InlineData(16, 17)] // from here on a step is wider than 1 µs
    [InlineData(1_000, 1_023)]
    [InlineData(1_024, 1_151)]
    [InlineData(268_435_455, 268_435_455)]
    [InlineData(1_000_000_000, 268_435_455)] // beyond the scale
    public void A_latency_is_told_as_the_longest_of_its_step(long microseconds, long told) =>
        Assert.Equal(TimeSpan.FromMicroseconds(told), LatencyScale.LongestOf(LatencyScale.StepOf(TimeSpan.FromMicroseconds(microseconds))));

    [Fact]
    public void Steps_follow_one_another_and_none_is_wider_than_an_eighth()
    {
        for (var step = 1; step < LatencyScale.Steps; step++)
        {
            var (shortest, longest) = (LatencyScale.LongestOf(step - 1) + TimeSpan.FromMicroseconds(1), LatencyScale.LongestOf(step));
            Assert.Equal((step, step), (LatencyScale.StepOf(shortest), LatencyScale.StepOf(longest)));
            Assert.True(longest <= shortest * 1.125, $"{shortest} to {longest}");
        }
    }

    [Fact]
    public void Half_of_the_commits_and_99_of_100_took_no_longer_than_it_says()
    {
        var tally = new CommitTally(_time);
        for (var commit = 1; commit <= 100; commit++) Count(tally, partition: commit, TimeSpan.FromMicroseconds(commit <= 50 ? 8 : commit <= 99 ? 12 : 15));

        var summary = tally.Read();

        Assert.Equal((TimeSpan.FromMicroseconds(8), TimeSpan.FromMicroseconds(12)), (summary.LatencyP50, summary.LatencyP99));
    }

    [Theory]
    //          seconds  a second      with half a second gone of the present one
    [InlineData(0.5, 100.0)] // a start of less than a second counts as one
    [InlineData(4.5, 100 / 4.5)]
    [InlineData(9.5, 100 / 9.5)]
    [InlineData(10.5, 0.0)] // the first second has left the window
    [InlineData(16.5, 0.0)] // and its place in the ring was not yet taken again
    [InlineData(1_000.5, 0.0)]
    public void A_rate_is_of_the_last_ten_seconds_or_of_less_after_a_start(double seconds, double rate)
    {
        var tally = new CommitTally(_time);
        Count(tally, partition: 7, TimeSpan.Zero, entries: 100);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        var summary = tally.Read();

        Assert.Equal((100, 1), (summary.Entries, summary.Commits));
        Assert.Equal(rate, summary.EntriesPerSecond, 6);
    }

    [Fact]
    public void A_commit_that_is_not_durable_counts_as_time_and_as_nothing_else()
    {
        var tally = new CommitTally(_time);
        var started = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        tally.CountCommit(0, isDurable: false, 5, 5, started, _time.GetTimestamp());

        var summary = tally.Read();

        Assert.Equal((0, 0, 0), (summary.Entries, summary.Records, summary.Commits));
        Assert.InRange(summary.LatencyP99!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.125));
    }

    [Fact]
    public async Task Counting_from_many_threads_loses_nothing()
    {
        var tally = new CommitTally(_time);
        await Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, (partition, _) =>
        {
            for (var commit = 0; commit < 1_000; commit++) Count(tally, partition, TimeSpan.Zero, entries: 3);
            return ValueTask.CompletedTask;
        });

        Assert.Equal((192_000, 64_000), (tally.Read().Entries, tally.Read().Commits));
    }

    [Fact]
    public async Task A_log_counts_what_it_commits_and_what_it_turns_away()
    {
        var fixture = new LogFixture();
        var tally = new CommitTally(fixture.Time);
        var log = (await PartitionLog.ClaimAsync(
            fixture.Store, LogFixture.Partition, "a", 1, fixture.Time, new() { MaxQueuedRecords = 1 }, NullLogger.Instance, tally, TestContext.Current.CancellationToken)).Log!;
        var land = fixture.Store.Hold();
        var first = fixture.Append(log, 1);
        var second = fixture.Append(log, 2);
        Assert.Equal(1, log.QueuedRecords);
        Assert.Equal(CommitVerdict.Overloaded, await fixture.Append(log, 3));
        land();
        await Task.WhenAll(first, second);
        await fixture.Own("b", 2);
        Assert.Equal(CommitVerdict.FenceLost, await fixture.Append(log, 3));

        var summary = tally.Read();

        Assert.Equal((2, 2, 2), (summary.Entries, summary.Records, summary.Commits));
        Assert.Equal((1, 1, 0), (summary.Overloads, summary.FenceLosses, log.QueuedRecords));
    }

    private void Count(CommitTally tally, int partition, TimeSpan latency, int entries = 1)
    {
        var started = _time.GetTimestamp();
        tally.CountCommit(partition, isDurable: true, entries, records: 1, started, started + (long)(latency.TotalSeconds * _time.TimestampFrequency));
    }
}
