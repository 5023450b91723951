using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace CreditGrains.Journal.Postgres;

/// <summary>One of the store's databases: its writer, and a pool of connections for the rest.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const string Ascending =
        """
        select space, id, number, value from journal_rows
        where partition = $1 and (space, id, number) >= ($2, $3, $4) and (space, id, number) <= ($5, $6, $7)
        order by space, id, number limit $8
        """;

    private const string Descending =
        """
        select space, id, number, value from journal_rows
        where partition = $1 and (space, id, number) >= ($2, $3, $4) and (space, id, number) <= ($5, $6, $7)
        order by space desc, id desc, number desc limit $8
        """;

    private const string Redaction =
        "update journal_rows set value = $6 where partition = $1 and space = $2 and id = $3 and number = $4 and value = $5";

    private readonly NpgsqlDataSource _pool;
    private volatile bool _isClosed;

    internal PostgresDatabase(string connectionString, PostgresStoreOptions options, ILogger logger)
    {
        _pool = NpgsqlDataSource.Create(SessionSettings.ForReads(connectionString, options));
        var forGroups = SessionSettings.ForGroups(connectionString, options);
        Writer = new(Enumerable.Range(0, options.MaxGroupsInFlight).Select(_ => new GroupSession(forGroups, options, logger)), options);
    }

    internal GroupWriter Writer { get; }

    /// <summary>Makes sure that the database keeps what it acknowledges, has our tables, and belongs at this place.</summary>
    internal async Task<Guid> PrepareAsync(int place, Guid? store, PostgresStoreOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _pool.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await SessionSettings.CheckDurabilityAsync(connection, options, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw new StoreUnavailableException($"The database at place {place + 1} of the list cannot be reached: {PostgresFailures.Describe(failure)}", failure);
        }

        var id = await JournalSchema.PrepareAsync(_pool, place, options.ConnectionStrings.Count, store, cancellation).ConfigureAwait(false);
        await Writer.RehearseAsync().ConfigureAwait(false);
        return id;
    }

    /// <summary>Reads the first rows of a range.</summary>
    internal async Task ReadPageAsync(RowKey from, RowKey to, ReadDirection direction, int maxRows, List<Row> page, CancellationToken cancellation)
    {
        ThrowIfClosed();
        try
        {
            try
            {
                await AskForPageAsync(from, to, direction, maxRows, page, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException ended) when (PostgresFailures.IsEndOfSession(ended) && !cancellation.IsCancellationRequested)
            {
                // A pooled connection may have ended while nobody used it, as all have once the server was started anew. A page may be asked for twice.
                page.Clear();
                await AskForPageAsync(from, to, direction, maxRows, page, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            ThrowIfClosed();
            throw new StoreUnavailableException($"A range of partition {from.Partition} cannot be read: {PostgresFailures.Describe(failure)}", failure);
        }
    }

    internal async Task<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation)
    {
        ThrowIfClosed();
        try
        {
            await using var command = _pool.CreateCommand(Redaction);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Partition });
            AddKey(command, key);
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = expected, NpgsqlDbType = NpgsqlDbType.Bytea });
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = redacted, NpgsqlDbType = NpgsqlDbType.Bytea });
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            cancellation.ThrowIfCancellationRequested();
            ThrowIfClosed();
            throw new StoreUnavailableException($"A row of partition {key.Partition} may or may not be redacted: {PostgresFailures.Describe(failure)}", failure);
        }
    }

    /// <summary>Writes what is queued, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await Writer.StopAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AskForPageAsync(RowKey from, RowKey to, ReadDirection direction, int maxRows, List<Row> page, CancellationToken cancellation)
    {
        await using var command = _pool.CreateCommand(direction == ReadDirection.Ascending ? Ascending : Descending);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = from.Partition });
        AddKey(command, from);
        AddKey(command, to);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = maxRows });

        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var journal = new JournalId((Space)rows.GetInt16(0), RowColumns.ToId(rows.GetGuid(1)));
            page.Add(new(new(from.Partition, journal, RowColumns.ToNumber(rows.GetInt64(2))), rows.GetFieldValue<byte[]>(3)));
        }
    }

    private static void AddKey(NpgsqlCommand command, RowKey key)
    {
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)key.Journal.Space });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = RowColumns.OfId(key.Journal.Id) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = RowColumns.OfNumber(key.Number) });
    }

    private void ThrowIfClosed()
    {
        if (_isClosed) throw new StoreUnavailableException("The store is closed.");
    }
}
