using System.Diagnostics;
using CreditGrains.Grains.Silos;
using CreditGrains.Journal;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CreditGrains.Silo.Operations;

/// <summary>Who listens to the silo's meters and spans: the endpoint's scrapers, and a collector if one is named.</summary>
internal static class Telemetry
{
    private static readonly string[] Meters = [JournalInstruments.MeterName, LedgerMetrics.MeterName, "Microsoft.Orleans", "System.Runtime"];
    private static readonly string[] Sources = [JournalInstruments.SourceName, LedgerTraces.SourceName, "Microsoft.Orleans.*"];

    /// <summary>Adds the listeners that the settings ask for; none, if they ask for none.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="settings">Whose name goes with everything.</param>
    internal static void AddTo(ISiloBuilder silo, SiloSettings settings)
    {
        var operations = settings.Operations;
        if (!operations.ServesMetrics && operations.OtlpEndpoint is null) return;

        var telemetry = silo.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("creditgrains", serviceNamespace: settings.Cluster, serviceInstanceId: settings.Name));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (operations.ServesMetrics) metrics.AddPrometheusExporter();
            if (operations.OtlpEndpoint is { } collector) metrics.AddOtlpExporter(otlp => otlp.Endpoint = new(collector));
        });
        if (operations.OtlpEndpoint is not { } endpoint) return;

        silo.AddActivityPropagation();
        telemetry.WithTracing(traces => traces
            .AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(operations.TraceShare)))
            .AddProcessor(new Impersonal())
            .AddOtlpExporter(otlp => otlp.Endpoint = new(endpoint)));
    }

    /// <summary>Takes out of Orleans' spans what names a citizen: ids of grains, and messages of failures, which may hold one.</summary>
    private sealed class Impersonal : BaseProcessor<Activity>
    {
        // What is kept is named, so that a later Orleans adds nothing unseen.
        private static readonly HashSet<string> Kept =
        [
            "rpc.system.name", "rpc.method", "orleans.rpc.service", "orleans.grain.type", "orleans.silo.id", "orleans.activation.id", "orleans.activation.cause", "exception.type", "error.type",
        ];

        public override void OnEnd(Activity data)
        {
            if (!data.Source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)) return;
            foreach (var (key, _) in data.TagObjects.ToList())
                if (!Kept.Contains(key)) data.SetTag(key, null);
            if (data.Status == ActivityStatusCode.Error) data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
