namespace CreditGrains.Client;

/// <summary>When and how often something is tried again.</summary>
internal sealed class RetryPolicy(LedgerClientOptions options, TimeProvider clock)
{
    internal int MaxAttempts => options.MaxAttempts;

    /// <summary>Waits before the next attempt: doubling, with jitter of ± 50 %, so that many callers do not come back together.</summary>
    internal Task BackOffAsync(int attempt, CancellationToken cancellation)
    {
        var doubled = options.FirstBackOff.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 16));
        var wait = Math.Min(doubled, options.MaxBackOff.TotalMilliseconds) * (0.5 + Random.Shared.NextDouble());
        return Task.Delay(TimeSpan.FromMilliseconds(wait), clock, cancellation);
    }

    /// <summary>Whether a failed call says no more than that no silo took it or none answered; everything else is a bug and is thrown.</summary>
    internal static bool MeansSilence(Exception failure) => failure
        is TimeoutException
        or SiloUnavailableException
        or OrleansMessageRejectionException
        or Orleans.Runtime.Messaging.ConnectionFailedException
        or GrainExtensionNotInstalledException
        or ClientNotAvailableException;
}
