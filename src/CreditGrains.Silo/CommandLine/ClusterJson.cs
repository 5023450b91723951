using System.Text.Json;
using CreditGrains.Client;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Writes the silos of a cluster for programs.</summary>
internal static class ClusterJson
{
    /// <summary>Writes one value.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="cluster">What the silos answered.</param>
    /// <param name="at">When they were asked.</param>
    public static void Write(Utf8JsonWriter json, ClusterReport cluster, DateTimeOffset at)
    {
        var sums = ClusterSums.Of(cluster);
        json.WriteStartObject();
        json.WriteInstant("at", at);
        json.WriteStartArray("silos");
        foreach (var silo in cluster.Silos) Write(json, silo);
        json.WriteEndArray();
        json.WriteStartObject("totals");
        json.WriteNumber("silos", sums.Silos);
        json.WriteNumber("answering", sums.Answering);
        json.WriteNumber("partitionsOwned", sums.PartitionsOwned);
        json.WriteNumber("activeCitizens", sums.ActiveCitizens);
        json.WriteNumber("entriesPerSecond", Math.Round(sums.EntriesPerSecond, 1));
        json.WriteNumber("commitsPerSecond", Math.Round(sums.CommitsPerSecond, 1));
        WriteMilliseconds(json, "slowestCommitP99Ms", sums.SlowestP99);
        json.WriteNumber("workingSetBytes", sums.WorkingSetBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SiloAnswer silo)
    {
        json.WriteStartObject();
        json.WriteString("name", silo.Member.Name);
        json.WriteString("address", silo.Member.Address);
        json.WriteString("state", (silo.Report?.State ?? silo.Member.State) switch
        {
            SiloState.Gone => "gone",
            _ when silo.Report is null => "notAnswering",
            SiloState.Joining => "joining",
            SiloState.Draining => "draining",
            _ => "active",
        });
        if (silo.Report is { } report) Write(json, report);
        else json.WriteNull("report");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SiloReport report)
    {
        json.WriteStartObject("report");
        json.WriteInstant("startedAt", report.StartedAt);
        json.WriteString("version", report.Version);
        json.WriteNumber("partitionsOwned", report.PartitionsOwned);
        json.WriteNumber("partitionsAssigned", report.PartitionsAssigned);
        json.WriteNumber("activeCitizens", report.ActiveCitizens);
        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("commits", report.Commits);
        json.WriteNumber("entriesPerSecond", Math.Round(report.EntriesPerSecond, 1));
        json.WriteNumber("commitsPerSecond", Math.Round(report.CommitsPerSecond, 1));
        WriteMilliseconds(json, "commitP50Ms", report.CommitLatencyP50);
        WriteMilliseconds(json, "commitP99Ms", report.CommitLatencyP99);
        json.WriteNumber("recordsPerCommit", Math.Round(report.RecordsPerCommit, 1));
        json.WriteNumber("queuedRecords", report.QueuedRecords);
        json.WriteNumber("fenceLosses", report.FenceLosses);
        json.WriteNumber("overloads", report.Overloads);
        json.WriteNumber("refusals", report.Refusals);
        json.WriteNumber("workingSetBytes", report.WorkingSetBytes);
        json.WriteNumber("heapBytes", report.HeapBytes);
        json.WriteNumber("processorSeconds", Math.Round(report.ProcessorTime.TotalSeconds, 3));
        json.WriteNumber("newestFormat", report.NewestFormat);
        json.WriteNumber("writtenFormat", report.WrittenFormat);
        json.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan? latency)
    {
        if (latency is { } known) json.WriteNumber(name, Math.Round(known.TotalMilliseconds, 3));
        else json.WriteNull(name);
    }
}
