using RocksDbSharp;

namespace CreditGrains.Journal.RocksDb;

/// <summary>How RocksDB is set up for a ledger: rows inserted at random places, never changed, found by their journal.</summary>
internal static class RocksDbSetup
{
    /// <summary>Partition, space and id: one journal's rows share it, so that a filter can say that a file holds none of them.</summary>
    internal const int PrefixBytes = RowKey.Length - 8;

    private const int FilterBitsPerKey = 10;
    private const int BlockBytes = 8 * 1024;
    private const int Levels = 7;

    internal static DbOptions For(RocksDbStoreOptions options)
    {
        var tables = new BlockBasedTableOptions()
            .SetBlockCache(Cache.CreateLru((ulong)options.BlockCacheBytes))
            .SetBlockSize(BlockBytes)
            .SetFilterPolicy(BloomFilterPolicy.Create(FilterBitsPerKey, false))
            .SetWholeKeyFiltering(true) // asked once for every row inserted
            .SetFormatVersion(6)
            .SetCacheIndexAndFilterBlocks(true)
            .SetPinL0FilterAndIndexBlocksInCache(true);

        var setup = new DbOptions()
            .SetCreateIfMissing(true)
            .SetBlockBasedTableFactory(tables)
            .SetPrefixExtractor(SliceTransform.CreateFixedPrefix(PrefixBytes))
            .SetMemtablePrefixBloomSizeRatio(0.1)
            .SetWriteBufferSize((ulong)options.MemtableBytes)
            .SetMaxWriteBufferNumber(4)
            .SetLevel0FileNumCompactionTrigger(8)
            .SetLevel0SlowdownWritesTrigger(40)
            .SetLevel0StopWritesTrigger(60)
            .SetLevelCompactionDynamicLevelBytes(true)
            .SetTargetFileSizeBase((ulong)options.MemtableBytes)
            .SetMaxBytesForLevelBase((ulong)options.MemtableBytes * 4)
            .SetBytesPerSync(1024 * 1024)
            .SetMaxOpenFiles(4096)
            .SetKeepLogFileNum(4)
            .SetStatsDumpPeriodSec(0)
            // A torn last record was never acknowledged. Damage before it was: then opening must fail, and not quietly drop what follows.
            .SetWalRecoveryMode(Recovery.TolerateCorruptedTailRecords)
            .SetCompressionPerLevel(PerLevel(), (ulong)Levels);

        Native.Instance.rocksdb_options_set_max_background_jobs(setup.Handle, options.BackgroundJobs);
        Native.Instance.rocksdb_options_set_memtable_whole_key_filtering(setup.Handle, 1);
        Native.Instance.rocksdb_options_set_track_and_verify_wals_in_manifest(setup.Handle, 1);
        return setup;
    }

    /// <summary>Salts, hashes and ciphertext do not shrink; entries do a little. So the young levels, written most, are not compressed.</summary>
    private static Compression[] PerLevel() =>
        [.. Enumerable.Range(0, Levels).Select(level => level < 3 ? Compression.No : Compression.Lz4)];
}
