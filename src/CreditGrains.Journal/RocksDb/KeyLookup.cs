using RocksDbSharp;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Looks up single keys without copying values out. For the writer thread alone.</summary>
internal sealed unsafe class KeyLookup
{
    private readonly nint _database;
    private readonly nint _options;

    internal KeyLookup(nint database)
    {
        _database = database;
        _options = Native.Instance.rocksdb_readoptions_create();
    }

    internal bool Exists(ReadOnlySpan<byte> key)
    {
        var found = Find(key);
        if (found == 0) return false;
        Native.Instance.rocksdb_pinnableslice_destroy(found);
        return true;
    }

    internal bool Holds(ReadOnlySpan<byte> key, ReadOnlySpan<byte> expected)
    {
        var found = Find(key);
        if (found == 0) return false;
        try
        {
            var value = Native.Instance.rocksdb_pinnableslice_value(found, out var length);
            return new ReadOnlySpan<byte>((void*)value, (int)length).SequenceEqual(expected);
        }
        finally
        {
            Native.Instance.rocksdb_pinnableslice_destroy(found);
        }
    }

    /// <summary>Ends the use of it, before the database is closed.</summary>
    internal void Close() => Native.Instance.rocksdb_readoptions_destroy(_options);

    private nint Find(ReadOnlySpan<byte> key)
    {
        fixed (byte* start = key) return Native.Instance.rocksdb_get_pinned(_database, _options, start, (nuint)key.Length);
    }
}
