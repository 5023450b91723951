namespace CreditGrains.Journal.RocksDb;

/// <summary>Something for the writer thread to do.</summary>
internal abstract class WriteRequest : GroupRequest
{
    /// <summary>Gets or sets whether what was found hangs on the group's becoming durable.</summary>
    internal bool HangsOnGroup { get; set; }
}

/// <summary>Rows to insert, all or none.</summary>
internal sealed class InsertRequest : WriteRequest
{
    internal InsertRequest(IReadOnlyList<Row> rows)
    {
        Rows = rows;
        var bytes = 0L;
        for (var i = 0; i < rows.Count; i++) bytes += RowKey.Length + rows[i].Value.Length;
        Bytes = bytes;
    }

    internal IReadOnlyList<Row> Rows { get; }

    internal override long Bytes { get; }
}

/// <summary>A value to put in the place of another.</summary>
internal sealed class RedactRequest(Row redacted, ReadOnlyMemory<byte> expected) : WriteRequest
{
    internal Row Redacted => redacted;

    internal ReadOnlyMemory<byte> Expected => expected;

    internal override long Bytes => RowKey.Length + redacted.Value.Length;
}
