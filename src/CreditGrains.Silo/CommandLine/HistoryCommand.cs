using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Silo.Imports.Entries;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>history</c>: all entries that were accepted for a citizen, in the order of their recording, standing or not.</summary>
internal static class HistoryCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var reference = CitizenArgument.Make();
        var command = new Command("history", "List every entry of a citizen in the order of recording; with --json one entry a line") { reference };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
            var citizen = CitizenArgument.Read(ledger, parsed.GetRequiredValue(reference));
            var isJson = host.Options.IsJson(parsed);
            await foreach (var entry in ledger.Client.ReadHistoryAsync(citizen, cancellation))
            {
                if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, entry));
                else await host.Terminal.Out.WriteLineAsync(Sentence(entry));
            }

            return ExitCode.Fine;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, HistoryEntry accepted)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", accepted.Sequence);
        json.WriteNumber("index", accepted.Index);
        json.WriteInstant("recordedAt", accepted.RecordedAt);
        if (accepted.Entry is { } entry) EntryJsonWriter.WriteFields(json, entry);
        else json.WriteBoolean("redacted", true);
        json.WriteEndObject();
    }

    private static string Sentence(HistoryEntry accepted)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{accepted.Sequence,6}.{accepted.Index,-3}");
        if (accepted.Entry is not { } entry) return $"{place} (redacted)";
        var money = entry.Money is { } amount ? Amounts.Of(amount.Currency, amount.MinorUnits) : "";
        var about = string.Join("  ", new[] { entry.Category, entry.Tradeline?.Value, entry.Corrects is { } corrects ? $"corrects {corrects.Reference}" : null }.OfType<string>());
        return string.Create(CultureInfo.InvariantCulture,
            $"{place} {entry.OccurredOn:yyyy-MM-dd}  {entry.Kind,-27} {money,20}  {entry.Furnisher,-16} {entry.Reference,-24} {about}").TrimEnd();
    }
}
