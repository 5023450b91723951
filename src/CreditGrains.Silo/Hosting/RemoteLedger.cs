using System.Net;
using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger served by silos that run already, reached through one gateway.</summary>
internal sealed class RemoteLedger : OpenLedger
{
    /// <summary>Names the file with the pseudonym key where the command line does not.</summary>
    internal const string KeyFileVariable = "CREDITGRAINS_PSEUDONYM_KEY";

    private readonly IHost _host;

    private RemoteLedger(IHost host, SubjectPseudonymizer pseudonymizer)
    {
        _host = host;
        Pseudonymizer = pseudonymizer;
    }

    public override ILedgerClient Client => _host.Services.GetRequiredService<ILedgerClient>();

    public override SubjectPseudonymizer Pseudonymizer { get; }

    internal static async Task<RemoteLedger> ConnectAsync(LedgerLocation.Endpoint endpoint, string cluster, CancellationToken cancellation)
    {
        var keyFile = endpoint.KeyFile ?? Environment.GetEnvironmentVariable(KeyFileVariable)
            ?? throw new UsageException($"Citizens are named with the ledger's pseudonym key. Name its file with --key, or in {KeyFileVariable}.");
        var pseudonymizer = LedgerFolder.ReadPseudonymizer(Path.GetFullPath(keyFile));
        IHost? host = null;
        try
        {
            var address = await AddressOf(endpoint, cancellation);
            host = Build(new IPEndPoint(address, endpoint.Port), cluster);
            await host.StartAsync(cancellation);
            var description = await host.Services.GetRequiredService<ILedgerClient>().DescribeAsync(cancellation);
            if (description.PseudonymKeyCheck != pseudonymizer.CheckValue)
                throw new LedgerNotOpenedException($"PseudonymKeyMismatch: the key in {keyFile} is not the one that this ledger's citizens are named with.");

            return new(host, pseudonymizer);
        }
        catch (Exception failure)
        {
            if (host is not null) await StopAsync(host);
            pseudonymizer.Dispose();
            if (failure is LedgerNotOpenedException or UsageException or OperationCanceledException) throw;
            throw new LedgerNotOpenedException($"No silo answers at {endpoint}. Check that creditgrains serve runs there, on that gateway port and under the cluster name {cluster}.", failure);
        }
    }

    public override Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation) =>
        throw new UsageException("verify reads the store itself, which is not within reach through a silo. Run it where the ledger's folder is, with --data.");

    public override async ValueTask DisposeAsync()
    {
        await StopAsync(_host);
        Pseudonymizer.Dispose();
    }

    private static IHost Build(IPEndPoint gateway, string cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateway);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));
        });
        builder.Services.AddCreditGrainsClient();
        return builder.Build();
    }

    private static async Task<IPAddress> AddressOf(LedgerLocation.Endpoint endpoint, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        var address = addresses.FirstOrDefault(candidate => candidate.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? addresses[0];
        return IPAddress.IsLoopback(address)
            ? address
            : throw new UsageException($"{endpoint.Host} is not this machine. Connections are not encrypted, so that only a loopback address is accepted.");
    }

    private static async Task StopAsync(IHost host)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await host.StopAsync(soon.Token);
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }
}
