using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace CreditGrains.Journal.Tests.Stores;

/// <summary>A throw-away PostgreSQL, started when a test first asks for a database. One serves the whole assembly; tests that kill theirs start their own.</summary>
/// <remarks>
/// The server hangs on a shell that waits for the end of its input: when this process ends, however it ends, the shell stops the server and takes its folder away.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "creditgrains";
    private const string Template = "journal_template";

    private readonly bool _isDurable;
    private readonly SemaphoreSlim _gate = new(1);
    private string? _folder;
    private string? _binaries;
    private string? _unavailable;
    private string? _dataSource;
    private Process? _shell;
    private int _port;
    private int _databases;
    private bool _isReady;

    /// <summary>Makes the assembly's server, which is quick and keeps nothing for certain.</summary>
    public PostgresServer() { }

    private PostgresServer(bool isDurable) => _isDurable = isDurable;

    /// <summary>Starts a server of the caller's own, with fsync on.</summary>
    internal static async Task<PostgresServer> StartDurableAsync()
    {
        var server = new PostgresServer(isDurable: true);
        await server.EnsureAsync();
        return server;
    }

    /// <summary>Gives options for a database of the test's own, in which the store's tables are already made.</summary>
    internal async Task<PostgresStoreOptions> NewStoreAsync() => Options(await NewDatabaseAsync(Template));

    /// <summary>Gives a connection string to an empty database of the test's own.</summary>
    internal Task<string> NewDatabaseAsync() => NewDatabaseAsync("template1");

    internal PostgresStoreOptions Options(params string[] connectionStrings) => new()
    {
        ConnectionStrings = connectionStrings,
        AcceptsServerWithoutFsync = !_isDurable,
    };

    internal PostgresStoreOptions Options(string connectionString, int groupsInFlight, TimeSpan? statementTimeout = null) => new()
    {
        ConnectionStrings = [connectionString],
        AcceptsServerWithoutFsync = !_isDurable,
        MaxGroupsInFlight = groupsInFlight,
        StatementTimeout = statementTimeout ?? TimeSpan.FromSeconds(7),
    };

    /// <summary>Runs statements, as an operator would.</summary>
    internal static async Task ExecuteAsync(string connectionString, string statements)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for one value, as an operator would.</summary>
    internal static async Task<T> AskAsync<T>(string connectionString, string question)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(question, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Kills every process of the server at once, as a crash does.</summary>
    internal async Task KillAsync()
    {
        var id = int.Parse(File.ReadLines(Path.Combine(_folder!, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using (var postmaster = Process.GetProcessById(id)) postmaster.Kill(entireProcessTree: true);
        await _shell!.WaitForExitAsync();
        _shell.Dispose();
        _shell = null;

        // One that is still on its way out keeps the shared memory, and no server starts beside it.
        var data = Path.Combine(_folder!, "data");
        await Eventually.Is("the last process of the killed server is gone", () => !Directory.EnumerateDirectories("/proc").Any(process => WorksIn(process, data)));
    }

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName == folder;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Starts the server again with what was in its folder, on the same port.</summary>
    internal Task StartAgainAsync() => LaunchAsync();

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_shell is not null)
        {
            _shell.StandardInput.Close();
            await _shell.WaitForExitAsync();
            _shell.Dispose();
        }

        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        _gate.Dispose();
    }

    private async Task<string> NewDatabaseAsync(string template)
    {
        await EnsureAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(Connect("postgres"), $"create database {name} template {template}");
        return Connect(name);
    }

    private string Connect(string database) => $"{_dataSource};Database={database}";

    /// <summary>Starts the server, or skips the test, saying why there is none.</summary>
    private async Task EnsureAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_unavailable is not null) Assert.Skip(_unavailable);
            if (_isReady) return;
            await FindAsync();
            if (_unavailable is not null) Assert.Skip(_unavailable);
            await MakeAsync();
            await LaunchAsync();
            await ExecuteAsync(Connect("postgres"), $"create database {Template}");
            await using var store = await PostgresStore.OpenAsync(Options(Connect(Template)), NullLogger.Instance, CancellationToken.None);
            _isReady = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task FindAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            _unavailable = "A throw-away PostgreSQL is started by a shell script, which Windows has not.";
            return;
        }

        var (exitCode, output, error) = await RunAsync("/bin/bash", [SourceRoot.Path("scripts", "servers", "postgres", "binaries")]);
        if (exitCode == 0) _binaries = output.Trim();
        else _unavailable = $"There is no PostgreSQL here: {error.Trim()}";
    }

    private async Task MakeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("creditgrains-postgres-").FullName;
        if (IsRoot)
        {
            // PostgreSQL refuses to run as root, and may lie where only root can look.
            if ((await RunAsync(As[0], [.. As[1..], "test", "-x", $"{_binaries}/postgres"])).ExitCode != 0)
            {
                await MustRunAsync("cp", ["-rL", Path.GetDirectoryName(_binaries)!, $"{_folder}/server"]);
                _binaries = $"{_folder}/server/bin";
            }

            await MustRunAsync("chown", ["-R", "nobody", _folder]);
        }

        string[] initdb = [.. As, $"{_binaries}/initdb", "-D", $"{_folder}/data", "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"];
        await MustRunAsync(initdb[0], initdb[1..]);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        _port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private async Task LaunchAsync()
    {
        var settings = _isDurable ? "" : "-c fsync=off -c full_page_writes=off";
        var server = $"{string.Join(' ', As)} '{_binaries}/postgres' -D '{_folder}/data' -k '{_folder}' -p {_port} -c listen_addresses=127.0.0.1 -c max_connections=300 {settings}";
        // Input by another number, because a shell gives what it starts in the background none.
        var script =
            $"""
            exec 3<&0 2> /dev/null
            {server} 3<&- < /dev/null >> '{_folder}/log' 2>&1 &
            server=$!
            (cat <&3 > /dev/null; touch '{_folder}/over'; kill -INT $server) &
            watch=$!
            wait $server
            kill $watch
            [ ! -e '{_folder}/over' ] || rm -rf '{_folder}'
            """;
        var start = new ProcessStartInfo("/bin/bash", ["-c", script])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
        };
        start.Environment["HOME"] = _folder;
        _shell = Process.Start(start)!;
        _dataSource = $"Host=127.0.0.1;Port={_port};Username={User};Include Error Detail=true";

        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync(Connect("postgres"), "select 1");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromSeconds(60) && !_shell.HasExited)
            {
                await Task.Delay(25);
            }
            catch (NpgsqlException)
            {
                throw new InvalidOperationException($"The server does not start: {await File.ReadAllTextAsync($"{_folder}/log")}");
            }
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string[] As => IsRoot ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] : [];

    private async Task MustRunAsync(string program, string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(program, arguments);
        if (exitCode != 0) throw new InvalidOperationException($"{program} ended with {exitCode}: {output} {error}");
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (_folder is not null)
        {
            start.WorkingDirectory = _folder;
            start.Environment["HOME"] = _folder;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
