using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace CreditGrains.Grains.Placement;

/// <summary>Places a grain on the silo that owns its partition.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
[Alias("cg.PartitionPlacement")]
public sealed class PartitionPlacement : PlacementStrategy
{
    internal static readonly PartitionPlacement Instance = new();
}

/// <summary>Marks a grain class whose grains live with their partition. Its keys begin with a citizen id's hexadecimal digits.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(PartitionPlacement.Instance);

/// <summary>Answers the runtime's question where a partitioned grain shall be activated.</summary>
internal sealed class PartitionPlacementDirector(PartitionMap map) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        var partition = map.PartitionOf(target.GrainIdentity);

        // A map that is a moment ahead of the manifest may name a silo the runtime does not offer yet. Any other will do: the grain
        // there finds that it does not own the partition and says so, and the caller asks again.
        return Task.FromResult(map.OwnerOf(partition) is { } owner && Array.IndexOf(compatible, owner) >= 0
            ? owner
            : compatible[partition % compatible.Length]);
    }
}
