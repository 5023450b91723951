namespace CreditGrains.Journal.Tests.Log;

/// <summary>Who gets a partition, and when.</summary>
public sealed class ClaimTests
{
    private readonly LogFixture _fixture = new();

    [Fact]
    public async Task The_first_claim_of_a_partition_is_granted_at_once()
    {
        var claim = _fixture.Claim("a").AsTask();

        Assert.True(claim.IsCompleted);
        Assert.Equal(1UL, (await claim).Log!.Epoch);
        Assert.Equal(["a"], (await _fixture.Batches()).Select(batch => batch.Owner));
    }

    [Fact]
    public async Task A_claim_under_an_older_membership_is_refused_and_writes_nothing()
    {
        await _fixture.Own("a", membership: 8);

        var outcome = await _fixture.Claim("b", membership: 7);

        Assert.Equal(ClaimRefusal.MembershipOutdated, outcome.Refusal);
        Assert.Single(await _fixture.Batches());
    }

    [Fact]
    public async Task A_released_partition_is_claimed_without_waiting()
    {
        var old = await _fixture.Own("a");
        await old.ReleaseAsync();

        Assert.True(_fixture.Claim("b", 2).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_claim_waits_for_the_release_and_goes_on_when_it_comes()
    {
        var old = await _fixture.Own("a");
        var claim = _fixture.Claim("b", 2).AsTask();
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(claim.IsCompleted);

        await old.ReleaseAsync();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(2UL, (await claim).Log!.Epoch);
    }

    [Fact]
    public async Task A_claim_over_a_silent_owner_waits_out_its_lease_before_it_is_granted()
    {
        var old = await _fixture.Own("a");
        await _fixture.Append(old, 1);
        Assert.True(old.HoldsLease);
        var claim = _fixture.Claim("b", 2).AsTask();

        _fixture.Time.Advance(TimeSpan.FromSeconds(2)); // release wait over: claimed
        Assert.Equal("b", (await _fixture.Batches())[^1].Owner);
        Assert.True(old.HoldsLease);
        Assert.False(claim.IsCompleted);
        _fixture.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(old.HoldsLease);
        Assert.True(claim.IsCompleted);
        Assert.NotNull((await claim).Log);
    }

    [Fact]
    public async Task A_restarted_silo_does_not_wait_for_its_own_release_but_for_its_lease()
    {
        await _fixture.Own("a");
        var claim = _fixture.Claim("a", 2).AsTask();

        Assert.Equal(2, (await _fixture.Batches()).Count);
        Assert.False(claim.IsCompleted);
        _fixture.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull((await claim).Log);
    }

    [Fact]
    public async Task In_a_store_that_one_process_holds_nobody_is_waited_for()
    {
        await _fixture.Own("a");

        Assert.True(_fixture.Claim("b", 2, new() { IsStoreExclusive = true }).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Of_two_claims_that_race_the_later_finds_the_earlier_and_comes_after_it()
    {
        _fixture.Store.Before(rows => _fixture.Claim("b", 1, new() { ReleaseWait = TimeSpan.Zero }).AsTask().GetAwaiter().GetResult());
        var claim = _fixture.Claim("a", 1).AsTask();
        for (var i = 0; i < 100 && !claim.IsCompleted; i++) _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2UL, (await claim).Log!.Epoch);
        Assert.Equal(["b", "a"], (await _fixture.Batches()).Select(batch => batch.Owner));
    }

    [Fact]
    public async Task Of_two_claims_that_race_the_one_with_the_older_membership_loses()
    {
        _fixture.Store.Before(_ => _fixture.Claim("b", 2).AsTask().GetAwaiter().GetResult());

        var outcome = await _fixture.Claim("a", 1);

        Assert.Equal(ClaimRefusal.MembershipOutdated, outcome.Refusal);
        Assert.Equal(["b"], (await _fixture.Batches()).Select(batch => batch.Owner));
    }

    [Fact]
    public async Task A_claim_whose_reply_is_lost_is_recognised()
    {
        _fixture.Store.LoseReply();
        var claim = _fixture.Claim("a").AsTask();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(1UL, (await claim).Log!.Epoch);
        Assert.Single(await _fixture.Batches());
    }

    [Fact]
    public async Task A_claim_of_a_store_that_stays_silent_is_refused_at_the_deadline()
    {
        for (var i = 0; i < 500; i++) _fixture.Store.LoseRequest();
        var claim = _fixture.Claim("a").AsTask();
        for (var i = 0; i < 100; i++) _fixture.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(claim.IsCompleted);
        Assert.Equal(ClaimRefusal.StoreSilent, (await claim).Refusal);
    }

    [Fact]
    public async Task Nothing_is_claimed_over_a_head_that_cannot_be_read()
    {
        await _fixture.Own("a");
        _fixture.Store.Rows.Damage(BatchRow.KeyOf(LogFixture.Partition, 1), [1, 2, 3]);

        Assert.Equal(ClaimRefusal.HeadBroken, (await _fixture.Claim("b", 2)).Refusal);
    }

    [Fact]
    public async Task A_lease_runs_from_the_start_of_the_last_commit_and_is_renewed_by_confirming()
    {
        var log = await _fixture.Own("a");
        Assert.True(log.HoldsLease);
        _fixture.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(log.HoldsLease);

        Assert.True(await log.ConfirmAsync(CancellationToken.None));
        Assert.True(log.HoldsLease);

        _fixture.Time.Advance(TimeSpan.FromSeconds(3));
        await _fixture.Append(log, 1);
        Assert.True(log.HoldsLease);
        await log.ReleaseAsync();
        Assert.False(log.HoldsLease);
        Assert.False(await log.ConfirmAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Confirming_after_another_has_claimed_closes_the_log()
    {
        var old = await _fixture.Own("a");
        await _fixture.Own("b", 2);

        Assert.False(await old.ConfirmAsync(CancellationToken.None));
        Assert.Equal(LogClosing.FenceLost, await old.Closed);
    }
}
