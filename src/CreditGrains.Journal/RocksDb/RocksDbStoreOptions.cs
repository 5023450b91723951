using System.ComponentModel.DataAnnotations;

namespace CreditGrains.Journal.RocksDb;

/// <summary>How the embedded store uses its machine.</summary>
public sealed class RocksDbStoreOptions
{
    /// <summary>Gets how much memory holds blocks of the files that were read, index and filter blocks included.</summary>
    /// <value>Default 256 MiB.</value>
    [Range(8L * 1024 * 1024, 1L << 40)]
    public long BlockCacheBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Gets how large one memtable grows before it is written to a file. Up to four exist.</summary>
    /// <value>Default 64 MiB.</value>
    [Range(1L * 1024 * 1024, 1L << 34)]
    public long MemtableBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Gets how many threads flush and compact.</summary>
    /// <value>Default: half the processors, at least 2.</value>
    [Range(1, 256)]
    public int BackgroundJobs { get; init; } = Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>Gets how many bytes of keys and values may wait for the writer. More is refused as not written.</summary>
    /// <value>Default 256 MiB.</value>
    [Range(64L * 1024 * 1024, 1L << 40)]
    public long MaxQueuedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Gets how many bytes are made durable by one write at most. More sets wait for the next one.</summary>
    /// <value>Default 8 MiB: a few milliseconds of writing, so that nobody waits long behind a large group.</value>
    [Range(64L * 1024, 1L << 30)]
    public long MaxGroupBytes { get; init; } = 8L * 1024 * 1024;

    /// <summary>
    /// Gets the room that must stay free on the volume. Below it writes are refused as not written, and go on by themselves once there is
    /// room: the database below never meets a full disk, after which it would have to be reopened.
    /// </summary>
    /// <value>Default 512 MiB. Zero turns the check off.</value>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Gets what tells the free bytes of the folder's volume, for tests.</summary>
    internal Func<string, long> FreeBytes { get; init; } = static folder => new DriveInfo(folder).AvailableFreeSpace;
}
