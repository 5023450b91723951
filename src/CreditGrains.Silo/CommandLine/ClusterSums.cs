using CreditGrains.Client;

namespace CreditGrains.Silo.CommandLine;

/// <summary>What the silos that answered come to together.</summary>
/// <param name="Silos">How many silos there are, without those that are gone.</param>
/// <param name="Answering">How many of them answered: for whom the rest speaks.</param>
/// <param name="PartitionsOwned">Partitions claimed.</param>
/// <param name="ActiveCitizens">Citizens in memory.</param>
/// <param name="EntriesPerSecond">Entries made durable a second, lately.</param>
/// <param name="CommitsPerSecond">Batches made durable a second, lately.</param>
/// <param name="SlowestP99">The longest of the silos' p99; null if none has committed lately.</param>
/// <param name="WorkingSetBytes">Memory in use.</param>
internal sealed record ClusterSums(
    int Silos, int Answering, int PartitionsOwned, long ActiveCitizens, double EntriesPerSecond, double CommitsPerSecond, TimeSpan? SlowestP99, long WorkingSetBytes)
{
    /// <summary>Sums what was answered.</summary>
    /// <param name="cluster">The answers.</param>
    public static ClusterSums Of(ClusterReport cluster)
    {
        var reports = cluster.Silos.Select(silo => silo.Report).OfType<SiloReport>().ToList();
        return new(
            cluster.Silos.Count(silo => silo.Member.State != SiloState.Gone),
            reports.Count,
            reports.Sum(report => report.PartitionsOwned),
            reports.Sum(report => report.ActiveCitizens),
            reports.Sum(report => report.EntriesPerSecond),
            reports.Sum(report => report.CommitsPerSecond),
            reports.Max(report => report.CommitLatencyP99),
            reports.Sum(report => report.WorkingSetBytes));
    }
}
