using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace CreditGrains.Silo.Operations;

/// <summary>Lets those who run a silo see it.</summary>
internal static class OperationsSiloBuilderExtensions
{
    /// <summary>Opens what the settings ask for: health, metrics and dashboard over HTTP, and metrics and traces to a collector.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The silo's settings, checked.</param>
    internal static ISiloBuilder UseOperations(this ISiloBuilder silo, SiloSettings settings)
    {
        Telemetry.AddTo(silo, settings);
        if (!settings.Operations.IsOpen) return silo;

        // What the live trace would show are calls with the ids of their grains.
        if (settings.Operations.ServesDashboard) silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(settings).AddSingleton<StoreProbe>().AddSingleton<Readiness>();

        // The first to start, and so the last to stop: it tells how the silo comes and goes.
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, OperationsEndpoint>());
        return silo;
    }
}
