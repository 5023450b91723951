using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace CreditGrains.Client.Tests;

/// <summary>A silo in a process of its own, started as an operator starts it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private SiloProcess(Process process, Task<string> error, string folder, int gatewayPort)
    {
        _process = process;
        _error = error;
        KeyFile = Path.Combine(folder, "pseudonym.key");
        CertificateFolder = CertificatesOf(folder);
        Gateway = $"127.0.0.1:{gatewayPort}";
    }

    internal string Gateway { get; }

    internal string KeyFile { get; }

    /// <summary>The folder with a caller's certificate that the silo believes.</summary>
    internal string CertificateFolder { get; }

    /// <summary>Serves a ledger's folder, made if it is not there, and returns when clients may connect.</summary>
    internal static async Task<SiloProcess> StartAsync(string folder, CancellationToken cancellation)
    {
        var certificates = CertificatesOf(folder);
        await Tool.SucceedAsync(Path.GetTempPath(), Source.Silo, ["dev-certs", certificates], cancellation);
        var config = Path.Combine(certificates, "silo.json");
        var process = Process.Start(Tool.Start(
            Path.GetTempPath(), Source.Silo, "serve", "--data", folder, "--json", "--config", config, "--silo-port", FreePort(), "--gateway-port", FreePort()))!;
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellation)
                ?? throw new InvalidOperationException($"The silo ended before it was ready: {await error}");
            using var ready = JsonDocument.Parse(line);
            Assert.True(ready.RootElement.GetProperty("ready").GetBoolean());
            return new(process, error, folder, ready.RootElement.GetProperty("gatewayPort").GetInt32());
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Nothing here depends on how a silo leaves; its ledger is deleted with the test's folder.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _error;
        _process.Dispose();
    }

    // Beside the ledger: its folder must hold nothing else when it is made.
    private static string CertificatesOf(string folder) => folder + "-certificates";

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
