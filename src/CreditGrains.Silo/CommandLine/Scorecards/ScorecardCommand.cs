using System.CommandLine;

namespace CreditGrains.Silo.CommandLine.Scorecards;

/// <summary><c>scorecard</c>: makes scorecards of tables and judges them, which needs no ledger; writes such tables from a ledger, and explains scores.</summary>
internal static class ScorecardCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host) => new("scorecard", "Make scorecards, judge and compare them, and explain scores")
    {
        FeaturesCommand.Build(host),
        FitCommand.Build(host),
        EvaluateCommand.Build(host),
        CompareCommand.Build(host),
        DriftCommand.Build(host),
        ExplainCommand.Build(host),
    };

    /// <summary>Makes the option for a table.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What the table is.</param>
    public static Option<string> TableOption(string name, string description) => new(name) { Description = description, HelpName = "FILE.csv", Required = true };

    /// <summary>Makes the option for a model.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What the model is.</param>
    public static Option<string> ModelOption(string name, string description) => new(name) { Description = description, HelpName = "FILE", Required = true };

    /// <summary>Makes the option for the column of outcomes.</summary>
    public static Option<string> TargetOption() => new("--target") { Description = "The column that tells the outcome: two values, none missing", HelpName = "COLUMN", Required = true };

    /// <summary>Makes the option for the bad outcome.</summary>
    public static Option<string> BadOption() => new("--bad") { Description = "The target's value that means bad; 1 if absent", HelpName = "VALUE", DefaultValueFactory = _ => "1" };

    /// <summary>Makes the option for the report.</summary>
    /// <param name="description">Where it goes without the option.</param>
    public static Option<string?> ReportOption(string description) => new("--report") { Description = $"Where the report goes, one HTML file; {description}", HelpName = "FILE.html" };

    /// <summary>Reads a table while a bar shows how far it is.</summary>
    /// <param name="host">The world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file.</param>
    /// <param name="textColumns">Columns that are texts whatever is in them.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Task<InputTable> ReadAsync(CommandHost host, ParseResult parsed, string path, IReadOnlySet<string> textColumns, CancellationToken cancellation)
    {
        var progress = new StepCounter();
        return WhileAsync(host, parsed, $"read {Path.GetFileName(path)}", () => progress.Look("rows"), () => InputTable.Read(path, textColumns, progress, cancellation), cancellation);
    }

    /// <summary>Scores a table while a bar shows how far it is.</summary>
    /// <param name="host">The world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">The table.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Task<ScoredTable> ScoreAsync(CommandHost host, ParseResult parsed, ModelFile model, InputTable input, CancellationToken cancellation)
    {
        var progress = new StepCounter();
        return WhileAsync(host, parsed, $"score with {model.Name}", () => progress.Look("rows"), () => ModelScoring.Score(model, input, progress, cancellation), cancellation);
    }

    /// <summary>Runs something long on a thread of its own while a bar shows how far it is.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="host">The world.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="title">What runs.</param>
    /// <param name="look">Tells how far it is.</param>
    /// <param name="run">What to run.</param>
    /// <param name="cancellation">Stops it before it begins.</param>
    public static Task<T> WhileAsync<T>(CommandHost host, ParseResult parsed, string title, Func<ProgressLook> look, Func<T> run, CancellationToken cancellation) =>
        ProgressBar.WhileAsync(host.Options.IsJson(parsed) ? null : host.Terminal, title, look, () => Task.Run(run, cancellation));
}
