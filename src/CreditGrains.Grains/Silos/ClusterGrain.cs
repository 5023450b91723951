using System.Collections.Immutable;
using Orleans.Concurrency;

namespace CreditGrains.Grains.Silos;

/// <summary>The cluster, as this silo sees it. A worker of each silo, so that no one silo's death keeps the question from being answered.</summary>
[GrainType(GrainTypes.Cluster), StatelessWorker(1), Reentrant]
public sealed class ClusterGrain(IClusterMembershipService membership) : Grain, IClusterGrain
{
    /// <inheritdoc/>
    public ValueTask<ImmutableArray<SiloMember>> ListSilos() => new(
    [
        // The table keeps those that are gone for a while. A silo that came back under its name is not listed twice.
        .. membership.CurrentSnapshot.Members.Values
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .Select(namesakes => namesakes.OrderBy(IsGone).ThenByDescending(member => member.SiloAddress.Generation).First())
            .Select(member => new SiloMember(member.Name, SiloReporter.Text(member.SiloAddress), SiloReporter.StateOf(member.Status)))
            .OrderBy(member => member.Name, StringComparer.Ordinal),
    ]);

    private static bool IsGone(ClusterMember member) => SiloReporter.StateOf(member.Status) == SiloState.Gone;
}
