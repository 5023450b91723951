using System.Net;
using CreditGrains.Client;
using CreditGrains.Grains;
using CreditGrains.Journal;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Silo.Clustering.AzureTables;
using CreditGrains.Silo.Hosting;
using CreditGrains.Silo.Tests.Crash;
using CreditGrains.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace CreditGrains.Silo.Tests.Clustering;

/// <summary>Real silos over sockets that know each other by the table alone.</summary>
public sealed class AzureTablesClusterTests(AzuriteServer azurite)
{
    private const int Partitions = 8;
    private const int Citizens = 16;
    private const int EntriesEach = 30;

    private static readonly ICipherKeys Keys = new PlainKeys(RandomSource.OperatingSystem);

    private static readonly LedgerSettings Ledger = TestLedger.Settings(Partitions);

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

    [Fact]
    public async Task A_ledger_in_Azure_Tables_keeps_what_it_acknowledged_while_silos_leave_and_join()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var firstStore = await OpenStoreAsync();
        await using var secondStore = await OpenStoreAsync();
        await TestLedger.CreateAsync(firstStore, Partitions);
        await using var thirdStore = await OpenStoreAsync();
        using var first = Silo("silo-1", firstStore);
        using var second = Silo("silo-2", secondStore);
        using var third = Silo("silo-3", thirdStore);
        await first.StartAsync(cancellation);
        await second.StartAsync(cancellation);
        using var host = Client();
        await host.StartAsync(cancellation);
        var client = host.Services.GetRequiredService<ILedgerClient>();

        var recorded = 0;
        var half = new TaskCompletionSource();
        var recording = Task.WhenAll(Enumerable.Range(0, Citizens).Select(async citizen =>
        {
            for (var number = 1; number <= EntriesEach; number++)
            {
                var outcome = await client.RecordAsync(Payments.Of(Payments.Citizen(citizen), number), cancellation);
                Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded, outcome.ToString());
                if (Interlocked.Increment(ref recorded) == Citizens * EntriesEach / 3) half.SetResult();
            }
        }));
        await await Task.WhenAny(half.Task, recording);
        await second.StopAsync(cancellation);
        await third.StartAsync(cancellation);
        await recording;

        for (var citizen = 0; citizen < Citizens; citizen++)
        {
            var history = new HashSet<string>();
            await foreach (var entry in client.ReadHistoryAsync(Payments.Citizen(citizen), cancellation)) Assert.True(history.Add(entry.Entry!.Reference));
            Assert.Equal(EntriesEach, history.Count);
        }

        await host.StopAsync(cancellation);
        await third.StopAsync(cancellation);
        await first.StopAsync(cancellation);
        for (var partition = 0; partition < Partitions; partition++)
            Assert.Empty((await PartitionAudit.RunAsync(firstStore, partition, Keys, null, null, cancellation)).Findings);
    }

    private Task<AzureTablesStore> OpenStoreAsync() => AzureTablesStore.OpenAsync(
        new() { Table = "j" + _options.Table, Accounts = [_options.Account!] }, NullLogger.Instance, TestContext.Current.CancellationToken).AsTask();

    private IHost Silo(string name, IJournalStore? store = null)
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
            if (store is not null) silo.AddUnstoppable().AddCreditGrains(Ledger, store, Keys, new() { Lease = TimeSpan.FromMilliseconds(200), ReleaseWait = TimeSpan.FromMilliseconds(200) });
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
        builder.Services.AddCreditGrainsClient(sending => sending.MaxAttempts = 100);
        return builder.Build();
    }

    private static void Named(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("creditgrains", "creditgrains");
}
