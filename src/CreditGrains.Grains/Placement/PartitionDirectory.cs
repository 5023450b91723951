using System.Diagnostics.CodeAnalysis;
using Orleans.GrainDirectory;
using Orleans.Runtime.GrainDirectory;

namespace CreditGrains.Grains.Placement;

/// <summary>A grain directory that is computed: no entries, no call. It refuses to register an activation on a silo that does not own the partition.</summary>
internal sealed class PartitionDirectory(PartitionMap map) : IGrainDirectory
{
    internal const string Name = "partition";

    // "Unknown" sends the runtime to the placement director, which computes the same answer.
    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        if (map.OwnerOf(map.PartitionOf(address.GrainId)) is not { } owner || owner.Equals(address.SiloAddress))
            return Task.FromResult<GrainAddress?>(address);

        // The runtime forwards what is queued at the refused activation to the silo named here.
        return Task.FromResult<GrainAddress?>(new GrainAddress
        {
            GrainId = address.GrainId,
            SiloAddress = owner,
            ActivationId = ActivationId.NewId(),
            MembershipVersion = address.MembershipVersion,
        });
    }

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}

/// <summary>Computes where a partitioned grain is, in the place of a cache with an entry a grain.</summary>
/// <remarks>
/// The runtime keeps one cache before all directories that are not its own distributed one, so this one is asked for other grains too. It
/// knows nothing of those: their directory is asked each time.
/// </remarks>
internal sealed class PartitionDirectoryCache(PartitionMap map) : IGrainDirectoryCache
{
    public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => [];

    public void AddOrUpdate(GrainAddress value, int version) { }

    public bool Remove(GrainId key) => false;

    public bool Remove(GrainAddress key) => false;

    public void Clear() { }

    public bool LookUp(GrainId key, [NotNullWhen(true)] out GrainAddress? result, out int version)
    {
        version = 0;
        if (!map.IsPartitioned(key))
        {
            result = null;
            return false;
        }

        result = map.OwnerOf(map.PartitionOf(key)) is { } owner
            ? new GrainAddress { GrainId = key, SiloAddress = owner, MembershipVersion = MembershipVersion.MinValue }
            : null;
        return result is not null;
    }
}
