namespace CreditGrains.Journal.Postgres;

/// <summary>One set to insert.</summary>
internal sealed class WriteRequest : GroupRequest
{
    internal WriteRequest(IReadOnlyList<Row> rows)
    {
        Rows = rows;
        Partition = rows[0].Key.Partition;
        var bytes = 0L;
        for (var i = 0; i < rows.Count; i++)
        {
            bytes += RowKey.Length + rows[i].Value.Length;
            if (rows[i].Key.CompareTo(rows[Lead].Key) < 0) Lead = i;
        }

        Bytes = bytes;
    }

    internal IReadOnlyList<Row> Rows { get; }

    internal int Partition { get; }

    internal override long Bytes { get; }

    /// <summary>Gets which row has the smallest key. In a batch that is the batch row, which another writer of the same batch has as well.</summary>
    internal int Lead { get; }
}
