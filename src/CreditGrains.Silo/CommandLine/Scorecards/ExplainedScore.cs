using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Ledger;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary>What one characteristic did to a score.</summary>
/// <param name="Name">The characteristic.</param>
/// <param name="Value">What it was. Of a model in PMML, whose characteristics may be of several inputs, it is not told.</param>
/// <param name="Bin">The bin that took it, in words.</param>
/// <param name="Points">What the bin is worth.</param>
/// <param name="Baseline">The points they are compared to; null if the model has none.</param>
/// <param name="Lost">By how much they fall short of it, 0 if they do not; null if the model has none.</param>
/// <param name="Rationale">Why the bin is worth that; null if nobody said.</param>
internal sealed record ExplainedRow(string Name, FieldValue Value, string Bin, double Points, double? Baseline, double? Lost, string? Rationale);

/// <summary>One reason for a score.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Words">What is told to the citizen; null if the model does not say.</param>
/// <param name="Points">What it cost, above 0.</param>
internal sealed record ExplainedReason(string Code, string? Words, double Points);

/// <summary>A score with all that it came from.</summary>
/// <param name="Citizen">Whose.</param>
/// <param name="AsOf">As of which day.</param>
/// <param name="Model">Whose model.</param>
/// <param name="InitialPoints">What everybody starts from.</param>
/// <param name="Points">The sum.</param>
/// <param name="Score">The score that is given out; null if the model has no scale.</param>
/// <param name="ProbabilityOfBad">What the points stand for, 0 to 1; null if the model has no scale.</param>
/// <param name="Rows">The characteristics, in the model's order.</param>
/// <param name="Reasons">At most four, the costliest first.</param>
internal sealed record ExplainedScore(
    CitizenId Citizen, DateOnly AsOf, string Model, double InitialPoints, double Points, int? Score, double? ProbabilityOfBad,
    ImmutableArray<ExplainedRow> Rows, ImmutableArray<ExplainedReason> Reasons)
{
    /// <summary>Writes it for a program.</summary>
    /// <param name="json">Where to.</param>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("citizen", Citizen.ToString());
        json.WriteDay("asOf", AsOf);
        json.WriteString("model", Model);
        json.WriteNumber("initialPoints", InitialPoints);
        json.WriteNumber("points", Points);
        WriteNumber(json, "score", Score);
        WriteNumber(json, "probabilityOfBad", ProbabilityOfBad);
        json.WriteStartArray("characteristics");
        foreach (var row in Rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            if (row.Value.Kind == FieldValueKind.Number) json.WriteNumber("value", row.Value.Number);
            else json.WriteString("value", row.Value.Text);
            json.WriteString("bin", row.Bin);
            json.WriteNumber("points", row.Points);
            WriteNumber(json, "baseline", row.Baseline);
            WriteNumber(json, "lost", row.Lost);
            json.WriteString("rationale", row.Rationale);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("reasons");
        foreach (var reason in Reasons)
        {
            json.WriteStartObject();
            json.WriteString("code", reason.Code);
            json.WriteString("words", reason.Words);
            json.WriteNumber("points", reason.Points);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Draws it for a person.</summary>
    /// <param name="screen">Where to.</param>
    public void Draw(IAnsiConsole screen)
    {
        var score = Score is { } given ? Invariant($"score {given}, probability of bad {ProbabilityOfBad:P1}") : Invariant($"{Points:0.##} points");
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Model}[/] as of {AsOf:yyyy-MM-dd}: [bold]{score}[/]");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("characteristic");
        foreach (var numeric in new[] { "value", "bin", "points", "of", "lost" }) table.AddColumn(new TableColumn(numeric).RightAligned());
        table.AddColumn("why");
        foreach (var row in Rows)
        {
            table.AddRow(
                Markup.Escape(row.Name), Markup.Escape(ValueOf(row.Value)), Markup.Escape(row.Bin), Invariant($"{row.Points:0.##}"),
                Invariant($"{row.Baseline:0.##}"), row.Lost is > 0 ? Invariant($"{row.Lost:0.##}") : "", Markup.Escape(row.Rationale ?? ""));
        }

        screen.Write(table);
        screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{InitialPoints:0.##} to start from, {Points:0.##} in all.");
        foreach (var reason in Reasons) screen.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {reason.Code}  {reason.Words}  ({reason.Points:0.##} points)");
    }

    private static string ValueOf(FieldValue value) => value.Kind switch
    {
        FieldValueKind.Number => Invariant($"{value.Number:0.###}"),
        FieldValueKind.Text => value.Text!,
        _ => "",
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }
}
