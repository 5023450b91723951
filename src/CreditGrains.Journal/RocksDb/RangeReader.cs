using System.Runtime.InteropServices;
using RocksDbSharp;

namespace CreditGrains.Journal.RocksDb;

/// <summary>One native iterator's settings and bounds, used for one range after another.</summary>
/// <remarks>Its lock is never contended but by the closing of the store, which must not pull the database away from under a read.</remarks>
internal sealed unsafe class RangeReader : IDisposable
{
    private readonly Lock _gate = new();
    private readonly nint _database;
    private readonly nint _options;
    private readonly byte* _bounds; // RocksDB keeps pointers to these for as long as an iterator lives
    private nint _iterator;
    private bool _isClosed;

    internal RangeReader(nint database)
    {
        _database = database;
        _options = Native.Instance.rocksdb_readoptions_create();
        _bounds = (byte*)NativeMemory.Alloc(2 * RowKey.Length);
    }

    internal static StoreUnavailableException Closed() => new("The store is closed.");

    /// <summary>Goes to a range's first row and copies it out; null if there is none.</summary>
    internal Row? Begin(RowKey from, RowKey to, ReadDirection direction)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            Bind(from, to);
            _iterator = Native.Instance.rocksdb_create_iterator(_database, _options);
            if (direction == ReadDirection.Ascending)
            {
                Native.Instance.rocksdb_iter_seek(_iterator, _bounds, RowKey.Length);
            }
            else
            {
                Span<byte> last = stackalloc byte[RowKey.Length];
                to.Write(last);
                fixed (byte* start = last) Native.Instance.rocksdb_iter_seek_for_prev(_iterator, start, (nuint)RowKey.Length);
            }

            return Current();
        }
    }

    /// <summary>Goes to the next row and copies it out; null at the end.</summary>
    internal Row? Continue(ReadDirection direction)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (direction == ReadDirection.Ascending) Native.Instance.rocksdb_iter_next(_iterator);
            else Native.Instance.rocksdb_iter_prev(_iterator);
            return Current();
        }
    }

    /// <summary>Gives up the place, and the files that it held.</summary>
    internal void End()
    {
        lock (_gate)
        {
            if (_iterator == 0) return;
            Native.Instance.rocksdb_iter_destroy(_iterator);
            _iterator = 0;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            End();
            _isClosed = true;
            Native.Instance.rocksdb_readoptions_destroy(_options);
            NativeMemory.Free(_bounds);
        }
    }

    /// <summary>Bounds are what keeps an iterator from looking through files and versions beyond the range.</summary>
    private void Bind(RowKey from, RowKey to)
    {
        var lower = new Span<byte>(_bounds, RowKey.Length);
        var upper = new Span<byte>(_bounds + RowKey.Length, RowKey.Length);
        from.Write(lower);
        to.Write(upper);
        Native.Instance.rocksdb_readoptions_set_iterate_lower_bound(_options, _bounds, RowKey.Length);
        Native.Instance.rocksdb_readoptions_set_iterate_upper_bound(_options, TryIncrement(upper) ? _bounds + RowKey.Length : null, RowKey.Length);

        // Within one journal the prefix filters may be asked; across journals they must not be.
        var isOneJournal = from.Journal == to.Journal;
        Native.Instance.rocksdb_readoptions_set_prefix_same_as_start(_options, isOneJournal ? (byte)1 : (byte)0);
        Native.Instance.rocksdb_readoptions_set_total_order_seek(_options, isOneJournal ? (byte)0 : (byte)1);
    }

    /// <summary>Makes the smallest key above a key, since RocksDB's upper bound is excluded. False: there is none above.</summary>
    private static bool TryIncrement(Span<byte> key)
    {
        for (var i = key.Length - 1; i >= 0; i--)
        {
            if (key[i] != 0xFF)
            {
                key[i]++;
                return true;
            }

            key[i] = 0;
        }

        return false;
    }

    private Row? Current()
    {
        if (Native.Instance.rocksdb_iter_valid(_iterator) == 0)
        {
            try
            {
                Native.Instance.rocksdb_iter_get_error(_iterator);
                return null;
            }
            catch (RocksDbException failed)
            {
                throw new StoreUnavailableException($"A range could not be read: {failed.Message}", failed);
            }
        }

        var key = Native.Instance.rocksdb_iter_key(_iterator, out var keyLength);
        var value = Native.Instance.rocksdb_iter_value(_iterator, out var valueLength);
        Invariant.Holds(keyLength == RowKey.Length);
        return new(
            RowKey.Read(new((void*)key, RowKey.Length)),
            new ReadOnlySpan<byte>((void*)value, (int)valueLength).ToArray());
    }

    private void ThrowIfClosed()
    {
        if (_isClosed) throw Closed();
    }
}
