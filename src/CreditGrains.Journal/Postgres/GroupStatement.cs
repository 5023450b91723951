using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace CreditGrains.Journal.Postgres;

/// <summary>The statement that inserts a group, prepared on a connection that is used for nothing else.</summary>
internal sealed class GroupStatement : IAsyncDisposable
{
    // Columns, not rows, cross the wire: five arrays of leads and five of the other rows.
    private const string Text =
        """
        with lead as (
            insert into journal_rows (partition, space, id, number, value)
            select * from unnest($1, $2, $3, $4, $5)
            on conflict do nothing
            returning partition),
        other as (
            insert into journal_rows (partition, space, id, number, value)
            select * from unnest($6, $7, $8, $9, $10) as row (partition, space, id, number, value)
            where row.partition in (select partition from lead))
        select partition from lead
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;
    private readonly Columns _leads;
    private readonly Columns _others;

    private GroupStatement(NpgsqlConnection connection)
    {
        _connection = connection;
        _command = new(Text, connection);
        _leads = new(_command.Parameters);
        _others = new(_command.Parameters);
    }

    /// <summary>
    /// Gets whether the server has said that it carried the last statement out. From there on it commits, and an error no longer means a rollback.
    /// </summary>
    internal bool IsCarriedOut { get; private set; }

    /// <summary>Gets which database this is, for messages.</summary>
    internal string Place => $"{_connection.DataSource}/{_connection.Database}";

    /// <summary>Connects, makes sure that a commit here is durable, and prepares.</summary>
    /// <exception cref="StoreUnavailableException">The server does not keep what it acknowledges.</exception>
    internal static async Task<GroupStatement> PrepareAsync(string connectionString, PostgresStoreOptions options)
    {
        var statement = new GroupStatement(new(connectionString));
        try
        {
            await statement._connection.OpenAsync().ConfigureAwait(false);
            if (await SessionSettings.CheckDurabilityAsync(statement._connection, options, CancellationToken.None).ConfigureAwait(false))
            {
                // Giving up sends the server a request to cancel. One that waits for its standby would stop waiting, and show as committed what the
                // standby has not got; so it is not given up. Its callers give up on it.
                statement._command.CommandTimeout = 0;
            }

            await statement._command.PrepareAsync().ConfigureAwait(false);
            return statement;
        }
        catch
        {
            await statement.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether the server still answers on this connection.</summary>
    internal async Task<bool> IsAliveAsync()
    {
        try
        {
            await using var question = new NpgsqlCommand("", _connection);
            await question.ExecuteNonQueryAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (PostgresFailures.IsOfServer(gone))
        {
            return false;
        }
    }

    /// <summary>Inserts the sets of a group, and finds each inserted or with a key that exists. Returns only after the commit was acknowledged.</summary>
    internal async Task ExecuteAsync(List<WriteRequest> group, int from, int count)
    {
        IsCarriedOut = false;
        try
        {
            for (var i = from; i < from + count; i++)
            {
                group[i].Found = new(InsertVerdict.KeyExists);
                Add(group[i]);
            }

            var inserted = await ExecuteAsync(count).ConfigureAwait(false);
            for (var i = from; i < from + count; i++)
            {
                if (inserted.Contains(group[i].Partition)) group[i].Found = new(InsertVerdict.Inserted);
            }
        }
        finally
        {
            _leads.Clear(); // an idle connection keeps nobody's bytes in memory
            _others.Clear();
        }
    }

    private void Add(WriteRequest request)
    {
        for (var i = 0; i < request.Rows.Count; i++) (i == request.Lead ? _leads : _others).Add(request.Rows[i]);
    }

    /// <summary>Gives the partitions whose sets are durable now.</summary>
    private async Task<HashSet<int>> ExecuteAsync(int count)
    {
        // No token: a group is not given up halfway for the sake of one caller. The timeouts of server and connection bound it.
        var inserted = new HashSet<int>(count);
        var reader = await _command.ExecuteReaderAsync(CommandBehavior.Default, CancellationToken.None).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false)) inserted.Add(reader.GetInt32(0));
            IsCarriedOut = true;

            // The next message says that the transaction is committed; anything else is thrown here.
            Invariant.Holds(!await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false));
        }

        return inserted;
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Rows as five arrays, which are the statement's parameters.</summary>
    private sealed class Columns
    {
        private readonly List<int> _partitions = [];
        private readonly List<short> _spaces = [];
        private readonly List<Guid> _ids = [];
        private readonly List<long> _numbers = [];
        private readonly List<ReadOnlyMemory<byte>> _values = [];

        internal Columns(NpgsqlParameterCollection parameters)
        {
            parameters.Add(new NpgsqlParameter<List<int>> { TypedValue = _partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            parameters.Add(new NpgsqlParameter<List<short>> { TypedValue = _spaces, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
            parameters.Add(new NpgsqlParameter<List<Guid>> { TypedValue = _ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
            parameters.Add(new NpgsqlParameter<List<long>> { TypedValue = _numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            parameters.Add(new NpgsqlParameter<List<ReadOnlyMemory<byte>>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        }

        internal void Add(in Row row)
        {
            _partitions.Add(row.Key.Partition);
            _spaces.Add((short)row.Key.Journal.Space);
            _ids.Add(RowColumns.OfId(row.Key.Journal.Id));
            _numbers.Add(RowColumns.OfNumber(row.Key.Number));
            _values.Add(row.Value);
        }

        internal void Clear()
        {
            _partitions.Clear();
            _spaces.Clear();
            _ids.Clear();
            _numbers.Clear();
            _values.Clear();
        }
    }
}
