using System.CommandLine;
using CreditGrains.Client;
using CreditGrains.Silo.CommandLine.Scorecards;
using CreditGrains.Silo.Imports;

namespace CreditGrains.Silo.CommandLine;

/// <summary>What commands need of the world.</summary>
/// <param name="Opener">Opens ledgers.</param>
/// <param name="Server">Runs a silo in the foreground.</param>
/// <param name="Copies">Backs ledgers up and restores them.</param>
/// <param name="Terminal">Where to write.</param>
/// <param name="Clock">Measures how long imports take, and says when to look again. Nothing that is recorded depends on it.</param>
internal sealed record CommandHost(ILedgerOpener Opener, ILedgerServer Server, ILedgerCopies Copies, Terminal Terminal, TimeProvider Clock)
{
    /// <summary>Gets the options that every command takes.</summary>
    public LedgerOptions Options { get; } = new();
}

/// <summary>The command line <c>creditgrains</c>.</summary>
internal static class CreditGrainsCommand
{
    // Time to let what is on its way become durable and to leave the cluster, before the process is ended. A silo that serves has its own
    // limit in its settings, an hour at most.
    private static readonly TimeSpan PatienceAfterInterrupt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceOfServe = TimeSpan.FromHours(1);

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The words behind the program's name.</param>
    /// <param name="host">The world.</param>
    /// <param name="cancellation">Stops it, as an interrupt from the keyboard does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandHost host, CancellationToken cancellation = default)
    {
        var parsed = Build(host).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not DetailedHelp)
        {
            foreach (var error in parsed.Errors) await host.Terminal.Error.WriteLineAsync(error.Message);
            await host.Terminal.Error.WriteLineAsync($"Usage: {CommandPath(parsed)}{ArgumentsOf(parsed)} [options]. See '{CommandPath(parsed)} --help'.");
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Terminal.Out,
            Error = host.Terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ServeCommand.Name ? PatienceOfServe : PatienceAfterInterrupt,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception reason) when (CodeOf(reason) is { } code)
        {
            await host.Terminal.Error.WriteLineAsync(code == ExitCode.Interrupted
                ? "Stopped before the end. What was acknowledged is recorded; an import, a backup or a restore that is run again resumes."
                : reason.Message);
            return code;
        }
    }

    private static RootCommand Build(CommandHost host)
    {
        var root = new RootCommand("CreditGrains: a credit ledger in which every citizen is a grain.")
        {
            ServeCommand.Build(host),
            ImportCommand.Build(host),
            SimulateCommand.Build(host),
            TotalsCommand.Build(host),
            FileCommand.Build(host),
            HistoryCommand.Build(host),
            ScoreCommand.Build(host),
            ModelCommand.Build(host),
            VerifyCommand.Build(host),
            BackupCommand.Build(host),
            RestoreCommand.Build(host),
            ClusterCommand.Build(host),
            DevCertsCommand.Build(host),
            KeysCommand.Build(host),
            ScorecardCommand.Build(host),
            UpgradeCommand.Build(host),
        };
        host.Options.AddTo(root);
        DetailedHelp.AddTo(root);
        return root;
    }

    /// <summary>Tells how the program ends after an exception that a command may end with; null for a bug.</summary>
    private static int? CodeOf(Exception reason) => reason switch
    {
        UsageException or ImportFileException => ExitCode.Usage,
        LedgerBrokenException => ExitCode.Broken,
        ClusterNotReadyException => ExitCode.NotReady,
        LedgerNotOpenedException or LedgerUnreachableException => ExitCode.Unreachable,
        OperationCanceledException => ExitCode.Interrupted,

        // A full disk, a folder that may not be written: the message of the system says which.
        IOException or UnauthorizedAccessException => ExitCode.Unreachable,
        _ => null,
    };

    private static string ArgumentsOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command.Subcommands.Count > 0 ? " COMMAND" : string.Concat(command.Arguments.Select(argument => " " + argument.Name));
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Command is RootCommand ? "creditgrains" : result.Command.Name);
        return string.Join(' ', names);
    }
}
