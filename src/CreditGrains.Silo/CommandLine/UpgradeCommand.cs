using System.CommandLine;
using System.Text.Json;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>upgrade</c>: the last step of an upgrade, by which a ledger begins to be written in a newer format.</summary>
internal static class UpgradeCommand
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private const string Details =
        """
        Silos are replaced one at a time by those of the new program, which go on writing the old format, so that silos of both programs
        read everything. When all are replaced, finalize puts the new format in force: from then on the old program cannot serve the ledger.

        It is refused, and nothing is changed, while an active silo does not read the new format or does not answer. Once the format is in
        force it waits until every silo writes it. Given again it changes nothing and waits again. What is there already is left as it is.

        The exit code is 6 if a silo was not ready.
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var status = new Command("status", "Show which format is in force, and which the silos know; needs --data or --config");
        status.SetAction(async (parsed, cancellation) =>
        {
            await using var formats = await host.Opener.OpenFormatsAsync(host.Options.LocationOf(parsed), cancellation);
            Show(host, await formats.ReadAsync(cancellation), host.Options.IsJson(parsed));
            return ExitCode.Fine;
        });

        var patience = new Option<int>("--wait")
        {
            Description = "How many seconds to wait until every silo writes the new format; 1 to 86400",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 120,
        };
        patience.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() is < 1 or > 86_400) option.AddError("--wait takes 1 to 86400 seconds.");
        });
        var finalize = new DetailedCommand("finalize", "Put the newest format in force, once every silo reads it; needs --data or --config", Details) { patience };
        finalize.SetAction(async (parsed, cancellation) =>
        {
            await using var formats = await host.Opener.OpenFormatsAsync(host.Options.LocationOf(parsed), cancellation);
            await PutInForceAsync(formats, cancellation);
            Show(host, await SettledAsync(formats, TimeSpan.FromSeconds(parsed.GetValue(patience)), host.Clock, cancellation), host.Options.IsJson(parsed));
            return ExitCode.Fine;
        });
        return new Command("upgrade", "Finish an upgrade: change the format that a ledger is written in") { status, finalize };
    }

    private static async Task PutInForceAsync(OpenFormats formats, CancellationToken cancellation)
    {
        var state = await formats.ReadAsync(cancellation);
        if (state.InForce == state.Newest) return;
        if (!state.Unready.IsEmpty)
        {
            throw new ClusterNotReadyException(
                $"Format {state.Newest} is not put in force, and nothing is changed: {string.Join(", ", state.Unready.Select(silo => silo.Newest is { } newest ? $"{silo.Name} reads up to format {newest}" : $"{silo.Name} does not answer"))}. "
                + "Replace the old silos, wait until the cluster has forgotten those that died, and give the command again.");
        }

        if (!await formats.ReplaceAsync(state.Newest, cancellation) && (await formats.ReadAsync(cancellation)).InForce != state.Newest)
            throw new ClusterNotReadyException("Somebody else changed the ledger's manifest at this moment. Look with upgrade status, and give the command again.");
    }

    /// <summary>Waits until every silo writes the newest format.</summary>
    private static async Task<FormatState> SettledAsync(OpenFormats formats, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var state = await formats.ReadAsync(cancellation);
            if (state.IsFinal) return state;
            if (clock.GetElapsedTime(started) >= patience)
            {
                throw new ClusterNotReadyException(
                    $"Format {state.Newest} is in force, and after {patience.TotalSeconds:N0} seconds not written yet by {string.Join(", ", state.Behind.Select(silo => silo.Name))}. Look at their logs, and give the command again.");
            }

            await Task.Delay(AskEvery, clock, cancellation);
        }
    }

    private static void Show(CommandHost host, FormatState state, bool isJson)
    {
        if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, state));
        else Draw(host.Terminal.Out, state);
    }

    private static void Write(Utf8JsonWriter json, FormatState state)
    {
        json.WriteStartObject();
        json.WriteNumber("format", state.InForce);
        json.WriteNumber("newest", state.Newest);
        json.WriteBoolean("final", state.IsFinal);
        json.WriteStartArray("silos");
        foreach (var silo in state.Silos)
        {
            json.WriteStartObject();
            json.WriteString("name", silo.Name);
            WriteNumber(json, "newest", silo.Newest);
            WriteNumber(json, "writes", silo.Written);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void Draw(TextWriter output, FormatState state)
    {
        output.WriteLine(state.InForce == state.Newest
            ? $"The ledger is written in format {state.InForce}, the newest that this program knows."
            : $"The ledger is written in format {state.InForce}; this program knows format {state.Newest}. When every silo reads it: creditgrains upgrade finalize.");
        foreach (var silo in state.Silos)
            output.WriteLine(silo.Newest is null ? $"  {silo.Name} does not answer" : $"  {silo.Name} reads up to format {silo.Newest} and writes format {silo.Written}");
    }
}
