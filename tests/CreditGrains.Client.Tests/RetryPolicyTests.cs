using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>How long the client waits before it asks again, and after what.</summary>
public sealed class RetryPolicyTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    // First 20 ms, most 500 ms, ± 50 %; the longest wait is a bound and not a mean.
    [Theory]
    [InlineData(1, 10, 30)]
    [InlineData(2, 20, 60)]
    [InlineData(4, 80, 240)]
    [InlineData(9, 166, 500)]
    [InlineData(99, 166, 500)]
    public async Task Waits_double_with_jitter_up_to_the_longest(int attempt, int fromMilliseconds, int toMilliseconds)
    {
        var clock = new FakeTimeProvider();
        var policy = new RetryPolicy(new LedgerClientOptions(), clock);
        var waits = new HashSet<double>();
        for (var round = 0; round < 100; round++)
        {
            var started = clock.GetUtcNow();
            var wait = policy.BackOffAsync(attempt, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromMilliseconds(fromMilliseconds) - Step);
            Assert.False(wait.IsCompleted);
            while (!wait.IsCompleted) clock.Advance(Step);
            await wait;

            var waited = (clock.GetUtcNow() - started).TotalMilliseconds;
            Assert.InRange(waited, fromMilliseconds, toMilliseconds + Step.TotalMilliseconds);
            waits.Add(waited);
        }

        Assert.True(waits.Count > 5, "Callers that fail together come back together.");
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_wait()
    {
        using var stop = new CancellationTokenSource();
        var wait = new RetryPolicy(new LedgerClientOptions(), new FakeTimeProvider()).BackOffAsync(1, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    public static TheoryData<Exception, bool> Failures => new()
    {
        { new TimeoutException(), true },
        { new SiloUnavailableException(), true },
        { new GatewayTooBusyException(), true },
        { new InvalidOperationException(), false },
        { new ArgumentException("a bug"), false },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Only_silence_is_asked_again(Exception failure, bool isSilence) =>
        Assert.Equal(isSilence, RetryPolicy.MeansSilence(failure));
}
