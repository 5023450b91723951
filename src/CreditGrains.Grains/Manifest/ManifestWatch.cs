using System.Globalization;
using CreditGrains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Grains.Manifest;

/// <summary>Follows the ledger's manifest: writes the format that it names, and stops a silo that cannot serve what it names.</summary>
/// <remarks>
/// The manifest is read before the silo becomes active, after every change of membership, and every few seconds. A store that does not
/// answer changes nothing: what is in force stays so, and a silo cut off from its store can write nothing anyway.
/// </remarks>
public sealed partial class ManifestWatch(
    IJournalStore store,
    LedgerSettings ledger,
    ManifestWatchOptions options,
    ISiloStopper silo,
    [FromKeyedServices(LedgerClock.ServiceKey)] TimeProvider clock,
    IClusterMembershipService membership,
    ILogger<ManifestWatch> log) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private string? _unfit;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        // Before the stage at which the silo becomes active: one that cannot serve the ledger never joins.
        lifecycle.Subscribe<ManifestWatch>(ServiceLifecycleStage.ApplicationServices, async cancellation =>
        {
            if (await ReadAsync(cancellation) is { } reason) throw new InvalidOperationException(reason);
        });
        lifecycle.Subscribe<ManifestWatch>(
            ServiceLifecycleStage.Active,
            _ =>
            {
                _following = Task.WhenAll(Task.Run(() => FollowAsync(EveryAsync), CancellationToken.None), Task.Run(() => FollowAsync(WithMembershipAsync), CancellationToken.None));
                return Task.CompletedTask;
            },
            async cancellation =>
            {
                await _stop.CancelAsync();
                await _following.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _reading.Dispose();
    }

    private async Task FollowAsync(Func<Task> reading)
    {
        try
        {
            await reading();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception bug)
        {
            // A silo that no longer follows the manifest might serve on in a format that nobody else reads.
            LogFailed(bug);
            silo.Stop("The ledger's manifest could not be followed. The log has the failure.");
        }
    }

    private async Task EveryAsync()
    {
        using var timer = new PeriodicTimer(options.Every, clock);
        while (await timer.WaitForNextTickAsync(_stop.Token) && await ReadAsync(_stop.Token) is null)
        {
        }
    }

    private async Task WithMembershipAsync()
    {
        await foreach (var _ in membership.MembershipUpdates.WithCancellation(_stop.Token))
        {
            if (await ReadAsync(_stop.Token) is not null) return;
        }
    }

    /// <summary>Reads the manifest and does as it says. Gives why the silo cannot serve on, having begun to stop it; else null.</summary>
    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_unfit is not null) return _unfit;
            using var timeout = new CancellationTokenSource(ReadTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
            try
            {
                var manifest = await LedgerManifest.ReadAsync(store, either.Token);
                _unfit = WhyNot(manifest);
                if (_unfit is null) Follow(manifest!.FormatVersion);
            }
            catch (JournalBrokenException broken)
            {
                _unfit = $"The ledger's manifest cannot be read. {broken.Message}";
            }
            catch (Exception silence) when (silence is StoreUnavailableException || timeout.IsCancellationRequested)
            {
                LogNotRead(silence.Message);
            }
        }
        finally
        {
            _reading.Release();
        }

        if (_unfit is null) return null;
        LogUnfit(_unfit);
        silo.Stop(_unfit);
        return _unfit;
    }

    private string? WhyNot(LedgerManifest? manifest)
    {
        if (manifest is null) return "The ledger's manifest is gone from the store.";
        if (manifest.LedgerId.ToString("x32", CultureInfo.InvariantCulture) != ledger.LedgerId) return "The store holds another ledger than this silo was started with.";
        if (manifest.PartitionCount != ledger.PartitionCount)
            return $"The ledger has {manifest.PartitionCount} partitions now; this silo was started with {ledger.PartitionCount}. Start it again.";
        return ledger.Formats.Reads(manifest.FormatVersion)
            ? null
            : $"The ledger is written in format {manifest.FormatVersion} now; this program reads {LedgerFormats.OldestKnown} to {ledger.Formats.Newest}. Start a newer one.";
    }

    private void Follow(int format)
    {
        var before = ledger.Formats.Written;
        if (format == before) return;
        ledger.Formats.Write(format);
        LogChanged(format, before);
    }

    [LoggerMessage(LogLevel.Information, "New records are written in format {Format}; before, in {Before}")]
    private partial void LogChanged(int format, int before);

    [LoggerMessage(LogLevel.Warning, "The ledger's manifest could not be read, and is tried again: {Reason}")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(LogLevel.Critical, "The silo stops, because following the ledger's manifest failed")]
    private partial void LogFailed(Exception bug);

    [LoggerMessage(LogLevel.Critical, "The silo stops, because it cannot serve its ledger. {Reason}")]
    private partial void LogUnfit(string reason);
}
