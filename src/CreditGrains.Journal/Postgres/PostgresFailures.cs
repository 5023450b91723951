using System.Net.Sockets;
using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>Reads what went wrong with a statement.</summary>
internal static class PostgresFailures
{
    /// <summary>A key of the statement was taken by a row that is committed: the statement wrote nothing.</summary>
    internal const string UniqueViolation = "23505";

    /// <summary>Two transactions waited for each other and this one was chosen to be rolled back.</summary>
    internal const string DeadlockDetected = "40P01";

    /// <summary>Gives whether a statement that ended so, before the server said that it was carried out, is certain to have written nothing.</summary>
    /// <remarks>
    /// A statement is its own transaction here, and the server commits after it has said that the statement was carried out. An error before that is a rollback.
    /// Still this is a list of what was thought about, and what is not in it is doubted. Deliberately not <see cref="NpgsqlException.IsTransient"/>:
    /// that was made for work that may be done twice, and counts a broken connection as safe to try again.
    /// </remarks>
    internal static bool IsCertainRefusal(string sqlState) => sqlState switch
    {
        UniqueViolation => true,
        DeadlockDetected => true,
        "40001" => true, // serialization failure: a role's default isolation got past ours
        "53100" => true, // disk full: a table or index could not grow. A full disk under the log is a crash, and comes as a broken connection
        "53200" => true, // out of memory
        "53400" => true, // a configured limit, such as that of temporary files
        "55P03" => true, // lock_timeout ran out
        "57014" => true, // statement_timeout ran out, or an operator cancelled the statement
        "57P01" => true, // an operator ends the session or stops the server, between statements or in the midst of ours
        "58030" => true, // a file of a table or index could not be read or written
        "25006" => true, // the server is a standby, or was made read-only
        "42501" => true, // the role may not insert
        "42P01" => true, // the table is not there
        _ => false,
    };

    /// <summary>Whether an exception is the server's, the driver's or the network's, and not a bug.</summary>
    internal static bool IsOfServer(Exception failure) =>
        failure is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException
        || failure is InvalidOperationException && failure.Source == nameof(Npgsql);

    /// <summary>Whether a session has ended, or its connection: another may be had at once. A server that is slow is another matter.</summary>
    internal static bool IsEndOfSession(NpgsqlException failure) => failure is PostgresException said
        ? said.SqlState.StartsWith("57P", StringComparison.Ordinal)
        : failure.InnerException is not TimeoutException;

    /// <summary>Says what happened. The server's details are left out: they quote keys.</summary>
    internal static string Describe(Exception failure) => failure switch
    {
        PostgresException said => $"{said.SqlState}: {said.MessageText}",
        NpgsqlException { InnerException: { } inner } => $"{failure.Message}: {inner.Message}",
        _ => failure.Message,
    };
}
