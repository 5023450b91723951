using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal.Postgres;

/// <summary>The store on PostgreSQL, for silos on hardware of one's own: rows in one table, in each of one or more databases.</summary>
/// <remarks>
/// <para>
/// What waits for a database, over all partitions, goes in groups of one statement and one commit each. Within a group each set is written
/// all or none by itself (see <see cref="GroupSession"/>). <see cref="InsertVerdict.Inserted"/> is said after the commit was
/// acknowledged, and by then the server has synced its log, and its synchronous standbys theirs.
/// </para>
/// <para>
/// A refusal of the server is <see cref="InsertVerdict.NotWritten"/> where it is one of a list (<see cref="PostgresFailures"/>) and came
/// before the server set out to commit. A broken connection, a timeout on this side, and whatever is not in the list are
/// <see cref="InsertVerdict.Unknown"/>. The store sends nothing twice of which it cannot tell; the partition's log settles it.
/// </para>
/// <para>
/// A redacted body is no longer read from the moment <see cref="RedactAsync"/> answers. Its bytes stay in the table until a vacuum, and in
/// the server's log and in backups until those are thrown away, which is the operator's to arrange.
/// </para>
/// <para>
/// Several silos, and other programs, may have the store open at once.
/// </para>
/// </remarks>
public sealed class PostgresStore : IJournalStore
{
    // Ours, not PostgreSQL's, whose parameters may be a gigabyte: the server holds about three copies of a set, and the
    // queue of a partition is no larger than this by default.
    private const int MaxSetRows = 4096;
    private const int MaxSetBytes = 8 * 1024 * 1024;

    private readonly PostgresDatabase[] _databases;
    private readonly Lock _gate = new();
    private Task? _disposal;

    private PostgresStore(PostgresDatabase[] databases) => _databases = databases;

    /// <inheritdoc/>
    public StoreLimits Limits => new(MaxSetRows, MaxSetBytes);

    /// <summary>Opens the store, making its tables where there are none.</summary>
    /// <param name="options">Which databases, and how to use them.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="StoreUnavailableException">
    /// A database cannot be reached, does not keep what it acknowledges, was made by a newer program, or does not belong at its place in the list.
    /// </exception>
    public static async Task<PostgresStore> OpenAsync(PostgresStoreOptions options, ILogger logger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        Validator.ValidateObject(options, new(options), validateAllProperties: true);

        var store = new PostgresStore([.. options.ConnectionStrings.Select(connectionString => new PostgresDatabase(connectionString, options, logger))]);
        try
        {
            Guid? id = null;
            for (var place = 0; place < store._databases.Length; place++)
                id = await store._databases[place].PrepareAsync(place, id, options, cancellation).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        StoreRequests.Check(rows, Limits);
        return new(Of(rows[0].Key.Partition).Writer.Submit(new(rows), cancellation));
    }

    /// <inheritdoc/>
    /// <remarks>Read in pages: the first small, and of batch rows downward only the newest. Each page is one probe of the index.</remarks>
    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    {
        StoreRequests.Check(from, to);
        return RangePages.ReadAsync(Of(from.Partition), from, to, direction, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        new(Of(key.Partition).RedactAsync(key, expected, redacted, cancellation));

    /// <summary>Writes what is queued, then closes the connections. Reads that want another page find the store unavailable.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) return new(_disposal ??= Task.WhenAll(_databases.Select(database => database.DisposeAsync().AsTask())));
    }

    private PostgresDatabase Of(int partition) => _databases[partition % _databases.Length];
}
