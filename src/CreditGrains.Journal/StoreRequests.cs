namespace CreditGrains.Journal;

/// <summary>What every store asks of a caller before it does anything.</summary>
internal static class StoreRequests
{
    internal static void Check(IReadOnlyList<Row> rows, StoreLimits limits)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) throw new ArgumentException("There is nothing to insert.", nameof(rows));
        if (rows.Count > limits.MaxRows) throw new ArgumentException($"One insertion has at most {limits.MaxRows} rows.", nameof(rows));

        var partition = rows[0].Key.Partition;
        var bytes = 0L;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Key.Partition != partition) throw new ArgumentException("One insertion is of one partition.", nameof(rows));
            bytes += RowKey.Length + rows[i].Value.Length;
        }

        if (bytes > limits.MaxBytes) throw new ArgumentException($"One insertion has at most {limits.MaxBytes} bytes.", nameof(rows));
    }

    internal static void Check(RowKey from, RowKey to)
    {
        if (from.Partition != to.Partition) throw new ArgumentException("A range is of one partition.", nameof(to));
    }
}
