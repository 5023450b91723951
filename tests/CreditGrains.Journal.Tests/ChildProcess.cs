using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CreditGrains.Journal.Tests;

/// <summary>Runs the calling test again in a process of its own, for its other half: to be killed, or to meet a limit that this process must not.</summary>
internal static class ChildProcess
{
    private const string ArgumentName = "CREDITGRAINS_CHILD_ARGUMENT";

    /// <summary>Gets what the parent passed; null unless this is the child.</summary>
    internal static string? Argument => Environment.GetEnvironmentVariable(ArgumentName);

    /// <summary>Gives the rest of the line after a word that the child wrote; the runner's colours may stand before it. Null: it did not say it.</summary>
    internal static string? Said(string output, string word)
    {
        var at = output.IndexOf(word, StringComparison.Ordinal);
        return at < 0 ? null : output[(at + word.Length)..].Split('\n')[0];
    }

    /// <summary>Starts the calling test in a child.</summary>
    /// <param name="argument">What <see cref="Argument"/> gives there.</param>
    /// <param name="maxFileKiB">How large a file it may write; a longer write fails as on a full disk.</param>
    /// <param name="test">The test: by default the caller.</param>
    internal static Process Start(string argument, int? maxFileKiB = null, [CallerMemberName] string test = "")
    {
        var self = Path.Combine(AppContext.BaseDirectory, "CreditGrains.Journal.Tests");
        var run = $"'{self}' -method '*.{test}' -showLiveOutput";

        // The signal that goes with the limit is ignored, so that the write fails instead of the process.
        var limit = maxFileKiB is { } size ? string.Create(CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {size}; ") : "";
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(self + ".exe", $"-method *.{test}")
            : new ProcessStartInfo("/bin/bash", ["-c", $"{limit}exec {run}"]);
        start.RedirectStandardOutput = true;
        start.Environment[ArgumentName] = argument;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime would keep code in a file of memory, which the limit counts
        return Process.Start(start)!;
    }
}
