using System.Net;
using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Orleans.Hosting;

/// <summary>Lets a client find the silos of a ledger.</summary>
public static class GatewayClientBuilderExtensions
{
    // A silo that died is dead to the cluster within ten seconds or so; a client should know soon after.
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(3);

    /// <summary>Makes the client begin at some gateways and then ask the cluster which ones there are, every 3 seconds.</summary>
    /// <param name="client">The client.</param>
    /// <param name="gateways">One or more; at least one must be up when the client starts.</param>
    /// <exception cref="ArgumentException">None is given.</exception>
    public static IClientBuilder UseCreditGrainsGateways(this IClientBuilder client, params IPEndPoint[] gateways)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(gateways);
        if (gateways.Length == 0) throw new ArgumentException("Give at least one gateway.", nameof(gateways));
        client.Services.AddSingleton(new ClusterGatewaysOptions([.. gateways], RefreshEvery));
        client.Services.RemoveAll<IGatewayListProvider>();
        client.Services.AddSingleton<IGatewayListProvider, ClusterGateways>();
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = RefreshEvery);
        return client;
    }
}
