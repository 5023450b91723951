using System.Buffers.Binary;

namespace CreditGrains.Journal;

/// <summary>Writes one segment. Its memory is one block.</summary>
internal sealed class SegmentWriter : IAsyncDisposable
{
    // The hash of the block before stands in front of each block, only to be summed.
    private const int LengthAt = RecordHash.Length;
    private const int RowsAt = LengthAt + 4;

    private readonly SegmentHeader _header;
    private readonly byte[] _head;
    private readonly IBackupDraft _draft;
    private byte[] _block = new byte[RowsAt + SegmentHeader.BlockBytes + RecordHash.Length];
    private int _rowBytes;
    private RecordHash _chain;
    private RecordHash _lastBatchRow;
    private long _rows;
    private long _bytes;

    private SegmentWriter(SegmentHeader header, IBackupDraft draft)
    {
        _header = header;
        _head = header.Encode();
        _draft = draft;
        _chain = RecordHash.Of(_head);
    }

    internal static async ValueTask<SegmentWriter> BeginAsync(IBackupFiles files, SegmentHeader header, CancellationToken cancellation)
    {
        var writer = new SegmentWriter(header, files.Create(header.FileName));
        await writer._draft.WriteAsync(writer._head, cancellation).ConfigureAwait(false);
        return writer;
    }

    internal async ValueTask AddAsync(Row row, CancellationToken cancellation)
    {
        Invariant.Holds(row.Key.Partition == _header.Partition);
        var bytes = SegmentHeader.RowOverheadBytes + row.Value.Length;
        if (_rowBytes > 0 && _rowBytes + bytes > SegmentHeader.BlockBytes) await WriteBlockAsync(cancellation).ConfigureAwait(false);

        var needed = RowsAt + _rowBytes + bytes + RecordHash.Length;
        if (needed > _block.Length) Array.Resize(ref _block, needed);

        var target = _block.AsSpan(RowsAt + _rowBytes);
        row.Key.Write(target);
        BinaryPrimitives.WriteInt32BigEndian(target[RowKey.Length..], row.Value.Length);
        row.Value.Span.CopyTo(target[SegmentHeader.RowOverheadBytes..]);
        _rowBytes += bytes;
        _rows++;
        _bytes += RowKey.Length + row.Value.Length;
        if (row.Key.Journal == BatchRow.Journal) _lastBatchRow = RecordHash.Of(row.Value.Span);
    }

    /// <summary>Ends the segment and makes it durable under its name.</summary>
    internal async ValueTask<Segment> CompleteAsync(ulong reach, CancellationToken cancellation)
    {
        if (_rowBytes > 0) await WriteBlockAsync(cancellation).ConfigureAwait(false);
        var tail = new SegmentTail(reach, _rows, _bytes, _lastBatchRow, _chain);
        var bytes = tail.Encode(_head);
        await _draft.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        _draft.Publish();
        return new(_header, tail, RecordHash.Read(bytes.AsSpan(SegmentTail.Length - RecordHash.Length)));
    }

    public ValueTask DisposeAsync() => _draft.DisposeAsync();

    private async ValueTask WriteBlockAsync(CancellationToken cancellation)
    {
        _chain.Write(_block);
        BinaryPrimitives.WriteInt32BigEndian(_block.AsSpan(LengthAt), _rowBytes);
        var end = RowsAt + _rowBytes;
        _chain = RecordHash.Of(_block.AsSpan(0, end));
        _chain.Write(_block.AsSpan(end));
        await _draft.WriteAsync(_block.AsMemory(LengthAt, end + RecordHash.Length - LengthAt), cancellation).ConfigureAwait(false);
        _rowBytes = 0;
    }
}
