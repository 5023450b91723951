using CreditGrains.Grains.Placement;
using CreditGrains.Grains.Silos;
using CreditGrains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Grains.Partitions;

/// <summary>The partitions of this silo: claims those that the map gives to it, and releases one when the map gives it to another.</summary>
/// <remarks>
/// A grain keeps the log it was activated with. When that log closes — released, or its fence lost — the grain gives up its memory at its
/// next call; nothing has to go through the grains of a partition.
/// </remarks>
public sealed partial class PartitionHost(
    IJournalStore store,
    PartitionMap map,
    LedgerSettings ledger,
    PartitionLogOptions options,
    ClaimTiming timing,
    [FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock,
    ILocalSiloDetails silo,
    IClusterMembershipService membership,
    IClusterManifestProvider manifests,
    CommitTally tally,
    LedgerMetrics metrics,
    ILogger<PartitionHost> log) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int ClaimsAtOnce = 32;
    private static readonly TimeSpan ManifestPoll = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Task<PartitionLog?>?[] _logs = new Task<PartitionLog?>?[map.PartitionCount];
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private bool _isStopping;

    /// <summary>Gets the store that every partition lies in.</summary>
    public IJournalStore Store => store;

    // A store that one process locks for itself knows no other owner, and its silo's membership starts anew with every process.
    private long ClaimVersion => LedgerManifest.ClaimVersion(ledger.Era, options.IsStoreExclusive ? 0 : membership.CurrentSnapshot.Version.Value);

    /// <summary>Gives a partition's open log, claiming the partition if this silo owns it and has not claimed it yet.</summary>
    /// <param name="partition">From 0.</param>
    /// <returns>Null if the partition belongs to another silo, the claim was refused, or the silo is stopping.</returns>
    public ValueTask<PartitionLog?> OpenAsync(int partition)
    {
        if (Volatile.Read(ref _logs[partition]) is { IsCompletedSuccessfully: true } claimed && claimed.Result is { IsClosed: false } open)
            return new(open);

        lock (_gate)
        {
            if (_isStopping || !silo.SiloAddress.Equals(map.OwnerOf(partition))) return new((PartitionLog?)null);
            var present = _logs[partition];
            // A claim under way is waited for; one that failed, or whose log has closed since, is made anew.
            if (present is null || (present.IsCompleted && !(present.IsCompletedSuccessfully && present.Result is { IsClosed: false })))
                _logs[partition] = present = ClaimAsync(partition);
            return new(present);
        }
    }

    /// <summary>Counts the partitions that are claimed and open, and the records that wait in them for a batch.</summary>
    public (int Owned, long QueuedRecords) Look()
    {
        var (owned, queued) = (0, 0L);
        for (var partition = 0; partition < _logs.Length; partition++)
        {
            if (Volatile.Read(ref _logs[partition]) is not { IsCompletedSuccessfully: true, Result: { IsClosed: false } open }) continue;
            owned++;
            queued += open.QueuedRecords;
        }

        return (owned, queued);
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<PartitionHost>(
            ServiceLifecycleStage.Active,
            _ =>
            {
                _following = Task.Run(FollowMapAsync, CancellationToken.None);
                return Task.CompletedTask;
            },
            _ => Task.CompletedTask);

        // Stops after every grain has been deactivated and before the store is closed. Until then the map is followed: as soon as the silo is
        // known to be leaving, its partitions are others', who need not wait until its citizens have left memory.
        lifecycle.Subscribe<PartitionHost>(
            ServiceLifecycleStage.RuntimeStorageServices,
            _ => Task.CompletedTask,
            async cancellation =>
            {
                await _stop.CancelAsync();
                await _following.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await ReleaseAllAsync();
            });
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task<PartitionLog?> ClaimAsync(int partition)
    {
        try
        {
            var outcome = await PartitionLog.ClaimAsync(
                store, partition, silo.Name, ClaimVersion, clock, options, log, tally, _stop.Token).ConfigureAwait(false);
            metrics.Claims.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Refusal?.ToString() ?? "Claimed"));
            if (outcome.Refusal is { } refusal) LogClaimRefused(partition, refusal);
            if (outcome.Refusal == ClaimRefusal.MembershipOutdated)
                await membership.Refresh(default, _stop.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return outcome.Log;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            metrics.Claims.Add(1, new KeyValuePair<string, object?>("outcome", "Failed"));
            LogClaimFailed(partition, failure.Message);
            return null;
        }
    }

    /// <summary>Releases what the map gives to another silo, so that the successor need not wait, and claims what it gives to this one.</summary>
    private async Task FollowMapAsync()
    {
        var claiming = Task.CompletedTask;
        var outdated = new CancellationTokenSource();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_stop.Token))
            {
                // The map counts a silo in only when its manifest has arrived, which is after the membership change.
                while (snapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && !manifests.Current.Silos.ContainsKey(member.SiloAddress))
                    && membership.CurrentSnapshot.Version == snapshot.Version)
                    await Task.Delay(ManifestPoll, _stop.Token);

                await Task.WhenAll(Enumerable.Range(0, _logs.Length)
                    .Where(partition => map.OwnerOf(partition) is { } owner && !owner.Equals(silo.SiloAddress))
                    .Select(ReleaseAsync));

                if (timing == ClaimTiming.WhenNeeded) continue;
                await outdated.CancelAsync();
                await claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                outdated.Dispose();
                outdated = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                claiming = ClaimOwnedAsync(outdated.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            await claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            outdated.Dispose();
        }
    }

    /// <summary>Claims what this silo owns and has not claimed, so that the first caller of a citizen does not wait for it. What is refused is tried again when it is needed.</summary>
    private Task ClaimOwnedAsync(CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ClaimsAtOnce, CancellationToken = cancellation };
        return Parallel.ForAsync(0, _logs.Length, parallel, async (partition, outdated) => await OpenAsync(partition).AsTask().WaitAsync(outdated));
    }

    private async Task ReleaseAllAsync()
    {
        lock (_gate) _isStopping = true;
        await Task.WhenAll(Enumerable.Range(0, _logs.Length).Select(ReleaseAsync));
    }

    private async Task ReleaseAsync(int partition)
    {
        Task<PartitionLog?>? claimed;
        lock (_gate)
        {
            claimed = _logs[partition];
            _logs[partition] = null;
        }

        try
        {
            if (claimed is null || await claimed is not { } open) return;
            var isDurable = await open.ReleaseAsync();
            metrics.Releases.Add(1, new KeyValuePair<string, object?>("durable", isDurable));
            LogReleased(partition);
        }
        catch (Exception failure)
        {
            // One partition's fault keeps no other from being released. Unreleased, its successor waits out the lease.
            LogReleaseFailed(partition, failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: the claim was refused, {Refusal}")]
    private partial void LogClaimRefused(int partition, ClaimRefusal refusal);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: could not be claimed: {Reason}")]
    private partial void LogClaimFailed(int partition, string reason);

    [LoggerMessage(LogLevel.Error, "Partition {Partition}: could not be released; its successor waits out the lease")]
    private partial void LogReleaseFailed(int partition, Exception failure);

    [LoggerMessage(LogLevel.Debug, "Partition {Partition}: released")]
    private partial void LogReleased(int partition);
}
