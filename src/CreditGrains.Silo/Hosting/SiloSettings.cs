using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Silo.Operations;

namespace CreditGrains.Silo.Hosting;

/// <summary>Everything a silo is told by <c>silo-config/silo.json</c>. Each key has a default; a value out of its range stops the silo before it starts.</summary>
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

    /// <summary>Gets or sets how long a citizen may be idle before its memory is given up.</summary>
    /// <value>Default 15 minutes; from 2 minutes to 7 days.</value>
    [Range(typeof(TimeSpan), "00:02:00", "7.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets how long a stop may take, with partitions released and everything acknowledged at rest.</summary>
    /// <value>Default 2 minutes; from 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets how silos and callers prove who they are.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Gets what a new ledger is made with. A ledger that exists keeps what it was made with.</summary>
    public NewLedgerSettings NewLedger { get; init; } = new();

    /// <summary>Gets how the embedded store is kept.</summary>
    public StoreSettings Store { get; init; } = new();

    /// <summary>Gets how partitions are written.</summary>
    public PartitionSettings Partition { get; init; } = new();

    /// <summary>Gets what those who run the silo see of it.</summary>
    public OperationsSettings Operations { get; init; } = new();
}

/// <summary>What a new ledger is made with, for good.</summary>
internal sealed class NewLedgerSettings
{
    /// <summary>Gets or sets into how many partitions the population is cut.</summary>
    /// <value>Default 256; a power of two from 1 to 65,536.</value>
    [Range(1, 65_536)]
    public int Partitions { get; set; } = 256;

    /// <summary>Gets or sets the zone in which days begin and end.</summary>
    /// <value>Default <c>UTC</c>; an IANA name.</value>
    [Required]
    public string Zone { get; set; } = "UTC";
}

/// <summary>How the embedded store is kept.</summary>
internal sealed class StoreSettings
{
    /// <summary>Gets or sets the memory for blocks read from disk, in MiB.</summary>
    /// <value>Default 256; from 8 to 1,048,576.</value>
    [Range(8, 1 << 20)]
    public int BlockCacheMiB { get; set; } = 256;

    /// <summary>Gets or sets the memory for rows not yet in a table file, in MiB a table.</summary>
    /// <value>Default 64; from 1 to 16,384.</value>
    [Range(1, 1 << 14)]
    public int MemtableMiB { get; set; } = 64;

    /// <summary>Gets or sets the free disk below which the store refuses to write, in MiB.</summary>
    /// <value>Default 512; from 0 to 1,048,576. A disk that fills up inside a write leaves a commit whose end is unknown.</value>
    [Range(0, 1 << 20)]
    public int MinFreeMiB { get; set; } = 512;

    internal RocksDbStoreOptions ToOptions() => new()
    {
        BlockCacheBytes = BlockCacheMiB * Mebibyte,
        MemtableBytes = MemtableMiB * Mebibyte,
        MinFreeBytes = MinFreeMiB * Mebibyte,
    };

    private const long Mebibyte = 1 << 20;
}

/// <summary>How partitions are written.</summary>
internal sealed class PartitionSettings
{
    /// <summary>Gets or sets how many records one batch of a partition may have.</summary>
    /// <value>Default 256; from 32 to 65,536: a record of a busy citizen brings up to 16 pages of references along.</value>
    [Range(32, 65_536)]
    public int MaxRecordsPerBatch { get; set; } = 256;

    /// <summary>Gets or sets how many records may wait for a partition; beyond it callers are told <c>Overloaded</c>.</summary>
    /// <value>Default 4,096; from 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MaxQueuedRecords { get; set; } = 4_096;

    /// <summary>Gets or sets how many MiB may wait for a partition; beyond it callers are told <c>Overloaded</c>.</summary>
    /// <value>Default 8; from 1 to 1,024.</value>
    [Range(1, 1_024)]
    public int MaxQueuedMiB { get; set; } = 8;

    /// <summary>Gets or sets how long the store may leave a commit without an answer before it is settled.</summary>
    /// <value>Default 10 s; from 10 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan InsertTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a commit whose end is unknown is tried to be settled before callers are told so.</summary>
    /// <value>Default 60 s; from 0 to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how long reads that leave no record may be answered after the last confirmed commit.</summary>
    /// <value>Default 2 s; from 0 to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    // The embedded store is locked by the process that opens it, so that no other owner can be waited for.
    internal PartitionLogOptions ToOptions() => new()
    {
        MaxRecordsPerBatch = MaxRecordsPerBatch,
        MaxQueuedRecords = MaxQueuedRecords,
        MaxQueuedBytes = MaxQueuedMiB << 20,
        InsertTimeout = InsertTimeout,
        SettleDeadline = SettleDeadline,
        Lease = Lease,
        IsStoreExclusive = true,
    };
}
