namespace CreditGrains.Silo.Clustering.Postgres;

/// <summary>Keeps a cluster's membership in PostgreSQL, through Orleans' own ADO.NET provider.</summary>
internal static class PostgresMembership
{
    // By this name the provider looks for the driver's assembly.
    private const string Driver = "Npgsql";

    /// <summary>Makes a silo join the cluster that is kept in a database, whose tables <see cref="MembershipSchema.MakeAsync"/> has made.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">The database, as Npgsql takes it.</param>
    internal static ISiloBuilder UsePostgresMembership(this ISiloBuilder silo, string connectionString) =>
        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Driver;
            clustering.ConnectionString = connectionString;
        });

    /// <summary>Makes a client find the gateways of the cluster that is kept in a database.</summary>
    /// <param name="client">The client.</param>
    /// <param name="connectionString">The database, as Npgsql takes it.</param>
    internal static IClientBuilder UsePostgresMembership(this IClientBuilder client, string connectionString) =>
        client.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Driver;
            clustering.ConnectionString = connectionString;
        });
}
