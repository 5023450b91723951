using System.Collections.Concurrent;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Keeps range readers for use again, and knows them all, so that none outlives the database.</summary>
internal sealed class RangeReaders(nint database)
{
    private readonly ConcurrentBag<RangeReader> _idle = [];
    private readonly List<RangeReader> _all = [];
    private bool _isClosed;

    internal RangeReader Rent()
    {
        if (_idle.TryTake(out var reader)) return reader;
        lock (_all)
        {
            if (_isClosed) throw RangeReader.Closed();
            reader = new(database);
            _all.Add(reader);
            return reader;
        }
    }

    internal void Return(RangeReader reader)
    {
        reader.End();
        _idle.Add(reader);
    }

    internal void Close()
    {
        lock (_all)
        {
            _isClosed = true;
            foreach (var reader in _all) reader.Dispose();
        }
    }
}
