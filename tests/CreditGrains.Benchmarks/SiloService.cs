using CreditGrains.Journal;
using CreditGrains.Journal.RocksDb;
using CreditGrains.Silo.Clustering;
using CreditGrains.Silo.Hosting;

namespace CreditGrains.Benchmarks;

/// <summary>What a silo's process does: serves a ledger until its standard input closes.</summary>
internal static class SiloService
{
    internal static async Task RunAsync(string settingsFile, string name, string? folder, SiloSwitches switches)
    {
        var settings = SiloSettingsFile.Read(settingsFile);
        settings.Name = name;
        settings.SiloPort = FreePort.Next();
        settings.GatewayPort = FreePort.Next();
        if (switches.HasSmallCache) settings.Store.RocksDb.BlockCacheMiB = 8;

        using var counter = new SiloCounter(switches.CountsMessages);
        await using var store = await LedgerStore.OpenAsync(folder, settings, create: true, CancellationToken.None);
        if (settings.Store.IsShared) await ClusterMembers.PrepareAsync(settings, CancellationToken.None);
        using var host = SiloHost.Listening(
            settings, store.Ledger, store.Store, store.Keys, silo => silo.AddPartitionedGrain(NoopGrain.TypeName).AddPartitionedGrain(NoopIntakeGrain.TypeName));
        if (switches.HasSmallCache) await OpenTablesAsync(store);
        if (switches.IsSettled) await ((RocksDbStore)store.Store).SettleAsync(CancellationToken.None);
        await host.StartAsync();
        await AnswerAsync(settings.GatewayPort, counter);
        Console.Error.WriteLine($"  {name}: {Environment.CpuUsage.TotalTime.TotalSeconds:F1} s of processor, {GC.GetTotalPauseDuration().TotalSeconds:F1} s paused for {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} collections, {GC.GetTotalAllocatedBytes() / 1e9:F1} GB allocated");
        await host.StopAsync();
    }

    /// <summary>Tells where the gateway is, and then what was counted for each line read, until the input closes.</summary>
    internal static async Task AnswerAsync(int gatewayPort, SiloCounter counter)
    {
        Console.WriteLine(gatewayPort);
        while (await Console.In.ReadLineAsync() is not null) Console.WriteLine(counter.Counts);
    }

    /// <summary>Reads every citizen's first row, so that the store's table files are open before anybody is weighed: they are not the citizens'.</summary>
    private static async Task OpenTablesAsync(LedgerStore store)
    {
        for (var partition = 0; partition < store.Ledger.PartitionCount; partition++)
        {
            UInt128? next = 0;
            while (next is { } from)
            {
                next = null;
                await foreach (var row in store.Store.ReadAsync(
                    new(partition, new(Space.Citizen, from), 0), new(partition, new(Space.Citizen, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Ascending, CancellationToken.None))
                {
                    next = row.Key.Journal.Id + 1;
                    break;
                }
            }
        }
    }
}
