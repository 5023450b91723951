using System.Globalization;

namespace CreditGrains.Benchmarks;

/// <summary>What is to be carried, and by what machines. Nothing here is measured; each can be given on the command line.</summary>
internal sealed record Nation
{
    private const double SecondsPerDay = 86_400;

    public double Citizens { get; init; } = 1e9;

    /// <summary>Gets how many entries a citizen has a day on the mean.</summary>
    public double EntriesPerDay { get; init; } = 2;

    /// <summary>Gets the entries a second at the peak: the highest that a payment system has put on record.</summary>
    public double PeakEntries { get; init; } = 544_000;

    /// <summary>Gets the inquiries a second on the mean: 11.4 million a day, a national bureau's.</summary>
    public double Inquiries { get; init; } = 132;

    /// <summary>Gets the share of processor time that is planned to be used at the peak.</summary>
    public double BusyShare { get; init; } = 0.6;

    /// <summary>Gets the processors of a machine, of silos and of databases alike.</summary>
    public double Processors { get; init; } = 32;

    /// <summary>Gets the memory of a silo's machine that citizens may have, in GiB.</summary>
    public double MemoryGiB { get; init; } = 192;

    /// <summary>Gets the rows a second that a storage account takes: the service's published target.</summary>
    public double AccountRows { get; init; } = 20_000;

    /// <summary>Gets the rows a second that a partition of a table takes: the service's published target.</summary>
    public double PartitionRows { get; init; } = 2_000;

    internal double MeanEntries => Citizens * EntriesPerDay / SecondsPerDay;

    /// <summary>Takes a value from the command line.</summary>
    /// <returns>Null if there is no such option, or the value is none.</returns>
    internal Nation? With(string option, string value)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number <= 0) return null;
        return option switch
        {
            "--citizens" => this with { Citizens = number },
            "--entries-per-day" => this with { EntriesPerDay = number },
            "--peak" => this with { PeakEntries = number },
            "--inquiries" => this with { Inquiries = number },
            "--busy" when number <= 1 => this with { BusyShare = number },
            "--processors" => this with { Processors = number },
            "--memory" => this with { MemoryGiB = number },
            _ => null,
        };
    }
}
