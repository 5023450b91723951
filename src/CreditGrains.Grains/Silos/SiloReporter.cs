using System.Reflection;
using CreditGrains.Grains.Citizens;
using CreditGrains.Grains.Partitions;
using CreditGrains.Grains.Placement;
using CreditGrains.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace CreditGrains.Grains.Silos;

/// <summary>Tells how this silo is.</summary>
public sealed class SiloReporter(
    ILocalSiloDetails silo,
    LedgerSettings ledger,
    ISiloStatusOracle statuses,
    PartitionHost partitions,
    PartitionMap map,
    ActiveCitizens citizens,
    CommitTally commits,
    RefusalTally refusals,
    LedgerMetrics metrics,
    [FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly string Version = typeof(SiloReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private volatile bool _isDraining;

    /// <summary>Tells how this silo is now. From any thread; asks neither the store nor another silo.</summary>
    public SiloReport Report()
    {
        var committed = commits.Read();
        var (owned, queued) = partitions.Look();
        return new()
        {
            Name = silo.Name,
            Address = Text(silo.SiloAddress),
            State = _isDraining ? SiloState.Draining : StateOf(statuses.CurrentStatus),
            StartedAt = _startedAt,
            Version = Version,
            PartitionsOwned = owned,
            PartitionsAssigned = map.CountOwnedBy(silo.SiloAddress),
            ActiveCitizens = citizens.Count(),
            Entries = committed.Entries,
            Commits = committed.Commits,
            EntriesPerSecond = committed.EntriesPerSecond,
            CommitsPerSecond = committed.CommitsPerSecond,
            CommitLatencyP50 = committed.LatencyP50,
            CommitLatencyP99 = committed.LatencyP99,
            RecordsPerCommit = committed.RecordsPerCommit,
            QueuedRecords = queued,
            FenceLosses = committed.FenceLosses,
            Overloads = committed.Overloads,
            Refusals = refusals.Total,
            WorkingSetBytes = Environment.WorkingSet,
            HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            ProcessorTime = Environment.CpuUsage.TotalTime,
            NewestFormat = ledger.Formats.Newest,
            WrittenFormat = ledger.Formats.Written,
        };
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        metrics.Observe(citizens.Count, () => partitions.Look().Owned);

        // The last to start is the first to stop: who asks is told before anything is given up.
        lifecycle.Subscribe<SiloReporter>(ServiceLifecycleStage.Last, _ => Task.CompletedTask, _ =>
        {
            _isDraining = true;
            return Task.CompletedTask;
        });
    }

    internal static SiloState StateOf(SiloStatus status) => status switch
    {
        SiloStatus.Active => SiloState.Active,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => SiloState.Draining,
        SiloStatus.Dead => SiloState.Gone,
        _ => SiloState.Joining,
    };

    internal static string Text(SiloAddress address) => address.Endpoint.ToString();
}
