namespace CreditGrains.Journal;

/// <summary>Backs up one partition: walks it once, and from then on follows its log.</summary>
/// <remarks>
/// <para>
/// The walk notes the head, then copies every record as it meets them, then the batch rows up to that head, then looks at the head again. A set
/// is inserted whole, so a record that was met is in a batch that is there by the second look: following the log from the first head to
/// the second makes the copy whole, whatever was written meanwhile. What the walk met early is in the log again, and is taken from there.
/// </para>
/// <para>The log is followed by reading its batch rows and, one by one, the records that they list: nothing in between is looked at.</para>
/// </remarks>
internal sealed class PartitionBackup
{
    // Ours: a store that answers over a network is asked for so many records at a time.
    private const int RecordsAtOnce = 32;

    private readonly IJournalStore _store;
    private readonly IBackupFiles _files;
    private readonly UInt128 _ledgerId;
    private readonly int _partition;
    private readonly BackupCounter _counter;

    internal PartitionBackup(IJournalStore store, IBackupFiles files, UInt128 ledgerId, int partition, BackupCounter counter)
    {
        _store = store;
        _files = files;
        _ledgerId = ledgerId;
        _partition = partition;
        _counter = counter;
    }

    /// <summary>Brings the partition up to the present.</summary>
    /// <param name="begun">What the folder holds of it; null: nothing.</param>
    /// <param name="isProven">Whether the scan in it was read back before.</param>
    /// <param name="set">The set that a walk would begin.</param>
    /// <param name="cancellation">Ends it; what is whole stays.</param>
    /// <exception cref="BackupRefusedException">The partition does not continue what the folder holds.</exception>
    /// <exception cref="JournalBrokenException">The partition is damaged.</exception>
    internal async ValueTask<SegmentChain> RunAsync(SegmentChain? begun, bool isProven, int set, CancellationToken cancellation)
    {
        var chain = await FollowAsync(begun ?? await ScanAsync(set, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        if (!isProven && !await IsWholeAsync(chain, begun is not null, cancellation).ConfigureAwait(false))
        {
            // What an interrupted run left has been damaged since; nobody has been promised it.
            foreach (var segment in chain.Segments) _files.Delete(segment.File);
            return await RunAsync(null, false, set, cancellation).ConfigureAwait(false);
        }

        _counter.CountPartition();
        return chain;
    }

    private async ValueTask<SegmentChain> ScanAsync(int set, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation).ConfigureAwait(false);
        var writer = await SegmentWriter.BeginAsync(_files, new(_ledgerId, _partition, set, SegmentKind.Scan, 1, head), cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var from = new RowKey(_partition, new(Space.Citizen, 0), 0);
            var to = new RowKey(_partition, new((Space)byte.MaxValue, UInt128.MaxValue), ulong.MaxValue);
            await foreach (var row in _store.ReadAsync(from, to, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
            {
                // These are in no batch; the backup's manifest has them.
                if (_partition == 0 && row.Key.Journal == LedgerManifest.Journal) continue;
                await AddAsync(writer, row, cancellation).ConfigureAwait(false);
            }

            var next = 1UL;
            if (head > 0)
            {
                await foreach (var row in BatchRowsAsync(1, head, cancellation).ConfigureAwait(false))
                {
                    Expect(row, next++);
                    await AddAsync(writer, row, cancellation).ConfigureAwait(false);
                }
            }

            if (next <= head) throw new JournalBrokenException(BatchRow.KeyOf(_partition, next), JournalDamage.BatchMissing);
            var reach = await HeadAsync(cancellation).ConfigureAwait(false);
            return new([await writer.CompleteAsync(reach, cancellation).ConfigureAwait(false)]);
        }
    }

    private async ValueTask<SegmentChain> FollowAsync(SegmentChain chain, CancellationToken cancellation)
    {
        await RefuseOtherHistoryAsync(chain, cancellation).ConfigureAwait(false);
        var head = await HeadAsync(cancellation).ConfigureAwait(false);
        if (head == chain.LastBatch) return chain;

        var next = chain.LastBatch + 1;
        var writer = await SegmentWriter.BeginAsync(_files, new(_ledgerId, _partition, chain.Set, SegmentKind.Log, next, head), cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var row in BatchRowsAsync(next, head, cancellation).ConfigureAwait(false))
            {
                var batch = Expect(row, next++);
                foreach (var entries in batch.Entries.Chunk(RecordsAtOnce))
                {
                    foreach (var record in await Task.WhenAll(entries.Select(entry => RecordAsync(entry, cancellation))).ConfigureAwait(false))
                        await AddAsync(writer, record, cancellation).ConfigureAwait(false);
                }

                await AddAsync(writer, row, cancellation).ConfigureAwait(false);
            }

            if (next <= head) throw new JournalBrokenException(BatchRow.KeyOf(_partition, next), JournalDamage.BatchMissing);
            return chain.With(await writer.CompleteAsync(head, cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>Refuses to continue what is not this partition's past: its batch rows, once inserted, never change.</summary>
    private async ValueTask RefuseOtherHistoryAsync(SegmentChain chain, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation).ConfigureAwait(false);
        var isPast = head >= Math.Max(chain.LastBatch, chain.Scan.Tail.Reach);
        if (isPast && chain.LastBatch > 0)
        {
            isPast = false;
            await foreach (var row in BatchRowsAsync(chain.LastBatch, chain.LastBatch, cancellation).ConfigureAwait(false))
                isPast = RecordHash.Of(row.Value.Span) == chain.LastBatchRow;
        }

        if (isPast) return;
        throw new BackupRefusedException(
            BackupRefusal.OtherHistory,
            $"Partition {_partition} does not continue batch {chain.LastBatch} of the backup: the ledger was restored from an earlier state, or has lost its end. Keep this backup, and give another folder.");
    }

    /// <summary>Reads back what was written of a partition walked for the first time: it was walked without a list of what should be there.</summary>
    /// <returns>False: files taken up from an interrupted run are damaged.</returns>
    /// <exception cref="JournalBrokenException">What was read from the store is not whole.</exception>
    /// <exception cref="BackupDamagedException">What was written a moment ago is not what is read.</exception>
    private async ValueTask<bool> IsWholeAsync(SegmentChain chain, bool isTakenUp, CancellationToken cancellation)
    {
        try
        {
            await SegmentChainCheck.RunAsync(_files, chain, null, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (BackupDamagedException damaged) when (DamageOf(damaged.Damages[0].Fault) is { } damage)
        {
            // The files are sound, so it is the store that has not what its batches list. No later run may take them for good.
            foreach (var segment in chain.Segments) _files.Delete(segment.File);
            throw new JournalBrokenException(BatchRow.KeyOf(_partition, chain.LastBatch), damage, damaged);
        }
        catch (BackupDamagedException) when (isTakenUp)
        {
            return false;
        }
    }

    private static JournalDamage? DamageOf(BackupFault fault) => fault switch
    {
        BackupFault.RecordMissing => JournalDamage.ListedRecordMissing,
        BackupFault.RecordUnlisted => JournalDamage.UnlistedRow,
        BackupFault.Undecodable => JournalDamage.Undecodable,
        _ => null,
    };

    private async Task<Row> RecordAsync(BatchEntry entry, CancellationToken cancellation)
    {
        var key = new RowKey(_partition, entry.Journal, entry.Number);
        await foreach (var row in _store.ReadAsync(key, key, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
            return RecordFrame.HashOf(row) == entry.Hash ? row : throw new JournalBrokenException(key, JournalDamage.RecordHashMismatch);

        throw new JournalBrokenException(key, JournalDamage.ListedRecordMissing);
    }

    private IAsyncEnumerable<Row> BatchRowsAsync(ulong from, ulong to, CancellationToken cancellation) =>
        _store.ReadJournal(_partition, BatchRow.Journal, from, to, ReadDirection.Ascending, cancellation);

    private BatchRow Expect(in Row row, ulong number) => row.Key.Number == number
        ? BatchRow.Decode(row)
        : throw new JournalBrokenException(BatchRow.KeyOf(_partition, number), JournalDamage.BatchMissing);

    private async ValueTask<ulong> HeadAsync(CancellationToken cancellation) =>
        (await _store.ReadHeadAsync(_partition, cancellation).ConfigureAwait(false))?.Number ?? 0;

    private async ValueTask AddAsync(SegmentWriter writer, Row row, CancellationToken cancellation)
    {
        await writer.AddAsync(row, cancellation).ConfigureAwait(false);
        _counter.CountRow(row);
    }
}
