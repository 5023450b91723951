using System.Diagnostics;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>Runs programs to their end.</summary>
internal static class Tool
{
    internal static string ExeSuffix => OperatingSystem.IsWindows() ? ".exe" : "";

    internal static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program + ExeSuffix)));

    internal static ProcessStartInfo Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // A program that runs these tests may be told how to behave by variables that are not meant for what they start.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";

        // A compiler or build node that stays would hold the output open, and the end would never be read.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(Start(folder, program, arguments))!;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a program that must end well, and shows what it said where it does not.</summary>
    internal static async Task SucceedAsync(string folder, string program, string[] arguments, CancellationToken cancellation)
    {
        var (exitCode, output, error) = await RunAsync(folder, program, arguments, cancellation);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}\n{error}");
    }
}
