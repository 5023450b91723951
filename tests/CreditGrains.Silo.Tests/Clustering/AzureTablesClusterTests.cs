using System.Net;
using CreditGrains.Silo.Clustering.AzureTables;
using CreditGrains.Silo.Hosting;
using CreditGrains.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace CreditGrains.Silo.Tests.Clustering;

/// <summary>Real silos over sockets that know each other by the table alone.</summary>
public sealed class AzureTablesClusterTests(AzuriteServer azurite)
{
    private readonly AzureTablesMembershipOptions _options = new()
    {
        Account = new() { ConnectionString = azurite.ConnectionString() }, Table = $"m{Guid.NewGuid():N}",
    };

    [Fact]
    public async Task Silos_find_each_other_a_client_finds_them_and_one_that_leaves_is_known_to_be_gone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var first = Silo("silo-1");
        using var second = Silo("silo-2");
        await first.StartAsync(cancellation);
        await second.StartAsync(cancellation);
        using var client = Client();
        await client.StartAsync(cancellation);
        var management = client.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0);

        var both = await management.GetDetailedHosts(onlyActive: true, cancellation);
        await second.StopAsync(cancellation);
        var one = await management.GetDetailedHosts(onlyActive: true, cancellation);
        var all = await management.GetDetailedHosts(onlyActive: false, cancellation);

        Assert.Equal(["silo-1", "silo-2"], both.Select(member => member.SiloName).Order());
        Assert.Equal(["silo-1"], one.Select(member => member.SiloName));
        Assert.Equal(SiloStatus.Dead, all.Single(member => member.SiloName == "silo-2").Status);
        await client.StopAsync(cancellation);
        await first.StopAsync(cancellation);
    }

    private IHost Silo(string name)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(Named);
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.Configure<EndpointOptions>(endpoints =>
            {
                endpoints.AdvertisedIPAddress = IPAddress.Loopback;
                endpoints.SiloPort = FreePort.Next();
                endpoints.GatewayPort = FreePort.Next();
            });
            silo.UseAzureTablesClustering(_options);
        });
        return builder.Build();
    }

    private IHost Client()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(Named);
            client.UseAzureTablesClustering(_options);
        });
        return builder.Build();
    }

    private static void Named(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("creditgrains", "creditgrains");
}
