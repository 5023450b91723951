using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using CreditGrains.Silo.Nation;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>simulate</c>: makes up a nation and records its life. The same numbers make the same nation, to the last entry.</summary>
internal static class SimulateCommand
{
    private static readonly DateOnly FirstMonth = new(2024, 1, 1);

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var citizens = new Option<int>("--citizens") { Description = "How many citizens, sim:1 to sim:N", HelpName = "N", Required = true };
        citizens.Validators.Add(result => MustBeWithin(result, citizens, 1, NationPlan.MaxCitizens));
        var months = new Option<int>("--months") { Description = "How many months of their lives", HelpName = "M", Required = true };
        months.Validators.Add(result => MustBeWithin(result, months, 1, NationPlan.MaxMonths));
        var seed = new Option<ulong>("--seed") { Description = "What everything is drawn from; another seed is another nation", HelpName = "S", Required = true };
        var from = new Option<DateOnly?>("--from")
        {
            Description = "The first month; 2024-01 if absent",
            HelpName = "YYYY-MM",
            CustomParser = Dates.MaybeMonth,
        };
        var command = new Command("simulate", "Record the life of a made-up nation") { citizens, months, seed, from };
        command.SetAction((parsed, cancellation) => RunAsync(
            host, parsed, new NationPlan(parsed.GetValue(citizens), parsed.GetValue(months), parsed.GetValue(seed), parsed.GetValue(from) ?? FirstMonth), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandHost host, ParseResult parsed, NationPlan plan, CancellationToken cancellation)
    {
        var location = host.Options.LocationOf(parsed);
        var nation = new Population(plan);
        nation.Prepare();
        using var refusals = new RefusalFile(RefusalFile.PlacesFor(nation.Name, null, location));
        var result = await Recording.RunAsync(host, parsed, location, nation, refusals, cancellation);
        foreach (var sentence in refusals.First) await host.Terminal.Error.WriteLineAsync(sentence);
        if (!host.Options.IsJson(parsed))
        {
            // The nation ends in the past, so its citizens are best looked at on its last day.
            foreach (var (what, reference) in nation.Examples)
                await host.Terminal.Out.WriteLineAsync(FormattableString.Invariant($"  worth a look: file {reference,-9} --as-of {plan.LastDay:yyyy-MM-dd}  ({what})"));
        }

        return Recording.Report(host, parsed, result, json => WriteMore(json, plan, nation));
    }

    private static void WriteMore(Utf8JsonWriter json, NationPlan plan, Population nation)
    {
        json.WriteDay("lastDay", plan.LastDay);
        json.WriteStartObject("examples");
        foreach (var (what, reference) in nation.Examples) json.WriteString(what, reference);
        json.WriteEndObject();
    }

    private static void MustBeWithin(OptionResult result, Option<int> option, int lowest, int highest)
    {
        // A value that is no number has its own error.
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < lowest || value > highest))
            result.AddError($"{option.Name} must be from {lowest} to {highest}.");
    }
}
