using System.Globalization;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Draws a score for people: where it lies on its scale, why, and who looks at it again.</summary>
internal static class ScoreDrawing
{
    private const int ScaleWidth = 56;

    /// <summary>Draws a score.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="score">What.</param>
    /// <param name="isSame">Whether it came out again; null if it was not computed again.</param>
    public static void Draw(IAnsiConsole screen, ScoreReport score, bool? isSame)
    {
        screen.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{score.Citizen}[/]  as of [bold]{score.AsOf:yyyy-MM-dd}[/]  {ScoreJson.CodeOf(score.Coverage)}  for {Markup.Escape(score.Purpose)}  record {score.Sequence}"));
        if (score.Score is not { } points)
        {
            screen.WriteLine("There is nothing to score. That says nothing about the citizen.");
        }
        else
        {
            DrawScale(screen, points, score.Scale);
            if (score.Band is { } band)
            {
                screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Band {band.Name}: of files like this the model expects {band.From:0.#%} to {band.To:0.#%} to turn bad."));
            }

            DrawReasons(screen, score);
            screen.WriteLine($"Model {score.Model}, inputs {score.InputsDigest}");
        }

        screen.WriteLine(score.HumanReview);
        if (isSame is { } same) screen.MarkupLine(same ? "[green]Computed again: the same to the last point.[/]" : "[red]Computed again: NOT the same. What it was computed from has changed since, or was erased.[/]");
    }

    private static void DrawScale(IAnsiConsole screen, int points, ScoreRange scale)
    {
        var filled = (points - scale.Low) * ScaleWidth / (scale.High - scale.Low);
        screen.MarkupLine(string.Create(CultureInfo.InvariantCulture,
            $"[bold]{points}[/]  {scale.Low} [green]{new string('█', filled)}[/][grey]{new string('░', ScaleWidth - filled)}[/] {scale.High}"));
    }

    private static void DrawReasons(IAnsiConsole screen, ScoreReport score)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Why it is not higher").AddColumn("code").AddColumn("reason").AddColumn(new TableColumn("points").RightAligned());
        foreach (var reason in score.Reasons) table.AddRow(Markup.Escape(reason.Code), Markup.Escape(reason.Words), reason.Points.ToString("0", CultureInfo.InvariantCulture));
        screen.Write(table);
        if (score.MostHelpful is { } most)
            screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"What would raise it most: {most.Words} ({most.Code}), by {most.Points:0} points at best."));
    }
}
