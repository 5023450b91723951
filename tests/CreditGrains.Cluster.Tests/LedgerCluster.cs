using System.Collections.Concurrent;
using CreditGrains.Client;
using CreditGrains.Grains;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Manifest;
using CreditGrains.Grains.Partitions;
using CreditGrains.Grains.Placement;
using CreditGrains.Journal;
using CreditGrains.Journal.InMemory;
using CreditGrains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace CreditGrains.Cluster.Tests;

/// <summary>A ledger on real silos in this process, over one store that they share, each through a scripted store of its own.</summary>
internal sealed class LedgerCluster : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, ScriptedStore> _stores = new();
    private readonly ConcurrentDictionary<string, StopperOfTest> _stoppers = new();

    private LedgerCluster(InMemoryStore shared, InProcessTestClusterBuilder builder, LedgerSettings settings, ManifestWatchOptions watch, PartitionLogOptions options, FakeTimeProvider? clock, TimeSpan? lifecycleTimeout, TimeSpan responseTimeout)
    {
        Shared = shared;
        Settings = settings;
        Options = options;
        Clock = clock;
        builder.ConfigureSilo((silo, building) =>
        {
            var store = _stores.GetOrAdd(silo.SiloName, _ => new ScriptedStore(shared));
            if (clock is not null) building.Services.AddKeyedSingleton<TimeProvider>(LedgerClock.ServiceKey, clock);
            // Each is held to have opened the ledger when it was still in the oldest format, and has to learn better.
            building.Services.AddSingleton<ISiloStopper>(_stoppers.GetOrAdd(silo.SiloName, _ => new()));
            building.Services.AddSingleton(watch);
            // While the ledger's time stands still a claim that must wait would never end.
            building.AddCreditGrains(
                settings with { Formats = new(LedgerFormats.OldestKnown, NewestFormatOfNext) }, store, Keys, options, clock is null ? ClaimTiming.Ahead : ClaimTiming.WhenNeeded);
            if (lifecycleTimeout is { } timeout)
                building.Configure<GrainCollectionOptions>(collection => collection.ActivationTimeout = collection.DeactivationTimeout = timeout);
            building.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        builder.ConfigureSiloHost((_, host) => host.Logging.SetMinimumLevel(LogLevel.Critical));
        builder.ConfigureClientHost(host => host.Logging.SetMinimumLevel(LogLevel.Critical));
        builder.ConfigureClient(client =>
        {
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = responseTimeout);
            client.Services.AddCreditGrainsClient(sending =>
            {
                // A change of owner is waited out, whatever the machine is busy with.
                sending.MaxAttempts = 40;
                sending.MaxBackOff = TimeSpan.FromMilliseconds(200);
            });
        });
        Orleans = builder.Build();
    }

    internal InMemoryStore Shared { get; }

    /// <summary>The newest format that silos read which are started from now on.</summary>
    internal int NewestFormatOfNext { get; set; } = LedgerFormats.NewestKnown;

    internal LedgerSettings Settings { get; }

    internal PartitionLogOptions Options { get; }

    internal FakeTimeProvider? Clock { get; }

    internal InProcessTestCluster Orleans { get; }

    internal ICipherKeys Keys { get; } = new PlainKeys(RandomSource.OperatingSystem);

    internal ILedgerClient Client => Orleans.Client.ServiceProvider.GetRequiredService<ILedgerClient>();

    /// <summary>Starts silos. With a clock of the test's own, the ledger's time stands still until the test moves it.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="options">How partitions are written; null takes <see cref="Quick"/>.</param>
    /// <param name="ownClock">Whether the test moves the ledger's time.</param>
    /// <param name="lifecycleTimeout">How long the runtime lets a grain come or go before it drops it; null leaves that to the runtime.</param>
    /// <param name="format">The format that the manifest names.</param>
    /// <param name="newestFormat">The newest format that the first silos read.</param>
    /// <param name="watch">How silos follow the manifest; null lets nothing but a change of membership make them read it.</param>
    /// <param name="responseTimeout">How long the client waits for an answer. What was on its way to a silo that died is answered by nobody. Null is a minute.</param>
    internal static async Task<LedgerCluster> StartAsync(
        int silos = 3, PartitionLogOptions? options = null, bool ownClock = false, TimeSpan? lifecycleTimeout = null, TimeSpan? responseTimeout = null,
        int format = LedgerFormats.NewestKnown, int newestFormat = LedgerFormats.NewestKnown, ManifestWatchOptions? watch = null)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        var settings = new LedgerSettings
        {
            LedgerId = "00000000000000000000000000000001",
            PartitionCount = Made.Partitions,
            Formats = new(format),
            Zone = TimeZoneInfo.Utc,
            PseudonymKeyCheck = "none",
            ReferenceKey = new ReferenceKey([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        };
        var clock = ownClock ? new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero)) : null;
        var store = new InMemoryStore();
        await LedgerManifest.CreateIfAbsentAsync(
            store, new(format, Made.Partitions, 1, LedgerId: 1, settings.Zone.Id, ReadOnlyMemory<byte>.Empty, CreatedAt: 1), TestContext.Current.CancellationToken);
        var cluster = new LedgerCluster(
            store, builder, settings, watch ?? new() { Every = TimeSpan.FromMinutes(10) }, options ?? Quick, clock, lifecycleTimeout, responseTimeout ?? TimeSpan.FromMinutes(1))
        {
            NewestFormatOfNext = newestFormat,
        };
        await cluster.Orleans.DeployAsync();
        await cluster.Orleans.WaitForClusterManifestToStabilizeAsync();
        return cluster;
    }

    /// <summary>Deadlines that real time brings soon: for tests in which silos come and go.</summary>
    internal static PartitionLogOptions Quick => new()
    {
        Lease = TimeSpan.FromMilliseconds(200),
        ReleaseWait = TimeSpan.FromMilliseconds(200),
        ReleasePoll = TimeSpan.FromMilliseconds(5),
        InsertTimeout = TimeSpan.FromMilliseconds(500),
        SettleDeadline = TimeSpan.FromSeconds(2),
        ClaimDeadline = TimeSpan.FromSeconds(2),
    };

    /// <summary>A citizen's grain as callers reach it, without a client's retries.</summary>
    internal ICitizenGrain Grain(CitizenId citizen) => Orleans.Client.GetGrain<ICitizenGrain>(citizen.ToString());

    internal PartitionMap Map => Service<PartitionMap>(Orleans.Silos[0]);

    internal static T Service<T>(InProcessSiloHandle silo)
        where T : notnull => silo.ServiceProvider.GetRequiredService<T>();

    /// <summary>The silo that owns a citizen's partition, by the map.</summary>
    internal InProcessSiloHandle OwnerOf(CitizenId citizen)
    {
        var owner = Map.OwnerOf(citizen.PartitionOf(Made.Partitions));
        return Orleans.Silos.Single(silo => silo.SiloAddress.Equals(owner));
    }

    internal ScriptedStore StoreOf(InProcessSiloHandle silo) => _stores[silo.Name];

    /// <summary>Completes with the reason when a silo asks to be stopped.</summary>
    internal Task<string> AskedToStop(InProcessSiloHandle silo) => _stoppers[silo.Name].Asked;

    internal static LedgerFormats FormatsOf(InProcessSiloHandle silo) => Service<LedgerSettings>(silo).Formats;

    /// <summary>Lets the manifest name another format.</summary>
    internal async Task ReplaceFormatAsync(int format)
    {
        var present = await LedgerManifest.ReadAsync(Shared, TestContext.Current.CancellationToken);
        Assert.True(await LedgerManifest.ReplaceAsync(Shared, present!, present! with { FormatVersion = format }, TestContext.Current.CancellationToken));
    }

    internal ScriptedStore StoreOf(CitizenId citizen) => StoreOf(OwnerOf(citizen));

    /// <summary>Moves the ledger's time on until something has happened.</summary>
    internal async Task<T> PassTimeUntil<T>(Task<T> happened)
    {
        await PassTimeUntil((Task)happened);
        return await happened;
    }

    internal async Task PassTimeUntil(Task happened)
    {
        while (!happened.IsCompleted)
        {
            Clock!.Advance(Step);
            await Task.WhenAny(happened, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        await happened;
    }

    /// <summary>Reads a citizen's whole history.</summary>
    internal async Task<List<HistoryEntry>> HistoryAsync(CitizenId citizen)
    {
        var history = new List<HistoryEntry>();
        await foreach (var entry in Client.ReadHistoryAsync(citizen, TestContext.Current.CancellationToken)) history.Add(entry);
        return history;
    }

    internal async Task<CreditFile> FileAsync(CitizenId citizen, FileRequest? request = null)
    {
        var answer = await Client.ReadFileAsync(citizen, request, TestContext.Current.CancellationToken);
        Assert.Equal(ReadStatus.Answered, answer.Status);
        return answer.Value!;
    }

    /// <summary>Holds everything against the count: histories, files, totals, and every chain in the store.</summary>
    internal async Task AssertHoldsExactly(Tally tally)
    {
        Tally.AssertSame(tally.Totals, await Client.ReadTotalsAsync(cancellation: TestContext.Current.CancellationToken));
        foreach (var citizen in tally.Citizens)
        {
            tally.AssertFile(citizen, await FileAsync(citizen));
            var history = await HistoryAsync(citizen);
            Assert.Equal(
                tally.EntriesOf(citizen).OrderBy(entry => entry.Reference, StringComparer.Ordinal),
                history.Select(accepted => accepted.Entry!).OrderBy(entry => entry.Reference, StringComparer.Ordinal));
        }

        await AssertSound();
    }

    /// <summary>Audits every partition in the store.</summary>
    internal async Task AssertSound()
    {
        for (var partition = 0; partition < Made.Partitions; partition++)
        {
            var citizens = new CitizenAudit(Settings.ReferenceKey);
            var report = await PartitionAudit.RunAsync(Shared, partition, Keys, citizens, null, TestContext.Current.CancellationToken);
            Assert.Empty(report.Findings);
            Assert.Empty(citizens.Findings);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Orleans.DisposeAsync();
        await Shared.DisposeAsync();
    }
}

/// <summary>Hears that a silo is to be stopped. The test stops it, if it likes.</summary>
internal sealed class StopperOfTest : ISiloStopper
{
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<string> Asked => _asked.Task;

    public void Stop(string reason) => _asked.TrySetResult(reason);
}
