using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.Crash;

/// <summary>What a run of the program ended with.</summary>
internal sealed record Ended(int Code, string Out, string Error)
{
    /// <summary>The last line of standard output, which with --json is one value.</summary>
    internal JsonElement Json => JsonDocument.Parse(Out.Trim().Split('\n')[^1]).RootElement;
}

/// <summary>The built program <c>creditgrains</c> as a process of its own, the way an operator runs it.</summary>
internal sealed class LedgerProgram : IDisposable
{
    private static readonly string Dll = typeof(ExitCode).Assembly.Location;

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LedgerProgram(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_out, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal int ProcessId => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>Completes with the first line of standard output; a server writes it when it is ready.</summary>
    internal Task<string> FirstLine => _firstLine.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    internal static LedgerProgram Start(params IEnumerable<string> arguments) => new(arguments);

    /// <summary>Runs the program to its end.</summary>
    internal static async Task<Ended> RunAsync(params IEnumerable<string> arguments)
    {
        using var program = Start(arguments);
        return await program.EndAsync();
    }

    /// <summary>Ends the process as a power cut would: nothing of it runs any more.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    internal async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end.</summary>
    internal async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        lock (_out)
            lock (_error) return new(_process.ExitCode, _out.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null) text.Append(line).Append('\n');
        }

        if (ReferenceEquals(text, _out)) _firstLine.TrySetResult(line ?? "");
    }
}
