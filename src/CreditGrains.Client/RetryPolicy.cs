namespace CreditGrains.Client;

/// <summary>When and how often something is tried again.</summary>
internal sealed class RetryPolicy(LedgerClientOptions options, TimeProvider clock)
{
    private const double Jitter = 0.5;

    /// <summary>Notes when something was tried first, for <see cref="IsLast"/>.</summary>
    internal long Start() => clock.GetTimestamp();

    /// <summary>Whether no further attempt follows one.</summary>
    /// <param name="attempt">Which, from 1.</param>
    /// <param name="started">From <see cref="Start"/>.</param>
    internal bool IsLast(int attempt, long started) => attempt >= options.MaxAttempts || clock.GetElapsedTime(started) >= options.Patience;

    /// <summary>Waits before the next attempt: doubling, with jitter of ± 50 %, so that many callers do not come back together.</summary>
    internal Task BackOffAsync(int attempt, CancellationToken cancellation)
    {
        // Two thirds of the longest wait with 50 % on top are the longest wait: the bound holds, and waits at the bound still differ.
        var doubled = options.FirstBackOff * Math.Pow(2, Math.Min(attempt - 1, 16));
        var longest = options.MaxBackOff / (1 + Jitter);
        var wait = (doubled < longest ? doubled : longest) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
        return Task.Delay(wait, clock, cancellation);
    }

    /// <summary>Whether a failed call says no more than that no silo took it or none answered; everything else is a bug and is thrown.</summary>
    /// <remarks>A cancellation is one, too, if it is the silo's, which cancels its own work when it leaves: ask the caller's token first.</remarks>
    internal static bool MeansSilence(Exception failure) => failure
        is TimeoutException
        or OperationCanceledException
        or SiloUnavailableException
        or GatewayTooBusyException
        or OrleansMessageRejectionException
        or Orleans.Runtime.Messaging.ConnectionFailedException
        or GrainExtensionNotInstalledException
        or ClientNotAvailableException;
}
