using System.CommandLine;
using CreditGrains.Silo.CommandLine.Scorecards.Report;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard evaluate</c>: says how a model does on rows whose outcome is known.</summary>
internal static class EvaluateCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var model = ScorecardCommand.ModelOption("--model", "The model: PMML, or the ledger's JSON");
        var input = ScorecardCommand.TableOption("--input", "Rows whose outcome is known; the model's inputs are found by their names");
        var target = ScorecardCommand.TargetOption();
        var bad = ScorecardCommand.BadOption();
        var report = ScorecardCommand.ReportOption("none is written if absent");
        var command = new Command("evaluate", "Say how well a model ranks rows and how true its probabilities are") { model, input, target, bad, report };
        command.SetAction((parsed, cancellation) => RunAsync(
            host, parsed, parsed.GetRequiredValue(model), parsed.GetRequiredValue(input), parsed.GetRequiredValue(target), parsed.GetRequiredValue(bad), parsed.GetValue(report), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandHost host, ParseResult parsed, string modelPath, string inputPath, string target, string badValue, string? report, CancellationToken cancellation)
    {
        if (report is not null) FitFiles.RequireFolder(report);
        var model = ModelFile.Read(modelPath);
        var input = await ScorecardCommand.ReadAsync(host, parsed, inputPath, model.TextInputs, cancellation);
        var bad = Outcomes.Read(input, target, badValue);
        var scored = await ScorecardCommand.ScoreAsync(host, parsed, model, input, cancellation);
        var judged = await Task.Run(() => Judgement.Of(scored.Points, bad, model.Scale, cancellation), cancellation);
        var characteristics = CharacteristicView.OfScored(model, scored, bad);

        if (report is not null) FitFiles.WriteWhole(report, ReportPage.OfEvaluation(model, input.Path, judged, characteristics));
        if (host.Options.IsJson(parsed))
        {
            JsonOutput.WriteLine(host.Terminal.Out, json =>
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                ScorecardOutput.WriteFigures(json, judged);
                CharacteristicOutput.Write(json, characteristics);
                json.WriteString("report", report);
                json.WriteEndObject();
            });
        }
        else
        {
            var screen = host.Terminal.Screen();
            ScorecardDrawing.Draw(screen, model.Name, judged);
            ScorecardDrawing.Draw(screen, characteristics);
            if (report is not null) await host.Terminal.Out.WriteLineAsync($"wrote {report}");
        }

        return ExitCode.Fine;
    }
}
