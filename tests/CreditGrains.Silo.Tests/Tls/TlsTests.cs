using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Journal.InMemory;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Silo.Tests.Tls;

/// <summary>Who is let in, over real sockets: a silo that serves with certificates, and all kinds of others.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private readonly InMemoryStore _store = new();
    private readonly SiloSettings _settings = new() { SiloPort = FreePort.Next(), GatewayPort = FreePort.Next() };
    private IHost _silo = null!;

    private string Certificates => _temp["certificates"];

    public async ValueTask InitializeAsync()
    {
        WriteCertificates(Certificates);
        (_settings.Tls.Authority, _settings.Tls.Certificate, _settings.Tls.Key) =
            (Path.Combine(Certificates, "authority.pem"), Path.Combine(Certificates, "silo.pem"), Path.Combine(Certificates, "silo.key"));
        _settings.Tls.LookAgainAfter = TimeSpan.Zero;
        await TestLedger.CreateAsync(_store, 8);
        _silo = SiloHost.Listening(_settings, TestLedger.Settings(8), _store, new PlainKeys(RandomSource.OperatingSystem));
        await _silo.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.StopAsync();
        await ((IAsyncDisposable)_silo).DisposeAsync();
        await _store.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_caller_with_a_certificate_of_the_authority_is_served()
    {
        await using var caller = await CallerAsync(Certificates);

        Assert.Equal(8, (await caller.Ledger.DescribeAsync(TestContext.Current.CancellationToken)).PartitionCount);
    }

    [Fact]
    public async Task A_caller_without_TLS_is_refused() => await Assert.ThrowsAnyAsync<Exception>(() => CallerAsync(null));

    [Fact]
    public async Task A_caller_of_another_authority_is_refused()
    {
        WriteCertificates(_temp["foreign"]);
        File.Copy(Path.Combine(Certificates, "authority.pem"), Path.Combine(_temp["foreign"], "authority.pem"), overwrite: true);

        await Assert.ThrowsAnyAsync<Exception>(() => CallerAsync(_temp["foreign"]));
    }

    [Fact]
    public async Task A_caller_does_not_believe_a_silo_of_another_authority()
    {
        WriteCertificates(_temp["foreign"]);
        foreach (var file in new[] { "caller.pem", "caller.key" }) File.Copy(Path.Combine(Certificates, file), Path.Combine(_temp["foreign"], file), overwrite: true);

        await Assert.ThrowsAnyAsync<Exception>(() => CallerAsync(_temp["foreign"]));
    }

    [Fact]
    public async Task A_caller_whose_own_certificate_has_run_out_is_told_so()
    {
        WriteCertificates(_temp["old"], from: -20, until: -10);

        var unusable = await Assert.ThrowsAsync<CertificateUnusableException>(() => CallerAsync(_temp["old"]));
        Assert.Contains("ran out on", unusable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null)] // nothing to show
    [InlineData(true, "expired")]
    [InlineData(true, "foreign")]
    [InlineData(false, "caller")] // a caller is no silo
    [InlineData(false, null)]
    [InlineData(false, "expired")]
    public async Task Who_is_not_believed_is_hung_up_on(bool isGateway, string? shown)
    {
        using var certificate = shown switch
        {
            null => null,
            "expired" => WithKey(WriteCertificates(_temp["expired"], from: -20, until: -10), isGateway ? "caller" : "silo"),
            "foreign" => WithKey(WriteCertificates(_temp["foreign"]), "caller"),
            _ => WithKey(Certificates, shown),
        };

        Assert.True(await IsHungUpOnAsync(isGateway ? _settings.GatewayPort : _settings.SiloPort, certificate));
    }

    [Fact]
    public async Task A_replaced_certificate_is_shown_to_new_connections_and_drops_no_call()
    {
        await using var caller = await CallerAsync(Certificates);
        var before = await ShownAsync();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var calling = CallAsync();

        // One authority more, so that old and new are believed at once, as an operator changes them.
        var old = await File.ReadAllTextAsync(Path.Combine(Certificates, "authority.pem"), TestContext.Current.CancellationToken);
        WriteCertificates(_temp["new"]);
        await File.AppendAllTextAsync(Path.Combine(_temp["new"], "authority.pem"), old, TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(_temp["new"])) File.Copy(file, Path.Combine(Certificates, Path.GetFileName(file)), overwrite: true);

        var after = await ShownAsync();
        await using var another = await CallerAsync(Certificates);
        await another.Ledger.DescribeAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await calling;
        Assert.NotEqual(before, after);
        Assert.True(calls > 0);

        async Task CallAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                await caller.Ledger.DescribeAsync(TestContext.Current.CancellationToken);
                calls++;
            }
        }
    }

    [Fact]
    public async Task A_replacement_that_cannot_be_used_leaves_the_certificate_in_use()
    {
        var before = await ShownAsync();
        await File.WriteAllTextAsync(Path.Combine(Certificates, "silo.pem"), "not a certificate", TestContext.Current.CancellationToken);

        Assert.Equal(before, await ShownAsync());
    }

    private static string WriteCertificates(string folder, int from = -1, int until = 30)
    {
        var now = TimeProvider.System.GetUtcNow();
        DevelopmentCertificates.Write(folder, new TlsSettings().SiloName, now.AddDays(from), now.AddDays(until));
        return folder;
    }

    private static X509Certificate2 WithKey(string folder, string name)
    {
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private async Task<Caller> CallerAsync(string? certificates)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, _settings.GatewayPort));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (_settings.Cluster, _settings.Cluster));
            client.UseConnectionRetryFilter((_, _) => Task.FromResult(false));
            if (certificates is null) return;
            client.UseCreditGrainsTls(tls =>
                (tls.AuthorityFile, tls.CertificateFile, tls.KeyFile) =
                    (Path.Combine(certificates, "authority.pem"), Path.Combine(certificates, "caller.pem"), Path.Combine(certificates, "caller.key")));
        });
        builder.Services.AddCreditGrainsClient();
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Shakes hands and waits for the other end to hang up: under TLS 1.3 it looks at the certificate after the client is done.</summary>
    private static async Task<bool> IsHungUpOnAsync(int port, X509Certificate2? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(Showing(certificate, _ => { }), TestContext.Current.CancellationToken);
            return await tls.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return true;
        }
    }

    private async Task<string> ShownAsync()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _settings.GatewayPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        var thumbprint = "";
        using var certificate = WithKey(Certificates, "caller");
        await tls.AuthenticateAsClientAsync(Showing(certificate, shown => thumbprint = shown), TestContext.Current.CancellationToken);
        return thumbprint;
    }

    private static SslClientAuthenticationOptions Showing(X509Certificate2? certificate, Action<string> seen) => new()
    {
        TargetHost = new TlsSettings().SiloName,
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            seen(shown!.GetCertHashString());
            return shown.Subject.StartsWith("CN=CreditGrains", StringComparison.Ordinal);
        },
    };

    private sealed record Caller(IHost Host) : IAsyncDisposable
    {
        internal ILedgerClient Ledger => Host.Services.GetRequiredService<ILedgerClient>();

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync();
            Host.Dispose();
        }
    }
}
