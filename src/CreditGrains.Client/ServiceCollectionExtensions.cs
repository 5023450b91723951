using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the ledger's client to a service's container.</summary>
public static class CreditGrainsClientServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ILedgerClient"/>, <see cref="IClusterReports"/> and <see cref="IModelRegister"/> over the Orleans client or silo of the same container.</summary>
    /// <param name="services">The container, in which an Orleans client (or silo) is configured.</param>
    /// <param name="configure">Sets the options; null keeps the defaults. They are validated when the service starts.</param>
    public static IServiceCollection AddCreditGrainsClient(this IServiceCollection services, Action<LedgerClientOptions>? configure = null)
    {
        var options = services.AddOptions<LedgerClientOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILedgerGrains, GrainReferences>();
        services.TryAddSingleton<ILedgerClient, LedgerClient>();
        services.TryAddSingleton<IClusterReports, ClusterReports>();
        services.TryAddSingleton<IModelRegister, ModelRegisterClient>();
        return services;
    }
}
