using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Hosting;

/// <summary>Backs up and restores ledgers in folders and in shared stores. No silo is started.</summary>
internal sealed class LedgerCopies : ILedgerCopies
{
    // Checking reads what writing writes and auditing reads again.
    private static readonly int Stages = Enum.GetValues<RestoreStage>().Length;

    public async Task<BackupOutcome> BackUpAsync(LedgerLocation location, string folder, bool anew, IProgress<CopyProgress> progress, CancellationToken cancellation)
    {
        var (path, settings) = PlaceOf(location);
        await using var ledger = await LedgerStore.OpenAsync(path, settings, create: false, cancellation);
        var heard = new Forward<BackupProgress>(value => progress.Report(new((double)value.PartitionsDone / value.PartitionCount, value.Rows, "copied")));
        var summary = await Told(LedgerBackup.RunAsync(ledger.Store, folder, new() { Anew = anew }, heard, cancellation));
        return new(summary.LedgerId, summary.PartitionCount, summary.Batches, summary.Rows, summary.Bytes, summary.RowsWritten);
    }

    public async Task<RestoreOutcome> RestoreAsync(string folder, LedgerLocation location, IProgress<CopyProgress> progress, CancellationToken cancellation)
    {
        var (path, settings) = PlaceOf(location);
        var cluster = path is null ? settings.Cluster : "";
        var backup = await Told(LedgerRestore.ReadLedgerAsync(folder, cancellation));
        await using var store = await LedgerStore.OpenToRestoreAsync(path, settings, backup with { Cluster = cluster }, cancellation);
        var heard = new Forward<RestoreProgress>(value => progress.Report(
            new(((int)value.Stage - 1 + ((double)value.PartitionsDone / value.PartitionCount)) / Stages, value.Rows, NameOf(value.Stage))));
        var summary = await Told(LedgerRestore.RunAsync(store, folder, new PlainKeys(RandomSource.OperatingSystem), new() { Cluster = cluster }, heard, cancellation));
        return new(
            summary.Ledger.LedgerId, summary.Ledger.Era, DateTimeOffset.UnixEpoch.AddTicks(summary.FinishedAt * TimeSpan.TicksPerMicrosecond),
            summary.Ledger.PartitionCount, summary.Batches, summary.Rows, summary.RowsWritten, [.. summary.Unsound.SelectMany(StoreAudit.Places)]);
    }

    private static (string? Folder, SiloSettings Settings) PlaceOf(LedgerLocation location) => location switch
    {
        LedgerLocation.Folder folder => (folder.Path, SiloSettingsFile.Read(folder.Settings)),
        LedgerLocation.Shared shared => (null, SiloSettingsFile.Read(shared.Settings)),
        _ => throw new System.Diagnostics.UnreachableException($"No store is reached through a {location.GetType().Name}."),
    };

    private static string NameOf(RestoreStage stage) => stage switch
    {
        RestoreStage.Checking => "checked",
        RestoreStage.Writing => "written",
        _ => "audited",
    };

    /// <summary>Says at the command line what the journal said.</summary>
    private static async Task<T> Told<T>(ValueTask<T> work)
    {
        try
        {
            return await work;
        }
        catch (BackupDamagedException damaged)
        {
            throw new LedgerBrokenException(
                $"The backup is damaged. Nothing was restored from it, or added to it.\n{string.Join('\n', damaged.Damages)}\nRestore an earlier backup; while the ledger itself is sound, backup --anew replaces this one.", damaged);
        }
        catch (BackupRefusedException refused)
        {
            throw refused.Refusal == BackupRefusal.InUse ? new LedgerNotOpenedException(refused.Message, refused) : new UsageException(refused.Message);
        }
        catch (Exception failure) when (LedgerStore.Told(failure) is var told && told != failure)
        {
            throw told;
        }
    }

    /// <summary>Hands progress on at once, on the thread that reports it.</summary>
    private sealed class Forward<T>(Action<T> heard) : IProgress<T>
    {
        public void Report(T value) => heard(value);
    }
}
