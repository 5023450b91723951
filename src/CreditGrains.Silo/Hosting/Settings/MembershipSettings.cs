using System.ComponentModel.DataAnnotations;
using Orleans.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>How silos of a cluster find out that one of them is gone. They all must agree on it.</summary>
internal sealed class MembershipSettings
{
    private const double LongestWait = 1.5;

    /// <summary>Gets or sets how often silos ask each other for a sign of life, and how long they wait for it.</summary>
    /// <value>Default 2 s; from 500 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets after how many signs that did not come a silo suspects another.</summary>
    /// <value>Default 3; from 1 to 100.</value>
    [Range(1, 100)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Gets or sets how many silos must suspect one before it is declared dead; of fewer silos, all the others.</summary>
    /// <value>Default 2; from 1 to 10.</value>
    [Range(1, 10)]
    public int Votes { get; set; } = 2;

    internal void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = ProbeEvery;

        // No silo is suspected that was heard of within the longest wait for all those signs. The runtime's own, four times as long, leaves the citizens
        // of a frozen silo without an answer for half a minute.
        options.MaxProbeTimeout = ProbeEvery * LongestWait;
        options.NumMissedProbesLimit = MissedProbes;
        options.NumVotesForDeathDeclaration = Votes;
    }
}
