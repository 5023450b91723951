using CreditGrains.Journal.Postgres;
using Npgsql;

namespace CreditGrains.Silo.Clustering.Postgres;

/// <summary>The tables of the cluster's membership, and the statements by which Orleans' ADO.NET provider uses them.</summary>
/// <remarks>
/// The provider asks the database for its statements by nine keys; the package brings none for PostgreSQL. These are ours. A cluster's
/// version row is what changes are ordered by: whoever changes a member moves the version from the one that it read, in the same
/// statement, or changes nothing.
/// </remarks>
internal static class MembershipSchema
{
    private const string Part = "membership";

    // Orleans' SiloStatus: what a gateway's status is compared with comes as a parameter, this one does not.
    private const int Dead = 6;

    // Lengths are those that the provider's own scripts give on other databases.
    private const string Tables =
        """
        create table OrleansQuery (
            QueryKey varchar(64) primary key,
            QueryText text not null);

        create table silo_membership_version (
            DeploymentId varchar(150) primary key,
            Timestamp timestamptz(3) not null default now(),
            Version integer not null default 0);

        create table silo_membership (
            DeploymentId varchar(150) not null references silo_membership_version,
            Address varchar(45) not null,
            Port integer not null,
            Generation integer not null,
            SiloName varchar(150) not null,
            HostName varchar(150) not null,
            Status integer not null,
            ProxyPort integer,
            SuspectTimes varchar(8000),
            StartTime timestamptz(3) not null,
            IAmAliveTime timestamptz(3) not null,
            primary key (DeploymentId, Address, Port, Generation));

        """;

    private const string ThisSilo = "DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation";

    private const string Member =
        """
        select v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
        from silo_membership_version v left join silo_membership m on m.DeploymentId = v.DeploymentId
        """;

    private static readonly (string Key, string Text)[] Queries =
    [
        ("InsertMembershipVersionKey",
            """
            with made as (insert into silo_membership_version (DeploymentId) values (@DeploymentId) on conflict do nothing returning 1)
            select count(*)::integer from made
            """),
        ("InsertMembershipKey",
            $"""
            with moved as (
                update silo_membership_version set Timestamp = now(), Version = Version + 1
                where DeploymentId = @DeploymentId and Version = @Version and not exists (select 1 from silo_membership where {ThisSilo})
                returning 1),
            made as (
                insert into silo_membership (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
                select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from moved
                on conflict do nothing returning 1)
            select count(*)::integer from made
            """),
        ("UpdateMembershipKey",
            $"""
            with moved as (
                update silo_membership_version set Timestamp = now(), Version = Version + 1
                where DeploymentId = @DeploymentId and Version = @Version and exists (select 1 from silo_membership where {ThisSilo})
                returning 1),
            changed as (
                update silo_membership set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
                where {ThisSilo} and exists (select 1 from moved)
                returning 1)
            select count(*)::integer from changed
            """),
        ("UpdateIAmAlivetimeKey", $"update silo_membership set IAmAliveTime = @IAmAliveTime where {ThisSilo}"),
        ("MembershipReadRowKey", $"{Member} and m.Address = @Address and m.Port = @Port and m.Generation = @Generation where v.DeploymentId = @DeploymentId"),
        ("MembershipReadAllKey", $"{Member} where v.DeploymentId = @DeploymentId"),
        ("GatewaysQueryKey", "select Address, ProxyPort, Generation from silo_membership where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0"),
        ("CleanupDefunctSiloEntriesKey",
            $"delete from silo_membership where DeploymentId = @DeploymentId and Status = {Dead} and greatest(StartTime, IAmAliveTime) < @IAmAliveTime"),
        ("DeleteMembershipTableEntriesKey",
            """
            with members as (delete from silo_membership where DeploymentId = @DeploymentId)
            delete from silo_membership_version where DeploymentId = @DeploymentId
            """),
    ];

    /// <summary>Makes the tables where there are none. Any number of silos may do so at once.</summary>
    /// <param name="connectionString">The database, as Npgsql takes it. It may be one of the journal's.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="Journal.StoreUnavailableException">The database cannot be asked or changed, or its tables are newer.</exception>
    internal static async Task MakeAsync(string connectionString, CancellationToken cancellation)
    {
        var statements = Queries.Select(query => $"insert into OrleansQuery values ('{query.Key}', '{Quoted(query.Text)}');\n");
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { IncludeErrorDetail = false, Pooling = false };
        var database = NpgsqlDataSource.Create(settings.ConnectionString);
        await using (database.ConfigureAwait(false))
            await PostgresSchema.MigrateAsync(database, Part, [Tables + string.Concat(statements)], cancellation).ConfigureAwait(false);
    }

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
