using System.Net;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Benchmarks;

/// <summary>A ledger served by one silo process or several, and the client to it: the two sides of every external scenario.</summary>
internal sealed class LedgerUnderTest : IAsyncDisposable
{
    private readonly LedgerPlace _place;
    private readonly IReadOnlyList<SiloProcess> _silos;
    private readonly IHost _client;

    private LedgerUnderTest(LedgerPlace place, IReadOnlyList<SiloProcess> silos, IHost client)
    {
        _place = place;
        _silos = silos;
        _client = client;
    }

    internal IClusterClient Orleans => _client.Services.GetRequiredService<IClusterClient>();

    internal ILedgerClient Ledger => _client.Services.GetRequiredService<ILedgerClient>();

    /// <summary>Gets the processor time of all its silos together.</summary>
    internal TimeSpan SiloTime => _silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.ProcessorTime);

    /// <summary>Starts the silos one after another and connects to all of them.</summary>
    internal static async Task<LedgerUnderTest> StartAsync(LedgerPlace place, SiloSwitches? switches = null, int silos = 1, int? entriesInFlight = null)
    {
        var processes = new List<SiloProcess>();
        for (var number = 1; number <= silos; number++) processes.Add(await SiloProcess.StartAsync(place, $"silo-{number}", switches ?? new()));
        var settings = SiloSettingsFile.Read(place.SettingsFile);
        return new(place, processes, await ConnectAsync(settings.Cluster, [.. processes.Select(process => process.Gateway)], client =>
        {
            if (!settings.Tls.DevelopmentPlainText) client.UseCreditGrainsTls(settings.Tls.Apply);
            if (entriesInFlight is { } most) client.Services.Configure<LedgerClientOptions>(options => options.MaxEntriesInFlight = most);
        }));
    }

    /// <summary>Makes a client of some gateways.</summary>
    internal static async Task<IHost> ConnectAsync(string cluster, IPEndPoint[] gateways, Action<IClientBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateways);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));
            configure?.Invoke(client);
        });
        builder.Services.AddCreditGrainsClient();
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Asks what all silos together have counted.</summary>
    internal async Task<SiloCounts> CountsAsync()
    {
        var sum = default(SiloCounts);
        foreach (var silo in _silos) sum += await silo.CountsAsync();
        return sum;
    }

    /// <summary>Reads how large the value of a record is on the average, of the first ones in a shared store.</summary>
    internal async Task<int> ValueBytesAsync()
    {
        const int Enough = 256;
        await using var store = await LedgerStore.OpenAsync(null, SiloSettingsFile.Read(_place.SettingsFile), create: false, CancellationToken.None);
        var (rows, bytes) = (0, 0L);
        for (var partition = 0; partition < store.Ledger.PartitionCount && rows < Enough; partition++)
        {
            await foreach (var row in store.Store.ReadAsync(
                new(partition, new(Space.Citizen, 0), 0), new(partition, new(Space.Citizen, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Descending, CancellationToken.None))
            {
                bytes += row.Value.Length;
                if (++rows == Enough) break;
            }
        }

        return (int)(bytes / rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    /// <summary>Leaves signals to the process, which ends by them. The usual lifetime would stop the client and let the measurement hang.</summary>
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
