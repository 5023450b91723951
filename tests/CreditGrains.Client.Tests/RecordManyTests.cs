using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>A stream of entries in, their outcomes out: in order, within bounds, and with an end whatever happens.</summary>
public sealed class RecordManyTests
{
    private const int Soon = 20_000;

    [Theory(Timeout = Soon)]
    [InlineData(1, 1)]
    [InlineData(1, 256)]
    [InlineData(3, 2)]
    [InlineData(64, 7)]
    [InlineData(65_536, 256)]
    public async Task Outcomes_come_in_the_order_of_the_entries(int inFlight, int batch)
    {
        var ledger = new FakeLedger { Answer = AnswerLater };
        var client = ledger.Client(options => (options.MaxEntriesInFlight, options.MaxEntriesPerBatch) = (inFlight, batch));

        var outcomes = await client.RecordManyAsync(Made.Payments(500), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 500).Select(number => new RecordOutcome(RecordStatus.Recorded, (ulong)number)), outcomes);
        Assert.All(ledger.Sent, sent => Assert.InRange(sent.Entries.Length, 1, batch));
    }

    [Fact(Timeout = Soon)]
    public async Task A_stream_without_entries_has_no_outcomes()
    {
        Assert.Empty(await new FakeLedger().Client().RecordManyAsync(Made.Payments(0), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = Soon)]
    [InlineData(1)]
    [InlineData(8)]
    public async Task No_entry_is_read_while_as_many_as_allowed_are_without_outcome(int inFlight)
    {
        var (read, sent) = (0, 0);
        var full = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = new TaskCompletionSource();
        var ledger = new FakeLedger
        {
            Answer = async batch =>
            {
                if (Interlocked.Add(ref sent, batch.Entries.Length) == inFlight) full.TrySetResult(read);
                await open.Task;
                return batch.Recorded();
            },
        };

        var outcomes = ledger.Client(options => options.MaxEntriesInFlight = inFlight)
            .RecordManyAsync(Counted(), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken).AsTask();

        // Partial batches leave when the reader has to wait, so that it has read by now all that it will.
        Assert.Equal(inFlight, await full.Task);
        open.SetResult();
        Assert.Equal(100, await outcomes);

        async IAsyncEnumerable<Entry> Counted()
        {
            await foreach (var entry in Made.Payments(100))
            {
                Interlocked.Increment(ref read);
                yield return entry;
            }
        }
    }

    [Fact(Timeout = Soon)]
    public async Task A_partition_has_one_batch_under_way_and_its_entries_in_order()
    {
        var underWay = new int[4];
        var numbers = Enumerable.Range(0, 4).Select(_ => new List<ulong>()).ToArray();
        var ledger = new FakeLedger
        {
            Answer = async batch =>
            {
                Assert.Equal(1, Interlocked.Increment(ref underWay[batch.Partition]));
                numbers[batch.Partition].AddRange(batch.Entries.Select(Made.NumberOf));
                await Task.Yield();
                Interlocked.Decrement(ref underWay[batch.Partition]);
                return batch.Recorded();
            },
        };

        await ledger.Client(options => (options.MaxEntriesInFlight, options.MaxEntriesPerBatch) = (100, 5))
            .RecordManyAsync(Made.Payments(1_000), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken);

        Assert.All(numbers, seen => Assert.Equal(seen.Order(), seen));
        Assert.Equal(1_000, numbers.Sum(seen => seen.Count));
    }

    [Fact(Timeout = Soon)]
    public async Task Entries_leave_when_the_input_has_nothing_more_for_now()
    {
        var input = Channel.CreateUnbounded<Entry>();
        await using var outcomes = new FakeLedger().Client().RecordManyAsync(input.Reader.ReadAllAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        for (var number = 1; number <= 3; number++)
        {
            input.Writer.TryWrite(Made.Payment(number));
            Assert.True(await outcomes.MoveNextAsync());
            Assert.Equal((ulong)number, outcomes.Current.Sequence);
        }

        input.Writer.Complete();
        Assert.False(await outcomes.MoveNextAsync());
    }

    [Theory(Timeout = Soon)]
    [InlineData(RecordStatus.Overloaded)]
    [InlineData(RecordStatus.NotWritten)]
    [InlineData(RecordStatus.Unknown)]
    public async Task What_may_be_retried_is_sent_again_under_its_reference_and_nothing_else_is(RecordStatus status)
    {
        var ledger = new FakeLedger
        {
            Answer = batch => Task.FromResult<ImmutableArray<RecordOutcome>>(
                [.. batch.Entries.Select(entry => batch.Call < 3 && Made.NumberOf(entry) == 2 ? new(status) : Made.Recorded(entry))]),
        };

        var outcomes = await ledger.Client()
            .RecordManyAsync(Made.Payments(Made.Payment(1, citizen: 1), Made.Payment(2, citizen: 2), Made.Payment(3, citizen: 3)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1ul, 2, 3], outcomes.Select(outcome => outcome.Sequence));
        Assert.Equal(["1 2 3", "2", "2"], ledger.Sent.Select(batch => string.Join(' ', batch.Entries.Select(entry => entry.Reference))));
    }

    // The reversal of an entry that is not there yet is refused. Once the entry is there, it is not.
    [Fact(Timeout = Soon)]
    public async Task A_refusal_behind_an_unsettled_entry_of_the_same_citizen_is_asked_for_again()
    {
        var ledger = new FakeLedger
        {
            Answer = batch => Task.FromResult<ImmutableArray<RecordOutcome>>(batch.Call == 1
                ? [new(RecordStatus.Overloaded), RecordOutcome.Refused(RecordRefusal.UnknownEntry), Made.Recorded(batch.Entries[2]), RecordOutcome.Refused(RecordRefusal.UnknownEntry)]
                : batch.Recorded()),
        };

        var outcomes = await ledger.Client().RecordManyAsync(
            Made.Payments(Made.Payment(1), Made.Payment(2), Made.Payment(3), Made.Payment(4, citizen: 2)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([RecordStatus.Recorded, RecordStatus.Recorded, RecordStatus.Recorded, RecordStatus.Refused], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(["1", "2"], ledger.Sent.Last().Entries.Select(entry => entry.Reference));
    }

    [Fact(Timeout = Soon)]
    public async Task After_the_last_attempt_the_answer_is_given_as_it_is()
    {
        var ledger = new FakeLedger { Answer = batch => Task.FromResult(batch.All(RecordStatus.Overloaded)) };

        var outcomes = await ledger.Client(options => options.MaxAttempts = 4).RecordManyAsync(Made.Payments(Made.Payment(1)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([RecordStatus.Overloaded], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(4, ledger.Sent.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task An_overloaded_partition_is_left_alone_while_the_client_backs_off()
    {
        var clock = new WatchedClock();
        var ledger = new FakeLedger { Answer = batch => Task.FromResult(batch.Call == 1 ? batch.All(RecordStatus.Overloaded) : batch.Recorded()) };
        var client = ledger.Client(options => options.FirstBackOff = options.MaxBackOff = TimeSpan.FromSeconds(8), clock);

        var outcomes = client.RecordManyAsync(Made.Payments(Made.Payment(1)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();
        await clock.Waiting;
        Assert.Single(ledger.Sent);
        clock.Advance(TimeSpan.FromSeconds(12));

        Assert.Equal(RecordStatus.Recorded, Assert.Single(await outcomes).Status);
        Assert.Equal(2, ledger.Sent.Count);
    }

    [Fact(Timeout = Soon)]
    public async Task Silence_is_asked_again_and_what_was_there_already_says_so()
    {
        var ledger = new FakeLedger
        {
            Answer = batch => batch.Call == 1 ? throw new TimeoutException() : Task.FromResult(batch.All(RecordStatus.AlreadyRecorded)),
        };

        var outcomes = await ledger.Client().RecordManyAsync(Made.Payments(Made.Payment(1)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal([RecordStatus.AlreadyRecorded], outcomes.Select(outcome => outcome.Status));
    }

    [Fact(Timeout = Soon)]
    public async Task Silence_to_the_end_is_thrown_behind_the_outcomes_that_are_known()
    {
        var ledger = new FakeLedger { Answer = batch => batch.Entries.Any(entry => Made.NumberOf(entry) > 2) ? throw new TimeoutException() : Task.FromResult(batch.Recorded()) };
        var seen = new List<ulong>();

        var failure = await Assert.ThrowsAsync<LedgerUnreachableException>(async () =>
        {
            await foreach (var outcome in ledger.Client(options => (options.MaxAttempts, options.MaxEntriesPerBatch) = (3, 1)).RecordManyAsync(OneByOne(seen), TestContext.Current.CancellationToken))
                seen.Add(outcome.Sequence);
        });

        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Equal([1ul, 2], seen);
        Assert.Equal(3, ledger.Sent.Count(batch => batch.Entries[0].Reference == "3"));

        // The third entry comes once the outcomes of the first two have been seen, so that the failure cannot overtake them.
        static async IAsyncEnumerable<Entry> OneByOne(List<ulong> seen)
        {
            yield return Made.Payment(1, 1);
            yield return Made.Payment(2, 2);
            while (seen.Count < 2) await Task.Yield();
            yield return Made.Payment(3, 3);
        }
    }

    // A silo that shuts down cancels its own work. The caller did not.
    [Fact(Timeout = Soon)]
    public async Task A_cancellation_on_the_ledgers_side_is_silence()
    {
        var ledger = new FakeLedger { Answer = batch => batch.Call == 1 ? throw new OperationCanceledException() : Task.FromResult(batch.Recorded()) };

        Assert.Single(await ledger.Client().RecordManyAsync(Made.Payments(Made.Payment(1)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = Soon)]
    public async Task A_fault_that_is_no_silence_is_thrown_as_it_is()
    {
        var ledger = new FakeLedger { Answer = _ => throw new NotSupportedException("a bug") };

        await Assert.ThrowsAsync<NotSupportedException>(async () => await ledger.Client().RecordManyAsync(Made.Payments(10), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = Soon)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Another_number_of_outcomes_than_of_entries_is_not_believed(int count)
    {
        var ledger = new FakeLedger
        {
            Answer = batch => Task.FromResult(count < 0 ? default : ImmutableArray.CreateRange(Enumerable.Repeat(new RecordOutcome(RecordStatus.Recorded, 1), count))),
        };
        var given = new List<RecordOutcome>();

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var outcome in ledger.Client().RecordManyAsync(Made.Payments(Made.Payment(1), Made.Payment(2)), TestContext.Current.CancellationToken)) given.Add(outcome);
        });

        Assert.Empty(given);
        Assert.Single(ledger.Sent);
    }

    [Fact(Timeout = Soon)]
    public async Task An_outcome_without_a_status_is_not_waited_for()
    {
        var ledger = new FakeLedger { Answer = batch => Task.FromResult(batch.All(default)) };

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ledger.Client().RecordManyAsync(Made.Payments(Made.Payment(1)), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = Soon)]
    public async Task An_input_that_throws_is_thrown_behind_the_outcomes_of_what_it_gave()
    {
        var ledger = new FakeLedger { Answer = AnswerLater };
        var given = new List<ulong>();

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var outcome in ledger.Client().RecordManyAsync(Broken(), TestContext.Current.CancellationToken)) given.Add(outcome.Sequence);
        });

        Assert.Equal([1ul, 2, 3], given);

        static async IAsyncEnumerable<Entry> Broken()
        {
            await foreach (var entry in Made.Payments(3)) yield return entry;
            throw new FormatException("line 4");
        }
    }

    [Fact(Timeout = Soon)]
    public async Task An_input_that_gives_null_is_told_so()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await new FakeLedger().Client().RecordManyAsync(Made.Payments([null!]), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = Soon)]
    public async Task A_caller_that_gives_up_is_told_that_it_did()
    {
        // Which of reader, sender and consumer learns of it first is a race; none may make something else of it.
        for (var round = 0; round < 200; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var ledger = new FakeLedger
            {
                Answer = _ =>
                {
                    asked.TrySetResult();
                    return new TaskCompletionSource<ImmutableArray<RecordOutcome>>().Task;
                },
            };

            var outcomes = ledger.Client(options => options.MaxEntriesInFlight = 4).RecordManyAsync(Made.Payments(100), stop.Token).ToListAsync(TestContext.Current.CancellationToken).AsTask();
            await asked.Task;
            await stop.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outcomes);
        }
    }

    [Fact(Timeout = Soon)]
    public async Task Once_the_caller_has_left_the_loop_nothing_is_read_or_sent_any_more()
    {
        for (var round = 0; round < 100; round++)
        {
            var (left, late) = (false, 0);
            var ended = false;
            var ledger = new FakeLedger();
            ledger.Answer = async batch =>
            {
                if (Volatile.Read(ref left)) Interlocked.Increment(ref late);
                await Task.Yield();
                return batch.Recorded();
            };

            var client = ledger.Client(options => (options.MaxEntriesInFlight, options.MaxEntriesPerBatch) = (64, 2));
            await foreach (var _ in client.RecordManyAsync(Endless(CancellationToken.None), TestContext.Current.CancellationToken)) break;
            Volatile.Write(ref left, true);

            Assert.True(ended, "The input was left running.");
            await Task.Yield();
            Assert.Equal(0, late);

            async IAsyncEnumerable<Entry> Endless([EnumeratorCancellation] CancellationToken cancellation)
            {
                try
                {
                    for (var number = 1; ; number++)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        if (number % 16 == 0) await Task.Yield();
                        if (Volatile.Read(ref left)) Interlocked.Increment(ref late);
                        yield return Made.Payment(number, number % 4);
                    }
                }
                finally
                {
                    await Task.Yield();
                    ended = true;
                }
            }
        }
    }

    [Fact(Timeout = Soon)]
    public async Task A_call_left_behind_may_fail_without_anybody_hearing()
    {
        var unobserved = new ConcurrentQueue<Exception>();
        void Heard(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            if (args.Exception.InnerException is FormatException) unobserved.Enqueue(args.Exception);
        }

        TaskScheduler.UnobservedTaskException += Heard;
        try
        {
            await LeaveAndFail();
            for (var round = 0; round < 5; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Empty(unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Heard;
        }

        // On its own, so that no local keeps the task alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task LeaveAndFail()
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var answer = new TaskCompletionSource<ImmutableArray<RecordOutcome>>();
            var one = new TaskCompletionSource<RecordOutcome>();
            using var stop = new CancellationTokenSource();
            var ledger = new FakeLedger
            {
                Answer = _ =>
                {
                    asked.TrySetResult();
                    return answer.Task;
                },
                AnswerOne = (_, _) => one.Task,
            };
            var outcomes = ledger.Client().RecordManyAsync(Made.Payments(1), stop.Token).ToListAsync(TestContext.Current.CancellationToken).AsTask();
            var outcome = ledger.Client().RecordAsync(Made.Payment(1), stop.Token);
            await asked.Task;
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outcomes);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outcome);
            answer.SetException(new FormatException());
            one.SetException(new FormatException());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Under_every_mixture_of_answers_each_entry_has_one_outcome_in_its_place()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var (inFlight, batch, count) = (random.Next(1, 200), random.Next(1, 40), random.Next(1, 3_000));
            var ledger = new FakeLedger
            {
                Answer = async sent =>
                {
                    int dice;
                    lock (random) dice = random.Next(10);
                    if (dice < 6) await Task.Yield();
                    if (dice == 0) throw new TimeoutException();
                    if (dice == 1) return sent.All(RecordStatus.NotWritten);
                    return dice == 2
                        ? [.. sent.Entries.Select((entry, place) => place % 2 == 0 ? Made.Recorded(entry) : new RecordOutcome(RecordStatus.Overloaded))]
                        : sent.Recorded();
                },
            };

            var next = 1ul;
            await foreach (var outcome in ledger
                .Client(options => (options.MaxEntriesInFlight, options.MaxEntriesPerBatch, options.MaxAttempts) = (inFlight, batch, 100))
                .RecordManyAsync(Made.Payments(count), TestContext.Current.CancellationToken))
                Assert.True(outcome == new RecordOutcome(RecordStatus.Recorded, next++), $"seed {seed}: {outcome} in the place of {next - 1}");

            Assert.Equal((ulong)count, next - 1);
        }
    }

    private static async Task<ImmutableArray<RecordOutcome>> AnswerLater(FakeLedger.Batch batch)
    {
        for (var turn = 0; turn < 4 - batch.Partition; turn++) await Task.Yield();
        return batch.Recorded();
    }
}
