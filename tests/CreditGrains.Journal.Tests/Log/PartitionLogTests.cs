using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal.Tests.Log;

/// <summary>What a log owes its callers, whatever its store does.</summary>
public sealed class PartitionLogTests
{
    private readonly LogFixture _fixture = new();

    private ScriptedStore Store => _fixture.Store;

    [Fact]
    public async Task An_append_is_durable_and_listed_in_a_batch()
    {
        var log = await _fixture.Own();

        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));

        var batches = await _fixture.Batches();
        Assert.Equal([1UL, 2, 3], batches.Select(batch => batch.Number));
        Assert.Equal([BatchFlags.Claim, BatchFlags.None, BatchFlags.None], batches.Select(batch => batch.Flags));
        Assert.Equal(2UL, batches[^1].Frontier.LeafCount);
        Assert.Equal((LogFixture.Citizen(1), 2UL), (batches[^1].Entries[0].Journal, batches[^1].Entries[0].Number));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task What_arrives_while_a_batch_is_in_flight_goes_together_into_the_next()
    {
        var log = await _fixture.Own();
        var land = Store.Hold();
        var first = _fixture.Append(log, 1);
        var others = Enumerable.Range(2, 20).Select(citizen => _fixture.Append(log, citizen)).ToArray();
        Assert.False(first.IsCompleted);

        land();

        Assert.All(await Task.WhenAll([first, .. others]), verdict => Assert.Equal(CommitVerdict.Durable, verdict));
        Assert.Equal([0, 1, 20], (await _fixture.Batches()).Select(batch => batch.Entries.Length));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_batch_stays_within_the_limits_of_the_store()
    {
        var fixture = new LogFixture { Store = new(new StoreLimits(MaxRows: 4, MaxBytes: 6_000)) };
        var log = await fixture.Own();
        var land = fixture.Store.Hold();
        var appends = Enumerable.Range(1, 10).Select(citizen => fixture.Append(log, citizen))
            .Concat(Enumerable.Range(11, 3).Select(citizen => fixture.Append(log, citizen, new string('x', 1_500)))).ToArray();

        land();
        await Task.WhenAll(appends);

        Assert.All(fixture.Store.Sets, set => Assert.InRange(set.Count, 1, 4));
        Assert.All(fixture.Store.Sets, set => Assert.InRange(set.Sum(row => row.Value.Length + RowKey.Length), 1, 6_000));
        Assert.Equal([0, 1, 3, 3, 3, 2, 1], (await fixture.Batches()).Select(batch => batch.Entries.Length));
    }

    [Fact]
    public async Task The_rows_of_one_append_go_into_one_batch()
    {
        var fixture = new LogFixture { Store = new(new StoreLimits(MaxRows: 4, MaxBytes: 100_000)) };
        var log = await fixture.Own();
        var land = fixture.Store.Hold();
        var first = fixture.Append(log, 1);
        var second = fixture.Append(log, 2);
        var three = new[] { fixture.Draft(log, 3), fixture.Draft(log, 4), fixture.Draft(log, 5) };
        var together = log.AppendAsync(three.Select(draft => draft.Row).ToArray(), three[^1].RecordedAt).AsTask();

        land();

        Assert.Equal(CommitVerdict.Durable, await together);
        await Task.WhenAll(first, second);
        Assert.Equal([0, 1, 1, 3], (await fixture.Batches()).Select(batch => batch.Entries.Length));
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(new AppendRow[4], 0));
        await Assert.ThrowsAsync<ArgumentException>(async () => await log.AppendAsync(ReadOnlyMemory<AppendRow>.Empty, 0));
    }

    [Fact]
    public async Task A_refused_batch_is_not_written_and_the_log_goes_on()
    {
        var log = await _fixture.Own();
        Store.Refuse();

        Assert.Equal(CommitVerdict.NotWritten, await _fixture.Append(log, 1));
        Assert.Equal(0, await _fixture.Count(1));
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));

        Assert.Equal([1UL, 2], (await _fixture.Batches()).Select(batch => batch.Number)); // the number was free
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_lost_reply_is_found_out_and_the_append_is_durable()
    {
        var log = await _fixture.Own();
        Store.LoseReply();

        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));

        Assert.Equal(1, await _fixture.Count(1));
        Assert.Equal(1UL, log.Epoch);
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_lost_request_is_settled_by_claiming_its_number()
    {
        var log = await _fixture.Own();
        Store.LoseRequest();

        Assert.Equal(CommitVerdict.NotWritten, await _fixture.Append(log, 1));

        Assert.Equal(2UL, log.Epoch);
        Assert.Equal([BatchFlags.Claim, BatchFlags.Claim], (await _fixture.Batches()).Select(batch => batch.Flags));
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_lost_request_that_lands_after_it_was_settled_writes_nothing()
    {
        var log = await _fixture.Own();
        var landLate = Store.LoseAndLandLater();

        Assert.Equal(CommitVerdict.NotWritten, await _fixture.Append(log, 1));
        Assert.Equal(InsertVerdict.KeyExists, landLate());

        Assert.Equal(0, await _fixture.Count(1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_lost_request_that_lands_before_it_is_settled_is_durable()
    {
        var log = await _fixture.Own();
        var landLate = Store.LoseAndLandLater();
        Store.Before(_ => Assert.Equal(InsertVerdict.Inserted, landLate()));

        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));

        Assert.Equal(1, await _fixture.Count(1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_settlement_whose_own_reply_is_lost_is_recognised()
    {
        var log = await _fixture.Own();
        Store.LoseRequest();
        Store.LoseReply();
        var append = _fixture.Append(log, 1);

        await Advance(append);

        Assert.Equal(CommitVerdict.NotWritten, await append);
        Assert.Equal(2, (await _fixture.Batches()).Count);
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_doubled_request_is_durable_once()
    {
        var log = await _fixture.Own();
        Store.Double();

        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 1));

        Assert.Equal(1, await _fixture.Count(1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_store_that_never_answers_is_given_up_after_the_timeout_and_then_settled()
    {
        var log = await _fixture.Own();
        Store.Hang();
        var append = _fixture.Append(log, 1);

        _fixture.Time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(append.IsCompleted);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(CommitVerdict.NotWritten, await append);
    }

    [Fact]
    public async Task A_store_that_stays_silent_past_the_deadline_leaves_the_outcome_unknown_and_closes_the_log()
    {
        var log = await _fixture.Own();
        for (var i = 0; i < 500; i++) Store.LoseRequest();
        var append = _fixture.Append(log, 1);
        var waiting = _fixture.Append(log, 2);

        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(append.IsCompleted); // no verdict before it is certain
        await Advance(append);

        Assert.Equal(CommitVerdict.Unknown, await append);
        Assert.Equal(CommitVerdict.FenceLost, await waiting); // never sent, and never will be
        Assert.Equal(LogClosing.Unsettled, await log.Closed);
        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(log, 3));
    }

    [Fact]
    public async Task A_store_that_throws_is_doubted_like_a_silent_one()
    {
        var log = await _fixture.Own();
        Store.Throw();

        Assert.Equal(CommitVerdict.NotWritten, await _fixture.Append(log, 1));
        Assert.Equal(2UL, log.Epoch);
    }

    [Fact]
    public async Task A_read_that_fails_while_settling_is_tried_again()
    {
        var log = await _fixture.Own();
        Store.LoseReply();
        Store.FailRead();
        Store.FailRead();
        var append = _fixture.Append(log, 1);

        await Advance(append);

        Assert.Equal(CommitVerdict.Durable, await append);
    }

    [Fact]
    public async Task An_owner_that_was_overtaken_loses_its_fence_with_the_next_batch()
    {
        var old = await _fixture.Own("a");
        await _fixture.Append(old, 1);
        var successor = await _fixture.Own("b", membership: 2);

        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(old, 2));

        Assert.Equal(LogClosing.FenceLost, await old.Closed);
        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(old, 2));
        Assert.Equal(0, await _fixture.Count(2));
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(successor, 1));
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task An_unknown_batch_that_a_successor_overtook_is_a_lost_fence()
    {
        var old = await _fixture.Own("a");
        Store.LoseRequest();
        Store.Before(_ => _fixture.Own("b", 2, new() { IsStoreExclusive = true }).GetAwaiter().GetResult()); // waits for nobody

        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(old, 1));
        Assert.Equal(0, await _fixture.Count(1));
    }

    [Fact]
    public async Task The_callers_hear_before_the_owner_does_and_can_slip_nothing_in()
    {
        var old = await _fixture.Own("a");
        await _fixture.Own("b", 2);
        var order = new List<string>();
        var land = Store.Hold();
        var closed = old.Closed.ContinueWith(_ => order.Add("closed"), TaskContinuationOptions.ExecuteSynchronously);
        async Task Try(int citizen)
        {
            var verdict = await _fixture.Append(old, citizen).ConfigureAwait(false);
            order.Add($"{citizen} {verdict}");
            order.Add($"again {await _fixture.Append(old, citizen).ConfigureAwait(false)}");
        }

        var first = Try(1);
        var second = Try(2);
        land();
        await Task.WhenAll(first, second, closed);

        Assert.Equal(["1 FenceLost", "again FenceLost", "2 FenceLost", "again FenceLost", "closed"], order);
    }

    [Fact]
    public async Task A_taken_record_key_under_a_free_batch_number_closes_the_log_loudly_and_overwrites_nothing()
    {
        var log = await _fixture.Own();
        var key = new RowKey(LogFixture.Partition, LogFixture.Citizen(1), 1);
        await Store.Rows.InsertAsync([new(key, "in the way"u8.ToArray())], CancellationToken.None);

        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(log, 1));

        Assert.Equal(LogClosing.Contradiction, await log.Closed);
        Assert.Single(_fixture.Lines.At(LogLevel.Critical));
        await foreach (var row in Store.Rows.ReadAsync(key, key, ReadDirection.Ascending, CancellationToken.None))
            Assert.Equal("in the way"u8.ToArray(), row.Value.ToArray());
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once_and_not_queued()
    {
        var log = await _fixture.Own(options: new() { MaxQueuedRecords = 3 });
        var land = Store.Hold();
        var inFlight = _fixture.Append(log, 1);
        var waiting = Enumerable.Range(2, 3).Select(citizen => _fixture.Append(log, citizen)).ToArray();

        var refused = _fixture.Append(log, 5);
        Assert.Equal(CommitVerdict.Overloaded, await refused);

        land();
        Assert.All(await Task.WhenAll([inFlight, .. waiting]), verdict => Assert.Equal(CommitVerdict.Durable, verdict));
        Assert.Equal(0, await _fixture.Count(5));
        Assert.Equal(CommitVerdict.Durable, await _fixture.Append(log, 5));
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused_too()
    {
        var log = await _fixture.Own(options: new() { MaxQueuedBytes = 100_000 });
        var land = Store.Hold();
        var inFlight = _fixture.Append(log, 1);
        var waiting = _fixture.Append(log, 2, new string('x', 59_000));

        Assert.Equal(CommitVerdict.Overloaded, await _fixture.Append(log, 3, new string('x', 59_000)));

        land();
        await Task.WhenAll(inFlight, waiting);
    }

    [Fact]
    public async Task A_journal_has_one_append_outstanding()
    {
        var log = await _fixture.Own();
        var land = Store.Hold();
        var first = _fixture.Append(log, 1);

        await Assert.ThrowsAsync<System.Diagnostics.UnreachableException>(() => _fixture.Append(log, 1));

        land();
        Assert.Equal(CommitVerdict.Durable, await first);
    }

    [Fact]
    public async Task A_release_finishes_what_is_queued_and_says_so_in_the_log()
    {
        var log = await _fixture.Own();
        var land = Store.Hold();
        var appends = Enumerable.Range(1, 3).Select(citizen => _fixture.Append(log, citizen)).ToArray();
        var release = log.ReleaseAsync().AsTask();
        Assert.Equal(CommitVerdict.FenceLost, await _fixture.Append(log, 4));
        Assert.False(release.IsCompleted);

        land();

        Assert.True(await release);
        Assert.All(await Task.WhenAll(appends), verdict => Assert.Equal(CommitVerdict.Durable, verdict));
        Assert.Equal(LogClosing.Released, await log.Closed);
        Assert.Equal(BatchFlags.Released, (await _fixture.Batches())[^1].Flags);
        await _fixture.AssertSound();
    }

    [Fact]
    public async Task A_release_asked_for_twice_is_one_release()
    {
        var log = await _fixture.Own();
        var land = Store.Hold();
        var append = _fixture.Append(log, 1);
        var first = log.ReleaseAsync().AsTask();
        var second = log.ReleaseAsync().AsTask();
        land();

        Assert.True(await first);
        Assert.True(await second);
        Assert.True(await log.ReleaseAsync());
        Assert.Equal(CommitVerdict.Durable, await append);
        Assert.Equal(3, (await _fixture.Batches()).Count);
    }

    [Fact]
    public async Task A_release_that_comes_too_late_says_that_the_fence_is_lost()
    {
        var old = await _fixture.Own("a");
        await _fixture.Own("b", 2);

        Assert.False(await old.ReleaseAsync());
        Assert.Equal(LogClosing.FenceLost, await old.Closed);
    }

    [Fact]
    public async Task A_release_whose_reply_is_lost_is_recognised()
    {
        var log = await _fixture.Own();
        Store.LoseReply();
        var release = log.ReleaseAsync().AsTask();

        await Advance(release);

        Assert.True(await release);
        Assert.Equal(2, (await _fixture.Batches()).Count);
    }

    [Fact]
    public async Task Recorded_at_rises_whatever_the_clock_does_and_over_owners()
    {
        var first = await _fixture.Own("a");
        var times = new List<long> { first.NextRecordedAt(), first.NextRecordedAt() };
        await _fixture.Append(first, 1);
        times.Add(first.NextRecordedAt());

        _fixture.Time.AutoAdvanceAmount = TimeSpan.Zero;
        var slow = new LogFixture { Store = _fixture.Store }; // a clock that starts again at the beginning
        _fixture.Time.Advance(TimeSpan.FromSeconds(60));
        await _fixture.Append(first, 1);
        var head = (await _fixture.Batches())[^1].HighestRecordedAt;
        var second = await slow.Own("b", 2);

        Assert.True(second.NextRecordedAt() > head);
        Assert.Equal(times.Order(), times);
        Assert.Equal(times.Distinct(), times);
    }

    [Fact]
    public async Task A_clock_far_behind_the_partitions_raises_one_alarm()
    {
        var first = await _fixture.Own("a");
        _fixture.Time.Advance(TimeSpan.FromSeconds(30));
        await _fixture.Append(first, 1);
        var behind = new LogFixture { Store = _fixture.Store };
        var second = await behind.Own("b", 2);

        for (var i = 0; i < 100; i++) second.NextRecordedAt();

        Assert.Single(behind.Lines.At(LogLevel.Error));
        behind.Time.Advance(TimeSpan.FromSeconds(60));
        second.NextRecordedAt();
        Assert.Contains(behind.Lines.At(LogLevel.Information), line => line.Contains("caught up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_name_no_citizen()
    {
        var log = await _fixture.Own();
        Store.LoseRequest();
        await _fixture.Append(log, 0xC1712E4);
        await Store.Rows.InsertAsync([new(new(LogFixture.Partition, LogFixture.Citizen(0xC1712E4), 1), new byte[1])], CancellationToken.None);
        await _fixture.Append(log, 0xC1712E4);

        Assert.NotEmpty(_fixture.Lines.All);
        Assert.DoesNotContain(_fixture.Lines.All, line => line.Contains("c1712e4", StringComparison.OrdinalIgnoreCase));
    }

    private async Task Advance(Task until)
    {
        for (var i = 0; i < 1000 && !until.IsCompleted; i++) _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));
        await until;
    }
}
