using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>Copies a ledger into a folder, from any store, while it is written to.</summary>
/// <remarks>
/// <para>
/// What it promises: a finished backup holds, of each partition, exactly its batches 1 to some batch, and all their records. Partitions are
/// read one after another, so there is no one instant that all of them stand for. The next run into the folder adds what is new since.
/// </para>
/// <para>
/// It can be killed at any point. What was finished before stays restorable, and the next run goes on with the partitions that were not done.
/// </para>
/// <para>
/// Keys are not in it. Of a body that was redacted the backup keeps what an earlier run copied, until a run with
/// <see cref="BackupOptions.Anew"/> has ended; if such a run is interrupted and continued, it began when it first began.
/// </para>
/// </remarks>
public static class LedgerBackup
{
    /// <summary>Backs a ledger up, or brings its backup up to the present.</summary>
    /// <param name="store">The store; it may be written to meanwhile.</param>
    /// <param name="folder">The folder: a new one, an empty one, or one that holds a backup of this ledger.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Who hears how far it has come, if anybody; from several threads.</param>
    /// <param name="cancellation">Ends it; the next run continues.</param>
    /// <returns>What the backup holds, after all of it is durable.</returns>
    /// <exception cref="BackupRefusedException">There is no ledger, or the folder is not for it.</exception>
    /// <exception cref="BackupDamagedException">What the folder holds is damaged. A run with <see cref="BackupOptions.Anew"/> replaces it.</exception>
    /// <exception cref="JournalBrokenException">The ledger is damaged. The backup that was finished before is kept.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot answer. Run it again.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static async ValueTask<BackupSummary> RunAsync(
        IJournalStore store, string folder, BackupOptions options, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        using var files = BackupFolder.OpenToWrite(folder);
        return await RunAsync(store, files, options, progress, cancellation).ConfigureAwait(false);
    }

    internal static async ValueTask<BackupSummary> RunAsync(
        IJournalStore store, IBackupFiles files, BackupOptions options, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        var (ledger, _) = await ReadLedgerAsync(store, cancellation).ConfigureAwait(false);
        var (finished, isReadable) = await FinishedAsync(files, options, cancellation).ConfigureAwait(false);
        if (finished is not null) RefuseStranger(finished.Ledger, ledger);

        foreach (var draft in files.Names().Where(name => name.EndsWith(IBackupFiles.DraftSuffix, StringComparison.Ordinal))) files.Delete(draft);
        var found = Found(files);
        var counter = new BackupCounter(ledger.PartitionCount, progress);
        var chains = new SegmentChain[ledger.PartitionCount];
        await Parallel.ForAsync(
            0, chains.Length, new ParallelOptions { MaxDegreeOfParallelism = options.PartitionsAtOnce, CancellationToken = cancellation },
            async (partition, stop) =>
            {
                var listed = finished?.Partitions[partition] ?? [];
                var (begun, isProven, set) = await BegunAsync(files, ledger.LedgerId, partition, listed, found[partition], options.Anew, isReadable, stop).ConfigureAwait(false);
                chains[partition] = await new PartitionBackup(store, files, ledger.LedgerId, partition, counter).RunAsync(begun, isProven, set, stop).ConfigureAwait(false);
            }).ConfigureAwait(false);

        var (after, rows) = await ReadLedgerAsync(store, cancellation).ConfigureAwait(false);
        RefuseStranger(ledger, after);
        var manifest = new BackupManifest(
            after, rows, (options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            [.. chains.Select(chain => chain.Segments.Select(segment => new SegmentName(segment.Header, segment.Seal)).ToImmutableArray())]);
        await manifest.WriteAsync(files, cancellation).ConfigureAwait(false);
        RemoveSuperseded(files, chains);

        return new(
            after.LedgerId, chains.Length, chains.Aggregate(0UL, (sum, chain) => sum + chain.LastBatch), chains.Sum(chain => chain.Rows), chains.Sum(chain => chain.Bytes),
            counter.Rows, counter.Bytes);
    }

    private static async ValueTask<(LedgerManifest Ledger, ImmutableArray<Row> Rows)> ReadLedgerAsync(IJournalStore store, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        await foreach (var row in store.ReadJournal(0, LedgerManifest.Journal, 0, ulong.MaxValue, ReadDirection.Ascending, cancellation).ConfigureAwait(false)) rows.Add(row);
        if (rows.Count == 0) throw new BackupRefusedException(BackupRefusal.NoLedger, "The store holds no ledger; there is nothing to back up.");
        if (LedgerManifest.TryDecode(rows[^1], out var ledger, out _) is { } damage) throw new JournalBrokenException(rows[^1].Key, damage);
        return (ledger!, rows.ToImmutable());
    }

    /// <summary>Reads what the last finished run left; a run that reads everything anew needs none of it, and so minds no damage.</summary>
    private static async ValueTask<(BackupManifest? Manifest, bool IsReadable)> FinishedAsync(IBackupFiles files, BackupOptions options, CancellationToken cancellation)
    {
        try
        {
            return (await BackupManifest.ReadAsync(files, cancellation).ConfigureAwait(false), true);
        }
        catch (BackupDamagedException) when (options.Anew)
        {
            return (null, false);
        }
    }

    private static void RefuseStranger(LedgerManifest backup, LedgerManifest ledger)
    {
        if (backup.LedgerId != ledger.LedgerId) throw Stranger();
        if (backup.PartitionCount != ledger.PartitionCount || backup.Generation != ledger.Generation)
        {
            throw new BackupRefusedException(
                BackupRefusal.OtherPartitions, "The ledger was cut into other partitions since the backup began. Keep this backup, and give another folder.");
        }
    }

    private static BackupRefusedException Stranger() =>
        new(BackupRefusal.AnotherLedger, "The folder holds the backup of another ledger. Give that ledger's own folder, or a new one.");

    private static ILookup<int, SegmentHeader> Found(IBackupFiles files) => files.Names()
        .Select(name => SegmentHeader.TryParse(name, out var header) ? header : (SegmentHeader?)null)
        .Where(header => header is not null)
        .ToLookup(header => header!.Value.Partition, header => header!.Value);

    /// <summary>Finds what a partition is continued from: the newest set with a whole scan, be it listed or left by an interrupted run.</summary>
    private static async ValueTask<(SegmentChain? Chain, bool IsProven, int Set)> BegunAsync(
        IBackupFiles files, UInt128 ledgerId, int partition, ImmutableArray<SegmentName> listed, IEnumerable<SegmentHeader> found, bool anew, bool isReadable,
        CancellationToken cancellation)
    {
        var listedSet = listed.IsDefaultOrEmpty ? 0 : listed[0].Header.Set;
        var newest = listedSet;
        foreach (var set in found.GroupBy(header => header.Set).OrderByDescending(group => group.Key))
        {
            newest = Math.Max(newest, set.Key);
            if (set.Key <= listedSet) break;
            if (await SegmentChain.TakeUpAsync(files, set, cancellation).ConfigureAwait(false) is not { } left) continue;
            if (left.Scan.Header.LedgerId != ledgerId) throw Stranger();

            // Without a manifest to tell, these may be finished ones that are to be read anew, and not what was left of that.
            if (isReadable) return (left, false, set.Key);
        }

        if (listedSet == 0 || anew) return (null, false, newest + 1);
        var chain = await SegmentChain.OpenAsync(files, ledgerId, partition, listed, cancellation).ConfigureAwait(false);
        return (await chain.WithLeftAsync(files, found, cancellation).ConfigureAwait(false), true, listedSet);
    }

    /// <summary>Removes the files that no manifest names any more.</summary>
    private static void RemoveSuperseded(IBackupFiles files, SegmentChain[] chains)
    {
        var kept = chains.SelectMany(chain => chain.Segments).Select(segment => segment.File).ToHashSet();
        foreach (var name in files.Names().Where(name => SegmentHeader.TryParse(name, out _) && !kept.Contains(name))) files.Delete(name);
    }
}
