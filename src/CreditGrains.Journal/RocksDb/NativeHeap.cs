using System.Runtime.InteropServices;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Keeps the C library's heap from spreading over many arenas.</summary>
internal static partial class NativeHeap
{
    private const int ArenaMax = -8; // M_ARENA_MAX of glibc's malloc.h

    /// <summary>Allows as many arenas as there are processors, where the C library has arenas.</summary>
    /// <remarks>
    /// RocksDB allocates on whichever pool thread reads, and glibc gives threads arenas of their own, up to eight a processor, whose
    /// free space nobody else uses: measured, 1,100 bytes for each citizen read into memory. Threads that have an arena keep it, so
    /// this comes before the store's first read.
    /// </remarks>
    internal static void LimitArenas()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(ArenaMax, Environment.ProcessorCount);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: it has no arenas to limit.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
