using CreditGrains.Silo.Clustering.AzureTables;
using CreditGrains.Silo.Clustering.Postgres;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;
using Orleans.Configuration;

namespace CreditGrains.Silo.Clustering;

/// <summary>Keeps the members of a cluster where its journal is kept: in the first storage account, or in the first database.</summary>
internal static class ClusterMembers
{
    // A silo that has died is in the table as dead within ten seconds or so, and a client is to know soon after.
    private static readonly TimeSpan GatewaysFor = TimeSpan.FromSeconds(5);

    /// <summary>Makes a silo join the cluster that the settings name.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">They name a shared store.</param>
    /// <exception cref="UsageException">A connection string cannot be read.</exception>
    internal static ISiloBuilder UseCluster(this ISiloBuilder silo, SiloSettings settings)
    {
        silo.Configure<ClusterMembershipOptions>(settings.Membership.Apply);
        return settings.Store.Kind == StoreSettings.AzureTablesKind
            ? silo.UseAzureTablesClustering(AzureMembers(settings))
            : silo.UsePostgresMembership(Database(settings));
    }

    /// <summary>Makes a client find the gateways of the cluster that the settings name.</summary>
    /// <param name="client">The client.</param>
    /// <param name="settings">They name a shared store.</param>
    /// <exception cref="UsageException">A connection string cannot be read.</exception>
    internal static IClientBuilder UseCluster(this IClientBuilder client, SiloSettings settings)
    {
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = GatewaysFor);
        return settings.Store.Kind == StoreSettings.AzureTablesKind
            ? client.UseAzureTablesClustering(AzureMembers(settings))
            : client.UsePostgresMembership(Database(settings));
    }

    /// <summary>Makes what the members need in the database, if they are kept in one. Any number of silos may do so at once.</summary>
    /// <param name="settings">They name a shared store.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Journal.StoreUnavailableException">The database cannot be asked or changed.</exception>
    internal static Task PrepareAsync(SiloSettings settings, CancellationToken cancellation) =>
        settings.Store.Kind == StoreSettings.PostgresKind ? MembershipSchema.MakeAsync(Database(settings), cancellation) : Task.CompletedTask;

    private static AzureTablesMembershipOptions AzureMembers(SiloSettings settings) => new()
    {
        Account = settings.Store.AzureTables.Accounts[0].ToAccount(),
        Table = settings.Store.AzureTables.MembersTable,
        GatewaysFor = GatewaysFor,
    };

    private static string Database(SiloSettings settings) => settings.Store.Postgres.ToOptions().ConnectionStrings[0];
}
