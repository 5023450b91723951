using System.Diagnostics;
using System.Globalization;

namespace CreditGrains.Journal.Tests;

/// <summary>Runs one explicit test of this assembly in a process of its own: to be killed, or to meet a limit that this one must not.</summary>
internal static class ChildProcess
{
    private const string ArgumentName = "CREDITGRAINS_CHILD_ARGUMENT";

    /// <summary>Gets what the parent passed, in the child.</summary>
    internal static string Argument => Environment.GetEnvironmentVariable(ArgumentName) ?? throw new InvalidOperationException("This test runs in a child process of another.");

    /// <summary>Gives the rest of the line after a word that the child wrote; the runner's colours may stand before it. Null: it did not say it.</summary>
    internal static string? Said(string output, string word)
    {
        var at = output.IndexOf(word, StringComparison.Ordinal);
        return at < 0 ? null : output[(at + word.Length)..].Split('\n')[0];
    }

    /// <summary>Starts a test.</summary>
    /// <param name="test">The method's name.</param>
    /// <param name="argument">What <see cref="Argument"/> gives there.</param>
    /// <param name="maxFileKiB">How large a file it may write; a longer write fails as on a full disk.</param>
    internal static Process Start(string test, string argument, int? maxFileKiB = null)
    {
        var self = Path.Combine(AppContext.BaseDirectory, "CreditGrains.Journal.Tests");
        var run = $"'{self}' -explicit only -method '*.{test}' -showLiveOutput";

        // The signal that goes with the limit is ignored, so that the write fails instead of the process.
        var limit = maxFileKiB is { } size ? string.Create(CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {size}; ") : "";
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(self + ".exe", $"-explicit only -method *.{test}")
            : new ProcessStartInfo("/bin/bash", ["-c", $"{limit}exec {run}"]);
        start.RedirectStandardOutput = true;
        start.Environment[ArgumentName] = argument;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime would keep code in a file of memory, which the limit counts
        return Process.Start(start)!;
    }
}
