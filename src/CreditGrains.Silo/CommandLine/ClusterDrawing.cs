using System.Globalization;
using CreditGrains.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Draws the silos of a cluster for people.</summary>
internal static class ClusterDrawing
{
    private const string None = "–";

    /// <summary>Draws one row a silo and a row of sums.</summary>
    /// <param name="cluster">What the silos answered.</param>
    /// <param name="at">When they were asked.</param>
    public static IRenderable Of(ClusterReport cluster, DateTimeOffset at)
    {
        var sums = ClusterSums.Of(cluster);
        // Without frames it fits a screen of 80 characters as long as all are well.
        var table = new Table().Border(TableBorder.Simple).Caption($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        table.AddColumn(new TableColumn("silo").PadLeft(0).PadRight(1).Footer(string.Create(CultureInfo.InvariantCulture, $"{sums.Answering} of {sums.Silos}")));
        table.AddColumn(new TableColumn("state").PadLeft(0).PadRight(1).Footer("answer"));
        Add("partitions", sums.PartitionsOwned.ToString("N0", CultureInfo.InvariantCulture));
        Add("citizens", sums.ActiveCitizens.ToString("N0", CultureInfo.InvariantCulture));
        Add("entries/s", Rate(sums.EntriesPerSecond));
        Add("p50", "");
        Add("p99", Latency(sums.SlowestP99));
        Add("memory", Memory(sums.WorkingSetBytes));
        foreach (var silo in cluster.Silos)
        {
            if (silo.Report is not { } report)
            {
                table.AddRow(Markup.Escape(silo.Member.Name), State(silo), None, None, None, None, None, None);
                continue;
            }

            table.AddRow(
                Markup.Escape(silo.Member.Name),
                State(silo),
                string.Create(CultureInfo.InvariantCulture, $"{report.PartitionsOwned:N0} of {report.PartitionsAssigned:N0}"),
                report.ActiveCitizens.ToString("N0", CultureInfo.InvariantCulture),
                Rate(report.EntriesPerSecond),
                Latency(report.CommitLatencyP50),
                Latency(report.CommitLatencyP99),
                Memory(report.WorkingSetBytes));
        }

        return table;

        void Add(string header, string footer) => table.AddColumn(new TableColumn(header).RightAligned().PadLeft(0).PadRight(1).Footer(footer));
    }

    private static string State(SiloAnswer silo) => silo switch
    {
        { Report.State: SiloState.Active } => "[green]active[/]",
        { Report: { } report } => $"[yellow]{report.State.ToString().ToLowerInvariant()}[/]",
        { Member.State: SiloState.Gone } => "[grey]gone[/]",
        _ => "[red]not answering[/]",
    };

    private static string Rate(double rate) => rate.ToString(rate is > 0 and < 10 ? "N1" : "N0", CultureInfo.InvariantCulture);

    private static string Latency(TimeSpan? latency) => latency is { } known
        ? known.TotalMilliseconds.ToString(known.TotalMilliseconds < 10 ? "N1" : "N0", CultureInfo.InvariantCulture) + " ms"
        : None;

    private static string Memory(long bytes) => (bytes / (double)(1 << 20)).ToString("N0", CultureInfo.InvariantCulture) + " MiB";
}
