namespace CreditGrains.Client;

/// <summary>Hands out grain references. The types are resolved once: doing it a call costs more than the call's own work.</summary>
internal sealed class GrainReferences(IGrainFactory grains)
{
    private static readonly GrainType CitizenType = GrainType.Create(GrainTypes.Citizen);
    private static readonly GrainType PartitionType = GrainType.Create(GrainTypes.Partition);

    private readonly GrainInterfaceType _citizenInterface = InterfaceOf(grains.GetGrain<ICitizenGrain>(default(CitizenId).ToString()));
    private readonly GrainInterfaceType _partitionInterface = InterfaceOf(grains.GetGrain<IPartitionGrain>(default(CitizenId).ToString()));

    internal ILedgerGrain Ledger { get; } = grains.GetGrain<ILedgerGrain>(0);

    internal ICitizenGrain Citizen(CitizenId citizen) =>
        (ICitizenGrain)grains.GetGrain(GrainId.Create(CitizenType, IdSpan.Create(citizen.ToString())), _citizenInterface);

    internal IPartitionGrain Partition(int partition, int partitionCount) =>
        (IPartitionGrain)grains.GetGrain(GrainId.Create(PartitionType, IdSpan.Create(GrainTypes.PartitionKey(partition, partitionCount))), _partitionInterface);

    private static GrainInterfaceType InterfaceOf(IAddressable sample) => ((GrainReference)sample).InterfaceType;
}
