using System.Net;
using CreditGrains.Grains;
using CreditGrains.Grains.Manifest;
using CreditGrains.Grains.Partitions;
using CreditGrains.Journal;
using CreditGrains.Silo.Clustering;
using CreditGrains.Silo.Operations;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>Builds the host of one silo.</summary>
internal static class SiloHost
{
    // Idle citizens are given up until so much less than the limit is in use: not one at a time at its edge.
    private const int ShedMargin = 5;

    /// <summary>Builds a silo that nobody from outside can reach, for a command that serves itself.</summary>
    internal static IHost Embedded(SiloSettings settings, LedgerSettings ledger, IJournalStore store, ICipherKeys keys) =>
        Build(settings, ledger, store, keys, silo =>
        {
            silo.UseLocalhostClustering(FreePort.Next(), gatewayPort: 0, serviceId: settings.Cluster, clusterId: settings.Cluster);
            silo.Configure<SiloConnectionOptions>(connections => connections.ConfigureSiloInboundConnection(builder => builder.Use(_ => context =>
            {
                // Orleans must listen somewhere; a silo that is alone has nobody to hear.
                context.Abort(new ConnectionAbortedException("This silo takes no connections."));
                return Task.CompletedTask;
            })));
        });

    /// <summary>Builds a silo that listens as its settings say: alone over a folder, or as a member of the cluster that shares its store.</summary>
    /// <param name="settings">Where to listen.</param>
    /// <param name="ledger">What it knows of its ledger.</param>
    /// <param name="store">Where the journals lie.</param>
    /// <param name="keys">The ciphers of the records.</param>
    /// <param name="also">What is added beyond the ledger itself; null for nothing.</param>
    internal static IHost Listening(
        SiloSettings settings, LedgerSettings ledger, IJournalStore store, ICipherKeys keys, Action<ISiloBuilder>? also = null) =>
        Build(settings, ledger, store, keys, silo =>
        {
            var address = IPAddress.Parse(settings.Address);
            if (settings.Store.IsShared)
            {
                silo.UseCluster(settings);
                silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.Cluster, settings.Cluster));
                silo.Configure<EndpointOptions>(endpoints => (endpoints.SiloPort, endpoints.GatewayPort) = (settings.SiloPort, settings.GatewayPort));
            }
            else
            {
                silo.UseLocalhostClustering(
                    settings.SiloPort, settings.GatewayPort, new IPEndPoint(address, settings.SiloPort), serviceId: settings.Cluster, clusterId: settings.Cluster);
            }

            silo.Configure<EndpointOptions>(endpoints => endpoints.AdvertisedIPAddress = address);
            if (!settings.Tls.DevelopmentPlainText) silo.UseCreditGrainsTls(settings.Tls);
            silo.UseOperations(settings);
            also?.Invoke(silo);
        });

    private static IHost Build(
        SiloSettings settings, LedgerSettings ledger, IJournalStore store, ICipherKeys keys, Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Logging.AddConsoleFormatter<MaskingFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsole(console => console.FormatterName = MaskingFormatter.FormatterName);
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // The runtime warns at start-up that a participant of its watchdog has not reported since the machine was switched on. Of a silo that
        // is alone it warns that its membership is in memory. Neither says anything to an operator.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        if (!settings.Store.IsShared) builder.Logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error); // its note about garbage collection is a choice made here

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.StopWithin);
        builder.UseOrleans(silo =>
        {
            configure(silo);
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = settings.IdleAfter;
                collection.EnableActivationSheddingOnMemoryPressure = true;
                collection.MemoryUsageLimitPercentage = settings.ShedAbovePercent;
                collection.MemoryUsageTargetPercentage = settings.ShedAbovePercent - ShedMargin;
            });
            silo.Services.AddSingleton(new ManifestWatchOptions { Every = settings.ManifestEvery });
            silo.Services.AddSingleton(settings.Scoring.ToOptions());
            silo.Services.AddSingleton<HostStopper>();
            silo.Services.AddSingleton<ISiloStopper>(services => services.GetRequiredService<HostStopper>());
            silo.AddCreditGrains(
                ledger, store, keys, settings.Partition.ToOptions(isStoreExclusive: !settings.Store.IsShared), settings.Store.IsShared ? ClaimTiming.Ahead : ClaimTiming.WhenNeeded);
            if (!settings.HostsCitizens) silo.WithoutCitizens();
        });
        builder.Services.AddCreditGrainsClient();
        return builder.Build();
    }
}
