using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(CreditGrains.Tests.AzuriteServer))]

namespace CreditGrains.Tests;

/// <summary>One Azurite for all tests of an assembly: in memory, on loopback, started by the first test that asks for it.</summary>
/// <remarks>
/// What <c>scripts/servers/azurite</c> pins is installed there on first use. Where that cannot be, tests are skipped with the reason. The server
/// ends by itself when this process does, because its standard input ends then.
/// </remarks>
public sealed class AzuriteServer : IAsyncDisposable
{
    // The server's development account, its key in all the world's documentation; the second is ours, for tests of several accounts.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly string[] Accounts = ["devstoreaccount1", "devstoreaccount2", "devstoreaccount3"];

    private readonly Lazy<Task<string?>> _start;
    private readonly string _folder = Directory.CreateTempSubdirectory("creditgrains-azurite-").FullName;
    private Process? _process;
    private int _port;

    public AzuriteServer() => _start = new(() => Task.Run(StartAsync));

    /// <summary>Gets the port on loopback. Skips the calling test if there is no server.</summary>
    internal int Port()
    {
        if (_start.Value.GetAwaiter().GetResult() is { } reason) Assert.Skip(reason);
        return _port;
    }

    /// <summary>Gets the connection string of one of three accounts, on the server or on a proxy in front of it. Skips the calling test if there is no server.</summary>
    internal string ConnectionString(int account = 0, int? proxy = null) =>
        $"DefaultEndpointsProtocol=http;AccountName={Accounts[account]};AccountKey={Key};TableEndpoint=http://127.0.0.1:{proxy ?? Port()}/{Accounts[account]};";

    /// <summary>Gives a port that nobody listens at.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }

            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts the server. An answer: why there is none.</summary>
    private async Task<string?> StartAsync()
    {
        var home = Home();
        try
        {
            if (await InstallAsync(home) is { } reason) return reason;
            for (var attempt = 1; ; attempt++)
            {
                _port = FreePort();
                _process = Start("node", _folder,
                [
                    "--require", Path.Combine(home, "stop-with-starter.cjs"),
                    Path.Combine(home, "node_modules", "azurite", "dist", "src", "table", "main.js"),
                    "--tableHost", "127.0.0.1", "--tablePort", _port.ToString(CultureInfo.InvariantCulture),
                    "--silent", "--disableTelemetry", "--inMemoryPersistence",
                ]);
                if (await IsListeningAsync(_process, _port)) return null;

                // Somebody may have taken the port in between.
                var said = await _process.StandardError.ReadToEndAsync();
                if (attempt == 3) return $"Azurite does not start: {said}";
            }
        }
        catch (Win32Exception)
        {
            return "Node and npm are not on the PATH. Install Node 20 or newer (https://nodejs.org) for the tests against Azurite.";
        }
    }

    private static async Task<string?> InstallAsync(string home)
    {
        // Test processes may run side by side, and npm ci begins by emptying the folder.
        using var alone = await LockAsync(Path.Combine(home, ".installing"));
        if (File.Exists(Path.Combine(home, "node_modules", ".package-lock.json"))) return null;

        using var npm = OperatingSystem.IsWindows() ? Start("cmd", home, ["/c", "npm", "ci"]) : Start("npm", home, ["ci"]);
        var output = npm.StandardOutput.ReadToEndAsync();
        var error = await npm.StandardError.ReadToEndAsync();
        await output;
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? null : $"Azurite cannot be installed; 'npm ci' in scripts/servers/azurite says: {error}";
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<bool> IsListeningAsync(Process server, int port)
    {
        while (!server.HasExited)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(25);
            }
        }

        return false;
    }

    private static Process Start(string file, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Accounts.Select(account => $"{account}:{Key}"));
        return Process.Start(start)!;
    }

    private static string Home() => SourceRoot.Path("scripts", "servers", "azurite");
}
