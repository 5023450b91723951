using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>Who asks how the silos are hears of every one of them, and soon.</summary>
public sealed class ClusterReportsTests
{
    private const int Soon = 20_000;
    private static readonly TimeSpan Deadline = new LedgerClientOptions().ReportDeadline;

    [Fact(Timeout = Soon)]
    public async Task A_silo_that_stays_silent_is_listed_without_a_report_after_the_deadline()
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        var ledger = new FakeLedger
        {
            AnswerSilos = () => Task.FromResult(Silos(("a", SiloState.Active), ("b", SiloState.Active), ("c", SiloState.Active))),
            AnswerReport = name => name == "c" ? Silence() : Task.FromResult(Made.Report(name)),
        };
        var reading = ledger.Reports(clock).ReadAsync(TestContext.Current.CancellationToken);
        await asked.Task;
        clock.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        var silos = (await reading).Silos;

        Assert.Equal(["a", "b", null], silos.Select(silo => silo.Report?.Name));
        Assert.Equal(["a", "b", "c"], silos.Select(silo => silo.Member.Name));

        Task<SiloReport> Silence()
        {
            asked.SetResult();
            return new TaskCompletionSource<SiloReport>().Task;
        }
    }

    [Fact(Timeout = Soon)]
    public async Task A_silo_that_cannot_be_reached_is_listed_without_a_report()
    {
        var ledger = new FakeLedger
        {
            AnswerSilos = () => Task.FromResult(Silos(("a", SiloState.Draining), ("b", SiloState.Active))),
            AnswerReport = name => name == "a" ? throw new Orleans.Runtime.SiloUnavailableException("gone") : Task.FromResult(Made.Report(name)),
        };

        Assert.Equal([null, "b"], (await ledger.Reports().ReadAsync(TestContext.Current.CancellationToken)).Silos.Select(silo => silo.Report?.Name));
    }

    [Fact(Timeout = Soon)]
    public async Task A_silo_that_is_gone_is_not_asked()
    {
        var ledger = new FakeLedger
        {
            AnswerSilos = () => Task.FromResult(Silos(("a", SiloState.Gone))),
            AnswerReport = _ => throw new InvalidOperationException("It was asked."),
        };

        Assert.Null(Assert.Single((await ledger.Reports().ReadAsync(TestContext.Current.CancellationToken)).Silos).Report);
    }

    [Fact(Timeout = Soon)]
    public async Task Where_nobody_lists_the_silos_that_is_thrown_after_three_attempts()
    {
        var attempts = 0;
        var ledger = new FakeLedger { AnswerSilos = () => ++attempts > 0 ? throw new TimeoutException() : throw new NotSupportedException() };

        await Assert.ThrowsAsync<LedgerUnreachableException>(() => ledger.Reports().ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, attempts);
    }

    [Fact(Timeout = Soon)]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var ledger = new FakeLedger
        {
            AnswerSilos = () => Task.FromResult(Silos(("a", SiloState.Active))),
            AnswerReport = _ =>
            {
                given.Cancel();
                return new TaskCompletionSource<SiloReport>().Task;
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ledger.Reports().ReadAsync(given.Token));
    }

    private static ImmutableArray<SiloMember> Silos(params (string Name, SiloState State)[] silos) =>
        [.. silos.Select(silo => new SiloMember(silo.Name, "127.0.0.1:11111", silo.State))];
}
