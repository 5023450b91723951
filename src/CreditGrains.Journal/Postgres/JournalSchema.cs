using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>The journal's tables, and each database's place among those of the store.</summary>
internal static class JournalSchema
{
    private const string Part = "journal";

    /// <summary>What leads from an empty database to today's tables. A new step is added at the end; none is ever changed.</summary>
    internal static readonly IReadOnlyList<string> Migrations =
    [
        // Rows up to a page's size stay in their page and are not compressed: a record with a snapshot is one read, and packing bodies
        // that are salted, hashed or encrypted gains little for its time. Numbers are stored less 2^63. Autovacuum finds nothing to do
        // but freeze, unless bodies are redacted.
        """
        create table journal_rows (
            partition integer not null,
            space smallint not null,
            id uuid not null,
            number bigint not null,
            value bytea not null,
            primary key (partition, space, id, number)
        ) with (toast_tuple_target = 8160);
        alter table journal_rows alter column value set storage external;

        create table journal_place (
            one boolean primary key default true check (one),
            store uuid not null,
            place integer not null,
            places integer not null
        )
        """,
    ];

    /// <summary>Brings a database up to date, and makes sure that it is the one that belongs at this place of the list.</summary>
    /// <param name="database">The database.</param>
    /// <param name="place">Its place in the list, from 0.</param>
    /// <param name="places">How many there are.</param>
    /// <param name="store">Which store the databases before it belong to; null for the first.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>Which store it belongs to: the given one, or the first database's.</returns>
    /// <exception cref="StoreUnavailableException">It belongs elsewhere, is newer, or cannot be asked.</exception>
    internal static async Task<Guid> PrepareAsync(NpgsqlDataSource database, int place, int places, Guid? store, CancellationToken cancellation)
    {
        await PostgresSchema.MigrateAsync(database, Part, Migrations, cancellation).ConfigureAwait(false);
        try
        {
            var found = await ReadPlaceAsync(database, cancellation).ConfigureAwait(false)
                ?? await TakePlaceAsync(database, new(store ?? Guid.NewGuid(), place, places), cancellation).ConfigureAwait(false);
            var wanted = new Place(store ?? found.Store, place, places);
            if (found == wanted) return found.Store;

            throw new StoreUnavailableException(found.Store != wanted.Store
                ? $"The database at place {place + 1} of the list belongs to another store than those before it. "
                    + "Name the databases of one store, in the order in which it was made."
                : $"The database at place {place + 1} of {places} in the list was made as number {found.Index + 1} of {found.Count}. "
                    + "Partitions are found by that; put the list back as it was.");
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            throw new StoreUnavailableException($"The database at place {place + 1} of the list cannot be asked: {PostgresFailures.Describe(failure)}", failure);
        }
    }

    private static async Task<Place?> ReadPlaceAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var read = database.CreateCommand("select store, place, places from journal_place");
        await using var row = await read.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false) ? new(row.GetGuid(0), row.GetInt32(1), row.GetInt32(2)) : null;
    }

    private static async Task<Place> TakePlaceAsync(NpgsqlDataSource database, Place wanted, CancellationToken cancellation)
    {
        await using (var take = database.CreateCommand("insert into journal_place (store, place, places) values ($1, $2, $3) on conflict do nothing"))
        {
            take.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = wanted.Store });
            take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = wanted.Index });
            take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = wanted.Count });
            await take.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        // Another silo may have been first; what stands there now stands for good.
        return await ReadPlaceAsync(database, cancellation).ConfigureAwait(false) ?? wanted;
    }

    private sealed record Place(Guid Store, int Index, int Count);
}
