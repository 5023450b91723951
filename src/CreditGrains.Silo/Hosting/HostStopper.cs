using CreditGrains.Grains.Manifest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Hosting;

/// <summary>Stops the host when its silo cannot serve on, and remembers why.</summary>
internal sealed class HostStopper(IHostApplicationLifetime lifetime) : ISiloStopper
{
    private string? _reason;

    /// <summary>Gets why the silo stopped itself; null if it did not.</summary>
    internal string? Reason => Volatile.Read(ref _reason);

    /// <inheritdoc/>
    public void Stop(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        lifetime.StopApplication();
    }
}

/// <summary>How a host is waited for.</summary>
internal static class HostStopping
{
    /// <summary>Waits until a host is to stop: because it is told so, or because its silo cannot serve on.</summary>
    internal static async Task WaitUntilStoppingAsync(this IHost host, CancellationToken told)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(told, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives why a host's silo stopped itself; null if it did not.</summary>
    internal static string? StoppedItself(this IHost host) => host.Services.GetRequiredService<HostStopper>().Reason;
}
