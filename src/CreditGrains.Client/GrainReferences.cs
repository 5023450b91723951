namespace CreditGrains.Client;

/// <summary>The grains that a client speaks to. Tests put grains of their own behind it.</summary>
internal interface ILedgerGrains
{
    /// <summary>Gets the ledger as a whole.</summary>
    ILedgerGrain Ledger { get; }

    /// <summary>Gets the cluster as a whole.</summary>
    IClusterGrain Cluster { get; }

    /// <summary>Gets the register of models.</summary>
    IModelRegisterGrain Models { get; }

    /// <summary>Gives a silo's grain.</summary>
    ISiloGrain Silo(string name);

    /// <summary>Gives a citizen's grain.</summary>
    ICitizenGrain Citizen(CitizenId citizen);

    /// <summary>Gives a partition's grain.</summary>
    IPartitionGrain Partition(int partition, int partitionCount);
}

/// <summary>Hands out grain references. The types are resolved once: doing it a call costs more than the call's own work.</summary>
internal sealed class GrainReferences(IGrainFactory grains) : ILedgerGrains
{
    private static readonly GrainType CitizenType = GrainType.Create(GrainTypes.Citizen);
    private static readonly GrainType PartitionType = GrainType.Create(GrainTypes.Partition);

    private readonly GrainInterfaceType _citizenInterface = InterfaceOf(grains.GetGrain<ICitizenGrain>(default(CitizenId).ToString()));
    private readonly GrainInterfaceType _partitionInterface = InterfaceOf(grains.GetGrain<IPartitionGrain>(default(CitizenId).ToString()));

    public ILedgerGrain Ledger { get; } = grains.GetGrain<ILedgerGrain>(0);

    public IClusterGrain Cluster { get; } = grains.GetGrain<IClusterGrain>(0);

    // The lowest citizen id lies in partition 0, however many there are.
    public IModelRegisterGrain Models { get; } = grains.GetGrain<IModelRegisterGrain>(default(CitizenId).ToString());

    public ISiloGrain Silo(string name) => grains.GetGrain<ISiloGrain>(name);

    public ICitizenGrain Citizen(CitizenId citizen) =>
        (ICitizenGrain)grains.GetGrain(GrainId.Create(CitizenType, IdSpan.Create(citizen.ToString())), _citizenInterface);

    public IPartitionGrain Partition(int partition, int partitionCount) =>
        (IPartitionGrain)grains.GetGrain(GrainId.Create(PartitionType, IdSpan.Create(GrainTypes.PartitionKey(partition, partitionCount))), _partitionInterface);

    private static GrainInterfaceType InterfaceOf(IAddressable sample) => ((GrainReference)sample).InterfaceType;
}
