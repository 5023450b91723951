using CreditGrains.Grains;
using CreditGrains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Silo.Operations;

/// <summary>Tells whether the store has answered a read recently, and asks it if nobody has for a while. One question at a time, however many want to know.</summary>
internal sealed partial class StoreProbe(
    IJournalStore store, [FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock, ILogger<StoreProbe> log)
{
    /// <summary>How long an answer counts as recent.</summary>
    internal static readonly TimeSpan Recently = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer is waited for.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A question that is never answered is given up, so that another can be asked.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task _asking = Task.CompletedTask;
    private long _answeredAt;
    private bool _hasAnswered;

    /// <summary>Tells whether the store has answered within <see cref="Recently"/>, or does so within <see cref="Patience"/>.</summary>
    internal async ValueTask<bool> AnswersAsync()
    {
        Task asking;
        lock (_gate)
        {
            if (IsRecent) return true;

            // On a thread of its own: some stores answer on the thread that asks.
            if (_asking.IsCompleted) _asking = Task.Run(AskAsync);
            asking = _asking;
        }

        try
        {
            await asking.WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            return false;
        }

        lock (_gate) return IsRecent;
    }

    private bool IsRecent => _hasAnswered && clock.GetElapsedTime(_answeredAt) < Recently;

    private async Task AskAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(GiveUpAfter, clock);
            await LedgerManifest.ReadAsync(store, patience.Token);
        }
        catch (JournalBrokenException)
        {
            // It has answered. What is wrong with its answer stops those who need it.
        }
        catch (Exception silent) when (silent is StoreUnavailableException or OperationCanceledException)
        {
            LogSilent(silent.Message);
            return;
        }

        lock (_gate) (_hasAnswered, _answeredAt) = (true, clock.GetTimestamp());
    }

    [LoggerMessage(LogLevel.Warning, "The store does not answer: {Reason}")]
    private partial void LogSilent(string reason);
}
