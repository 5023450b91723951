using System.Collections.Immutable;
using System.Diagnostics;

namespace CreditGrains.Benchmarks;

/// <summary>Calls the noop grains from outside, with references and keys made beforehand.</summary>
internal sealed class Noop
{
    private static readonly GrainType NoopType = GrainType.Create(NoopGrain.TypeName);
    private static readonly GrainType IntakeType = GrainType.Create(NoopIntakeGrain.TypeName);

    private readonly Population _population;
    private readonly INoopGrain[] _grains;
    private readonly INoopIntakeGrain[] _intakes;

    internal Noop(IGrainFactory grains, Population population)
    {
        _population = population;
        var noop = ((GrainReference)grains.GetGrain<INoopGrain>(default(CitizenId).ToString())).InterfaceType;
        var intake = ((GrainReference)grains.GetGrain<INoopIntakeGrain>(default(CitizenId).ToString())).InterfaceType;
        _grains = [.. population.Citizens.Select(citizen => (INoopGrain)grains.GetGrain(GrainId.Create(NoopType, IdSpan.Create(citizen.ToString())), noop))];
        _intakes =
        [
            .. Enumerable.Range(0, population.PartitionCount).Select(partition =>
                (INoopIntakeGrain)grains.GetGrain(GrainId.Create(IntakeType, IdSpan.Create(GrainTypes.PartitionKey(partition, population.PartitionCount))), intake)),
        ];
    }

    /// <summary>Activates every noop grain.</summary>
    internal async Task PingAllAsync()
    {
        for (var partition = 0; partition < _intakes.Length; partition++)
            foreach (var batch in _population.ByPartition[partition].Chunk(256))
                await _intakes[partition].PingMany([.. batch]);
    }

    internal Task<Slice> CallsAsync(int callers, TimeSpan time)
    {
        var number = 0L;
        return Measuring.InFlightAsync(callers, time, null, _ =>
            _grains[unchecked((ulong)Interlocked.Increment(ref number) * 0x9E3779B97F4A7C15 >> 32) % (ulong)_grains.Length].Ping());
    }

    /// <summary>Batches through the intakes; counts the grains called, not the batches.</summary>
    internal async Task<Slice> FanOutAsync(int callers, int batchSize, TimeSpan time)
    {
        ImmutableArray<ImmutableArray<CitizenId>> batches =
            [.. _population.ByPartition.Select(partition => partition.Take(batchSize).ToImmutableArray())];
        var number = -1L;
        var called = 0L;
        var started = Stopwatch.GetTimestamp();
        await Measuring.InFlightAsync(callers, time, null, async _ =>
        {
            var partition = (int)(Interlocked.Increment(ref number) % batches.Length);
            await _intakes[partition].PingMany(batches[partition]);
            Interlocked.Add(ref called, batches[partition].Length);
        });
        return new(called, Stopwatch.GetElapsedTime(started));
    }
}
