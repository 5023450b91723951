using System.Net;
using CreditGrains.Client;
using CreditGrains.Silo.Clustering;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger served by silos that run already.</summary>
internal sealed class RemoteLedger : OpenLedger
{
    /// <summary>Names the file with the pseudonym key where the command line does not.</summary>
    internal const string KeyFileVariable = "CREDITGRAINS_PSEUDONYM_KEY";

    /// <summary>Names the folder with the caller's certificate where the command line does not.</summary>
    internal const string TlsFolderVariable = "CREDITGRAINS_TLS";

    // The runtime's own patience, three minutes of growing pauses, is for services. A person has mistyped a port, or brought the wrong certificate.
    private const int ConnectAttempts = 3;
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly SubjectPseudonymizer? _pseudonymizer;

    private RemoteLedger(IHost host, SubjectPseudonymizer? pseudonymizer)
    {
        _host = host;
        _pseudonymizer = pseudonymizer;
    }

    public override ILedgerClient Client => _host.Services.GetRequiredService<ILedgerClient>();

    public override IClusterReports Cluster => _host.Services.GetRequiredService<IClusterReports>();

    public override IModelRegister Models => _host.Services.GetRequiredService<IModelRegister>();

    public override SubjectPseudonymizer Pseudonymizer => _pseudonymizer ?? throw new System.Diagnostics.UnreachableException("It was opened to name no citizen.");

    /// <summary>Reaches a cluster through one of its gateways.</summary>
    internal static async Task<RemoteLedger> ConnectAsync(LedgerLocation.Endpoint endpoint, string cluster, bool namesCitizens, CancellationToken cancellation)
    {
        var keyFile = !namesCitizens ? null : endpoint.KeyFile ?? Environment.GetEnvironmentVariable(KeyFileVariable)
            ?? throw new UsageException($"Citizens are named with the ledger's pseudonym key. Name its file with --key, or in {KeyFileVariable}.");
        var tls = endpoint.IsPlainText ? null : endpoint.TlsFolder ?? Environment.GetEnvironmentVariable(TlsFolderVariable)
            ?? throw new UsageException($"A ledger is reached with a certificate. Name its folder with --tls, or in {TlsFolderVariable}. A ledger that is served without TLS for development is reached with --development-plain-text.");
        var gateway = new IPEndPoint(await AddressOf(endpoint, cancellation), endpoint.Port);
        return await ConnectAsync(
            keyFile,
            cluster,
            client =>
            {
                client.UseCreditGrainsGateways(gateway);
                if (tls is not null) client.UseCreditGrainsTls(options => CallerIn(tls, options));
            },
            $"No silo answers at {endpoint}. Check that creditgrains serve runs there, on that gateway port and under the cluster name {cluster}, "
                + (tls is null ? "and without TLS." : $"and that it believes the certificate in {tls}."),
            cancellation);
    }

    /// <summary>Reaches a cluster through the table of its members.</summary>
    internal static Task<RemoteLedger> ConnectAsync(LedgerLocation.Shared shared, SiloSettings settings, bool namesCitizens, CancellationToken cancellation)
    {
        if (!settings.Store.IsShared) throw new UsageException($"The settings in {shared} name the store rocksdb, which is a folder. Name it with --data FOLDER.");
        var keyFile = !namesCitizens ? null : settings.Keys.Pseudonym ?? Environment.GetEnvironmentVariable(KeyFileVariable)
            ?? throw new UsageException($"Citizens are named with the ledger's pseudonym key. Name its file in keys.pseudonym of the settings, or in {KeyFileVariable}.");
        var tls = shared.TlsFolder ?? Environment.GetEnvironmentVariable(TlsFolderVariable);
        return ConnectAsync(
            keyFile,
            settings.Cluster,
            client =>
            {
                client.UseCluster(settings);
                if (tls is not null) client.UseCreditGrainsTls(options => CallerIn(tls, options));
                else if (!settings.Tls.DevelopmentPlainText) client.UseCreditGrainsTls(settings.Tls.Apply);
            },
            $"No silo of the cluster {settings.Cluster} answers. Check that one runs on the store that {shared} names, and that it believes the certificate that is shown.",
            cancellation);
    }

    public override Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation) =>
        throw new UsageException("verify reads the store itself, which is not within reach through a silo. Run it where the ledger's folder is, with --data.");

    public override async ValueTask DisposeAsync()
    {
        await StopAsync(_host);
        _pseudonymizer?.Dispose();
    }

    private static async Task<RemoteLedger> ConnectAsync(
        string? keyFile, string cluster, Action<IClientBuilder> configure, string whenSilent, CancellationToken cancellation)
    {
        var pseudonymizer = keyFile is null ? null : LedgerKeys.ReadPseudonymizer(Path.GetFullPath(keyFile));
        IHost? host = null;
        try
        {
            host = Build(cluster, configure);
            await host.StartAsync(cancellation);
            if (pseudonymizer is not null
                && (await host.Services.GetRequiredService<ILedgerClient>().DescribeAsync(cancellation)).PseudonymKeyCheck != pseudonymizer.CheckValue)
                throw new LedgerNotOpenedException($"PseudonymKeyMismatch: the key in {keyFile} is not the one that this ledger's citizens are named with.");

            return new(host, pseudonymizer);
        }
        catch (Exception failure)
        {
            if (host is not null) await StopAsync(host);
            pseudonymizer?.Dispose();
            if (failure is LedgerNotOpenedException or UsageException or OperationCanceledException) throw;
            if (failure is CertificateUnusableException) throw new UsageException(failure.Message);
            throw new LedgerNotOpenedException(whenSilent, failure);
        }
    }

    private static IHost Build(string cluster, Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster));
            var attempts = 1;
            client.UseConnectionRetryFilter(async (_, stop) =>
            {
                if (attempts++ == ConnectAttempts) return false;
                await Task.Delay(PauseBetweenAttempts, TimeProvider.System, stop);
                return true;
            });
            configure(client);
        });
        builder.Services.AddCreditGrainsClient();
        return builder.Build();
    }

    private static void CallerIn(string folder, LedgerTlsOptions options)
    {
        options.AuthorityFile = Path.Combine(folder, DevelopmentCertificates.AuthorityFile);
        options.CertificateFile = Path.Combine(folder, DevelopmentCertificates.CallerFile);
        options.KeyFile = Path.Combine(folder, DevelopmentCertificates.CallerKeyFile);
    }

    private static async Task<IPAddress> AddressOf(LedgerLocation.Endpoint endpoint, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        var address = addresses.FirstOrDefault(candidate => candidate.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? addresses[0];
        return !endpoint.IsPlainText || IPAddress.IsLoopback(address)
            ? address
            : throw new UsageException($"{endpoint.Host} is not this machine, and without TLS only this machine is reached. Name certificates with --tls.");
    }

    private static async Task StopAsync(IHost host)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await host.StopAsync(soon.Token);
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }
}
