using System.Diagnostics;
using System.Globalization;
using System.Net;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Benchmarks;

/// <summary>A silo in a process of its own, and the client to it: the two sides of every external scenario.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string Cluster = "bench";

    private readonly Process _process;
    private readonly IHost _client;

    private SiloProcess(Process process, IHost client)
    {
        _process = process;
        _client = client;
    }

    internal IClusterClient Orleans => _client.Services.GetRequiredService<IClusterClient>();

    internal ILedgerClient Ledger => _client.Services.GetRequiredService<ILedgerClient>();

    /// <summary>Starts a silo on a folder and connects to it.</summary>
    internal static async Task<SiloProcess> StartAsync(string folder, bool smallCache = false, bool settled = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Under `dotnet X.dll` the process is dotnet, and the program is its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(SiloProcess).Assembly.Location);
        start.ArgumentList.Add("--silo");
        start.ArgumentList.Add(folder);
        if (smallCache) start.ArgumentList.Add("--small-cache");
        if (settled) start.ArgumentList.Add("--settled");
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The silo ended before it was ready.");

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, Cluster));
        });
        builder.Services.AddCreditGrainsClient();
        var host = builder.Build();
        await host.StartAsync();
        return new(process, host);
    }

    /// <summary>What the child process does: serves until its standard input closes.</summary>
    internal static async Task ServeAsync(string folder, bool smallCache, bool settled)
    {
        var settings = new SiloSettings { Name = "bench", Cluster = Cluster, SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() };

        settings.Tls.DevelopmentPlainText = true; // what TLS costs is a scenario of its own

        // A cache that fills while citizens are weighed would be weighed with them.
        if (smallCache) settings.Store.RocksDb.BlockCacheMiB = 8;
        await using var store = await LedgerStore.OpenAsync(folder, settings, create: true, CancellationToken.None);
        using var host = SiloHost.Listening(
            settings, store.Ledger, store.Store, store.Keys, silo => silo.AddPartitionedGrain(NoopGrain.TypeName).AddPartitionedGrain(NoopIntakeGrain.TypeName));
        if (smallCache) await OpenTablesAsync(store);
        if (settled) await ((RocksDbStore)store.Store).SettleAsync(CancellationToken.None);
        await host.StartAsync();
        Console.WriteLine(settings.GatewayPort);
        await Console.In.ReadToEndAsync();
        Console.Error.WriteLine($"  silo: {Environment.CpuUsage.TotalTime.TotalSeconds:F1} s of processor, {GC.GetTotalPauseDuration().TotalSeconds:F1} s paused for {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} collections, {GC.GetTotalAllocatedBytes() / 1e9:F1} GB allocated");
        await host.StopAsync();
    }

    /// <summary>Reads every citizen's first row, so that the store's table files are open before anybody is weighed: they are not the citizens'.</summary>
    private static async Task OpenTablesAsync(LedgerStore store)
    {
        for (var partition = 0; partition < store.Ledger.PartitionCount; partition++)
        {
            UInt128? next = 0;
            while (next is { } from)
            {
                next = null;
                await foreach (var row in store.Store.ReadAsync(
                    new(partition, new(Space.Citizen, from), 0), new(partition, new(Space.Citizen, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Ascending, CancellationToken.None))
                {
                    next = row.Key.Journal.Id + 1;
                    break;
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
