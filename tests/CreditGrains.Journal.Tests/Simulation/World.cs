namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>What a seed came to.</summary>
internal sealed record SimulationResult(
    int Seed, string? Violation, ulong Fingerprint, int EventsRun, IReadOnlyDictionary<CommitVerdict, int> Verdicts, IReadOnlyList<string> Trace);

/// <summary>
/// A small cluster on a bad day: silos that claim each other's partitions, crash, freeze and come back, over a network that loses,
/// delays, doubles and reorders. Everything comes from the seed and happens on one thread.
/// </summary>
internal sealed class World
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    private readonly Random _random;
    private readonly Scheduler _scheduler = new();
    private readonly SimulatedServer _server;
    private readonly History _history;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly List<string> _trace = [];
    private readonly int _partitions;
    private readonly int _citizens;
    private readonly int[] _owners;
    private readonly TimeSpan _storm;
    private long _membershipVersion = 1;

    private World(int seed, bool isFenceOff, bool isTraced)
    {
        _random = new(seed);
        _server = new(_scheduler, new(_random.Next()), isTraced ? what => _trace.Add($"{TimeSpan.FromTicks(_scheduler.Now):ss\\.fffffff} {what}") : null)
        {
            IsFenceOff = isFenceOff,
        };
        _history = new(_scheduler, _server, _silos);
        _partitions = _random.Next(1, 4);
        _citizens = _random.Next(1, 7);
        _owners = new int[_partitions];
        _storm = TimeSpan.FromSeconds(_random.Next(4, 13));
        var silos = _random.Next(2, 5);
        for (var i = 0; i < silos; i++) _silos.Add(NewSilo(i));
    }

    internal static SimulationResult Run(int seed, bool isFenceOff = false, bool isTraced = false)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // so that continuations run where they are completed, on this thread
        try
        {
            var world = new World(seed, isFenceOff, isTraced);
            world.RunStorm();
            world.RunCalm();
            world.Check();
            return new(seed, world._history.Violation, world._history.Fingerprint, world._scheduler.EventsRun, world._history.Verdicts, world._trace);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private SimulatedSilo NewSilo(int index) => new($"silo-{index}", _scheduler, _server, new(_random.Next()), _history, _citizens);

    private void RunStorm()
    {
        for (var partition = 0; partition < _partitions; partition++) Reassign(partition);
        _server.Weather = Weather.Draw(_random);
        PlanNextEvent();
        _scheduler.Run(_storm);
    }

    /// <summary>After every storm one silo must be able to take all partitions and to write for every citizen.</summary>
    private void RunCalm()
    {
        _server.Trace("calm");
        _server.Weather = Weather.Fine;
        foreach (var silo in _silos) silo.Process.Resume();
        var last = NewSilo(_silos.Count);
        _silos.Add(last);
        _membershipVersion++;
        for (var partition = 0; partition < _partitions; partition++) last.Own(partition, _membershipVersion);
        _scheduler.Run(_storm + Calm);

        for (var partition = 0; partition < _partitions; partition++)
        {
            for (var citizen = 1; citizen <= _citizens; citizen++)
            {
                if (_history.DurableSince(_storm, partition, new(Space.Citizen, (UInt128)citizen)) == 0)
                    _history.Fail($"in calm weather nothing can be written to partition {partition}");
            }
        }

        foreach (var silo in _silos) silo.Process.Crash();
        _scheduler.Run(_storm + Calm + TimeSpan.FromMinutes(1)); // what is still under way lands
    }

    private void Check()
    {
        _history.CheckAnswers();
        for (var partition = 0; partition < _partitions; partition++)
        {
            var all = _server.Read(new(partition, new(Space.Batch, 0), 0), new(partition, new(Space.System, UInt128.MaxValue), ulong.MaxValue), ReadDirection.Ascending);
            foreach (var row in all) _history.CheckRow(row);

            var report = SimulatedServer.AtOnce(PartitionAudit.RunAsync(_server.Rows, partition, TestKeys.Of(CipherSuite.AesGcm), null, null, CancellationToken.None));
            if (!report.IsSound) _history.Fail($"the audit of partition {partition} says: {string.Join(", ", report.Findings.Take(5))}");
        }
    }

    private void PlanNextEvent() => _scheduler.After(TimeSpan.FromMilliseconds(_random.Next(20, 700)), () =>
    {
        if (_scheduler.Now >= _storm.Ticks) return;
        LetSomethingHappen();
        PlanNextEvent();
    });

    private void LetSomethingHappen()
    {
        var partition = _random.Next(_partitions);
        var index = _random.Next(_silos.Count);
        switch (_random.Next(8))
        {
            case 0 or 1:
                Reassign(partition);
                break;

            case 2:
                Restart(index);
                break;

            case 3 or 4:
                Freeze(index);
                break;

            case 5:
                _server.Weather = Weather.Draw(_random);
                break;

            default:
                // A silo asks again for what is its own: its last claim may have failed, or its log may have closed.
                _silos[_owners[partition]].Own(partition, _membershipVersion);
                break;
        }
    }

    private void Reassign(int partition)
    {
        _membershipVersion++;
        var old = _silos[_owners[partition]];
        _owners[partition] = _random.Next(_silos.Count);
        var next = _silos[_owners[partition]];
        _server.Trace($"partition {partition} goes from {old.Name} to {next.Name} under {_membershipVersion}");
        var version = _membershipVersion;
        _scheduler.After(TimeSpan.FromMilliseconds(_random.Next(0, 500)), () => next.Own(partition, version));
        if (old != next && _random.Next(10) < 7)
            _scheduler.After(TimeSpan.FromMilliseconds(_random.Next(0, 2000)), () => old.Disown(partition)); // the others never hear of it
    }

    private void Restart(int index)
    {
        _server.Trace($"{_silos[index].Name} crashes");
        _silos[index].Process.Crash();
        _silos[index] = NewSilo(index);
        _membershipVersion++;
        var version = _membershipVersion;
        var reborn = _silos[index];
        for (var partition = 0; partition < _partitions; partition++)
        {
            if (_owners[partition] != index) continue;
            var own = partition;
            _scheduler.After(TimeSpan.FromMilliseconds(_random.Next(0, 1500)), () => reborn.Own(own, version));
        }
    }

    private void Freeze(int index)
    {
        var silo = _silos[index];
        _server.Trace($"{silo.Name} freezes");
        silo.Process.Freeze();
        _scheduler.After(TimeSpan.FromMilliseconds(_random.Next(0, 3000)), silo.Process.Resume);
    }
}
