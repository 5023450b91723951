using System.Runtime;

namespace CreditGrains.Benchmarks;

/// <summary>Weighs the silo's process. The key is 0.</summary>
[Alias("cg.bench.IMeterGrain")]
public interface IMeterGrain : IGrainWithIntegerKey
{
    /// <summary>Collects all garbage, gives memory back, and tells the process's bytes, native ones included, and the heap's alone.</summary>
    [Alias("Weigh"), ResponseTimeout("00:05:00")]
    ValueTask<(long Process, long Heap)> Weigh();
}

[GrainType("meter")]
public sealed class MeterGrain : Grain, IMeterGrain
{
    public ValueTask<(long Process, long Heap)> Weigh()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new((Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)));
    }
}
