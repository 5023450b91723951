using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Silo.Clustering;
using CreditGrains.Silo.CommandLine;
using Microsoft.Extensions.Hosting;

namespace CreditGrains.Silo.Hosting;

/// <summary>Runs a silo in the foreground, over a ledger's folder or as a member of a cluster.</summary>
internal sealed class LedgerServer : ILedgerServer
{
    private readonly Option<string?> _name = new("--name") { Description = "The silo's name, in the place of the settings'; settings then serve a whole cluster." };
    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "The port on which silos speak to each other, in the place of the settings'." };
    private readonly Option<int?> _gatewayPort = new("--gateway-port") { Description = "The port on which clients connect, in the place of the settings'." };
    private readonly Option<string?> _address = new("--address") { Description = "The address to listen on and to be reached at, in the place of the settings'." };

    public IReadOnlyList<Option> Options => [_name, _address, _siloPort, _gatewayPort];

    public async Task ServeAsync(ServeRequest request, CancellationToken stop)
    {
        var (folder, file) = request.Location switch
        {
            LedgerLocation.Folder data => (data.Path, data.Settings),
            LedgerLocation.Shared shared => ((string?)null, shared.Settings),
            _ => throw new UsageException("serve takes the ledger's folder, or settings that name a shared store: creditgrains serve --data FOLDER, or --config FILE."),
        };
        var settings = Read(request, file);

        await using var store = await LedgerStore.OpenAsync(folder, settings, create: true, stop);
        try
        {
            if (settings.Store.IsShared) await ClusterMembers.PrepareAsync(settings, stop);
            using var host = SiloHost.Listening(settings, store.Ledger, store.Store, store.Keys);
            await ServeAsync(host, settings, store, request, folder ?? $"the cluster {settings.Cluster}", stop);
        }
        catch (CertificateUnusableException unusable)
        {
            throw new UsageException(unusable.Message);
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new LedgerNotOpenedException(unavailable.Message, unavailable);
        }
        catch (Exception failure) when (failure.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new LedgerNotOpenedException(
                $"A port is taken: {settings.SiloPort} or {settings.GatewayPort}"
                    + (settings.Operations.IsOpen ? $", or {settings.Operations.Port} of operations.port" : "") + ". Name others with --silo-port and --gateway-port"
                    + (settings.Operations.IsOpen ? ", or in the settings." : "."), failure);
        }
    }

    private static async Task ServeAsync(
        IHost host, SiloSettings settings, LedgerStore store, ServeRequest request, string what, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception failure) when (host.StoppedItself() is { } unfit)
        {
            throw new LedgerNotOpenedException(unfit, failure);
        }

        await request.Output.WriteLineAsync(request.Json
            ? JsonSerializer.Serialize(new { ready = true, name = settings.Name, address = settings.Address, settings.GatewayPort, partitions = store.Ledger.PartitionCount }, JsonSerializerOptions.Web)
            : $"{settings.Name} serves {what} at {settings.Address}:{settings.GatewayPort}, {store.Ledger.PartitionCount} partitions. Stop with Ctrl+C.");
        await request.Output.FlushAsync(CancellationToken.None);

        await host.WaitUntilStoppingAsync(stop);
        await host.StopAsync(CancellationToken.None);
        if (host.StoppedItself() is { } why) throw new LedgerNotOpenedException($"The silo stopped. {why}");
    }

    private SiloSettings Read(ServeRequest request, string? file)
    {
        var settings = SiloSettingsFile.Read(file);
        settings.Name = request.Parsed.GetValue(_name) ?? settings.Name;
        settings.Address = request.Parsed.GetValue(_address) ?? settings.Address;
        settings.SiloPort = request.Parsed.GetValue(_siloPort) ?? settings.SiloPort;
        settings.GatewayPort = request.Parsed.GetValue(_gatewayPort) ?? settings.GatewayPort;
        settings.Tls.DevelopmentPlainText |= request.IsPlainText;
        SiloSettingsFile.Check(settings, file);
        return settings.Tls.DevelopmentPlainText || settings.Tls.NamesEveryFile
            ? settings
            : throw new UsageException(
                "Connections are encrypted and both ends prove who they are: name this silo's certificate, key and authority under tls in the settings (scripts/dev-certs makes some for a trial). "
                + "To serve this machine alone without, for development, give --development-plain-text.");
    }
}
