namespace CreditGrains.Grains.Citizens;

/// <summary>Hands out references to citizens' grains. The types are resolved once a silo: doing it a call costs more than the call.</summary>
public sealed class CitizenReferences(IGrainFactory grains)
{
    private static readonly GrainType CitizenType = GrainType.Create(GrainTypes.Citizen);

    private readonly GrainInterfaceType _citizen = InterfaceOf(grains.GetGrain<ICitizenGrain>(default(CitizenId).ToString()));
    private readonly GrainInterfaceType _member = InterfaceOf(grains.GetGrain<ICitizenMember>(default(CitizenId).ToString()));

    /// <summary>Gives a citizen's grain.</summary>
    /// <param name="citizen">Whose.</param>
    public ICitizenGrain Of(CitizenId citizen) => (ICitizenGrain)grains.GetGrain(Id(citizen), _citizen);

    /// <summary>Gives a citizen's grain as silos speak to it.</summary>
    /// <param name="citizen">Whose.</param>
    public ICitizenMember MemberOf(CitizenId citizen) => (ICitizenMember)grains.GetGrain(Id(citizen), _member);

    private static GrainId Id(CitizenId citizen) => GrainId.Create(CitizenType, IdSpan.Create(citizen.ToString()));

    private static GrainInterfaceType InterfaceOf(IAddressable sample) => ((GrainReference)sample).InterfaceType;
}
