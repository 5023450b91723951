using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CreditGrains.Benchmarks;

/// <summary>How a silo is started, beside its settings.</summary>
/// <param name="HasSmallCache">Whether the embedded store's cache is small. One that fills while citizens are weighed would be weighed with them.</param>
/// <param name="IsSettled">Whether the embedded store first finishes what it would do in the background.</param>
/// <param name="CountsMessages">Whether messages between silos are counted.</param>
internal sealed record SiloSwitches(bool HasSmallCache = false, bool IsSettled = false, bool CountsMessages = false);

/// <summary>A silo in a process of its own. It serves until its standard input closes, and tells what it counted for each line there.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SiloProcess(Process process, int gatewayPort)
    {
        _process = process;
        Gateway = new(IPAddress.Loopback, gatewayPort);
    }

    internal IPEndPoint Gateway { get; }

    /// <summary>Gets the processor time that it has used, in user mode and in the system's.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a silo of a ledger and waits until it serves.</summary>
    internal static Task<SiloProcess> StartAsync(LedgerPlace place, string name, SiloSwitches switches) => StartAsync(
    [
        "--silo", place.SettingsFile, name, place.Folder ?? "",
        .. switches.HasSmallCache ? ["--small-cache"] : Array.Empty<string>(),
        .. switches.IsSettled ? ["--settled"] : Array.Empty<string>(),
        .. switches.CountsMessages ? ["--count-messages"] : Array.Empty<string>(),
    ]);

    /// <summary>Starts this program again as a silo of some kind and waits until it serves.</summary>
    internal static async Task<SiloProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Under `dotnet X.dll` the process is dotnet, and the program is its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(SiloProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() is { } port) return new(process, int.Parse(port, CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        throw new InvalidOperationException($"A silo ended with exit code {process.ExitCode} before it was ready; what it said is above.");
    }

    /// <summary>Asks what it has counted since it was started.</summary>
    internal async Task<SiloCounts> CountsAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return SiloCounts.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A silo has ended."));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
