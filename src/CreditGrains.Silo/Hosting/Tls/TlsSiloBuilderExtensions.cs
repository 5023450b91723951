using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>Mutual TLS on everything that a silo says to others.</summary>
internal static class TlsSiloBuilderExtensions
{
    /// <summary>Lets only silos connect to the silo port, and only callers of the authority to the gateway.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">The files.</param>
    internal static ISiloBuilder UseCreditGrainsTls(this ISiloBuilder silo, TlsSettings settings)
    {
        silo.Services.AddLedgerTls(settings.Apply);
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<TlsMiddleware>((connections, tls) =>
        {
            connections.ConfigureSiloOutboundConnection(tls.Connect);
            connections.ConfigureSiloInboundConnection(connection => tls.Accept(connection, TlsPeer.Silo));
            connections.ConfigureGatewayInboundConnection(connection => tls.Accept(connection, TlsPeer.Caller));
        });
        return silo;
    }
}
