using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;

namespace CreditGrains.Silo.Clustering.AzureTables;

/// <summary>Chooses Azure Tables for the members of a cluster.</summary>
internal static class AzureTablesClustering
{
    /// <summary>Makes a silo join through the table. The cluster's name is that of <c>ClusterOptions</c>.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Which table. They are checked when the silo starts.</param>
    internal static ISiloBuilder UseAzureTablesClustering(this ISiloBuilder silo, AzureTablesMembershipOptions options)
    {
        silo.Services.AddSingleton(options).AddSingleton<IMembershipTable, AzureTablesMembership>();
        return silo;
    }

    /// <summary>Makes a client find its gateways in the table.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">Which table. They are checked when the client starts.</param>
    internal static IClientBuilder UseAzureTablesClustering(this IClientBuilder client, AzureTablesMembershipOptions options)
    {
        client.Services.AddSingleton(options).AddSingleton<AzureTablesMembership>().AddSingleton<IGatewayListProvider, AzureTablesGateways>();
        return client;
    }
}
