using System.Runtime.InteropServices;

namespace CreditGrains.Journal.RocksDb;

/// <summary>Keeps the C library's heap small: from spreading over many arenas, and from keeping what was freed.</summary>
internal static partial class NativeHeap
{
    // M_ARENA_MAX and M_TRIM_THRESHOLD of glibc's malloc.h.
    private const int ArenaMax = -8;
    private const int TrimThreshold = -1;
    private const int TrimBytes = 128 * 1024;

    private static int _isTended;

    /// <summary>
    /// Allows as many arenas as there are processors, and has free space given back, at once from an arena's end and after every full
    /// collection of managed memory from anywhere, where the C library has arenas. Once a process; further calls do nothing.
    /// </summary>
    /// <remarks>
    /// RocksDB allocates on whichever pool thread reads, and glibc gives threads arenas of their own, up to eight a processor, whose
    /// free space nobody else uses; and it raises by itself the threshold above which free space goes back to the system. Measured, the
    /// two cost 1,100 bytes for each citizen read into memory. Threads that have an arena keep it, so this comes before the first read.
    /// What is freed amid what is still in use glibc gives back only when asked to.
    /// </remarks>
    internal static void Tend()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Exchange(ref _isTended, 1) != 0) return;
        try
        {
            _ = SetOption(ArenaMax, Environment.ProcessorCount);
            _ = SetOption(TrimThreshold, TrimBytes);
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: it has no arenas to limit.
            return;
        }

        _ = new AfterCollections();
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    /// <summary>Garbage from the start, whose finalizer makes it garbage again: once it has grown old, it runs after full collections alone.</summary>
    /// <remarks>A full collection is when the process gives managed memory back, is rare, and runs its finalizers on a thread that no call waits for.</remarks>
    private sealed class AfterCollections
    {
        ~AfterCollections()
        {
            _ = Trim(0);
            if (!Environment.HasShutdownStarted) GC.ReRegisterForFinalize(this);
        }
    }
}
