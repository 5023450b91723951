using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>Which databases hold the journal, and how they are written and read.</summary>
public sealed class PostgresStoreOptions : IValidatableObject
{
    /// <summary>
    /// Gets where the databases are, each as Npgsql takes it. Partition <em>p</em> lies in the database at place <em>p</em> modulo their
    /// number, so neither number nor order may change once the store is made; each database remembers its place, and another is refused.
    /// </summary>
    /// <value>No default; at least one, at most 256, no two the same.</value>
    /// <remarks>
    /// Each names one host: a read from a standby could miss what was acknowledged. It names the server and not a pooler, whose own errors would be taken
    /// for the server's. What the store must be sure of (durability, isolation, plans, timeouts) it sets for its own sessions, whatever is said here.
    /// </remarks>
    [Required, MinLength(1), MaxLength(256)]
    public IReadOnlyList<string> ConnectionStrings { get; init; } = [];

    /// <summary>Gets how many groups may be on their way to one database at once, each on a connection of its own.</summary>
    /// <value>Default 2: one is written while the other waits for the disk. From 1 to 64.</value>
    [Range(1, 64)]
    public int MaxGroupsInFlight { get; init; } = 2;

    /// <summary>Gets how many rows are made durable by one statement at most. More sets wait for the next one; a larger set goes alone.</summary>
    /// <value>Default 16,384: a tenth of a second of a busy server's time. From 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MaxGroupRows { get; init; } = 16_384;

    /// <summary>Gets how many bytes of keys and values are made durable by one statement at most. More sets wait for the next one; a larger set goes alone.</summary>
    /// <value>Default 8 MiB, of which the server holds two or three copies while it inserts. From 64 KiB to 128 MiB.</value>
    [Range(64 * 1024, 128 * 1024 * 1024)]
    public int MaxGroupBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Gets how many bytes of keys and values may wait for one database. More is refused as not written.</summary>
    /// <value>Default 256 MiB. From 64 MiB to 1 TiB.</value>
    [Range(64L * 1024 * 1024, 1L << 40)]
    public long MaxQueuedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Gets how many connections to one database may read at once. A further read waits for one.</summary>
    /// <value>Default 16. From 1 to 1,024.</value>
    [Range(1, 1024)]
    public int MaxReadConnections { get; init; } = 16;

    /// <summary>
    /// Gets how long the server may work at one statement before it gives it up by itself, which is certain; two seconds later this side
    /// gives up on the server, which is not. Where commits wait for a standby this side does not: giving up would end that wait.
    /// </summary>
    /// <value>Default 7 s: both come before <see cref="PartitionLogOptions.InsertTimeout"/> by its default. From 1 s to 10 minutes, whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Gets how long the making of a connection may take.</summary>
    /// <value>Default 5 s. From 1 s to 5 minutes, whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets whether a server that does not sync its log (<c>fsync=off</c>) is accepted. It loses acknowledged entries with the machine's
    /// power: for development and tests only.
    /// </summary>
    /// <value>Default false: such a server is refused.</value>
    public bool AcceptsServerWithoutFsync { get; init; }

    /// <summary>Finds what a single range cannot say: connection strings that are none, name several hosts, or name one database twice.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>What is wrong. The messages name places in the list, never what stands there: it may hold a password.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var seen = new Dictionary<(string?, int, string?, string?), int>();
        for (var i = 0; i < ConnectionStrings.Count; i++)
        {
            NpgsqlConnectionStringBuilder? parsed = null;
            try
            {
                parsed = new(ConnectionStrings[i]);
            }
            catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException)
            {
            }

            if (parsed is null) yield return Wrong($"Connection string {i + 1} cannot be read as one.");
            else if (string.IsNullOrEmpty(parsed.Host)) yield return Wrong($"Connection string {i + 1} names no host.");
            else if (parsed.Host.Contains(',', StringComparison.Ordinal))
                yield return Wrong($"Connection string {i + 1} names several hosts; name the one that is written to.");
            else if (Place(parsed) is var place && !seen.TryAdd(place, i))
                yield return Wrong($"Connection strings {seen[place] + 1} and {i + 1} name the same database.");
        }

        if (StatementTimeout.Ticks % TimeSpan.TicksPerSecond != 0 || ConnectTimeout.Ticks % TimeSpan.TicksPerSecond != 0)
            yield return new("Timeouts are whole seconds.", [nameof(StatementTimeout), nameof(ConnectTimeout)]);
    }

    private static (string?, int, string?, string?) Place(NpgsqlConnectionStringBuilder parsed) =>
        (parsed.Host, parsed.Port, parsed.Database ?? parsed.Username, parsed.SearchPath);

    private static ValidationResult Wrong(string message) => new(message, [nameof(ConnectionStrings)]);
}
