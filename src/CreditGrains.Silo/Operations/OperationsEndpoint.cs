using System.Net;
using CreditGrains.Client;
using CreditGrains.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Orleans.Dashboard;

namespace CreditGrains.Silo.Operations;

/// <summary>What those who run a silo ask it over HTTP: whether it lives, whether it is ready, its metrics, the dashboard.</summary>
/// <remarks>
/// It is the first service of the silo's host: it listens before the silo has started, and until it has stopped. So it has a small host of its own
/// within, for the web host of a host is always its last service, and the first to stop.
/// </remarks>
internal sealed class OperationsEndpoint(SiloSettings settings, IServiceProvider silo, Readiness readiness, ILoggerFactory loggers, TimeProvider clock)
    : IHostedService, IDisposable, IAsyncDisposable
{
    private const string Health = "/health";
    private const string Metrics = "/metrics";
    private const string Dashboard = "/dashboard";

    // What a grain holds. Of a citizen it is the file, and nothing of a file leaves but through the grain's own door.
    private const string GrainState = Dashboard + "/GrainState";

    // A scraper, a probe or two, a browser.
    private const int MaxConnections = 64;

    private WebApplication? _web;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var operations = settings.Operations;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore().AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Parse(operations.Address), operations.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (operations.IsHttps) listen.UseHttps(ShowingCertificate());
            });
        });

        _web = builder.Build();
        Guard(_web, operations.TokenFile is { } file ? new OperationsToken(file, loggers.CreateLogger<OperationsToken>()) : null);
        _web.MapGet($"{Health}/live", context => AnswerAsync(context, StatusCodes.Status200OK, "live"));
        _web.MapGet($"{Health}/ready", AnswerReadinessAsync);
        var routes = new SiloRoutes(_web, silo);
        if (operations.ServesMetrics) routes.MapPrometheusScrapingEndpoint(Metrics, silo.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
        if (operations.ServesDashboard) routes.MapOrleansDashboard(Dashboard);
        await _web.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable?)_web)?.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web?.DisposeAsync() ?? default;

    /// <summary>Lets anybody ask for health, and nobody without the token for anything else, be it there or not.</summary>
    private void Guard(WebApplication web, OperationsToken? token) => web.Use(async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(Health, StringComparison.Ordinal))
        {
            if (token is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            if (!token.IsShownIn(context.Request.Headers.Authorization))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return;
            }
        }

        if (context.Request.Path.StartsWithSegments(GrainState, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!context.Request.Path.StartsWithSegments(Dashboard, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        // The dashboard is made of the silo's own services.
        await using var scope = silo.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await next(context);
    });

    private async Task AnswerReadinessAsync(HttpContext context)
    {
        var reason = await readiness.FirstReasonAsync();
        await AnswerAsync(context, reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, Readiness.WordFor(reason));
    }

    private static Task AnswerAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(word + "\n");
    }

    /// <summary>Shows the silo's own certificate, as its files say when a connection is made.</summary>
    private TlsHandshakeCallbackOptions ShowingCertificate()
    {
        var options = new LedgerTlsOptions();
        settings.Tls.Apply(options);
        var identities = new TlsIdentitySource(options, clock, loggers.CreateLogger("CreditGrains.Tls"));
        return new()
        {
            HandshakeTimeout = options.HandshakeTimeout,
            OnConnection = _ => new(new System.Net.Security.SslServerAuthenticationOptions
            {
                ServerCertificateContext = identities.Current.Shown,
                EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
                AllowRenegotiation = false,
            }),
        };
    }

    /// <summary>The endpoint's routes, for handlers that are made of the silo's services.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder routes, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => routes.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => routes.CreateApplicationBuilder();
    }
}
