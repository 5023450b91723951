using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>Single calls and sums over the population.</summary>
public sealed class LedgerClientTests
{
    private const int Soon = 20_000;

    [Fact(Timeout = Soon)]
    public async Task An_entry_is_sent_again_as_it_is_while_the_ledger_says_that_it_may()
    {
        var entry = Made.Payment(1);
        var ledger = new FakeLedger { AnswerOne = (sent, call) => call switch { 1 => Task.FromResult(new RecordOutcome(RecordStatus.Unknown)), 2 => throw new TimeoutException(), _ => Task.FromResult(Made.Recorded(sent)) } };

        Assert.Equal(RecordStatus.Recorded, (await ledger.Client().RecordAsync(entry, TestContext.Current.CancellationToken)).Status);
        Assert.Equal([entry, entry, entry], ledger.SentOne);
    }

    [Fact(Timeout = Soon)]
    public async Task A_refusal_is_final()
    {
        var ledger = new FakeLedger { AnswerOne = (_, _) => Task.FromResult(RecordOutcome.Refused(RecordRefusal.FutureDated)) };

        Assert.Equal(RecordRefusal.FutureDated, (await ledger.Client().RecordAsync(Made.Payment(1), TestContext.Current.CancellationToken)).Refusal);
        Assert.Single(ledger.SentOne);
    }

    [Fact(Timeout = Soon)]
    public async Task After_the_last_attempt_the_answer_is_given_as_it_is()
    {
        var ledger = new FakeLedger { AnswerOne = (_, _) => Task.FromResult(new RecordOutcome(RecordStatus.NotWritten)) };

        Assert.Equal(RecordStatus.NotWritten, (await ledger.Client(options => options.MaxAttempts = 3).RecordAsync(Made.Payment(1), TestContext.Current.CancellationToken)).Status);
        Assert.Equal(3, ledger.SentOne.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task Silence_to_the_end_is_thrown()
    {
        var ledger = new FakeLedger { AnswerOne = (_, _) => throw new TimeoutException() };

        await Assert.ThrowsAsync<LedgerUnreachableException>(() => ledger.Client(options => options.MaxAttempts = 3).RecordAsync(Made.Payment(1), TestContext.Current.CancellationToken));
        Assert.Equal(3, ledger.SentOne.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task A_description_is_asked_for_each_time_because_days_pass()
    {
        var client = new FakeLedger().Client();

        var first = await client.DescribeAsync(TestContext.Current.CancellationToken);
        Assert.True((await client.DescribeAsync(TestContext.Current.CancellationToken)).Today > first.Today);
    }

    [Fact(Timeout = Soon)]
    public async Task Totals_are_summed_over_every_partition()
    {
        var answered = new List<int>();
        var ledger = new FakeLedger(64);

        var totals = await ledger.Client().ReadTotalsAsync(new Told(answered.Add), TestContext.Current.CancellationToken);

        Assert.Equal((64, 128), (totals.Citizens, totals.Entries));
        Assert.Equal(Enumerable.Range(1, 64), answered.Order());
    }

    [Fact(Timeout = Soon)]
    public async Task Totals_are_given_up_at_the_first_partition_that_does_not_answer()
    {
        var ledger = new FakeLedger(4_096) { AnswerTotals = (_, _) => throw new TimeoutException() };

        await Assert.ThrowsAsync<LedgerUnreachableException>(() => ledger.Client(options => options.MaxAttempts = 2).ReadTotalsAsync(null, TestContext.Current.CancellationToken));

        // 16 are asked at once, twice each.
        Assert.InRange(ledger.TotalsAsked, 1, 128);
    }

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value)
        {
            lock (tell) tell(value);
        }
    }
}
