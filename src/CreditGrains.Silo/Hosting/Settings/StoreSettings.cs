using System.ComponentModel.DataAnnotations;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>Which store keeps the journal. Only the section of the kind that is chosen is read.</summary>
internal sealed class StoreSettings
{
    internal const string RocksDbKind = "rocksdb";
    internal const string AzureTablesKind = "azure-tables";
    internal const string PostgresKind = "postgres";

    /// <summary>Gets or sets the kind of store.</summary>
    /// <value>Default <c>rocksdb</c>: a folder that one silo has for itself. <c>azure-tables</c> and <c>postgres</c> are shared by the silos of a cluster.</value>
    [Required, RegularExpression("^(rocksdb|azure-tables|postgres)$", ErrorMessage = "The store is rocksdb, azure-tables or postgres.")]
    public string Kind { get; set; } = RocksDbKind;

    /// <summary>Gets how the folder is kept.</summary>
    public RocksDbSettings RocksDb { get; init; } = new();

    /// <summary>Gets which storage accounts keep it.</summary>
    public AzureTablesSettings AzureTables { get; init; } = new();

    /// <summary>Gets which databases keep it.</summary>
    public PostgresSettings Postgres { get; init; } = new();

    /// <summary>Gets whether several silos share the store, and so form a cluster.</summary>
    internal bool IsShared => Kind != RocksDbKind;

    /// <summary>Gets the section of the kind that is chosen, and its name.</summary>
    internal (object Section, string Name) Chosen => Kind switch
    {
        AzureTablesKind => (AzureTables, "store.azureTables."),
        PostgresKind => (Postgres, "store.postgres."),
        _ => (RocksDb, "store.rocksDb."),
    };

    /// <summary>Takes names of files that are not absolute as beside the settings.</summary>
    /// <param name="folder">The settings file's folder.</param>
    internal void ResolveAgainst(string folder)
    {
        foreach (var secret in AzureTables.Accounts.Concat<SecretSettings>(Postgres.Databases)) secret.ResolveAgainst(folder);
    }
}

/// <summary>How the embedded store is kept.</summary>
internal sealed class RocksDbSettings
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Gets or sets the memory for blocks read from disk, in MiB.</summary>
    /// <value>Default 256; from 8 to 1,048,576.</value>
    [Range(8, 1 << 20)]
    public int BlockCacheMiB { get; set; } = 256;

    /// <summary>Gets or sets the memory for rows not yet in a table file, in MiB a table.</summary>
    /// <value>Default 64; from 1 to 16,384.</value>
    [Range(1, 1 << 14)]
    public int MemtableMiB { get; set; } = 64;

    /// <summary>Gets or sets the free disk below which the store refuses to write, in MiB.</summary>
    /// <value>Default 512; from 0 to 1,048,576. A disk that fills up inside a write leaves a commit whose end is unknown.</value>
    [Range(0, 1 << 20)]
    public int MinFreeMiB { get; set; } = 512;

    internal RocksDbStoreOptions ToOptions() => new()
    {
        BlockCacheBytes = BlockCacheMiB * Mebibyte,
        MemtableBytes = MemtableMiB * Mebibyte,
        MinFreeBytes = MinFreeMiB * Mebibyte,
    };
}

/// <summary>A connection string, written down or in a file of its own, as orchestrators hand secrets over.</summary>
internal class SecretSettings
{
    /// <summary>Gets or sets the connection string.</summary>
    /// <value>No default. A secret: keep the settings readable by the silo alone, or name a file.</value>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets the file that holds the connection string and nothing else.</summary>
    /// <value>No default. Relative to the settings file.</value>
    public string? ConnectionStringFile { get; set; }

    internal void ResolveAgainst(string folder) =>
        ConnectionStringFile = ConnectionStringFile is null ? null : Path.GetFullPath(ConnectionStringFile, folder);

    /// <summary>Reads the connection string.</summary>
    /// <exception cref="UsageException">The file cannot be read, or two ways are given.</exception>
    internal string? Read()
    {
        if (ConnectionStringFile is null) return ConnectionString;
        if (ConnectionString is not null) throw new UsageException("Give connectionString or connectionStringFile, and not both.");
        try
        {
            return File.ReadAllText(ConnectionStringFile).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"connectionStringFile: {failure.Message}");
        }
    }
}

/// <summary>One storage account: by connection string, or by endpoint and managed identity.</summary>
internal sealed class StorageAccountSettings : SecretSettings
{
    /// <summary>Gets or sets the account's table endpoint, such as <c>https://name.table.core.windows.net</c>, for access by managed identity.</summary>
    /// <value>No default.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Gets or sets the client id of a user-assigned managed identity.</summary>
    /// <value>Default none: the machine's own identity.</value>
    public string? ManagedIdentityClientId { get; set; }

    internal AzureTablesAccount ToAccount() => new()
    {
        ConnectionString = Read(),
        Endpoint = Endpoint,
        ManagedIdentityClientId = ManagedIdentityClientId,
    };
}

/// <summary>Which storage accounts keep the journal.</summary>
internal sealed class AzureTablesSettings
{
    /// <summary>Gets the accounts. Partition <em>p</em> lies in account <em>p</em> modulo their number: number and order are fixed with the ledger.</summary>
    /// <value>At least one. The first also holds the table of the cluster's members.</value>
    [MinLength(1, ErrorMessage = "Name at least one storage account.")]
    public List<StorageAccountSettings> Accounts { get; init; } = [];

    /// <summary>Gets or sets the table's name in every account.</summary>
    /// <value>Default <c>creditgrains</c>; 3 to 63 letters and digits, a letter first.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string Table { get; set; } = "creditgrains";

    /// <summary>Gets or sets the name of the table of the cluster's members.</summary>
    /// <value>Default <c>creditgrainsmembers</c>; 3 to 63 letters and digits, a letter first.</value>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$")]
    public string MembersTable { get; set; } = "creditgrainsmembers";

    /// <summary>Gets or sets how many transactions may be under way at once in one account.</summary>
    /// <value>Default 128; from 1 to 4,096.</value>
    [Range(1, 4096)]
    public int MaxTransactionsInFlight { get; set; } = 128;

    /// <summary>Gets or sets how long one request may take.</summary>
    /// <value>Default 10 s; from 100 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal AzureTablesStoreOptions ToOptions() => new()
    {
        Accounts = [.. Accounts.Select(account => account.ToAccount())],
        Table = Table,
        MaxTransactionsInFlight = MaxTransactionsInFlight,
        RequestTimeout = RequestTimeout,
    };
}

/// <summary>Which databases keep the journal.</summary>
internal sealed class PostgresSettings
{
    /// <summary>Gets the databases. Partition <em>p</em> lies in database <em>p</em> modulo their number: number and order are fixed with the ledger.</summary>
    /// <value>At least one. The first also holds the tables of the cluster's members.</value>
    [MinLength(1, ErrorMessage = "Name at least one database.")]
    public List<SecretSettings> Databases { get; init; } = [];

    /// <summary>Gets or sets how many groups may be on their way to one database at once.</summary>
    /// <value>Default 2; from 1 to 64.</value>
    [Range(1, 64)]
    public int MaxGroupsInFlight { get; set; } = 2;

    /// <summary>Gets or sets how many connections to one database may read at once.</summary>
    /// <value>Default 16; from 1 to 1,024.</value>
    [Range(1, 1024)]
    public int MaxReadConnections { get; set; } = 16;

    /// <summary>Gets or sets how long the server may work at one statement.</summary>
    /// <value>Default 7 s; from 1 s to 10 min, whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>Gets or sets how long the making of a connection may take.</summary>
    /// <value>Default 5 s; from 1 s to 5 min, whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets whether a server that does not sync its log is accepted, for development.</summary>
    /// <value>Default false: such a server loses acknowledged entries with the machine's power, and is refused.</value>
    public bool DevelopmentWithoutFsync { get; set; }

    internal PostgresStoreOptions ToOptions() => new()
    {
        ConnectionStrings = [.. Databases.Select(database => database.Read() ?? throw new UsageException("store.postgres.databases: give each a connectionString or a connectionStringFile."))],
        MaxGroupsInFlight = MaxGroupsInFlight,
        MaxReadConnections = MaxReadConnections,
        StatementTimeout = StatementTimeout,
        ConnectTimeout = ConnectTimeout,
        AcceptsServerWithoutFsync = DevelopmentWithoutFsync,
    };
}
