using System.Runtime.CompilerServices;
using CreditGrains.Client;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CreditGrains.Cluster.Tests;

/// <summary>What the client does for its callers: order, bounds, retries, and ends of all kinds.</summary>
public sealed class ClientTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    private const int MaxInFlight = 64;

    private LedgerCluster Ledger => cluster.Ledger;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outcomes_of_a_stream_come_in_the_order_of_its_entries()
    {
        var entries = new List<Entry>();
        var expected = new List<string>();
        for (var number = 0; number < 200; number++)
        {
            var payment = Made.Payment(Made.Citizen(number % Made.Partitions, 601), number);
            entries.AddRange(payment, payment, payment with { Reference = "other", Money = null });
            expected.AddRange("Recorded", "AlreadyRecorded", "Refused FieldMissing money");
        }

        var outcomes = new List<string>();
        await foreach (var outcome in Sender().RecordManyAsync(Made.Stream(entries), Cancellation))
            outcomes.Add($"{outcome.Status} {outcome.Refusal} {outcome.Field}".TrimEnd());

        Assert.Equal(expected, outcomes);
    }

    [Fact]
    public async Task A_stream_is_read_no_further_ahead_than_the_bound()
    {
        var read = 0;
        var given = 0;
        var furthest = 0;
        async IAsyncEnumerable<Entry> Counted([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            for (var number = 0; number < 1_000; number++)
            {
                await Task.Yield();
                furthest = Math.Max(furthest, Interlocked.Increment(ref read) - Volatile.Read(ref given));
                yield return Made.Payment(Made.Citizen(number % Made.Partitions, 602), number);
            }
        }

        await foreach (var outcome in Sender().RecordManyAsync(Counted(Cancellation), Cancellation))
        {
            Assert.Equal(RecordStatus.Recorded, outcome.Status);
            Interlocked.Increment(ref given);
        }

        // One more is read before it waits for its slot; one outcome is out of its slot before it is counted.
        Assert.InRange(furthest, 1, MaxInFlight + 2);
    }

    [Fact]
    public async Task An_empty_stream_has_no_outcomes()
    {
        await foreach (var outcome in Sender().RecordManyAsync(Made.Stream([]), Cancellation)) Assert.Fail($"{outcome}");
    }

    [Fact]
    public async Task What_the_input_throws_comes_to_the_caller()
    {
        static async IAsyncEnumerable<Entry> Broken()
        {
            for (var number = 0; number < 100; number++) yield return Made.Payment(Made.Citizen(number % Made.Partitions, 603), number);
            await Task.Yield();
            throw new FormatException("line 101");
        }

        var thrown = await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var outcome in Sender().RecordManyAsync(Broken(), Cancellation)) Assert.Equal(RecordStatus.Recorded, outcome.Status);
        });
        Assert.Equal("line 101", thrown.Message);
    }

    [Fact]
    public async Task A_caller_that_stops_early_leaves_no_input_open_behind_it()
    {
        var isClosed = false;
        async IAsyncEnumerable<Entry> Endless([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            try
            {
                for (var number = 0; number < 10; number++) yield return Made.Payment(Made.Citizen(number, 604), number);
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                for (var turn = 0; turn < 100; turn++) await Task.Yield();
                isClosed = true;
            }
        }

        await foreach (var outcome in Sender().RecordManyAsync(Endless(Cancellation), Cancellation))
        {
            Assert.Equal(RecordStatus.Recorded, outcome.Status);
            break;
        }

        Assert.True(isClosed);
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_ends_as_cancelled_and_what_arrived_is_recorded_once()
    {
        for (var round = 0; round < 10; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var entries = Enumerable.Range(0, 400).Select(number => Made.Payment(Made.Citizen(number % 8, 610 + round), number)).ToList();
            var acknowledged = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var outcome in Sender().RecordManyAsync(Made.Stream(entries), stop.Token))
                {
                    Assert.Equal(RecordStatus.Recorded, outcome.Status);
                    if (++acknowledged != 5) continue;
                    await stop.CancelAsync();
                    await Task.Yield();
                }
            });

            await foreach (var outcome in Sender().RecordManyAsync(Made.Stream(entries), Cancellation))
                Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded);
            for (var partition = 0; partition < 8; partition++)
            {
                var citizen = Made.Citizen(partition, 610 + round);
                new Tally().Count(entries.Where(entry => entry.Citizen == citizen)).AssertFile(citizen, await Ledger.FileAsync(citizen));
            }
        }
    }

    [Fact]
    public async Task What_was_not_written_is_sent_again_under_its_reference_with_growing_pauses()
    {
        var citizen = Made.Citizen(12, 605);
        Ledger.StoreOf(citizen).Next(Fault.Refuse, 3, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));
        var clock = new FakeTimeProvider();
        var started = clock.GetTimestamp();

        var recording = Sender(clock).RecordAsync(Made.Payment(citizen, 1), Cancellation);
        while (!recording.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(recording, Task.Delay(1, Cancellation));
        }

        Assert.Equal(new RecordOutcome(RecordStatus.Recorded, 1), await recording);
        // Three pauses of 100, 200 and 400 ms, each half as long at least.
        Assert.True(clock.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(350));
        Assert.Single(await Ledger.HistoryAsync(citizen));
    }

    [Fact]
    public async Task When_the_attempts_run_out_the_last_answer_is_given_as_it_is()
    {
        var citizen = Made.Citizen(13, 606);
        var store = Ledger.StoreOf(citizen);
        store.Next(Fault.Refuse, 8, rows => rows.Any(row => row.Key.Journal.Id == citizen.Value));

        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var recording = Sender(clock, maxAttempts: 4).RecordAsync(Made.Payment(citizen, 1), Cancellation);
        while (!recording.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(recording, Task.Delay(1, Cancellation));
        }

        Assert.Equal(new RecordOutcome(RecordStatus.NotWritten), await recording);

        var streaming = Task.Run(async () =>
        {
            var outcomes = new List<RecordOutcome>();
            await foreach (var outcome in Sender(clock, maxAttempts: 4).RecordManyAsync(Made.Stream([Made.Payment(citizen, 1)]), Cancellation)) outcomes.Add(outcome);
            return outcomes;
        });
        while (!streaming.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(streaming, Task.Delay(1, Cancellation));
        }

        Assert.Equal([new RecordOutcome(RecordStatus.NotWritten)], await streaming);
    }

    private LedgerClient Sender(TimeProvider? clock = null, int maxAttempts = 10) => new(
        new GrainReferences(Ledger.Orleans.Client),
        Options.Create(new LedgerClientOptions
        {
            MaxEntriesInFlight = MaxInFlight,
            MaxEntriesPerBatch = 16,
            MaxAttempts = maxAttempts,
            FirstBackOff = TimeSpan.FromMilliseconds(clock is null ? 1 : 100),
        }),
        clock ?? TimeProvider.System);
}
