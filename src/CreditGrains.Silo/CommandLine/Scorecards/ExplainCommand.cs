using System.CommandLine;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard explain</c>: how a model comes to a citizen's score, characteristic by characteristic.</summary>
internal static class ExplainCommand
{
    private const string Text =
        """
        FILE is a model as JSON or PMML, or one of the two that the ledger comes with: standard, thin-file. Each characteristic is shown with its
        value, the bin that the value is in, the bin's points, the points they are compared to, and what was lost. An input that is none of the
        ledger's characteristics, such as a field of an application, is given with --field; without it it is missing.
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var reference = CitizenArgument.Make();
        var model = new Option<string>("--model") { Description = "The model", HelpName = "FILE", Required = true };
        var asOf = new Option<DateOnly?>("--as-of")
        {
            Description = "The day the file speaks for; without it today",
            HelpName = "YYYY-MM-DD",
            CustomParser = Dates.MaybeDay,
        };
        var fields = new Option<string[]>("--field")
        {
            Description = "An input that the ledger does not know; may be given several times",
            HelpName = "NAME=VALUE",
        };
        var command = new DetailedCommand("explain", "Show how a model comes to a citizen's score", Text) { reference, model, asOf, fields };
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = host.Options.LocationOf(parsed);
            var name = parsed.GetRequiredValue(model);
            var read = ShippedModels.Find(name) is { } shipped && !File.Exists(name) ? new ModelFile(name, shipped.ToScorecard(), shipped) : ModelFile.Read(name);
            var scoring = ScoreExplanation.Prepare(read, parsed.GetValue(fields) ?? []);
            await using var ledger = await host.Opener.OpenAsync(location, LedgerUse.Read, cancellation);
            var citizen = CitizenArgument.Read(ledger, parsed.GetRequiredValue(reference));
            var vector = CitizenArgument.ValueOf(await ledger.Client.ReadCharacteristicsAsync(citizen, new(parsed.GetValue(asOf)), cancellation));
            var explanation = scoring.Explain(vector);
            if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, explanation.Write);
            else explanation.Draw(host.Terminal.Screen());
            return ExitCode.Fine;
        });
        return command;
    }
}
