using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Lets an Orleans client prove who it is to the ledger's gateways, and them to it.</summary>
public static class CreditGrainsClientTlsExtensions
{
    /// <summary>Speaks mutual TLS with gateways. Without it a ledger that is not served for development refuses every connection.</summary>
    /// <param name="client">The Orleans client.</param>
    /// <param name="configure">Names the files.</param>
    /// <remarks>The files are read when the client starts, which ends in a <see cref="CertificateUnusableException"/> where they cannot be used.</remarks>
    public static IClientBuilder UseCreditGrainsTls(this IClientBuilder client, Action<LedgerTlsOptions> configure)
    {
        client.Services.AddLedgerTls(configure);
        client.Services.AddOptions<ClientConnectionOptions>().Configure<TlsMiddleware>((connections, tls) => connections.ConfigureConnection(tls.Connect));
        return client;
    }

    internal static void AddLedgerTls(this IServiceCollection services, Action<LedgerTlsOptions> configure)
    {
        services.AddOptions<LedgerTlsOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<LedgerTlsOptions>>().Value;
            var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("CreditGrains.Tls");
            var clock = provider.GetRequiredService<TimeProvider>();
            return new TlsMiddleware(options, new TlsIdentitySource(options, clock, logger), clock, logger);
        });
    }
}
