using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard features</c>: a table of characteristics, each row as of its own day, for a model to be fitted on.</summary>
internal static class FeaturesCommand
{
    private const string Text =
        """
        FILE.csv has the columns citizen (scheme:id, or a pseudonym of 32 hexadecimal digits) and date (YYYY-MM-DD). Each row is written again
        with all of its columns, followed by every characteristic of the ledger's catalogue by its name: those of the file as of that day, the
        day itself included. Nothing that occurred later enters, however early it was recorded. What is missing is an empty cell.

        A row about an application has the day before it as its date: then neither the application nor what it led to is in its own
        characteristics. --as-known-at gives what was known at that instant, without the corrections that came later.
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var at = new Option<string>("--at") { Description = "The table of citizens and days", HelpName = "FILE.csv", Required = true };
        var output = new Option<string>("--out") { Description = "Where the table with the characteristics goes; what is there is replaced", HelpName = "FILE.csv", Required = true };
        var knownAt = new Option<DateTimeOffset?>("--as-known-at")
        {
            Description = "The instant at which all of it was known, such as 2024-05-01T12:00:00Z; without it now",
            HelpName = "INSTANT",
            CustomParser = Dates.MaybeInstant,
        };
        var command = new DetailedCommand("features", "Write the characteristics of citizens, each as of a day", Text) { at, output, knownAt };
        command.SetAction(async (parsed, cancellation) =>
        {
            var location = host.Options.LocationOf(parsed);
            var (from, to) = (parsed.GetRequiredValue(at), parsed.GetRequiredValue(output));
            if (Path.GetFullPath(from) == Path.GetFullPath(to)) throw new UsageException("--at and --out name the same file. Give the output another name.");
            using var questions = FeatureQuestions.Open(from);
            await using var ledger = await host.Opener.OpenAsync(location, LedgerUse.Read, cancellation);
            var run = new FeatureRun(ledger, questions, parsed.GetValue(knownAt));
            var progress = host.Options.IsJson(parsed) ? null : host.Terminal;
            await ProgressBar.WhileAsync(progress, "features", run.Look, () => run.WriteAsync(to, cancellation));
            if (host.Options.IsJson(parsed)) JsonOutput.WriteLine(host.Terminal.Out, json => Write(json, run, to));
            else await host.Terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{run.Rows:N0} rows with {Characteristics.Count} characteristics are in {to}."));
            return ExitCode.Fine;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, FeatureRun run, string to)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", run.Rows);
        json.WriteNumber("characteristics", Characteristics.Count);
        json.WriteStartObject("missing");
        foreach (var one in Characteristics.All) json.WriteNumber(one.Name, run.Missing[one.Index]);
        json.WriteEndObject();
        json.WriteString("out", to);
        json.WriteEndObject();
    }
}
