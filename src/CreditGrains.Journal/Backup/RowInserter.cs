namespace CreditGrains.Journal;

/// <summary>Inserts rows into a store of which nobody else should know, again and again until it says that it has them.</summary>
internal sealed class RowInserter(IJournalStore store, RestoreOptions options)
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>Inserts a set within the store's limits. Rows that are there already, with these bytes, are left alone.</summary>
    /// <exception cref="BackupRefusedException">A key is there with other bytes.</exception>
    /// <exception cref="StoreUnavailableException">The store did not take the rows, or did not say so.</exception>
    internal async ValueTask InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var pause = options.FirstPause;
        for (var attempt = 1; rows.Count > 0; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = await store.InsertAsync(rows, cancellation).ConfigureAwait(false);
            if (outcome.Verdict == InsertVerdict.Inserted) return;
            if (outcome.Verdict == InsertVerdict.KeyExists)
            {
                var missing = await MissingAsync(rows, cancellation).ConfigureAwait(false);
                var isLess = missing.Count < rows.Count;
                rows = missing;
                if (isLess) continue;
            }

            if (attempt >= options.Attempts)
            {
                throw new StoreUnavailableException(
                    $"Partition {rows[0].Key.Partition}: after {attempt} attempts the rows are {outcome.Verdict}: {outcome.Reason ?? "no reason given"}. Run the restore again; it continues.");
            }

            await Task.Delay(pause, options.Time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
        }
    }

    /// <summary>Says that a store holds a row that it should not.</summary>
    internal static BackupRefusedException OtherRows(RowKey key) => new(
        BackupRefusal.TargetHoldsOtherRows,
        $"The store holds a row in partition {key.Partition}, {key.Journal.Space} row {key.Number}, that is not of this backup. Give an empty store, or the one that this restore was begun in.");

    private async ValueTask<IReadOnlyList<Row>> MissingAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var missing = new List<Row>();
        foreach (var row in rows)
        {
            var isThere = false;
            await foreach (var there in store.ReadAsync(row.Key, row.Key, ReadDirection.Ascending, cancellation).ConfigureAwait(false))
                isThere = there.Value.Span.SequenceEqual(row.Value.Span) ? true : throw OtherRows(row.Key);
            if (!isThere) missing.Add(row);
        }

        return missing;
    }
}
