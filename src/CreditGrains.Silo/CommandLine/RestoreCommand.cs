using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>restore</c>: makes a ledger of a backup, where there is none.</summary>
internal static class RestoreCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "Where the backup is" };
        var command = new Command("restore", "Make a ledger of a backup, in a folder with its keys or in an empty shared store; needs --data or --config") { folder };
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = host.Options.LocationOf(parsed);
            if (location is LedgerLocation.Endpoint)
                throw new UsageException("restore writes the store itself and needs --data FOLDER, or --config FILE for a shared store. Run it where that is within reach.");

            var path = Path.GetFullPath(parsed.GetValue(folder)!);
            var isJson = host.Options.IsJson(parsed);
            var look = new CopyLook();
            var outcome = await ProgressBar.WhileAsync(
                isJson ? null : host.Terminal, "restore", look.Look, () => host.Copies.RestoreAsync(path, location, look, cancellation));
            if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, outcome));
            else Draw(host.Terminal.Out, outcome, location);

            if (outcome.IsOk) return ExitCode.Fine;
            await host.Terminal.Error.WriteLineAsync(
                "The backup is of a ledger that was broken before. What is restored does not verify and cannot be opened; restore an earlier backup into another place.");
            return ExitCode.Broken;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, RestoreOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("ledger", outcome.LedgerId.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteNumber("era", outcome.Era);
        json.WriteInstant("backedUpAt", outcome.BackedUpAt);
        json.WriteNumber("partitions", outcome.Partitions);
        json.WriteNumber("batches", outcome.Batches);
        json.WriteNumber("rows", outcome.Rows);
        json.WriteNumber("rowsWritten", outcome.RowsWritten);
        json.WriteBoolean("ok", outcome.IsOk);
        BrokenPlaces.Write(json, outcome.Broken);
        json.WriteEndObject();
    }

    private static void Draw(TextWriter output, RestoreOutcome outcome, LedgerLocation location)
    {
        var what = outcome.IsOk ? "every record and every chain verifies" : $"{outcome.Broken.Length:N0} places do not verify";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{location}: {outcome.Batches:N0} batches of {outcome.Partitions:N0} partitions, {outcome.Rows:N0} rows, as backed up by {outcome.BackedUpAt:yyyy-MM-dd HH:mm:ss}Z; {what}."));
        BrokenPlaces.Draw(output, outcome.Broken);
        if (outcome.IsOk)
            output.WriteLine("Serve this ledger, and no longer the one that the backup was taken of: both would go on under one name. What was recorded after the backup is not here; furnishers may send it again.");
    }
}
