using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace CreditGrains.Grains.Silos;

/// <summary>One silo, for whoever asks how it is.</summary>
[GrainType(GrainTypes.Silo), SiloPlacement, GrainDirectory(GrainDirectoryName = SiloDirectory.Name), Reentrant]
public sealed class SiloGrain(SiloReporter reporter) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public ValueTask<SiloReport> Report() => new(reporter.Report());
}
