using Npgsql;

namespace CreditGrains.Benchmarks;

/// <summary>The table and statements that Orleans' ADO.NET storage provider works by: the layout that its users give it on PostgreSQL.</summary>
/// <remarks>
/// The provider finds its statements by three keys, and the package brings none. A state's row is found by an index on two hashes. A first write
/// inserts where nothing is; every later one moves the version on from the one that was read, or changes nothing. A function does it, as in the
/// layout that is published with Orleans, because its plans are kept from call to call.
/// </remarks>
internal static class StockSchema
{
    private const string This =
        """
        grainidhash = @GrainIdHash and graintypehash = @GrainTypeHash and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1
        and graintypestring = @GrainTypeString and serviceid = @ServiceId and grainidextensionstring is not distinct from @GrainIdExtensionString
        """;

    private const string Tables =
        """
        create table OrleansQuery (QueryKey varchar(64) primary key, QueryText text not null);
        create table OrleansStorage (
            grainidhash integer not null,
            grainidn0 bigint not null,
            grainidn1 bigint not null,
            graintypehash integer not null,
            graintypestring varchar(512) not null,
            grainidextensionstring varchar(512),
            serviceid varchar(150) not null,
            payloadbinary bytea,
            modifiedon timestamp not null,
            version integer);
        create index on OrleansStorage (grainidhash, graintypehash);

        create function write_state(
            idhash integer, n0 bigint, n1 bigint, typehash integer, typename varchar, extension varchar, service varchar, known integer, payload bytea)
            returns integer language plpgsql as $body$
        begin
            if known is null then
                insert into OrleansStorage select idhash, n0, n1, typehash, typename, extension, service, payload, now() at time zone 'utc', 1
                where not exists (
                    select 1 from OrleansStorage s
                    where s.grainidhash = idhash and s.graintypehash = typehash and s.grainidn0 = n0 and s.grainidn1 = n1
                        and s.graintypestring = typename and s.serviceid = service and s.grainidextensionstring is not distinct from extension);
                return case when found then 1 end;
            end if;
            update OrleansStorage s set payloadbinary = payload, modifiedon = now() at time zone 'utc', version = s.version + 1
            where s.grainidhash = idhash and s.graintypehash = typehash and s.grainidn0 = n0 and s.grainidn1 = n1
                and s.graintypestring = typename and s.serviceid = service and s.grainidextensionstring is not distinct from extension
                and s.version = known;
            return case when found then known + 1 else known end;
        end $body$;
        """;

    private static readonly (string Key, string Text)[] Queries =
    [
        ("ReadFromStorageKey", $"select PayloadBinary, now() at time zone 'utc', Version from OrleansStorage where {This}"),
        ("WriteToStorageKey",
            "select write_state(@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @GrainStateVersion, @PayloadBinary) as NewGrainStateVersion"),
        ("ClearStorageKey",
            $"""
            update OrleansStorage set payloadbinary = null, version = version + 1
            where {This} and version = @GrainStateVersion::integer returning version as NewGrainStateVersion
            """),
    ];

    /// <summary>Makes them.</summary>
    internal static async Task MakeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using (var tables = new NpgsqlCommand(Tables, connection)) await tables.ExecuteNonQueryAsync();
        foreach (var (key, text) in Queries)
        {
            await using var query = new NpgsqlCommand("insert into OrleansQuery values ($1, $2)", connection);
            query.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
            query.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            await query.ExecuteNonQueryAsync();
        }
    }
}
