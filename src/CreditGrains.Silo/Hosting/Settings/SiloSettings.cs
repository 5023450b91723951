using System.ComponentModel.DataAnnotations;
using CreditGrains.Silo.Operations;

namespace CreditGrains.Silo.Hosting;

/// <summary>Everything a silo is told by <c>silo-config/silo.rocksdb.json</c> and its kin. Each key has a default; a value out of its range stops the silo before it starts.</summary>
internal sealed class SiloSettings
{
    /// <summary>Gets or sets the silo's name: the same after a restart, different from every other silo's.</summary>
    /// <value>Default <c>silo-1</c>; 1 to 63 characters of a–z, 0–9 and hyphen. Partitions are given to names, not to addresses.</value>
    [Required, RegularExpression("^[a-z0-9-]{1,63}$")]
    public string Name { get; set; } = "silo-1";

    /// <summary>Gets or sets the cluster's name: silos and clients of another are refused.</summary>
    /// <value>Default <c>creditgrains</c>; 1 to 63 characters of a–z, 0–9 and hyphen.</value>
    [Required, RegularExpression("^[a-z0-9-]{1,63}$")]
    public string Cluster { get; set; } = "creditgrains";

    /// <summary>Gets or sets the address to listen on.</summary>
    /// <value>Default <c>127.0.0.1</c>. Without TLS only a loopback address is accepted.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets the port on which silos speak to each other.</summary>
    /// <value>Default 11111; from 1 to 65,535.</value>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Gets or sets the port on which clients connect.</summary>
    /// <value>Default 30000; from 1 to 65,535, or 0 for no gateway.</value>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>Gets or sets whether citizens live on this silo. One without them is a front end: it takes calls and passes them on.</summary>
    /// <value>Default true.</value>
    public bool HostsCitizens { get; set; } = true;

    /// <summary>Gets or sets from which share of the memory in use the silo gives up citizens that were idle longest, in percent.</summary>
    /// <value>Default 80; from 10 to 95. Of the machine's memory, or of the container's.</value>
    [Range(10, 95)]
    public int ShedAbovePercent { get; set; } = 80;

    /// <summary>Gets or sets how long a citizen may be idle before its memory is given up.</summary>
    /// <value>Default 15 minutes; from 2 minutes to 7 days.</value>
    [Range(typeof(TimeSpan), "00:02:00", "7.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets how long a stop may take, with partitions released and everything acknowledged at rest.</summary>
    /// <value>Default 2 minutes; from 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how often the ledger's manifest is read again, which names the format of records.</summary>
    /// <value>Default 5 seconds; from 100 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ManifestEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how silos and callers prove who they are.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Gets what a new ledger is made with. A ledger that was made with something else is not served.</summary>
    public NewLedgerSettings NewLedger { get; init; } = new();

    /// <summary>Gets which store keeps the journal.</summary>
    public StoreSettings Store { get; init; } = new();

    /// <summary>Gets where the ledger's keys are, if its store is shared.</summary>
    public KeySettings Keys { get; init; } = new();

    /// <summary>Gets how silos find out that one of them is gone.</summary>
    public MembershipSettings Membership { get; init; } = new();

    /// <summary>Gets how partitions are written.</summary>
    public PartitionSettings Partition { get; init; } = new();

    /// <summary>Gets how scores are given out.</summary>
    public ScoringSettings Scoring { get; init; } = new();

    /// <summary>Gets what those who run the silo see of it.</summary>
    public OperationsSettings Operations { get; init; } = new();

    /// <summary>Gets what is only for trying things out. Leave it alone where a ledger matters.</summary>
    public DevelopmentSettings Development { get; init; } = new();
}

/// <summary>What a new ledger is made with, for good.</summary>
internal sealed class NewLedgerSettings
{
    /// <summary>Gets or sets into how many partitions the population is cut.</summary>
    /// <value>Default: 256, or what the ledger has; a power of two from 1 to 65,536.</value>
    [Range(1, 65_536)]
    public int? Partitions { get; set; }

    /// <summary>Gets or sets the zone in which days begin and end.</summary>
    /// <value>Default: <c>UTC</c>, or what the ledger has; an IANA name.</value>
    public string? Zone { get; set; }
}
