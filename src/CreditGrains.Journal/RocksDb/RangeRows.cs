namespace CreditGrains.Journal.RocksDb;

/// <summary>The rows of one range, read as they are asked for. It is its own enumerator the first time, because most are enumerated once.</summary>
internal sealed class RangeRows(RangeReaders readers, RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    : IAsyncEnumerable<Row>, IAsyncEnumerator<Row>
{
    private RangeReader? _reader;
    private CancellationToken _enumeration;
    private int _isTaken;
    private bool _isOver;

    public Row Current { get; private set; }

    public IAsyncEnumerator<Row> GetAsyncEnumerator(CancellationToken enumeration)
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0) return new RangeRows(readers, from, to, direction, cancellation).GetAsyncEnumerator(enumeration);
        _enumeration = enumeration;
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (_isOver) return new(false);
        cancellation.ThrowIfCancellationRequested();
        _enumeration.ThrowIfCancellationRequested();

        Row? row;
        if (_reader is null)
        {
            if (from.CompareTo(to) > 0) return new(false);
            _reader = readers.Rent();
            row = _reader.Begin(from, to, direction);
        }
        else
        {
            row = _reader.Continue(direction);
        }

        if (row is { } found)
        {
            Current = found;
            return new(true);
        }

        GiveBack();
        return new(false);
    }

    public ValueTask DisposeAsync()
    {
        GiveBack();
        return ValueTask.CompletedTask;
    }

    private void GiveBack()
    {
        _isOver = true;
        if (_reader is null) return;
        readers.Return(_reader);
        _reader = null;
    }
}
