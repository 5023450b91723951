using System.ComponentModel.DataAnnotations;
using System.Net;
using CreditGrains.Silo.CommandLine;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.Operations;

/// <summary>What those who run a silo see of it over HTTP, and where its measurements are sent.</summary>
internal sealed class OperationsSettings
{
    /// <summary>Gets or sets the address to listen on.</summary>
    /// <value>Default <c>127.0.0.1</c>. On any but a loopback address it is HTTPS, with the silo's own certificate.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets the port to listen on.</summary>
    /// <value>Default 0: closed. From 1 to 65,535 otherwise.</value>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Gets or sets the file with the token that callers of <c>/metrics</c> and <c>/dashboard</c> show.</summary>
    /// <value>No default: without it neither is there. Relative to the settings file; for its owner alone to read. One that is replaced counts at once.</value>
    public string? TokenFile { get; set; }

    /// <summary>Gets or sets whether Orleans' dashboard is served. It measures every call, which costs each some time.</summary>
    /// <value>Default false.</value>
    public bool Dashboard { get; set; }

    /// <summary>Gets or sets the collector that metrics and traces are sent to, by OTLP over gRPC.</summary>
    /// <value>No default: nothing is sent. Such as <c>http://127.0.0.1:4317</c>.</value>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Gets or sets which share of the calls is traced, where the caller has not decided it. Spans cost more than a call does.</summary>
    /// <value>Default 0.01; from 0 to 1. Without <see cref="OtlpEndpoint"/> nothing is traced.</value>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.01;

    /// <summary>Gets whether an endpoint is opened.</summary>
    internal bool IsOpen => Port != 0;

    /// <summary>Gets whether metrics are served.</summary>
    internal bool ServesMetrics => IsOpen && TokenFile is not null;

    /// <summary>Gets whether the dashboard is served.</summary>
    internal bool ServesDashboard => ServesMetrics && Dashboard;

    /// <summary>Gets whether connections are encrypted.</summary>
    internal bool IsHttps => !IPAddress.IsLoopback(IPAddress.Parse(Address));

    /// <summary>Takes the name of a file that is not absolute as beside the settings.</summary>
    /// <param name="folder">The settings file's folder.</param>
    internal void ResolveAgainst(string folder) => TokenFile = TokenFile is null ? null : Path.GetFullPath(TokenFile, folder);

    /// <summary>Checks what is more than a range.</summary>
    /// <param name="tls">How the silo proves who it is.</param>
    /// <param name="where">What the message begins with.</param>
    /// <exception cref="UsageException">Something contradicts something else. The message names the key.</exception>
    internal void Check(TlsSettings tls, string where)
    {
        if (!IPAddress.TryParse(Address, out _)) throw new UsageException($"{where}: operations.address: {Address} is no IP address.");
        if (OtlpEndpoint is not null && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw new UsageException($"{where}: operations.otlpEndpoint: {OtlpEndpoint} is no address such as http://127.0.0.1:4317.");
        if (!IsOpen) return;
        if (Dashboard && TokenFile is null)
            throw new UsageException($"{where}: operations.dashboard: the dashboard is shown to none but who has a token. Name its file in operations.tokenFile.");
        if (IsHttps && !tls.NamesEveryFile)
            throw new UsageException($"{where}: operations.address: without certificates connections are not encrypted, so that only a loopback address such as 127.0.0.1 is accepted. Name certificates under tls.");
    }
}
