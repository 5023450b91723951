using CreditGrains;
using CreditGrains.Grains;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Manifest;
using CreditGrains.Grains.Models;
using CreditGrains.Grains.Partitions;
using CreditGrains.Grains.Placement;
using CreditGrains.Grains.Silos;
using CreditGrains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;

namespace Orleans.Hosting;

/// <summary>Adds the ledger's grains to a silo.</summary>
public static class CreditGrainsSiloBuilderExtensions
{
    /// <summary>Adds citizens, partitions and their placement.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="ledger">What the silo knows of its ledger.</param>
    /// <param name="store">Where the journals lie. The caller closes it after the silo has stopped.</param>
    /// <param name="keys">The ciphers under which records are sealed and opened.</param>
    /// <param name="options">How partitions are claimed and written.</param>
    /// <param name="timing">When partitions are claimed.</param>
    /// <remarks>The host registers an <see cref="ISiloStopper"/>, and <see cref="ManifestWatchOptions"/> if the defaults do not do.</remarks>
    public static ISiloBuilder AddCreditGrains(
        this ISiloBuilder silo, LedgerSettings ledger, IJournalStore store, ICipherKeys keys, PartitionLogOptions options, ClaimTiming timing = ClaimTiming.WhenNeeded)
    {
        var services = silo.Services;
        services.AddSingleton(ledger);
        services.AddSingleton(store);
        services.AddSingleton(keys);
        services.AddSingleton(options);
        services.AddSingleton(typeof(ClaimTiming), timing);
        services.TryAddKeyedSingleton(LedgerClock.ServiceKey, TimeProvider.System);
        services.AddSingleton<LedgerClock>();
        services.AddSingleton<PartitionHost>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<PartitionHost>());
        services.TryAddSingleton<ManifestWatchOptions>();
        services.AddSingleton<ManifestWatch>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ManifestWatch>());
        services.TryAddSingleton<ScoringOptions>();
        services.AddSingleton<ScoringModels>();
        services.AddSingleton<CitizenReferences>();
        services.AddSingleton<ActiveCitizens>();
        services.AddSingleton<CitizenServices>();
        services.AddSingleton<Rehearsal>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Rehearsal>());
        return silo.AddPartitionPlacement().AddSiloReports();
    }

    /// <summary>Makes the silo a front end: it passes calls on to those that host citizens, and owns no partition.</summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder WithoutCitizens(this ISiloBuilder silo)
    {
        silo.Services.PostConfigure<GrainTypeOptions>(types =>
        {
            types.Classes.Remove(typeof(CitizenGrain));
            types.Classes.Remove(typeof(PartitionGrain));
            types.Classes.Remove(typeof(ModelRegisterGrain));
        });
        return silo;
    }

    /// <summary>Adds the placement by partition: the map, the director, the computed directory and its cache.</summary>
    /// <param name="silo">The silo, whose container holds the <see cref="LedgerSettings"/>.</param>
    public static ISiloBuilder AddPartitionPlacement(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<PartitionMap>();
        silo.AddPartitionedGrain(GrainTypes.Citizen).AddPartitionedGrain(GrainTypes.Partition).AddPartitionedGrain(GrainTypes.ModelRegister);
        silo.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        silo.Services.AddSingleton<IGrainDirectoryCache, PartitionDirectoryCache>();
        return silo.AddGrainDirectory(PartitionDirectory.Name, (services, _) => new PartitionDirectory(services.GetRequiredService<PartitionMap>()));
    }

    private static ISiloBuilder AddSiloReports(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton(provider => new CommitTally(provider.GetRequiredKeyedService<TimeProvider>(LedgerClock.ServiceKey)));
        services.AddSingleton<LedgerMetrics>();
        services.AddSingleton<RefusalTally>();
        services.AddSingleton<SiloReporter>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloReporter>());
        silo.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>();
        return silo.AddGrainDirectory(SiloDirectory.Name, (_, _) => new SiloDirectory());
    }

    /// <summary>Lets another type of grains live with partitions.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="grainType">The type's name, of a class that carries <see cref="PartitionPlacementAttribute"/>.</param>
    public static ISiloBuilder AddPartitionedGrain(this ISiloBuilder silo, string grainType)
    {
        silo.Services.AddSingleton(new PartitionedGrain(GrainType.Create(grainType)));
        return silo;
    }
}
