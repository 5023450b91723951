using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CreditGrains.Chaos;

/// <summary>A cluster of real processes, handled as an operator handles it: by <c>scripts/cluster</c>.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly string _script;
    private readonly string _folder;
    private readonly string? _program;
    private readonly TextWriter _log;

    private LocalCluster(string script, string folder, string? program, TextWriter log) =>
        (_script, _folder, _program, _log) = (script, folder, program, log);

    /// <summary>Gets the folder with a caller's certificate.</summary>
    public string Certificates => Path.Combine(_folder, "certificates");

    /// <summary>Gets the silos' settings.</summary>
    public string Settings => Path.Combine(_folder, "silo.json");

    /// <summary>Gets the gateways of the silos that were ever started.</summary>
    public IPEndPoint[] Gateways =>
    [
        .. Directory.EnumerateFiles(_folder, "ports", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new IPEndPoint(IPAddress.Loopback, int.Parse(File.ReadAllText(file).Split(' ')[1], CultureInfo.InvariantCulture))),
    ];

    /// <summary>Starts a store and silos over it.</summary>
    /// <param name="program">The program to run as silos; null builds it.</param>
    /// <param name="store"><c>azurite</c> or <c>postgres</c>.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="isKept">Whether the store is to survive a restart.</param>
    /// <param name="log">Where to say what is being done.</param>
    public static async Task<LocalCluster> UpAsync(string? program, string store, int silos, bool isKept, TextWriter log)
    {
        var folder = Directory.CreateTempSubdirectory("creditgrains-cluster-").FullName;

        // A server that runs as nobody keeps its data inside.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var cluster = new LocalCluster(SourceRoot.Path("scripts", "cluster"), folder, program, log);
        try
        {
            await cluster.DoAsync(["up", silos.ToString(CultureInfo.InvariantCulture), "--store", store, .. isKept ? ["--keep"] : Array.Empty<string>()]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does what a command of the script says, and returns when it is done.</summary>
    /// <param name="arguments">The command's words.</param>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public async Task DoAsync(params string[] arguments)
    {
        var ended = await RunAsync(_script, arguments);
        if (ended.Code != 0) throw new InvalidOperationException($"scripts/cluster {string.Join(' ', arguments)}: {ended.Error}");
    }

    /// <summary>Lets every silo leave in good order; the store stays up.</summary>
    public Task DrainAllAsync() => DoAsync("down", "--keep-store");

    /// <summary>Checks every record and every chain in the store.</summary>
    /// <returns>Whether all of them verify.</returns>
    public async Task<bool> VerifyAsync()
    {
        string[] arguments = ["verify", "--config", Settings, "--json"];
        var ended = _program is null
            ? await RunAsync(Path.Combine(Path.GetDirectoryName(_script)!, "creditgrains"), arguments)
            : _program.EndsWith(".dll", StringComparison.Ordinal) ? await RunAsync("dotnet", ["exec", _program, .. arguments]) : await RunAsync(_program, arguments);
        if (ended.Code != 0) await _log.WriteLineAsync(ended.Out + ended.Error);
        return ended.Code == 0;
    }

    /// <summary>Waits until the process of a silo has ended by itself.</summary>
    /// <param name="silo">Which, from 1.</param>
    public async Task EndedAsync(int silo)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, $"silo-{silo}", "pid")), CultureInfo.InvariantCulture));
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends everything, and forgets it.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync(_script, ["down"]);
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CREDITGRAINS_CLUSTER"] = _folder;
        if (_program is not null) start.Environment["CREDITGRAINS_PROGRAM"] = _program;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await _log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {Path.GetFileName(program)} {string.Join(' ', arguments)}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));
        return (process.ExitCode, await output, await error);
    }
}
