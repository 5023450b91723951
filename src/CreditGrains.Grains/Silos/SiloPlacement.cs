using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace CreditGrains.Grains.Silos;

/// <summary>Places a grain on the silo that its key names.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
[Alias("cg.SiloPlacement")]
public sealed class SiloPlacement : PlacementStrategy
{
    internal static readonly SiloPlacement Instance = new();
}

/// <summary>Marks a grain class whose grains live on the silo that their key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloPlacementAttribute() : PlacementAttribute(SiloPlacement.Instance);

/// <summary>Answers the runtime's question where the grain of a silo shall be activated: there, or nowhere.</summary>
internal sealed class SiloPlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString();
        var compatible = context.GetCompatibleSilos(target);
        foreach (var member in membership.CurrentSnapshot.Members.Values)
            if (member.Status == SiloStatus.Active && member.Name == name && Array.IndexOf(compatible, member.SiloAddress) >= 0)
                return Task.FromResult(member.SiloAddress);

        throw new SiloUnavailableException($"No silo of the name {name} is active.");
    }
}

/// <summary>A grain directory without entries: a silo's grain is looked for nowhere but on that silo.</summary>
internal sealed class SiloDirectory : IGrainDirectory
{
    internal const string Name = "silo";

    // "Unknown" sends the runtime to the placement director, which knows.
    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => Register(address);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
