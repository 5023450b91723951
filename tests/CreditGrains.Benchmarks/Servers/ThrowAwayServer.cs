using System.Collections.Concurrent;
using System.Diagnostics;

namespace CreditGrains.Benchmarks;

/// <summary>Something that a measurement needs is not on this machine. The message says what, and why.</summary>
internal sealed class MissingException(string message) : Exception(message);

/// <summary>A server started by one of <c>scripts/servers</c>, gone with this process however it ends.</summary>
internal sealed class ThrowAwayServer : IAsyncDisposable
{
    // The server's script hangs on a shell that waits for the end of its input. Input by another number, because a shell gives what it starts in
    // the background none.
    private const string UntilInputEnds =
        """
        exec 3<&0
        "$@" 3<&- < /dev/null &
        up=$!
        (cat <&3 > /dev/null; kill -TERM $up) > /dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait $up
        status=$?
        kill $watch 2> /dev/null
        exit $status
        """;

    private const int LinesOfErrorKept = 5;

    private readonly Process _shell;

    private ThrowAwayServer(Process shell, IReadOnlyList<string> connectionStrings)
    {
        _shell = shell;
        ConnectionStrings = connectionStrings;
    }

    /// <summary>Gets how to reach it: what it printed once it answered.</summary>
    internal IReadOnlyList<string> ConnectionStrings { get; }

    /// <summary>Gets the processor time that it has used with all its processes; null where the system does not tell.</summary>
    internal TimeSpan? ProcessorTime => ProcessTree.ProcessorTime(_shell.Id);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="name">The folder in <c>scripts/servers</c>.</param>
    /// <param name="lines">How many connection strings it prints.</param>
    /// <param name="arguments">What its script is told.</param>
    /// <exception cref="MissingException">It does not start; the message is the script's.</exception>
    internal static async Task<ThrowAwayServer> StartAsync(string name, int lines, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", UntilInputEnds, name, SourceRoot.Path("scripts", "servers", name, "up"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var shell = Process.Start(start)!;
        var errors = new ConcurrentQueue<string>();
        shell.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            errors.Enqueue(line.Data);
            if (errors.Count > LinesOfErrorKept) errors.TryDequeue(out string? _);
        };
        shell.BeginErrorReadLine();
        var found = new List<string>();
        while (found.Count < lines && await shell.StandardOutput.ReadLineAsync() is { } line) found.Add(line);
        if (found.Count == lines) return new(shell, found);

        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
        throw new MissingException($"{name} does not start: {string.Join(' ', errors)}");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
