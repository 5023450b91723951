using System.Runtime.InteropServices;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Keeps the C library's heap from spreading over many arenas.</summary>
internal static partial class NativeHeap
{
    // M_ARENA_MAX and M_TRIM_THRESHOLD of glibc's malloc.h.
    private const int ArenaMax = -8;
    private const int TrimThreshold = -1;
    private const int TrimBytes = 128 * 1024;

    /// <summary>Allows as many arenas as there are processors, and has free space given back, where the C library has arenas.</summary>
    /// <remarks>
    /// RocksDB allocates on whichever pool thread reads, and glibc gives threads arenas of their own, up to eight a processor, whose
    /// free space nobody else uses; and it raises by itself the threshold above which free space goes back to the system. Measured, the
    /// two cost 1,100 bytes for each citizen read into memory. Threads that have an arena keep it, so this comes before the first read.
    /// </remarks>
    internal static void LimitArenas()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(ArenaMax, Environment.ProcessorCount);
            _ = SetOption(TrimThreshold, TrimBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: it has no arenas to limit.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
