using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;

namespace CreditGrains.Client;

/// <summary>Tells the runtime which gateways there are: at first those that it was given, then whichever the cluster says.</summary>
/// <remarks>
/// So callers find silos that join and leave those that are gone, and need neither a new configuration nor a credential to the table of members.
/// </remarks>
internal sealed class ClusterGateways(IServiceProvider services, ClusterGatewaysOptions options) : IGatewayListProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IList<Uri> _seeds = [.. options.Seeds.Select(seed => SiloAddress.New(seed.Address, seed.Port, 0).ToGatewayUri())];
    private IList<Uri>? _known;

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => options.RefreshEvery;

    /// <inheritdoc/>
    [Obsolete("The runtime no longer asks.")]
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGateways()
    {
        // The runtime asks for the first time before it is connected: then there is nobody to ask but the seeds.
        if (_known is null)
        {
            _known = _seeds;
            return _seeds;
        }

        try
        {
            // The key chooses the gateway that the question goes through. Another one each time, for one of them may be stuck.
            var management = services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(Random.Shared.Next());
            var members = await management.GetDetailedHosts(onlyActive: true).WaitAsync(Patience).ConfigureAwait(false);
            var gateways = members.Where(member => member.ProxyPort > 0)
                .Select(member => SiloAddress.New(member.SiloAddress.Endpoint.Address, member.ProxyPort, member.SiloAddress.Generation).ToGatewayUri())
                .ToArray();
            if (gateways.Length > 0) _known = gateways;
        }
        catch (Exception failure) when (RetryPolicy.MeansSilence(failure) || failure is InvalidOperationException)
        {
            // Nobody answers, or the client is not connected any more: those that were known are joined by the seeds, one of which may have come back.
            _known = [.. _known.Union(_seeds)];
        }

        return _known;
    }
}

/// <summary>Where a client begins.</summary>
internal sealed record ClusterGatewaysOptions(IReadOnlyList<IPEndPoint> Seeds, TimeSpan RefreshEvery);
