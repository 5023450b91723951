using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>Puts a backed-up ledger into an empty store, of any kind.</summary>
/// <remarks>
/// <para>
/// What it does, each step for all partitions before the next: reads and checks every file; compares the store with the backup; inserts what the
/// store has not; audits the store; inserts the ledger's manifest. The manifest comes last and no ledger is opened without one, so nobody can
/// start on half of one.
/// </para>
/// <para>
/// It can be killed at any point and run again with the same backup. It never writes over anything: a store that holds a ledger, or a row that is
/// not of this backup, is refused before anything is written.
/// </para>
/// <para>
/// The restored ledger is one era on: its cluster's membership begins anew, and must come after everything that the journals say of the old
/// one. The ledger that the backup was taken of must not be served any more: two ledgers would go on under one id.
/// </para>
/// </remarks>
public static class LedgerRestore
{
    /// <summary>Restores a ledger.</summary>
    /// <param name="store">The store: empty, or with what an interrupted restore of this backup left.</param>
    /// <param name="folder">The folder with the backup.</param>
    /// <param name="keys">The ledger's keys. Bodies whose key is not there are checked as far as digests go.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Who hears how far it has come, if anybody; from several threads.</param>
    /// <param name="cancellation">Ends it; the next run continues.</param>
    /// <returns>What came of it. Look at <see cref="RestoreSummary.IsRestored"/>.</returns>
    /// <exception cref="BackupRefusedException">There is no finished backup, or the store is not for it.</exception>
    /// <exception cref="BackupDamagedException">The backup is damaged. Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer. Run it again.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static async ValueTask<RestoreSummary> RunAsync(
        IJournalStore store, string folder, ICipherKeys keys, RestoreOptions options, IProgress<RestoreProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        using var files = BackupFolder.OpenToRead(folder);
        return await RunAsync(store, files, keys, options, progress, cancellation).ConfigureAwait(false);
    }

    internal static async ValueTask<RestoreSummary> RunAsync(
        IJournalStore store, IBackupFiles files, ICipherKeys keys, RestoreOptions options, IProgress<RestoreProgress>? progress, CancellationToken cancellation)
    {
        var backup = await ReadManifestAsync(files, cancellation).ConfigureAwait(false);
        await RefuseLedgerAsync(store, cancellation).ConfigureAwait(false);

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.PartitionsAtOnce, CancellationToken = cancellation };
        var partitions = await CheckAsync(files, backup, store.Limits, parallel, progress).ConfigureAwait(false);
        await Parallel.ForEachAsync(partitions, parallel, async (partition, stop) => await partition.CompareAsync(store, stop).ConfigureAwait(false)).ConfigureAwait(false);

        var writing = new RestoreCounter(RestoreStage.Writing, partitions.Length, progress);
        await Parallel.ForEachAsync(partitions, parallel, async (partition, stop) => await partition.InsertAsync(store, options, writing, stop).ConfigureAwait(false)).ConfigureAwait(false);

        var auditing = new RestoreCounter(RestoreStage.Auditing, partitions.Length, progress);
        var reports = new AuditReport[partitions.Length];
        await Parallel.ForAsync(
            0, partitions.Length, parallel,
            async (partition, stop) => reports[partition] = await partitions[partition].AuditAsync(store, keys, auditing, stop).ConfigureAwait(false)).ConfigureAwait(false);

        var ledger = backup.Ledger with { Era = backup.Ledger.Era + 1, Cluster = options.Cluster ?? backup.Ledger.Cluster };
        var unsound = reports.Where(report => !report.IsSound).ToImmutableArray();
        if (unsound.IsEmpty) await InsertManifestAsync(store, backup, ledger, options, cancellation).ConfigureAwait(false);
        return new(
            ledger, backup.FinishedAt, partitions.Aggregate(0UL, (sum, partition) => sum + partition.Batches), partitions.Sum(partition => partition.Rows), writing.Rows, unsound);
    }

    /// <summary>Reads which ledger a folder holds the backup of, as its newest manifest had it.</summary>
    /// <param name="folder">The folder with the backup.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="BackupRefusedException">There is no finished backup.</exception>
    /// <exception cref="BackupDamagedException">The backup's manifest is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static async ValueTask<LedgerManifest> ReadLedgerAsync(string folder, CancellationToken cancellation)
    {
        using var files = BackupFolder.OpenToRead(folder);
        return (await ReadManifestAsync(files, cancellation).ConfigureAwait(false)).Ledger;
    }

    private static async ValueTask<BackupManifest> ReadManifestAsync(IBackupFiles files, CancellationToken cancellation) =>
        await BackupManifest.ReadAsync(files, cancellation).ConfigureAwait(false)
        ?? throw new BackupRefusedException(BackupRefusal.NotABackup, "The folder holds no finished backup. Run the backup to its end first.");

    private static async ValueTask RefuseLedgerAsync(IJournalStore store, CancellationToken cancellation)
    {
        await foreach (var _ in store.ReadJournal(0, LedgerManifest.Journal, 0, ulong.MaxValue, ReadDirection.Descending, cancellation).ConfigureAwait(false))
        {
            throw new BackupRefusedException(
                BackupRefusal.TargetHoldsLedger, "The store holds a ledger, and a restore never writes into one. Give an empty store.");
        }
    }

    /// <summary>Checks all partitions, and goes on after damage to name all of it.</summary>
    private static async ValueTask<PartitionRestore[]> CheckAsync(
        IBackupFiles files, BackupManifest backup, StoreLimits limits, ParallelOptions parallel, IProgress<RestoreProgress>? progress)
    {
        var counter = new RestoreCounter(RestoreStage.Checking, backup.Partitions.Length, progress);
        var partitions = new PartitionRestore[backup.Partitions.Length];
        var damages = new ImmutableArray<BackupDamage>[partitions.Length];
        await Parallel.ForAsync(0, partitions.Length, parallel, async (partition, stop) =>
        {
            try
            {
                var chain = await SegmentChain.OpenAsync(files, backup.Ledger.LedgerId, partition, backup.Partitions[partition], stop).ConfigureAwait(false);
                partitions[partition] = new(files, chain);
                await partitions[partition].CheckAsync(limits, counter, stop).ConfigureAwait(false);
            }
            catch (BackupDamagedException damaged)
            {
                damages[partition] = damaged.Damages;
            }
        }).ConfigureAwait(false);

        ImmutableArray<BackupDamage> all = [.. damages.Where(found => !found.IsDefault).SelectMany(found => found)];
        return all.IsEmpty ? partitions : throw new BackupDamagedException(all);
    }

    /// <summary>Inserts the ledger's manifest rows and the new one, in one set: with it the ledger is there.</summary>
    private static async ValueTask InsertManifestAsync(
        IJournalStore store, BackupManifest backup, LedgerManifest ledger, RestoreOptions options, CancellationToken cancellation)
    {
        // Only the newest is ever read, so a store that takes fewer at once goes without the oldest.
        IReadOnlyList<Row> rows = [.. backup.Rows.TakeLast(store.Limits.MaxRows - 1), ledger.ToRow(backup.Rows[^1].Key.Number + 1)];
        try
        {
            await new RowInserter(store, options).InsertAsync(rows, cancellation).ConfigureAwait(false);
        }
        catch (BackupRefusedException other)
        {
            throw new BackupRefusedException(
                BackupRefusal.TargetHoldsLedger, "Somebody made another ledger in the store while this one was being restored. Give an empty store, and let nobody open it meanwhile.", other);
        }
    }
}
