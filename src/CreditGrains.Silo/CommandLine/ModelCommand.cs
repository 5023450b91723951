using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Client;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>model</c>: the register of scoring models. Bringing, proposing and approving are three acts, and two persons' at least.</summary>
internal static class ModelCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "Which model: standard or thin-file" };
    private static readonly Argument<int> Version = new("VERSION") { Description = "Which version of it, from 1" };
    private static readonly Argument<ModelState> State = new("STATE")
    {
        Description = "Where to: challenger, champion or retired",
        CustomParser = result =>
        {
            if (Enum.TryParse<ModelState>(result.Tokens[0].Value, ignoreCase: true, out var state) && state != ModelState.Registered && Enum.IsDefined(state)) return state;
            result.AddError("STATE must be challenger, champion or retired.");
            return default;
        },
    };

    private static readonly Option<string> Person = new("--by") { Description = "Who does it: 1 to 64 characters without spaces", HelpName = "PERSON", Required = true };

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The model's document: the ledger's JSON, or PMML" };
        var list = new Command("list", "List all versions and where each stands");
        list.SetAction((parsed, cancellation) => ListAsync(host, parsed, cancellation));
        var show = new Command("show", "Print a version's document") { Model, Version };
        show.SetAction((parsed, cancellation) => ShowAsync(host, parsed, cancellation));
        var register = new Command("register", "Bring a new version of a model; it scores nobody yet") { Model, file, Person };
        register.SetAction((parsed, cancellation) => ChangeAsync(
            host, parsed, async models => await models.RegisterAsync(parsed.GetRequiredValue(Model), await File.ReadAllTextAsync(parsed.GetRequiredValue(file).FullName, cancellation), parsed.GetRequiredValue(Person), cancellation), cancellation));
        var propose = new Command("propose", "Propose to move a version") { Model, Version, State, Person };
        propose.SetAction((parsed, cancellation) => ChangeAsync(host, parsed, models => models.ProposeAsync(VersionOf(parsed), parsed.GetRequiredValue(State), parsed.GetRequiredValue(Person), cancellation), cancellation));
        var approve = new Command("approve", "Approve a move that another person proposed; it takes effect within seconds") { Model, Version, State, Person };
        approve.SetAction((parsed, cancellation) => ChangeAsync(host, parsed, models => models.ApproveAsync(VersionOf(parsed), parsed.GetRequiredValue(State), parsed.GetRequiredValue(Person), cancellation), cancellation));
        return new Command("model", "The register of scoring models: registered, challenger, champion, retired") { list, show, register, propose, approve };
    }

    private static ModelVersion VersionOf(ParseResult parsed) => new(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Version));

    private static async Task<int> ListAsync(CommandHost host, ParseResult parsed, CancellationToken cancellation)
    {
        await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
        var models = CitizenArgument.ValueOf(await ledger.Models.ListAsync(cancellation)).Models;
        if (host.Options.IsJson(parsed))
        {
            JsonOutput.WriteLine(host.Terminal.Out, json =>
            {
                json.WriteStartArray();
                foreach (var info in models) Write(json, info);
                json.WriteEndArray();
            });
            return ExitCode.Fine;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("model", "version", "state", "proposed", "registered by", "approved by", "digest");
        foreach (var info in models)
        {
            table.AddRow(
                info.Version.Model, info.Version.Version.ToString(CultureInfo.InvariantCulture), NameOf(info.State),
                Markup.Escape(info.Proposed is { } to ? $"{NameOf(to)} by {info.ProposedBy}" : ""), Markup.Escape(info.RegisteredBy), Markup.Escape(info.ApprovedBy ?? ""), info.Digest[..12]);
        }

        host.Terminal.Screen().Write(table);
        return ExitCode.Fine;
    }

    private static async Task<int> ShowAsync(CommandHost host, ParseResult parsed, CancellationToken cancellation)
    {
        await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
        var answer = await ledger.Models.ReadAsync(VersionOf(parsed), cancellation);
        if (answer is { Status: ReadStatus.BadRequest }) throw new UsageException($"There is no {VersionOf(parsed)}. 'model list' shows what there is.");
        await host.Terminal.Out.WriteLineAsync(CitizenArgument.ValueOf(answer).Text);
        return ExitCode.Fine;
    }

    private static async Task<int> ChangeAsync(CommandHost host, ParseResult parsed, Func<IModelRegister, Task<ModelOutcome>> change, CancellationToken cancellation)
    {
        await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Read, cancellation);
        var outcome = await change(ledger.Models);
        if (outcome.Status == RecordStatus.Refused) throw new UsageException($"{CodeOf(outcome.Refusal!.Value)}: {outcome.Detail}");
        if (outcome is not { Status: RecordStatus.Recorded, Info: { } info })
            throw new LedgerNotOpenedException("The register could not be changed now, or cannot tell yet. 'model list' shows where it stands; do it again if it did not happen.");
        if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, info));
        else await host.Terminal.Out.WriteLineAsync($"{info.Version} is {NameOf(info.State)}{(info.Proposed is { } to ? $"; {info.ProposedBy} proposes {NameOf(to)}, and another person approves" : "")}.");
        return ExitCode.Fine;
    }

    private static void Write(Utf8JsonWriter json, ModelInfo info)
    {
        json.WriteStartObject();
        json.WriteString("model", info.Version.Model);
        json.WriteNumber("version", info.Version.Version);
        json.WriteString("state", NameOf(info.State));
        json.WriteString("digest", info.Digest);
        json.WriteString("registeredBy", info.RegisteredBy);
        json.WriteString("proposed", info.Proposed is { } to ? NameOf(to) : null);
        json.WriteString("proposedBy", info.ProposedBy);
        json.WriteString("approvedBy", info.ApprovedBy);
        json.WriteEndObject();
    }

    private static string NameOf(ModelState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    /// <summary>Gives the code of a refusal, as the rules name it: INPUT_BANNED and the like.</summary>
    private static string CodeOf(ModelRefusal refusal) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(refusal.ToString());
}
