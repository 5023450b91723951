using System.CommandLine;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard fit</c>: makes a scorecard of a table and judges it on rows that it has not seen.</summary>
internal static class FitCommand
{
    private const string Details =
        """
        The table is UTF-8 with a header; commas, semicolons or tabs stand between cells, whichever the header has. A cell that is empty, NA
        or ? is missing. A column is numeric if all its other cells are numbers, and otherwise of texts.

        --split says which rows are held back, and all figures are theirs:
          id             splitmix64(id) % 10 < 7 trains, the others are held back (the default)
          time:COLUMN    the later three tenths are held back; time:COLUMN@CUT holds back all from CUT on
          folds:K        each of K parts in turn; folds:KxSEEDS so many times anew. The scorecard itself is made of all rows.

        --monotone COLUMN:up means that the bad rate rises with the column's values, :down that it falls. --special COLUMN=VALUE gives a
        value such as -1 for "never" a bin of its own. Lists are separated by commas, and options with lists may be given again.

        Written are FILE.pmml, the ledger's own form beside it as FILE.json, and a report for people as FILE.html.
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var input = ScorecardCommand.TableOption("--input", "The table to learn from");
        var target = ScorecardCommand.TargetOption();
        var id = new Option<string>("--id") { Description = "The column of ids, which is never a predictor; 'row' for the data row, from 1", HelpName = "COLUMN", Required = true };
        var bad = ScorecardCommand.BadOption();
        var exclude = ListOption("--exclude", "Columns that may not be used", "A,B");
        var split = new Option<string>("--split") { Description = "Which rows are held back: see below", HelpName = "id|time:COLUMN|folds:K[xSEEDS]", DefaultValueFactory = _ => "id" };
        var monotone = ListOption("--monotone", "Columns whose bad rate may only rise (up) or only fall (down)", "COLUMN:up|down,...");
        var special = ListOption("--special", "Values that mean something of their own", "COLUMN=VALUE,...");
        var model = new Option<string?>("--model") { Description = "The model's name: 1 to 32 of a-z, 0-9 and hyphen; without it that of the file", HelpName = "NAME" };
        var scale = new Option<string>("--scale") { Description = "Where scores end: 300-850 (the default) or 350-950", HelpName = "LOW-HIGH", DefaultValueFactory = _ => ScoreScales.Default };
        var minInformation = NumberOption("--min-iv", "Columns of less information value are dropped; 0.02 if absent");
        var maxCorrelation = NumberOption("--max-correlation", "Of two columns more correlated than this the weaker is dropped; 0.75 if absent");
        var ridge = NumberOption("--ridge", "How strongly coefficients are drawn towards 0, 10 if absent; more for few rows, 0 for the plain regression");
        var round = new Option<bool>("--round") { Description = "Make points whole numbers" };
        var sign = new Option<string?>("--sign") { Description = "Sign the JSON with this private key (P-256, PEM)", HelpName = "KEY.pem" };
        var report = ScorecardCommand.ReportOption("FILE.html beside the model if absent");
        var output = new Option<string>("--out") { Description = "Where the scorecard goes, as PMML 4.4", HelpName = "FILE.pmml", Required = true };

        var command = new DetailedCommand("fit", "Make a scorecard of a table, and judge it on rows held back", Details)
        {
            input, target, id, bad, exclude, split, monotone, special, model, scale, minInformation, maxCorrelation, ridge, round, sign, report, output,
        };
        command.SetAction((parsed, cancellation) => RunAsync(host, parsed, new()
        {
            Input = parsed.GetRequiredValue(input),
            Target = parsed.GetRequiredValue(target),
            Id = parsed.GetRequiredValue(id),
            Bad = parsed.GetRequiredValue(bad),
            Exclude = parsed.GetValue(exclude) ?? [],
            Split = parsed.GetRequiredValue(split),
            Monotone = parsed.GetValue(monotone) ?? [],
            Special = parsed.GetValue(special) ?? [],
            Model = parsed.GetValue(model),
            Scale = FitPlan.ScaleOf(parsed.GetRequiredValue(scale)),
            MinInformationValue = parsed.GetValue(minInformation),
            MaxCorrelation = parsed.GetValue(maxCorrelation),
            Ridge = parsed.GetValue(ridge),
            IsRounded = parsed.GetValue(round),
            Key = parsed.GetValue(sign),
            Report = parsed.GetValue(report),
            Out = parsed.GetRequiredValue(output),
        }, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, ParseResult parsed, FitRequest request, CancellationToken cancellation)
    {
        var files = FitFiles.Of(request);
        using var signer = DocumentSigner.Open(request.Key);
        var input = await ScorecardCommand.ReadAsync(host, parsed, request.Input, FitPlan.TextColumns(request), cancellation);
        var options = FitPlan.OptionsOf(request, input);
        var bad = Outcomes.Read(input, request.Target, request.Bad);

        var counter = new StepCounter();
        var progress = new Reported(counter);
        var outcome = await ScorecardCommand.WhileAsync(
            host, parsed, "fit", () => counter.Look("steps"), () => Fit.Run(input.Table, options, progress, cancellation), cancellation);
        if (outcome is FitOutcome.Refused refused) throw new UsageException($"{request.Input}: no scorecard was made. {FitWords.Of(refused.Refusal)} {refused.Detail}");

        var fitted = FitSummary.Of(request, options, input, bad, ((FitOutcome.Fitted)outcome).Result);
        var document = signer.Sign(fitted.Document);
        files.Write(document, fitted);
        if (!fitted.Banned.IsEmpty) await host.Terminal.Error.WriteLineAsync($"{FitWords.OfBanned(fitted.Banned)} Leave it out with --exclude.");
        if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => ScorecardOutput.Write(json, fitted, files));
        else ScorecardDrawing.Draw(host.Terminal.Screen(), fitted, files);
        return ExitCode.Fine;
    }

    private static Option<string[]> ListOption(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<double?> NumberOption(string name, string description) => new(name) { Description = description, HelpName = "X" };

    /// <summary>Counts at once, on the thread that reports: the usual one would let a late report overtake.</summary>
    private sealed class Reported(StepCounter counter) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => counter.Set((double)value.Done / value.Total, value.Done);
    }
}
