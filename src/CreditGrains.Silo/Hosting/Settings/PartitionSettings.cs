using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal;

namespace CreditGrains.Silo.Hosting;

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
    /// <value>Default 2 s; from 0 to 10 min. The same on every silo of a cluster: who takes a partition over waits as long.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a silo that takes a partition over waits for the one before it to give it up.</summary>
    /// <value>Default 2 s; from 0 to 10 min. Of a silo that died it never comes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReleaseWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gives the journal's options.</summary>
    /// <param name="isStoreExclusive">Whether the store is locked by the process that opens it, so that no other owner can be waited for.</param>
    internal PartitionLogOptions ToOptions(bool isStoreExclusive) => new()
    {
        MaxRecordsPerBatch = MaxRecordsPerBatch,
        MaxQueuedRecords = MaxQueuedRecords,
        MaxQueuedBytes = MaxQueuedMiB << 20,
        InsertTimeout = InsertTimeout,
        SettleDeadline = SettleDeadline,
        Lease = Lease,
        ReleaseWait = ReleaseWait,
        IsStoreExclusive = isStoreExclusive,
    };
}
