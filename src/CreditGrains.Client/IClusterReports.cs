using System.Collections.Immutable;

namespace CreditGrains.Client;

/// <summary>Asks the silos of a cluster how they are. One instance serves a whole process; all members may be called concurrently.</summary>
public interface IClusterReports
{
    /// <summary>Lists the silos and asks each for its report, all at once.</summary>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>Every silo, ordered by name; one that gave no answer within <see cref="LedgerClientOptions.ReportDeadline"/> is there without a report.</returns>
    /// <exception cref="LedgerUnreachableException">No silo told which there are.</exception>
    Task<ClusterReport> ReadAsync(CancellationToken cancellation = default);
}

/// <summary>The silos of a cluster, as the one that was asked knows them and as they see themselves.</summary>
/// <param name="Silos">Ordered by name. Those that are gone stay in it until the cluster's membership has forgotten them.</param>
public sealed record ClusterReport(ImmutableArray<SiloAnswer> Silos);

/// <summary>What is known of one silo.</summary>
/// <param name="Member">How the others know it.</param>
/// <param name="Report">How it sees itself; null if it did not answer.</param>
public sealed record SiloAnswer(SiloMember Member, SiloReport? Report);
