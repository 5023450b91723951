using System.Globalization;
using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>Makes what a part of the program keeps in a database, and brings it up to date when the program is newer.</summary>
/// <remarks>
/// Each part has its own run of migrations, applied in order in one transaction, under an advisory lock that all parts share. So
/// any number of silos may start at once: one migrates, the others wait and find it done.
/// </remarks>
public static class PostgresSchema
{
    // An arbitrary number of ours; advisory locks of other programs in the same database must not be the same.
    private const long LockKey = 0x63_72_65_64_67_72_73_6D;

    // Another silo's migration is waited for, and one may rewrite an index.
    private const int MaxMigrationSeconds = 600;

    /// <summary>Brings one part's tables to the newest version that this program knows.</summary>
    /// <param name="database">The database.</param>
    /// <param name="part">The part's name, such as <c>journal</c>.</param>
    /// <param name="migrations">
    /// The part's migrations, oldest first: the <em>n</em>-th leads from version <em>n</em>−1 to <em>n</em>. What was once published here never changes.
    /// </param>
    /// <param name="cancellation">Stops the wait; what was begun is rolled back.</param>
    /// <exception cref="StoreUnavailableException">The tables are newer than this program, or the database cannot be asked or changed.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource database, string part, IReadOnlyList<string> migrations, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrEmpty(part);
        ArgumentNullException.ThrowIfNull(migrations);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);

            // Without the lock first: nothing is written where nothing is to do, so a role that may not create tables can start a silo.
            if (await VersionAsync(connection, part, cancellation).ConfigureAwait(false) is var version && version == migrations.Count) return;
            RefuseNewer(part, version, migrations.Count);
            await MigrateAsync(connection, part, migrations, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw new StoreUnavailableException($"The tables of the {part} cannot be looked at or made: {PostgresFailures.Describe(failure)}", failure);
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, string part, IReadOnlyList<string> migrations, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var patience = string.Create(CultureInfo.InvariantCulture, $"set local statement_timeout = '{MaxMigrationSeconds}s'");
        var turn = string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({LockKey})");
        await ExecuteAsync(connection, patience, cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, turn, cancellation).ConfigureAwait(false);
        await ExecuteAsync(
            connection,
            """
            create table if not exists creditgrains_schema (
                part text not null,
                version integer not null,
                made_at timestamptz not null default now(),
                primary key (part, version))
            """,
            cancellation).ConfigureAwait(false);

        var version = await VersionAsync(connection, part, cancellation).ConfigureAwait(false);
        RefuseNewer(part, version, migrations.Count);
        for (; version < migrations.Count; version++)
        {
            await ExecuteAsync(connection, migrations[version], cancellation).ConfigureAwait(false);
            await using var mark = new NpgsqlCommand("insert into creditgrains_schema (part, version) values ($1, $2)", connection);
            mark.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
            mark.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version + 1 });
            await mark.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static void RefuseNewer(string part, int version, int known)
    {
        if (version > known)
        {
            throw new StoreUnavailableException(
                $"The tables of the {part} are of version {version}; this program knows them up to {known}. Use the program that made them, or a newer one.");
        }
    }

    /// <summary>Gives the version of a part's tables; 0 if there are none.</summary>
    private static async Task<int> VersionAsync(NpgsqlConnection connection, string part, CancellationToken cancellation)
    {
        await using (var look = new NpgsqlCommand("select to_regclass('creditgrains_schema') is not null", connection))
        {
            if (await look.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true) return 0;
        }

        await using var read = new NpgsqlCommand("select coalesce(max(version), 0) from creditgrains_schema where part = $1", connection);
        read.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
        return (int)(await read.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = MaxMigrationSeconds };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
