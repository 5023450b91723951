using Orleans.Messaging;

namespace CreditGrains.Silo.Clustering.AzureTables;

/// <summary>Tells a client of this program which silos it may connect to, from the table of members.</summary>
/// <remarks>
/// It is not in the Client room: every client would then download Azure's packages, and hold a credential to a table that no client should be able to
/// change. Clients of the package are given gateways.
/// </remarks>
internal sealed class AzureTablesGateways(AzureTablesMembership members, AzureTablesMembershipOptions options) : IGatewayListProvider
{
    /// <inheritdoc/>
    public TimeSpan MaxStaleness => options.GatewaysFor;

    /// <inheritdoc/>
    [Obsolete("The runtime's, which no longer asks.")]
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken = default) => members.ReadGatewaysAsync(cancellationToken);

    Task IGatewayListProvider.InitializeGatewayListProvider() => Task.CompletedTask;

    Task<IList<Uri>> IGatewayListProvider.GetGateways() => members.ReadGatewaysAsync(CancellationToken.None);
}
