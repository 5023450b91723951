using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Journal;

/// <summary>How a partition is claimed and written.</summary>
public sealed class PartitionLogOptions
{
    /// <summary>Gets how many records one batch may carry. The store's own limits bind too.</summary>
    /// <value>Default 256: beyond it the batch row's share of a record no longer falls, and latency rises.</value>
    [Range(1, 65_536)]
    public int MaxRecordsPerBatch { get; init; } = 256;

    /// <summary>Gets how many records may wait for the next batch. More is refused as <see cref="CommitVerdict.Overloaded"/>.</summary>
    /// <value>Default 4,096.</value>
    [Range(1, 1_000_000)]
    public int MaxQueuedRecords { get; init; } = 4096;

    /// <summary>Gets how many bytes of keys and values may wait for the next batch.</summary>
    /// <value>Default 8 MiB.</value>
    [Range(65_536, int.MaxValue)]
    public int MaxQueuedBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Gets how long one insertion may take before its outcome counts as unknown.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan InsertTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long an unknown outcome is pursued before callers are told <see cref="CommitVerdict.Unknown"/> and the log closes.</summary>
    /// <value>Default 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the first pause between two attempts at a silent store. Each further pause is twice as long, up to <see cref="MaxBackOff"/>.</summary>
    /// <value>Default 10 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets the longest pause between two attempts at a silent store.</summary>
    /// <value>Default 1 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long a claim may take in all.</summary>
    /// <value>Default 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ClaimDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long a claim waits for another owner to release the partition, before it claims over it.</summary>
    /// <value>Default 2 s. Zero claims at once.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReleaseWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how often a claim looks whether the other owner has released the partition.</summary>
    /// <value>Default 50 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ReleasePoll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Gets how long after the start of its last confirmed commit an owner may answer reads that leave no record. Whoever claims over an
    /// owner that has not released waits as long, so all silos of a cluster must agree on it.
    /// </summary>
    /// <value>Default 2 s. Zero: no lease, every such read confirms the head first.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets whether the store can be open in one process only, so that an earlier owner outside this process is gone for certain. Neither
    /// its release nor its lease is waited for then. Leave it off where several silos share one store, be it in one process.
    /// </summary>
    /// <value>Default false.</value>
    public bool IsStoreExclusive { get; init; }

    /// <summary>Gets where batch ids come from.</summary>
    /// <value>Default <see cref="RandomSource.OperatingSystem"/>.</value>
    public RandomSource Random { get; init; } = RandomSource.OperatingSystem;
}
