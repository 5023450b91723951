using System.CommandLine;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>keys</c>: makes the keys of a new ledger in a shared store.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to put them; those that are there are kept" };
        var command = new Command("keys", "Make the keys of a new ledger in a shared store; a ledger in a folder has its own") { folder };
        command.SetAction(async parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(folder)!);
            LedgerKeys.Create(path);
            await host.Terminal.Out.WriteLineAsync(
                $"{path} holds {LedgerKeys.PseudonymName}, with which citizens are named, for the bureau's front door and the first silo, and {LedgerKeys.ReferenceName}, which every silo needs. Keep copies apart from the journals: a ledger without its keys is lost.");
            return ExitCode.Fine;
        });
        return command;
    }
}
