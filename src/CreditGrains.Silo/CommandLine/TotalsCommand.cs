using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>totals</c>: sums the folded state of every citizen.</summary>
internal static class TotalsCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var command = new Command("totals", "Sum what stands, over every citizen, by furnisher, kind and currency");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
            var totals = await ledger.Client.ReadTotalsAsync(progress: null, cancellation);
            if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, totals));
            else Draw(host.Terminal.Screen(), totals);
            return ExitCode.Fine;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, LedgerTotals totals)
    {
        json.WriteStartObject();
        json.WriteNumber("citizens", totals.Citizens);
        json.WriteNumber("entries", totals.Entries);
        json.WriteStartArray("totals");
        foreach (var row in totals.Totals)
        {
            json.WriteStartObject();
            json.WriteString("furnisher", row.Furnisher.Value);
            json.WriteString("kind", row.Kind.ToString());
            json.WriteString("currency", row.Currency.ToString());
            json.WriteNumber("count", row.Total.Count);
            json.WriteWhole("minorUnits", row.Total.MinorUnits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Draw(IAnsiConsole screen, LedgerTotals totals)
    {
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{totals.Citizens:N0}[/] citizens, [bold]{totals.Entries:N0}[/] entries");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("furnisher", "kind");
        table.AddColumn(new TableColumn("count").RightAligned()).AddColumn(new TableColumn("sum").RightAligned());
        foreach (var row in totals.Totals)
        {
            table.AddRow(
                Markup.Escape(row.Furnisher.ToString()), row.Kind.ToString(),
                row.Total.Count.ToString("N0", CultureInfo.InvariantCulture), Amounts.CanBeSummed(row.Kind) ? Amounts.Of(row.Currency, row.Total.MinorUnits) : Amounts.None);
        }

        screen.Write(table);
    }
}
