using System.CommandLine;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>serve</c>: runs a silo until it is asked to stop.</summary>
internal static class ServeCommand
{
    internal const string Name = "serve";

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var command = new Command(Name, "Serve the ledger to clients until interrupted");
        foreach (var option in host.Server.Options) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new ServeRequest(host.Options.LocationOf(parsed), parsed, host.Terminal.Out, host.Terminal.Error, host.Options.IsJson(parsed), host.Options.IsPlainText(parsed));
            await host.Server.ServeAsync(request, cancellation);
            return ExitCode.Fine;
        });
        return command;
    }
}
