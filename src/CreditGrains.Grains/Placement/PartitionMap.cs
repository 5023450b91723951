using System.Buffers.Text;
using System.Collections.Frozen;
using System.IO.Hashing;
using System.Numerics;
using System.Text;
using Orleans.Metadata;

namespace CreditGrains.Grains.Placement;

/// <summary>Tells which silo owns which partition: rendezvous hashing of (silo name, partition) over the silos that can host citizens.</summary>
/// <remarks>
/// A pure function of the membership and of the silos' manifests, so every silo computes the same map without asking. It hashes the
/// silo's <em>name</em>: the address changes at every restart. It does not order a hand-over: two silos may for a while believe
/// different maps, and the batch row in the store is what stops the older one.
/// </remarks>
public sealed class PartitionMap(
    IClusterMembershipService membership, IClusterManifestProvider manifests, LedgerSettings ledger, IEnumerable<PartitionedGrain> partitioned)
{
    private static readonly GrainType CitizenType = GrainType.Create(GrainTypes.Citizen);

    private readonly FrozenSet<GrainType> _partitioned = partitioned.Select(grain => grain.Type).ToFrozenSet();
    private View _view = new(MembershipVersion.MinValue, MajorMinorVersion.MinValue, new SiloAddress?[ledger.PartitionCount]);

    /// <summary>Gets how many partitions there are.</summary>
    public int PartitionCount => ledger.PartitionCount;

    /// <summary>Gets the membership's version that the present map was computed from.</summary>
    public long Version => Current.Membership.Value;

    /// <summary>Names the owner of a partition; null while no silo can host citizens.</summary>
    /// <param name="partition">From 0.</param>
    public SiloAddress? OwnerOf(int partition) => Current.Owners[partition];

    /// <summary>Counts the partitions that the map gives to a silo.</summary>
    /// <param name="silo">The silo.</param>
    public int CountOwnedBy(SiloAddress silo) => Current.Owners.Count(owner => silo.Equals(owner));

    /// <summary>Tells which partition a grain lives in. Its key begins with the leading hexadecimal digits of a citizen's id.</summary>
    /// <param name="grain">A citizen or a partition's grain.</param>
    public int PartitionOf(GrainId grain)
    {
        // 65,536 partitions at most, so four digits tell. Never the grain id's own hash: it mixes in the grain's type.
        var digits = grain.Key.AsSpan();
        if (digits.Length < 4 || !Utf8Parser.TryParse(digits[..4], out ushort leading, out var read, 'x') || read != 4)
            throw new ArgumentException("The key of a partitioned grain is the text of a citizen's id.", nameof(grain));

        return leading >> (16 - BitOperations.Log2((uint)PartitionCount));
    }

    /// <summary>Tells whether a grain lives with a partition: whether <see cref="PartitionOf"/> may be asked.</summary>
    /// <param name="grain">Any grain.</param>
    public bool IsPartitioned(GrainId grain) => _partitioned.Contains(grain.Type);

    private View Current
    {
        get
        {
            var snapshot = membership.CurrentSnapshot;
            var manifest = manifests.Current;
            var view = Volatile.Read(ref _view);
            return view.Membership == snapshot.Version && view.Manifest == manifest.Version ? view : Compute(snapshot, manifest);
        }
    }

    private View Compute(ClusterMembershipSnapshot snapshot, ClusterManifest manifest)
    {
        // A silo can host citizens once its manifest has arrived and names their grain type; front ends never do.
        var hosts = snapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active
                && manifest.Silos.TryGetValue(member.SiloAddress, out var grains) && grains.Grains.ContainsKey(CitizenType))
            .Select(member => (Name: Encoding.UTF8.GetBytes(member.Name), Address: member.SiloAddress))
            .ToArray();

        var owners = new SiloAddress?[PartitionCount];
        for (var partition = 0; partition < owners.Length; partition++)
        {
            ulong highest = 0;
            foreach (var (name, address) in hosts)
            {
                var hash = XxHash64.HashToUInt64(name, partition);
                // Two silos of one name are a mistake of configuration; the address then decides, the same everywhere.
                if (owners[partition] is { } best && (hash < highest || (hash == highest && address.CompareTo(best) > 0))) continue;
                highest = hash;
                owners[partition] = address;
            }
        }

        var view = new View(snapshot.Version, manifest.Version, owners);
        Volatile.Write(ref _view, view);
        return view;
    }

    private sealed record View(MembershipVersion Membership, MajorMinorVersion Manifest, SiloAddress?[] Owners);
}

/// <summary>A type of grains that live with their partition: their keys begin with a citizen id's hexadecimal digits.</summary>
/// <param name="Type">The type, of a class that carries <see cref="PartitionPlacementAttribute"/>.</param>
public sealed record PartitionedGrain(GrainType Type);
