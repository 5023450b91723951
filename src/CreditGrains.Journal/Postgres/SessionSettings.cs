using System.Globalization;
using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>What the store asks of every session, whatever the server, the role or the connection string say.</summary>
internal static class SessionSettings
{
    private const string Durably = @"-c synchronous_commit=on -c default_transaction_isolation=read\ committed";

    /// <summary>Every read is a range of the one index; statistics from when the table was small must not talk the server out of it.</summary>
    private const string ByTheIndex = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off";

    /// <summary>How long after the server should have given a statement up this side gives up on the server.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>For the connections that write groups: each is kept by its session and not pooled.</summary>
    internal static string ForGroups(string connectionString, PostgresStoreOptions options)
    {
        var settings = Common(connectionString, options);
        settings.Pooling = false;

        // A group's arrays are unfolded in memory; beyond this the server would write them to a temporary file first.
        settings.Options += string.Create(CultureInfo.InvariantCulture, $" -c work_mem={Math.Max(64, 4 * options.MaxGroupBytes >> 20)}MB");
        return settings.ConnectionString;
    }

    /// <summary>For the connections that read, redact and migrate.</summary>
    internal static string ForReads(string connectionString, PostgresStoreOptions options)
    {
        var settings = Common(connectionString, options);
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = options.MaxReadConnections;
        settings.NoResetOnClose = true; // nobody changes a session, and the reset would be sent with every read
        settings.MaxAutoPrepare = 8; // the texts that are sent again and again: two ranges and a redaction
        settings.AutoPrepareMinUsages = 2;
        return settings.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Common(string connectionString, PostgresStoreOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Enlist = false;
        settings.Multiplexing = false;
        settings.IncludeErrorDetail = false; // a violated key's detail quotes the key
        settings.Timeout = (int)options.ConnectTimeout.TotalSeconds;
        settings.CommandTimeout = (int)(options.StatementTimeout + Grace).TotalSeconds;

        settings.CancellationTimeout = -1; // what was given up is not waited for: the connection is cut
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "creditgrains";
        var timeout = string.Create(CultureInfo.InvariantCulture, $"-c statement_timeout={(long)options.StatementTimeout.TotalMilliseconds}");
        settings.Options = string.Join(' ', settings.Options, Durably, ByTheIndex, timeout).Trim();
        return settings;
    }

    /// <summary>Makes sure that what a session commits is durable.</summary>
    /// <returns>Whether its commits wait for a standby.</returns>
    /// <exception cref="StoreUnavailableException">It is not.</exception>
    internal static async Task<bool> CheckDurabilityAsync(NpgsqlConnection connection, PostgresStoreOptions options, CancellationToken cancellation)
    {
        await using var question = new NpgsqlCommand(
            "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names')", connection);
        await using var answer = await question.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        Invariant.Holds(await answer.ReadAsync(cancellation).ConfigureAwait(false));
        if (answer.GetString(1) != "on")
        {
            throw new StoreUnavailableException(
                $"{connection.DataSource} set synchronous_commit to {answer.GetString(1)} against the session's wish; "
                + "a pooler between may do that. Connect to the server itself.");
        }

        if (answer.GetString(0) != "on" && !options.AcceptsServerWithoutFsync)
        {
            throw new StoreUnavailableException(
                $"{connection.DataSource} runs with fsync=off and would lose acknowledged entries. "
                + "Turn fsync on, or, for development, accept such a server in the store's options.");
        }

        return answer.GetString(2).Length > 0;
    }
}
