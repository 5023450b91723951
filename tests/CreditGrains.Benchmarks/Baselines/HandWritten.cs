using System.Globalization;
using Npgsql;

namespace CreditGrains.Benchmarks;

/// <summary>
/// <c>hand-written</c>: the best that a team would write on PostgreSQL without the ledger, run by pgbench. One prepared statement an entry is
/// idempotent by the entry's reference and keeps the citizen's monthly sums; 32 clients, so that the server commits them in groups.
/// </summary>
/// <remarks>It keeps no chain, no batch row and no file: only what it needs to answer what was paid in a month. Ids are small and dense, as suits an index.</remarks>
internal sealed class HandWritten
{
    private const int Clients = 32;

    private const string Tables =
        """
        create table entries (
            citizen bigint not null,
            furnisher text not null,
            reference text not null,
            kind smallint not null,
            category text,
            occurred_on date not null,
            amount bigint not null,
            currency text not null,
            recorded_at timestamptz not null default now(),
            primary key (citizen, furnisher, reference));
        create table months (
            citizen bigint not null,
            month date not null,
            kind smallint not null,
            currency text not null,
            total numeric not null,
            entries bigint not null,
            primary key (citizen, month, kind, currency)) with (fillfactor = 80);
        """;

    private const string Script =
        """
        \set citizen random(1, 100000)
        \set number random(1, 9000000000000000000)
        \set amount random(1000, 100999)
        \set day random(0, 699)
        with entry as (
            insert into entries (citizen, furnisher, reference, kind, category, occurred_on, amount, currency)
            values (:citizen, 'bench', 'bench/' || :number::bigint, 2, 'groceries', date '2024-01-01' + :day::integer, :amount, 'CNY')
            on conflict (citizen, furnisher, reference) do nothing
            returning citizen, date_trunc('month', occurred_on)::date as month, kind, currency, amount)
        insert into months select citizen, month, kind, currency, amount, 1 from entry
        on conflict (citizen, month, kind, currency) do update set total = months.total + excluded.total, entries = months.entries + 1;
        """;

    private readonly string _program;
    private readonly NpgsqlConnectionStringBuilder _database;

    private HandWritten(string program, NpgsqlConnectionStringBuilder database)
    {
        _program = program;
        _database = database;
    }

    /// <summary>Makes the tables.</summary>
    /// <exception cref="MissingException">There is no pgbench.</exception>
    internal static async Task<HandWritten> StartAsync(string connectionString)
    {
        var program = await FindAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var make = new NpgsqlCommand(Tables, connection);
        await make.ExecuteNonQueryAsync();
        return new(program, new(connectionString));
    }

    /// <summary>Runs pgbench for a slice's time.</summary>
    internal async Task<Slice> RunAsync()
    {
        var (exitCode, output, error) = await Programs.RunAsync(
            _program,
            Script,
            "-n", "-M", "prepared", "-c", $"{Clients}", "-j", "2", "-T", $"{RecordScenarios.SliceTime.TotalSeconds:F0}", "-f", "-",
            "-h", _database.Host!, "-p", _database.Port.ToString(CultureInfo.InvariantCulture), "-U", _database.Username!, _database.Database!);
        if (exitCode != 0) throw new InvalidOperationException($"pgbench ended with {exitCode}: {error}");

        // "number of transactions actually processed: 40123" and "tps = 10023.4 (without initial connection time)". A failed one ends pgbench.
        var (done, perSecond) = (Number(output, "actually processed:"), Number(output, "tps ="));
        return new((long)done, TimeSpan.FromSeconds(done / perSecond));
    }

    private static double Number(string output, string after)
    {
        var place = output.IndexOf(after, StringComparison.Ordinal);
        if (place < 0) throw new InvalidOperationException($"pgbench does not say '{after}': {output}");
        return double.Parse(output[(place + after.Length)..].TrimStart().Split([' ', '\n', '/'])[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Finds pgbench beside the server, or on the PATH.</summary>
    private static async Task<string> FindAsync()
    {
        var (exitCode, folder, _) = await Programs.RunAsync(SourceRoot.Path("scripts", "servers", "postgres", "binaries"), null);
        string[] folders = [.. exitCode == 0 ? [folder.Trim()] : Array.Empty<string>(), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        return folders.Select(place => Path.Combine(place, "pgbench")).FirstOrDefault(File.Exists)
            ?? throw new MissingException($"there is no pgbench in {folder.Trim()} nor on the PATH");
    }
}
