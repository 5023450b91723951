using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>verify</c>: reads every record from the store and checks every chain.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var command = new Command("verify", "Check every record and every chain in the store; needs --data or --config");
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = host.Options.LocationOf(parsed);
            if (location is LedgerLocation.Endpoint)
                throw new UsageException("verify reads the store itself and needs --data FOLDER, or --config FILE for a shared store. Run it where that is within reach.");

            await using var ledger = await host.Opener.OpenAsync(location, LedgerUse.Verify, cancellation);
            var look = new AuditLook();
            var isJson = host.Options.IsJson(parsed);
            var summary = await ProgressBar.WhileAsync(isJson ? null : host.Terminal, "verify", look.Look, () => ledger.VerifyAsync(look, cancellation));
            if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, summary));
            else Draw(host.Terminal.Out, summary);

            if (summary.IsOk) return ExitCode.Fine;
            await host.Terminal.Error.WriteLineAsync("The ledger is broken. Record nothing more into it; restore a copy that verifies, and keep this one to find out why.");
            return ExitCode.Broken;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, AuditSummary summary)
    {
        json.WriteStartObject();
        json.WriteNumber("citizens", summary.Citizens);
        json.WriteNumber("records", summary.Records);
        json.WriteNumber("entries", summary.Entries);
        json.WriteBoolean("ok", summary.IsOk);
        BrokenPlaces.Write(json, summary.Broken);
        json.WriteEndObject();
    }

    private static void Draw(TextWriter output, AuditSummary summary)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.Citizens:N0} citizens, {summary.Records:N0} records, {summary.Entries:N0} entries: {(summary.IsOk ? "every record and every chain verifies." : $"{summary.Broken.Length:N0} places do not verify.")}"));
        BrokenPlaces.Draw(output, summary.Broken);
    }

    /// <summary>Keeps the last that the check told of its progress, for whoever draws it.</summary>
    private sealed class AuditLook : IProgress<AuditProgress>
    {
        private readonly Lock _gate = new();
        private AuditProgress _last;

        public void Report(AuditProgress value)
        {
            lock (_gate) _last = value;
        }

        public ProgressLook Look()
        {
            lock (_gate) return new(_last.PartitionCount > 0 ? (double)_last.PartitionsDone / _last.PartitionCount : 0, _last.Records, "records");
        }
    }
}
