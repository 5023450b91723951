using System.Diagnostics.Metrics;

namespace CreditGrains.Grains.Silos;

/// <summary>What the grains of a silo count. No tag ever names a citizen, a reference or an amount; partitions are left out too, being too many.</summary>
public sealed class LedgerMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CreditGrains.Grains";

    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">The silo's own maker of meters.</param>
    public LedgerMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        Refusals = _meter.CreateCounter<long>("creditgrains.refusals", "{entry}", "Entries refused, by reason.");
        Claims = _meter.CreateCounter<long>("creditgrains.partition.claims", "{partition}", "Claims of partitions, by outcome.");
        Releases = _meter.CreateCounter<long>("creditgrains.partition.releases", "{partition}", "Partitions released, by whether the release is durable.");
    }

    internal Counter<long> Refusals { get; }

    internal Counter<long> Claims { get; }

    internal Counter<long> Releases { get; }

    /// <summary>Lets collectors ask how many citizens are in memory and how many partitions are owned.</summary>
    internal void Observe(Func<long> citizens, Func<int> partitions)
    {
        _meter.CreateObservableUpDownCounter("creditgrains.citizens.active", citizens, "{citizen}", "Citizens in memory.");
        _meter.CreateObservableUpDownCounter("creditgrains.partitions.owned", partitions, "{partition}", "Partitions claimed and neither released nor lost.");
    }
}
