using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>backup</c>: copies a ledger into a folder, or brings the copy up to the present.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "Where the backup is, or shall be" };
        var anew = new Option<bool>("--anew")
        {
            Description = "Read everything anew and replace what is there: removes what was redacted since, and repairs a damaged backup",
        };
        var command = new Command("backup", "Copy the ledger into a folder, or what is new since the last time; needs --data or --config") { folder, anew };
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = host.Options.LocationOf(parsed);
            if (location is LedgerLocation.Endpoint)
                throw new UsageException("backup reads the store itself and needs --data FOLDER, or --config FILE for a shared store. Run it where that is within reach.");

            var path = Path.GetFullPath(parsed.GetValue(folder)!);
            var isJson = host.Options.IsJson(parsed);
            var look = new CopyLook();
            var outcome = await ProgressBar.WhileAsync(
                isJson ? null : host.Terminal, "backup", look.Look, () => host.Copies.BackUpAsync(location, path, parsed.GetValue(anew), look, cancellation));
            if (isJson)
            {
                JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, outcome));
                return ExitCode.Fine;
            }

            await host.Terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{path} holds {outcome.Batches:N0} batches of {outcome.Partitions:N0} partitions: {outcome.Rows:N0} rows of {outcome.Bytes:N0} bytes, {outcome.RowsWritten:N0} of them new."));
            await host.Terminal.Out.WriteLineAsync(
                "The keys are not in it. Keep pseudonym.key and reference.key apart from it, and copies of the silos' settings and certificates: without the keys nothing in a restored ledger can be found.");
            return ExitCode.Fine;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, BackupOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("ledger", outcome.LedgerId.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteNumber("partitions", outcome.Partitions);
        json.WriteNumber("batches", outcome.Batches);
        json.WriteNumber("rows", outcome.Rows);
        json.WriteNumber("bytes", outcome.Bytes);
        json.WriteNumber("rowsWritten", outcome.RowsWritten);
        json.WriteEndObject();
    }
}
