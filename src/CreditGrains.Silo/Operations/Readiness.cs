using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Operations;

/// <summary>Why a silo takes no calls. In order of precedence: the first that applies is the one given.</summary>
internal enum Unreadiness
{
    /// <summary>It has been asked to stop, or the others have given it up.</summary>
    Draining = 1,

    /// <summary>It is not one of the cluster yet.</summary>
    Starting = 2,

    /// <summary>Its store has not answered for a while.</summary>
    StoreSilent = 3,
}

/// <summary>Tells whether the silo shall be sent calls.</summary>
internal sealed class Readiness(ISiloStatusOracle statuses, IHostApplicationLifetime lifetime, StoreProbe store)
{
    /// <summary>Gives the first reason why not; null if it shall.</summary>
    internal async ValueTask<Unreadiness?> FirstReasonAsync()
    {
        // Told before anything of the stop has begun, so that whoever balances the load has time to turn elsewhere.
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Unreadiness.Draining;
        return statuses.CurrentStatus switch
        {
            SiloStatus.Active => await store.AnswersAsync() ? null : Unreadiness.StoreSilent,
            SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead => Unreadiness.Draining,
            _ => Unreadiness.Starting,
        };
    }

    /// <summary>Gives the word that is answered.</summary>
    internal static string WordFor(Unreadiness? reason) => reason switch
    {
        null => "ready",
        Unreadiness.Draining => "draining",
        Unreadiness.Starting => "starting",
        _ => "store",
    };
}
