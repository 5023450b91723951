using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>What becomes of a question whose answer is late.</summary>
public sealed class HedgedCallTests
{
    private const int Soon = 20_000;
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<TaskCompletionSource<string>> _sent = [];
    private readonly AnswerTimes _times;

    public HedgedCallTests() => _times = new(_clock, Late, new());

    [Fact(Timeout = Soon)]
    public async Task An_answer_in_time_is_asked_for_once()
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late - TimeSpan.FromMilliseconds(1));
        _sent[0].SetResult("a");

        Assert.Equal("a", await answer);
        Assert.Single(_sent);
    }

    [Theory(Timeout = Soon)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_late_one_is_asked_for_beside_itself_and_the_first_to_answer_is_heard(int first)
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        _sent[first].SetResult("a");

        Assert.Equal("a", await answer);
    }

    [Fact(Timeout = Soon)]
    public async Task Pauses_grow_to_two_seconds()
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        foreach (var milliseconds in new[] { 250, 500, 1_000, 2_000, 2_000, 2_000 })
        {
            var before = _sent.Count;
            await Settled();
            Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            await Settled();
            Assert.Equal(before, _sent.Count);
            Advance(TimeSpan.FromMilliseconds(1));
            await SentAsync(before + 1);
        }

        _sent[^1].SetResult("a");
        Assert.Equal("a", await answer);
    }

    // A store that is full makes every answer late; sending each again would leave no answer to anybody.
    [Fact(Timeout = Soon)]
    public async Task Copies_of_all_calls_together_are_no_more_than_the_reserve_and_a_tenth_of_the_calls()
    {
        const int Calls = 3_000;
        var answers = Enumerable.Range(0, Calls).Select(_ => Call().AskAsync(Send, TestContext.Current.CancellationToken).AsTask()).ToList();
        Advance(Late);
        await SentAsync(Calls + CopyBudget.Reserve);
        for (var second = 0; second < 3; second++)
        {
            Advance(TimeSpan.FromSeconds(1));
            await Settled();
        }

        Assert.Equal(Calls + CopyBudget.Reserve, _sent.Count);
        foreach (var sent in _sent.ToList()) sent.TrySetResult("a");
        await Task.WhenAll(answers);

        // What was spent comes back with the calls that follow: ten of them for a copy.
        for (var call = 0; call < 10; call++)
        {
            var quick = Call().AskAsync(Send, TestContext.Current.CancellationToken);
            _sent[^1].SetResult("a");
            await quick;
        }

        var before = _sent.Count;
        var late = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(TimeSpan.FromSeconds(30));
        await SentAsync(before + 2);
        _sent[^1].SetResult("b");
        Assert.Equal("b", await late);
    }

    // Copies to silos that are only busy would make them busier.
    [Fact(Timeout = Soon)]
    public async Task What_is_late_follows_what_answers_take()
    {
        for (var round = 0; round < 100; round++)
        {
            var before = _sent.Count;
            var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
            await Settled();
            Advance(TimeSpan.FromMilliseconds(200));
            _sent[before].SetResult("a");
            await answer;
        }

        Assert.InRange(_times.Late, TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(800));
        Assert.Equal(100, _sent.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task A_copy_that_fell_silent_says_nothing_while_another_may_answer()
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        _sent[1].SetException(new SiloUnavailableException());
        await Settled();
        Assert.False(answer.IsCompleted);
        _sent[0].SetResult("a");

        Assert.Equal("a", await answer);
    }

    [Fact(Timeout = Soon)]
    public async Task The_last_silence_is_thrown()
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        _sent[0].SetException(new TimeoutException());
        _sent[1].SetException(new SiloUnavailableException());

        await Assert.ThrowsAnyAsync<Exception>(() => answer.AsTask());
        Assert.Equal(2, _sent.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task A_fault_that_is_no_silence_is_thrown_at_once()
    {
        var answer = Call().AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        _sent[1].SetException(new InvalidOperationException("a bug"));

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => answer.AsTask())).Message);
    }

    [Fact(Timeout = Soon)]
    public async Task A_question_is_sent_no_more_often_than_it_may_be()
    {
        var answer = Call(attempts: 2).AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        for (var second = 0; second < 60; second++)
        {
            await Settled();
            Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _sent.Count);
        _sent[0].SetResult("a");
        Assert.Equal("a", await answer);
    }

    [Fact(Timeout = Soon)]
    public async Task A_caller_that_gives_up_is_told_so_and_what_is_left_may_fail()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var answer = Call().AskAsync(Send, giveUp.Token);
        Advance(Late);
        await SentAsync(2);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.AsTask());
        foreach (var left in _sent) left.SetException(new TimeoutException());
    }

    [Fact(Timeout = Soon)]
    public async Task Those_left_under_way_are_waited_for()
    {
        var call = Call();
        Assert.False(await call.HadStragglersAsync(TestContext.Current.CancellationToken));
        var answer = call.AskAsync(Send, TestContext.Current.CancellationToken);
        Advance(Late);
        await SentAsync(2);
        _sent[1].SetResult("no");
        await answer;

        var stragglers = call.HadStragglersAsync(TestContext.Current.CancellationToken);
        await Settled();
        Assert.False(stragglers.IsCompleted);
        _sent[0].SetException(new TimeoutException());
        Assert.True(await stragglers);
        Assert.False(await call.HadStragglersAsync(TestContext.Current.CancellationToken));
    }

    // A copy may be carried out after another was refused: the reversal of an entry that came in between. To say that it was refused would be wrong.
    [Theory(Timeout = Soon)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_beside_a_straggler_is_asked_for_again(bool isBulk)
    {
        var entry = Made.Payment(1);
        var straggler = new TaskCompletionSource<RecordOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ledger = new FakeLedger
        {
            AnswerOne = (_, call) => Answer(call),
            Answer = async batch => [await Answer(batch.Call)],
        };
        var clock = new WatchedClock();
        var client = ledger.Client(clock: clock);

        var outcome = isBulk ? client.RecordManyAsync(Made.Payments(entry), TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken).AsTask() : client.RecordAsync(entry, TestContext.Current.CancellationToken);
        await clock.Waiting;
        clock.Advance(Late);
        await asked.Task;
        await Settled();
        Assert.False(outcome.IsCompleted);
        straggler.SetResult(new(RecordStatus.Recorded, 7));

        Assert.Equal(new RecordOutcome(RecordStatus.AlreadyRecorded, 7), await outcome);

        Task<RecordOutcome> Answer(int call)
        {
            if (call == 1) return straggler.Task;
            if (call == 2) asked.SetResult();
            return Task.FromResult(call == 2 ? RecordOutcome.Refused(RecordRefusal.UnknownEntry) : new(RecordStatus.AlreadyRecorded, 7));
        }
    }

    private HedgedCall<string> Call(int attempts = 100) => new(new RetryPolicy(new LedgerClientOptions { MaxAttempts = attempts }, _clock), _times);

    private ValueTask<string> Send()
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_sent) _sent.Add(answer);
        return new(answer.Task);
    }

    private void Advance(TimeSpan by) => _clock.Advance(by);

    private async Task SentAsync(int count)
    {
        while (true)
        {
            lock (_sent)
            {
                if (_sent.Count >= count) return;
            }

            await Settled();
        }
    }

    /// <summary>Lets run what can.</summary>
    private static async Task Settled()
    {
        for (var turn = 0; turn < 20; turn++) await Task.Yield();
    }
}
