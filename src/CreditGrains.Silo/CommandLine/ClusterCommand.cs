using System.CommandLine;
using CreditGrains.Client;
using Spectre.Console;

namespace CreditGrains.Silo.CommandLine;

/// <summary><c>cluster status</c>: asks every silo of a cluster how it is.</summary>
internal static class ClusterCommand
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);

    private const string Details =
        """
        Every silo answers for itself, within two seconds. One that does not is shown as "not answering" (JSON: "notAnswering", without a
        report): it has died, is cut off, or is too busy. "gone" is one that has left, or that the others have given up, until the cluster's
        membership has forgotten it. "joining" and "draining" are silos that are starting and stopping.

        Rates and latencies are of the last ten seconds. p50 and p99: half, and 99 of 100, of the commits took no longer, which is too much by
        an eighth at most. Citizens are those in memory. Partitions: so many it has claimed, of those that the cluster's map
        gives to it; a silo alone with its store claims one when a citizen of it is first called. Refused entries, appends turned away and fences lost (JSON) are counted since the silo's start.

        The exit code is 0 whatever the silos answered, and 5 if none could be reached.
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="host">The world.</param>
    public static Command Build(CommandHost host)
    {
        var watch = new Option<bool>("--watch") { Description = "Ask again every 2 seconds, until interrupted; with --json one line each time" };
        var status = new DetailedCommand("status", "Show every silo: state, partitions, citizens, rates, latencies, memory", Details) { watch };
        status.SetAction(async (parsed, cancellation) =>
        {
            await using var ledger = await host.Opener.OpenAsync(host.Options.LocationOf(parsed), LedgerUse.Status, cancellation);
            if (parsed.GetValue(watch)) await WatchAsync(host, ledger.Cluster, host.Options.IsJson(parsed), cancellation);
            else Show(host, await ledger.Cluster.ReadAsync(cancellation), host.Options.IsJson(parsed));
            return ExitCode.Fine;
        });
        return new Command("cluster", "Look after a cluster of silos") { status };
    }

    private static void Show(CommandHost host, ClusterReport cluster, bool isJson)
    {
        if (isJson) JsonOutput.WriteLine(host.Terminal.Out, json => ClusterJson.Write(json, cluster, host.Clock.GetUtcNow()));
        else host.Terminal.Screen().Write(ClusterDrawing.Of(cluster, host.Clock.GetUtcNow()));
    }

    /// <summary>Shows the cluster again and again. An interrupt is how it ends.</summary>
    private static async Task WatchAsync(CommandHost host, IClusterReports reports, bool isJson, CancellationToken cancellation)
    {
        try
        {
            if (isJson || !host.Terminal.OutIsScreen)
            {
                await RepeatAsync(host, reports, cluster => Show(host, cluster, isJson), cancellation);
                return;
            }

            await host.Terminal.Screen().Live(new Text("")).StartAsync(live => RepeatAsync(
                host,
                reports,
                cluster =>
                {
                    live.UpdateTarget(ClusterDrawing.Of(cluster, host.Clock.GetUtcNow()));
                    live.Refresh();
                },
                cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private static async Task RepeatAsync(CommandHost host, IClusterReports reports, Action<ClusterReport> show, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                show(await reports.ReadAsync(cancellation));
            }
            catch (LedgerUnreachableException silent)
            {
                // Whoever watches a cluster being restarted wants to see it come back.
                await host.Terminal.Error.WriteLineAsync(silent.Message);
            }

            await Task.Delay(WatchEvery, host.Clock, cancellation);
        }
    }
}
