using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>Runs a silo in the foreground over a ledger's folder.</summary>
internal sealed class LedgerServer : ILedgerServer
{
    private readonly Option<string?> _config = new("--config") { Description = "The silo's settings; silo-config/silo.json lists every key." };
    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "The port on which silos speak to each other, in the place of the settings'." };
    private readonly Option<int?> _gatewayPort = new("--gateway-port") { Description = "The port on which clients connect, in the place of the settings'." };

    public IReadOnlyList<Option> Options => [_config, _siloPort, _gatewayPort];

    public async Task ServeAsync(ServeRequest request, CancellationToken stop)
    {
        if (request.Location is not LedgerLocation.Folder folder)
            throw new UsageException("serve takes the ledger's folder: creditgrains serve --data FOLDER.");

        var file = request.Parsed.GetValue(_config);
        var settings = SiloSettingsFile.Read(file);
        settings.SiloPort = request.Parsed.GetValue(_siloPort) ?? settings.SiloPort;
        settings.GatewayPort = request.Parsed.GetValue(_gatewayPort) ?? settings.GatewayPort;
        settings.Tls.DevelopmentPlainText |= request.IsPlainText;
        SiloSettingsFile.Check(settings, file);
        if (!settings.Tls.DevelopmentPlainText && !settings.Tls.NamesEveryFile)
        {
            throw new UsageException(
                "Connections are encrypted and both ends prove who they are: name this silo's certificate, key and authority under tls in the settings (scripts/dev-certs makes some for a trial). "
                + "To serve this machine alone without, for development, give --development-plain-text.");
        }

        await using var store = await EmbeddedStore.OpenAsync(folder.Path, settings, create: true, stop);
        using var host = SiloHost.Listening(settings, store.Ledger, store.Store, store.Keys);
        try
        {
            await host.StartAsync(stop);
        }
        catch (CertificateUnusableException unusable)
        {
            throw new UsageException(unusable.Message);
        }
        catch (Exception failure) when (failure.GetBaseException() is SocketException)
        {
            throw new LedgerNotOpenedException($"A port is taken: {settings.SiloPort} or {settings.GatewayPort}. Name others with --silo-port and --gateway-port.", failure);
        }

        await request.Output.WriteLineAsync(request.Json
            ? JsonSerializer.Serialize(new { ready = true, address = settings.Address, settings.GatewayPort, partitions = store.Ledger.PartitionCount }, JsonSerializerOptions.Web)
            : $"Serving {folder.Path} at {settings.Address}:{settings.GatewayPort}, {store.Ledger.PartitionCount} partitions. Stop with Ctrl+C.");
        await request.Output.FlushAsync(CancellationToken.None);

        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(CancellationToken.None);
    }
}
