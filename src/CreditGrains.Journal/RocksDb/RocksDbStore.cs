using Microsoft.Extensions.Logging;
using RocksDbSharp;
using Database = RocksDbSharp.RocksDb;

namespace CreditGrains.Journal.RocksDb;

/// <summary>The embedded store: a RocksDB database in a folder that one process holds.</summary>
/// <remarks>
/// <para>
/// One thread writes. It takes everything that waits, over all partitions, looks up every key, and makes the sets that are free durable
/// with one write and one sync of the write-ahead log. Rows of a set stand in one atomic write, so a crash leaves all of them or none.
/// </para>
/// <para>
/// A write that RocksDB reports as failed is <see cref="InsertVerdict.Unknown"/>: the bytes may be in the log file, and would come back
/// when the folder is opened again. RocksDB itself no longer trusts its log after such an error, so this store refuses all further writes as
/// not written, says why in <see cref="Failure"/>, and goes on answering reads. Opening the folder again finds out what was kept.
/// A volume that runs full is noticed before that, see <see cref="RocksDbStoreOptions.MinFreeBytes"/>.
/// </para>
/// <para>
/// A redacted body is no longer read from the moment <see cref="RedactAsync"/> answers, but its bytes stay in older files until those are
/// compacted. <see cref="PurgeAsync"/> sees to that.
/// </para>
/// </remarks>
public sealed class RocksDbStore : IJournalStore
{
    // Ours, not RocksDB's: a set is copied into one write in memory, and one write is what all others wait behind.
    private const int MaxSetRows = 4096;
    private const int MaxSetBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan SettlePoll = TimeSpan.FromMilliseconds(50);

    private readonly FolderLock _folder;
    private readonly Database _database;
    private readonly RangeReaders _readers;
    private readonly GroupWriter _writer;
    private readonly Lock _gate = new();
    private Task _purging = Task.CompletedTask;
    private Task? _disposal;

    private RocksDbStore(FolderLock folder, Database database, RocksDbStoreOptions options, ILogger logger)
    {
        _folder = folder;
        _database = database;
        _readers = new(database.Handle);
        _writer = new(database, options, logger);
    }

    /// <inheritdoc/>
    public StoreLimits Limits => new(MaxSetRows, MaxSetBytes);

    /// <summary>Gets why the store refuses writes until it is opened again; null while it accepts them.</summary>
    public string? Failure => _writer.Failure;

    /// <summary>Opens the store in a folder, which is made if it is not there, and readable by its owner alone.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to use the machine.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <exception cref="StoreUnavailableException">Another process holds the folder, or what is in it cannot be opened.</exception>
    public static RocksDbStore Open(string folder, RocksDbStoreOptions options, ILogger logger)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        NativeHeap.Tend();
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);

        var path = Path.GetFullPath(folder);
        var held = FolderLock.Take(path);
        try
        {
            return new(held, Database.Open(RocksDbSetup.For(options), path), options, logger);
        }
        catch (RocksDbException refused)
        {
            held.Dispose();
            throw new StoreUnavailableException($"{path} cannot be opened: {refused.Message}", refused);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        StoreRequests.Check(rows, Limits);
        return new(_writer.Submit(new InsertRequest(rows), cancellation));
    }

    /// <inheritdoc/>
    /// <remarks>Rows are read on the caller's thread; a cold block is read from disk there.</remarks>
    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    {
        StoreRequests.Check(from, to);
        return new RangeRows(_readers, from, to, direction, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation)
    {
        var outcome = await _writer.Submit(new RedactRequest(new(key, redacted), expected), cancellation).ConfigureAwait(false);
        return outcome.Verdict switch
        {
            InsertVerdict.Inserted => true,
            InsertVerdict.KeyExists => false,
            _ => throw new StoreUnavailableException($"A redaction is {outcome.Verdict}: {outcome.Reason}"),
        };
    }

    /// <summary>Rewrites the files that hold a range, so that bytes redacted there are no longer on disk.</summary>
    /// <param name="from">The smallest key.</param>
    /// <param name="to">The largest key.</param>
    /// <returns>Completes when the files are rewritten and the old ones deleted. It reads and writes about as much as those files hold; writes go on meanwhile.</returns>
    /// <exception cref="StoreUnavailableException">RocksDB could not.</exception>
    /// <remarks>Blocks that a file system or a disk keeps of deleted files are beyond this store's reach; so are backups made earlier.</remarks>
    public Task PurgeAsync(RowKey from, RowKey to)
    {
        StoreRequests.Check(from, to);
        lock (_gate)
        {
            if (_disposal is not null) return Task.FromException(new StoreUnavailableException("The store is closed."));
            var purge = Task.Factory.StartNew(
                () => Purging.Run(_database, from, to), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _purging = Task.WhenAll(_purging, purge);
            return purge;
        }
    }

    /// <summary>Waits until RocksDB flushes and merges nothing and has nothing to flush or merge.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Completes at a moment of quiet; what is written afterwards brings new work. Under steady writing there may be no such moment.</returns>
    /// <exception cref="StoreUnavailableException">The store is closed.</exception>
    /// <remarks>For who measures reads, which would else be those of a store busy with what was written before.</remarks>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        // RocksDB tells no one when it is through, so it is asked.
        while (!IsQuiet()) await Task.Delay(SettlePoll, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes what is queued, then closes the folder. Readers still open find the store unavailable.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new(_disposal ??= CloseAsync());
    }

    private bool IsQuiet()
    {
        lock (_gate)
        {
            if (_disposal is not null) throw RangeReader.Closed();
            return Array.TrueForAll(
                ["rocksdb.mem-table-flush-pending", "rocksdb.num-running-flushes", "rocksdb.compaction-pending", "rocksdb.num-running-compactions"],
                property => _database.GetProperty(property) == "0");
        }
    }

    private async Task CloseAsync()
    {
        await _writer.StopAsync().ConfigureAwait(false);
        await _purging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever asked for a purge hears how it ended
        _readers.Close();
        _database.Dispose();
        _folder.Dispose();
    }
}
