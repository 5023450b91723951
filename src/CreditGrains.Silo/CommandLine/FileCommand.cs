using System.CommandLine;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>file</c>: what the ledger knows of a citizen as of a day, as known at an instant.</summary>
internal static class FileCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var reference = CitizenArgument.Make();
        var asOf = new Option<DateOnly?>("--as-of")
        {
            Description = "The day the file speaks for; without it the day of --known-at, else today",
            HelpName = "YYYY-MM-DD",
            CustomParser = Dates.MaybeDay,
        };
        var knownAt = new Option<DateTimeOffset?>("--known-at")
        {
            Description = "The instant at which it was known, such as 2024-05-01T12:00:00Z; without it now",
            HelpName = "INSTANT",
            CustomParser = Dates.MaybeInstant,
        };
        var command = new Command("file", "Show a citizen's file: totals, tradelines, investments") { reference, asOf, knownAt };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new FileRequest(parsed.GetValue(asOf), parsed.GetValue(knownAt));
            await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
            var citizen = CitizenArgument.Read(ledger, parsed.GetRequiredValue(reference));
            var file = CitizenArgument.ValueOf(await ledger.Client.ReadFileAsync(citizen, request, cancellation));
            if (host.Options.IsJson(parsed))
            {
                JsonOutput.WriteLine(host.Terminal.Out, json => FileJson.Write(json, file));
                return ExitCode.Fine;
            }

            var months = await MonthlyFlow.ReadAsync(ledger.Client, file, cancellation);
            FileDrawing.Draw(host.Terminal.Screen(), file, months);
            return ExitCode.Fine;
        });
        return command;
    }
}
