using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Modelling;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard drift</c>: says how far those who are scored have moved. No outcome is needed.</summary>
internal static class DriftCommand
{
    // Customary words, as old as credit scoring; no test of anything.
    private const double Moderate = 0.10;
    private const double Large = 0.25;

    private const string Caveat =
        "0.10 and 0.25 are conventions and no tests: small samples exceed them by chance. An index not well above what chance gives shows nothing.";

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var model = ScorecardCommand.ModelOption("--model", "The model: PMML, or the ledger's JSON");
        var before = ScorecardCommand.TableOption("--before", "The rows that it was made for");
        var now = ScorecardCommand.TableOption("--now", "The rows that it meets");
        var command = new DetailedCommand("drift", "Say how far those who are scored have moved: the population stability index", Caveat) { model, before, now };
        command.SetAction((parsed, cancellation) => RunAsync(
            host, parsed, parsed.GetRequiredValue(model), parsed.GetRequiredValue(before), parsed.GetRequiredValue(now), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, ParseResult parsed, string modelPath, string beforePath, string nowPath, CancellationToken cancellation)
    {
        var model = ModelFile.Read(modelPath);
        var before = await ScorecardCommand.ReadAsync(host, parsed, beforePath, model.TextInputs, cancellation);
        var now = await ScorecardCommand.ReadAsync(host, parsed, nowPath, model.TextInputs, cancellation);
        var rows = Rows(
            model,
            await ScorecardCommand.ScoreAsync(host, parsed, model, before, cancellation),
            await ScorecardCommand.ScoreAsync(host, parsed, model, now, cancellation));
        if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, model, before, now, rows));
        else Draw(host.Terminal.Screen(), model, before, now, rows);
        return ExitCode.Fine;
    }

    /// <summary>Gives the index of the score first, and then those of the characteristics.</summary>
    private static List<Row> Rows(ModelFile model, ScoredTable before, ScoredTable now)
    {
        var rows = new List<Row> { new("score", null, PopulationStability.OfScores(before.Points, now.Points)) };
        foreach (var (place, characteristic) in model.Card.Characteristics.Index())
        {
            var bins = characteristic.Attributes.Length;
            var stability = PopulationStability.Of(before.Counts(place, bins, _ => true), now.Counts(place, bins, _ => true));
            rows.Add(new(characteristic.Name ?? $"characteristic {place + 1}", [.. characteristic.Attributes.Select(attribute => BinWords.Of(attribute.Predicate))], stability));
        }

        return rows;
    }

    private static void Write(Utf8JsonWriter json, ModelFile model, InputTable before, InputTable now, List<Row> rows)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteNumber("rowsBefore", before.Table.RowCount);
        json.WriteNumber("rowsNow", now.Table.RowCount);
        json.WriteStartObject("score");
        WriteFigures(json, rows[0]);
        json.WriteEndObject();
        json.WriteStartArray("characteristics");
        foreach (var row in rows.Skip(1))
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            WriteFigures(json, row);
            json.WriteStartArray("bins");
            for (var bin = 0; bin < row.Bins!.Length; bin++)
            {
                json.WriteStartObject();
                json.WriteString("label", row.Bins[bin]);
                json.WriteNumber("psi", row.Stability.OfBins[bin]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("caveat", Caveat);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, Row row)
    {
        json.WriteNumber("psi", row.Stability.Index);
        json.WriteNumber("expectedByChance", row.Stability.ExpectedByChance);
    }

    private static void Draw(IAnsiConsole screen, ModelFile model, InputTable before, InputTable now, List<Row> rows)
    {
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{model.Name}[/]: {before.Table.RowCount:N0} rows before, {now.Table.RowCount:N0} now");
        var table = ScorecardDrawing.Headed("of", "index", "by chance").AddColumn("by convention").AddColumn("bin that moved most");
        foreach (var row in rows)
        {
            var (index, chance) = (row.Stability.Index, row.Stability.ExpectedByChance);
            table.AddRow(
                Markup.Escape(row.Name), ScorecardDrawing.Rate(index), ScorecardDrawing.Rate(chance),
                index < Moderate ? "stable" : index < Large ? "moved" : "moved far",
                row.Bins is { } bins && index > 0 ? Markup.Escape(bins[row.Stability.OfBins.IndexOf(row.Stability.OfBins.Max())]) : "");
        }

        screen.Write(table);
        screen.WriteLine(Caveat);
    }

    /// <summary>The index of the score or of a characteristic.</summary>
    /// <param name="Name">Of what.</param>
    /// <param name="Bins">Its bins in words; null for the score.</param>
    /// <param name="Stability">The index.</param>
    private sealed record Row(string Name, string[]? Bins, PopulationStability Stability);
}
