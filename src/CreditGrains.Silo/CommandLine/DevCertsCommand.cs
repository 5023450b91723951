using System.CommandLine;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>dev-certs</c>: makes certificates for a trial.</summary>
internal static class DevCertsCommand
{
    private const int ValidDays = 90;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to put them; what is there is replaced" };
        var siloName = new Option<string>("--silo-name") { Description = "The name that silos' certificates carry", DefaultValueFactory = _ => new TlsSettings().SiloName };
        var command = new Command("dev-certs", "Make an authority, a silo's and a caller's certificate for a trial") { folder, siloName };
        command.SetAction(async parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(folder)!);
            var now = host.Clock.GetUtcNow();

            // An hour back, for clocks of other machines that are behind this one.
            DevelopmentCertificates.Write(path, parsed.GetValue(siloName)!, now.AddHours(-1), now.AddDays(ValidDays));
            await host.Terminal.Out.WriteLineAsync(
                $"{path} holds authority.pem, silo.pem, silo.key, caller.pem and caller.key, valid for {ValidDays} days, and silo.json for serve --config. Whoever can read them can be any silo and any caller: for trials alone.");
            return ExitCode.Fine;
        });
        return command;
    }
}
