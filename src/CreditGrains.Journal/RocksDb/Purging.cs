using RocksDbSharp;
using Database = RocksDbSharp.RocksDb;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Gets overwritten bytes off the disk.</summary>
internal static unsafe class Purging
{
    // RocksDB's own code for "rewrite the last level too, even where nothing lies above it".
    private const byte ForceBottommost = 2;

    internal static void Run(Database database, RowKey from, RowKey to)
    {
        var compaction = Native.Instance.rocksdb_compactoptions_create();
        try
        {
            Native.Instance.rocksdb_compactoptions_set_bottommost_level_compaction(compaction, ForceBottommost);
            Native.Instance.rocksdb_compactoptions_set_exclusive_manual_compaction(compaction, 0);

            // First out of memtable and write-ahead log, then out of the files.
            database.Flush(new FlushOptions().SetWaitForFlush(true));
            Span<byte> keys = stackalloc byte[2 * RowKey.Length];
            from.Write(keys);
            to.Write(keys[RowKey.Length..]);
            fixed (byte* start = keys)
            {
                Native.Instance.rocksdb_compact_range_opt(
                    database.Handle, compaction, start, RowKey.Length, start + RowKey.Length, RowKey.Length);
            }
        }
        catch (RocksDbException failed)
        {
            throw new StoreUnavailableException($"{database.Path}: redacted bytes could not be purged: {failed.Message}", failed);
        }
        finally
        {
            Native.Instance.rocksdb_compactoptions_destroy(compaction);
        }
    }
}
