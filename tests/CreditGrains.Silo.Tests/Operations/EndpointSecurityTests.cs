using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;
using CreditGrains.Silo.Operations;

namespace CreditGrains.Silo.Tests.Operations;

/// <summary>Nothing is shown that was not opened, and nothing but a word of health to who has no token.</summary>
public sealed class EndpointSecurityTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/dashboard")]
    [InlineData("/")]
    public async Task Without_a_token_file_there_is_nothing_but_health(string path)
    {
        await using var silo = await WatchedSilo.StartAsync(WatchedSilo.Plain());

        Assert.Equal(HttpStatusCode.NotFound, (await silo.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.GetAsync(path, WatchedSilo.Token)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a token of more than sixteen character")]
    [InlineData("a token of more than sixteen characters!")]
    public async Task Without_the_token_nothing_but_health_is_told_not_even_what_is_there(string? shown)
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken(dashboard: true));

        foreach (var path in new[] { "/metrics", "/dashboard/", "/dashboard/DashboardCounters", "/nothing", "/healthy", "/HEALTH/../metrics" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await silo.GetAsync(path, shown)).Status);
        Assert.Equal((HttpStatusCode.OK, "live"), await silo.GetAsync("/health/live"));
    }

    [Fact]
    public async Task With_the_token_metrics_and_the_dashboard_are_shown()
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken(dashboard: true));

        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/metrics", WatchedSilo.Token)).Status);
        Assert.Contains("<html", (await silo.GetAsync("/dashboard/", WatchedSilo.Token)).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("totalActiveHostCount", (await silo.GetAsync("/dashboard/DashboardCounters", WatchedSilo.Token)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.GetAsync("/nothing", WatchedSilo.Token)).Status);
    }

    [Theory]
    [InlineData("/dashboard/GrainState?grainId=00000000000000000000000000000001&grainType=CreditGrains.Grains.Citizens.CitizenGrain")]
    [InlineData("/DASHBOARD/grainstate?grainId=00000000000000000000000000000001&grainType=CreditGrains.Grains.Citizens.CitizenGrain")]
    public async Task The_dashboard_does_not_show_what_a_citizens_grain_holds(string path)
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken(dashboard: true));

        Assert.Equal((HttpStatusCode.NotFound, ""), await silo.GetAsync(path, WatchedSilo.Token));
    }

    [Fact]
    public async Task The_dashboard_is_not_there_unless_it_is_asked_for()
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken(dashboard: false));

        Assert.Equal(HttpStatusCode.NotFound, (await silo.GetAsync("/dashboard/", WatchedSilo.Token)).Status);
    }

    [Fact]
    public async Task A_replaced_token_counts_at_once_and_the_old_one_no_more()
    {
        var settings = WithToken(dashboard: false);
        await using var silo = await WatchedSilo.StartAsync(settings);
        WriteToken("another token of more than sixteen characters");

        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.GetAsync("/metrics", WatchedSilo.Token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/metrics", "another token of more than sixteen characters")).Status);
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData(null, false)] // taken away
    [InlineData("another token of more than sixteen characters", true)] // for anybody to read
    public async Task A_replacement_that_cannot_be_used_lets_nobody_in(string? token, bool isOpen)
    {
        await using var silo = await WatchedSilo.StartAsync(WithToken(dashboard: false));
        if (token is null) File.Delete(_temp["token"]);
        else WriteToken(token, isOpen);

        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.GetAsync("/metrics", WatchedSilo.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.GetAsync("/metrics", token)).Status);
    }

    [Theory]
    [InlineData("short", false, "16 characters")]
    [InlineData(null, false, "cannot be read")]
    [InlineData("a token of more than sixteen characters", true, "chmod 600")]
    public async Task A_silo_does_not_start_with_a_token_file_that_cannot_be_used(string? token, bool isOpen, string why)
    {
        var settings = WithToken(dashboard: false);
        if (token is null) File.Delete(_temp["token"]);
        else WriteToken(token, isOpen);
        await using var silo = WatchedSilo.Of(settings);

        var refused = await Assert.ThrowsAsync<UsageException>(silo.StartAsync);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_an_address_that_is_not_loopback_it_is_https_with_the_silos_certificate_as_its_files_say()
    {
        var settings = WatchedSilo.Plain();
        settings.Operations.Address = "0.0.0.0";
        settings.Tls.DevelopmentPlainText = false;
        (settings.Tls.Authority, settings.Tls.Certificate, settings.Tls.Key) = (_temp["authority.pem"], _temp["silo.pem"], _temp["silo.key"]);
        settings.Tls.LookAgainAfter = TimeSpan.Zero;
        WriteCertificates();
        settings.Operations.Check(settings.Tls, "settings");
        await using var silo = await WatchedSilo.StartAsync(settings);

        var before = await GetOverHttpsAsync(settings);
        WriteCertificates();
        var after = await GetOverHttpsAsync(settings);

        Assert.Equal(("ready", "ready"), (before.Text, after.Text));
        Assert.NotEqual(before.Certificate, after.Certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => silo.GetAsync("/health/ready"));
    }

    [Theory]
    [InlineData("10.0.0.1", null, false, null, "operations.address: without certificates")]
    [InlineData("here", null, false, null, "operations.address: here is no IP address")]
    [InlineData("127.0.0.1", null, true, null, "operations.dashboard: the dashboard is shown to none")]
    [InlineData("127.0.0.1", "token", true, null, null)]
    [InlineData("::1", null, false, null, null)]
    [InlineData("127.0.0.1", null, false, "collector:4317", "operations.otlpEndpoint: collector:4317")]
    [InlineData("127.0.0.1", null, false, "http://127.0.0.1:4317", null)]
    public void Settings_that_would_show_too_much_or_nothing_are_refused(string address, string? tokenFile, bool dashboard, string? collector, string? why)
    {
        var settings = new OperationsSettings { Port = 9_000, Address = address, TokenFile = tokenFile, Dashboard = dashboard, OtlpEndpoint = collector };

        var refused = Record.Exception(() => settings.Check(new TlsSettings { DevelopmentPlainText = true }, "settings"));

        if (why is null) Assert.Null(refused);
        else Assert.StartsWith($"settings: {why}", Assert.IsType<UsageException>(refused).Message, StringComparison.Ordinal);
    }

    private SiloSettings WithToken(bool dashboard)
    {
        WriteToken(WatchedSilo.Token);
        var settings = WatchedSilo.Plain();
        (settings.Operations.TokenFile, settings.Operations.Dashboard) = (_temp["token"], dashboard);
        return settings;
    }

    private void WriteToken(string token, bool isOpen = false)
    {
        _temp.Write("token", token + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_temp["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite | (isOpen ? UnixFileMode.OtherRead : UnixFileMode.None));
    }

    private void WriteCertificates()
    {
        var now = TimeProvider.System.GetUtcNow();
        DevelopmentCertificates.Write(_temp.Root, new TlsSettings().SiloName, now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>Asks as a scraper would that is told the authority and the name of silos.</summary>
    private async Task<(string Text, string Certificate)> GetOverHttpsAsync(SiloSettings settings)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(_temp["authority.pem"]);
        var shown = "";
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, settings.Operations.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = trust;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            shown = certificate!.GetCertHashString();
            return errors == System.Net.Security.SslPolicyErrors.None;
        };
        using var http = new HttpClient(handler);
        return ((await http.GetStringAsync($"https://{settings.Tls.SiloName}/health/ready", TestContext.Current.CancellationToken)).Trim(), shown);
    }
}
