using System.Collections.Immutable;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Placement;
using Orleans.Concurrency;

namespace CreditGrains.Benchmarks;

// What Orleans can do at best with the same shape of call: the same placement, computed directory, key and reference cache as a
// citizen, a method that does nothing, and no store. Every scenario is reported as a ratio to one of these, measured in turn with it.

/// <summary>A grain that answers at once. Its key is a citizen's.</summary>
[Alias("cg.bench.INoopGrain")]
public interface INoopGrain : IGrainWithStringKey
{
    /// <summary>Answers.</summary>
    [Alias("Ping")]
    ValueTask Ping();
}

/// <summary>A partition's grain that calls one noop grain an element, as the intake does.</summary>
[Alias("cg.bench.INoopIntakeGrain")]
public interface INoopIntakeGrain : IGrainWithStringKey
{
    /// <summary>Pings each, all at once, and answers when all have.</summary>
    [Alias("PingMany")]
    ValueTask PingMany(ImmutableArray<CitizenId> citizens);

    /// <summary>Activates each citizen with the smallest call it has, all at once, and answers when all have.</summary>
    [Alias("TouchCitizens")]
    ValueTask TouchCitizens(ImmutableArray<CitizenId> citizens);

    /// <summary>Scores each citizen as figures over the population do, all at once, and answers when all have.</summary>
    [Alias("ScoreCitizens")]
    ValueTask ScoreCitizens(ImmutableArray<CitizenId> citizens);
}

[GrainType(TypeName), PartitionPlacement, Orleans.GrainDirectory.GrainDirectory(GrainDirectoryName = "partition")]
public sealed class NoopGrain : Grain, INoopGrain
{
    internal const string TypeName = "noop";

    public ValueTask Ping() => default;
}

[GrainType(TypeName), PartitionPlacement, Orleans.GrainDirectory.GrainDirectory(GrainDirectoryName = "partition"), Reentrant]
public sealed class NoopIntakeGrain(IGrainFactory grains, CitizenReferences citizenGrains) : Grain, INoopIntakeGrain
{
    internal const string TypeName = "noopintake";

    private static readonly GrainType NoopType = GrainType.Create(NoopGrain.TypeName);

    private readonly GrainInterfaceType _noopInterface =
        ((GrainReference)grains.GetGrain<INoopGrain>(default(CitizenId).ToString())).InterfaceType;

    public async ValueTask PingMany(ImmutableArray<CitizenId> citizens)
    {
        var calls = new ValueTask[citizens.Length];
        for (var place = 0; place < calls.Length; place++)
            calls[place] = ((INoopGrain)grains.GetGrain(GrainId.Create(NoopType, IdSpan.Create(citizens[place].ToString())), _noopInterface)).Ping();

        foreach (var call in calls) await call;
    }

    public async ValueTask TouchCitizens(ImmutableArray<CitizenId> citizens)
    {
        var calls = new ValueTask<ImmutableArray<RecordOutcome>>[citizens.Length];
        for (var place = 0; place < calls.Length; place++) calls[place] = citizenGrains.Of(citizens[place]).RecordMany([]);
        foreach (var call in calls) await call;
    }

    public async ValueTask ScoreCitizens(ImmutableArray<CitizenId> citizens)
    {
        var calls = new ValueTask<CitizenPoints?>[citizens.Length];
        for (var place = 0; place < calls.Length; place++) calls[place] = citizenGrains.MemberOf(citizens[place]).ReadPoints();
        foreach (var call in calls)
            if (await call is not { Coverage: not Coverage.NoFile, Points: not double.NaN }) throw new InvalidOperationException("A citizen has no score.");
    }
}
