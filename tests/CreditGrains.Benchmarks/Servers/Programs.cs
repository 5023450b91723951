using System.Diagnostics;

namespace CreditGrains.Benchmarks;

/// <summary>Runs other programs to their end.</summary>
internal static class Programs
{
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
