using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Modelling;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard compare</c>: judges two models on the same rows.</summary>
internal static class CompareCommand
{
    private const double UsualApproval = 0.8;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var champion = ScorecardCommand.ModelOption("--champion", "The model that decides now: PMML or JSON");
        var challenger = ScorecardCommand.ModelOption("--challenger", "The model that would");
        var input = ScorecardCommand.TableOption("--input", "Rows whose outcome is known, with the inputs of both");
        var target = ScorecardCommand.TargetOption();
        var bad = ScorecardCommand.BadOption();
        var approve = new Option<double>("--approve") { Description = "Which share both approve in the swap set, 0 to 1; 0.8 if absent", HelpName = "SHARE", DefaultValueFactory = _ => UsualApproval };
        var command = new Command("compare", "Judge two models on the same rows, and say whom one approves and the other does not") { champion, challenger, input, target, bad, approve };
        command.SetAction((parsed, cancellation) => RunAsync(
            host,
            parsed,
            new(parsed.GetRequiredValue(champion), parsed.GetRequiredValue(challenger), parsed.GetRequiredValue(input), parsed.GetRequiredValue(target), parsed.GetRequiredValue(bad), parsed.GetRequiredValue(approve)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, ParseResult parsed, Asked asked, CancellationToken cancellation)
    {
        if (asked.Approval is not (>= 0 and <= 1)) throw new UsageException("--approve takes a share from 0 to 1, such as 0.8.");
        var (champion, challenger) = (ModelFile.Read(asked.Champion), ModelFile.Read(asked.Challenger));
        HashSet<string> texts = [.. champion.TextInputs, .. challenger.TextInputs];
        var input = await ScorecardCommand.ReadAsync(host, parsed, asked.Input, texts, cancellation);
        var bad = Outcomes.Read(input, asked.Target, asked.Bad);
        var ofChampion = (await ScorecardCommand.ScoreAsync(host, parsed, champion, input, cancellation)).Points;
        var ofChallenger = (await ScorecardCommand.ScoreAsync(host, parsed, challenger, input, cancellation)).Points;
        var outcome = await Task.Run(Compare, cancellation);
        if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, champion, challenger, outcome, asked.Approval));
        else Draw(host.Terminal.Screen(), champion, challenger, outcome, asked.Approval);
        return ExitCode.Fine;

        Outcome Compare() => new(
            Judgement.Of(ofChampion, bad, champion.Scale, cancellation),
            Judgement.Of(ofChallenger, bad, challenger.Scale, cancellation),
            Comparison.Of(ofChampion, ofChallenger, bad, asked.Approval, new(), cancellation)!);
    }

    private static void Write(Utf8JsonWriter json, ModelFile champion, ModelFile challenger, Outcome outcome, double approval)
    {
        json.WriteStartObject();
        foreach (var (role, model, judged) in new[] { ("champion", champion, outcome.Champion), ("challenger", challenger, outcome.Challenger) })
        {
            json.WriteStartObject(role);
            json.WriteString("model", model.Name);
            ScorecardOutput.WriteFigures(json, judged);
            json.WriteEndObject();
        }

        json.WriteNumber("difference", outcome.Compared.Difference);
        ScorecardOutput.WriteInterval(json, "differenceInterval", outcome.Compared.DifferenceInterval);
        var swap = outcome.Compared.SwapSet;
        json.WriteStartObject("swapSet");
        json.WriteNumber("approvalRate", approval);
        json.WriteNumber("approved", swap.Approved);
        json.WriteNumber("badsOfChampion", swap.BadsOfChampion);
        json.WriteNumber("badsOfChallenger", swap.BadsOfChallenger);
        json.WriteNumber("swapped", swap.Swapped);
        json.WriteNumber("swappedOutBads", swap.SwappedOutBads);
        json.WriteNumber("swappedInBads", swap.SwappedInBads);
        ScorecardOutput.WriteMaybe(json, "swappedOutBadRate", swap.SwappedOutBadRate);
        ScorecardOutput.WriteMaybe(json, "swappedInBadRate", swap.SwappedInBadRate);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Draw(IAnsiConsole screen, ModelFile champion, ModelFile challenger, Outcome outcome, double approval)
    {
        var table = ScorecardDrawing.Headed("", "champion", "challenger");
        table.AddRow("model", Markup.Escape(champion.Name), Markup.Escape(challenger.Name));
        Add("AUC", judged => ScorecardDrawing.Rate(judged.Figures.Auc));
        Add("95 % interval", judged => ScorecardDrawing.Text(judged.Figures.AucInterval));
        Add("Gini", judged => ScorecardDrawing.Rate(judged.Figures.Gini));
        Add("KS", judged => ScorecardDrawing.Rate(judged.Figures.Ks));
        Add("Brier", judged => judged.HasProbabilities ? ScorecardDrawing.Rate(judged.Figures.Brier) : "no scale");
        screen.Write(table);

        var (compared, swap) = (outcome.Compared, outcome.Compared.SwapSet);
        var interval = compared.DifferenceInterval!.Value;
        screen.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"AUC of the challenger less the champion's: [bold]{compared.Difference:+0.0000;-0.0000}[/] (95 %: {interval.Low:+0.0000;-0.0000} to {interval.High:+0.0000;-0.0000}){(interval is { Low: <= 0, High: >= 0 } ? ": the two may be equally good" : "")}");
        screen.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"If each approves {swap.Approved:N0} rows ({approval:P0}): {swap.BadsOfChampion:N0} bads with the champion, {swap.BadsOfChallenger:N0} with the challenger; {swap.Swapped:N0} change places, of whom {swap.SwappedOutBads:N0} bads go out and {swap.SwappedInBads:N0} come in.");

        void Add(string name, Func<Judgement, string> text) => table.AddRow(name, text(outcome.Champion), text(outcome.Challenger));
    }

    private sealed record Asked(string Champion, string Challenger, string Input, string Target, string Bad, double Approval);

    private sealed record Outcome(Judgement Champion, Judgement Challenger, Comparison Compared);
}
