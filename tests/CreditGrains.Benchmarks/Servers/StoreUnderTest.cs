using System.Text.Json;
using CreditGrains.Silo.Hosting;
using Npgsql;

namespace CreditGrains.Benchmarks;

/// <summary>What ledgers are kept in while they are measured: a folder, or a throw-away server of its own.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    internal const string RocksDb = "rocksdb";
    internal const string Azurite = "azurite";
    internal const string Postgres = "postgres";

    private readonly ScratchFolder _folder = new();
    private readonly ThrowAwayServer? _server;
    private int _ledgers;

    private StoreUnderTest(string name, ThrowAwayServer? server, string? settings)
    {
        Name = name;
        Settings = settings;
        _server = server;
    }

    /// <summary>Gets the store's name.</summary>
    internal string Name { get; }

    /// <summary>Gets the server's settings that decide what a commit costs, as it told them; null if it has none.</summary>
    internal string? Settings { get; }

    /// <summary>Gets whether it is a server, which baselines can be measured on as well.</summary>
    internal bool IsServer => _server is not null;

    /// <summary>Gets the processor time that the server has used; null if there is none, or the system does not tell.</summary>
    internal TimeSpan? ServerTime => _server?.ProcessorTime;

    /// <summary>Gives a connection string to a database that no ledger is in. On Azurite all are the same.</summary>
    internal string SpareDatabase() => NextDatabase();

    /// <summary>Starts a store.</summary>
    /// <param name="name">Which.</param>
    /// <param name="databases">How many databases are wanted of it, ledgers and spare ones.</param>
    /// <exception cref="MissingException">Its server cannot be started on this machine.</exception>
    internal static async Task<StoreUnderTest> StartAsync(string name, int databases)
    {
        switch (name)
        {
            case Azurite:
                return new(name, await ThrowAwayServer.StartAsync("azurite", 1), "in memory");
            case Postgres:
                var server = await ThrowAwayServer.StartAsync("postgres", databases, "--databases", $"{databases}");
                return new(name, server, await SettingsOf(server.ConnectionStrings[0]));
            default:
                return new(name, null, null);
        }
    }

    /// <summary>Makes the keys and settings of a new ledger.</summary>
    /// <param name="isEncrypted">Whether its silos and clients speak TLS.</param>
    internal LedgerPlace NewLedger(bool isEncrypted = false)
    {
        var number = _ledgers;
        var folder = Path.Combine(_folder.Path, $"ledger{number}");
        LedgerKeys.Create(folder);
        if (isEncrypted)
            DevelopmentCertificates.Write(folder, new TlsSettings().SiloName, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        object? store = Name switch
        {
            Azurite => new { kind = "azure-tables", azureTables = new { accounts = new[] { new { connectionString = NextDatabase() } }, table = $"bench{number}", membersTable = $"bench{number}members" } },
            Postgres => new { kind = "postgres", postgres = new { databases = new[] { new { connectionString = NextDatabase() } } } },
            _ => new { kind = "rocksdb" },
        };
        object tls = isEncrypted ? new { certificate = "silo.pem", key = "silo.key", authority = DevelopmentCertificates.AuthorityFile } : new { developmentPlainText = true };
        var file = Path.Combine(folder, "bench.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new { cluster = $"bench{number}", tls, store, keys = new { pseudonym = LedgerKeys.PseudonymName, reference = LedgerKeys.ReferenceName } }));
        if (!IsServer) _ledgers++;
        return new(IsServer ? null : Path.Combine(folder, "data"), file);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string NextDatabase()
    {
        var place = _ledgers++;
        return Name == Azurite ? _server!.ConnectionStrings[0] : _server!.ConnectionStrings[place];
    }

    private static async Task<string> SettingsOf(string connectionString)
    {
        string[] names = ["fsync", "synchronous_commit", "full_page_writes"];
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var told = new List<string>();
        foreach (var name in names)
        {
            await using var question = new NpgsqlCommand($"show {name}", connection);
            var value = (string)(await question.ExecuteScalarAsync())!;
            if (value != "on") throw new InvalidOperationException($"The server runs with {name}={value}: what is measured on it says nothing.");
            told.Add($"{name}={value}");
        }

        return string.Join(' ', told);
    }
}

/// <summary>Where one ledger is kept, and the settings that its silos read.</summary>
/// <param name="Folder">The embedded store's folder; null for a shared store.</param>
/// <param name="SettingsFile">The settings of its silos, and of clients.</param>
internal sealed record LedgerPlace(string? Folder, string SettingsFile);
