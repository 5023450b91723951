namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>What silos sent and were told, and the checks that can be made at once.</summary>
internal sealed class History(Scheduler scheduler, SimulatedServer server, IReadOnlyList<SimulatedSilo> silos)
{
    private readonly Dictionary<(int Partition, RecordHash Hash), (RowKey Key, long RecordedAt)> _sent = [];
    private readonly List<(int Partition, RowKey Key, RecordHash Hash, CommitVerdict Verdict)> _answers = [];
    private readonly Dictionary<int, ulong> _epochReturned = [];
    private long _marks;

    /// <summary>Gets what went wrong first; null while nothing has.</summary>
    internal string? Violation { get; private set; }

    /// <summary>Gets a number that two runs share only if everything in them came the same.</summary>
    internal ulong Fingerprint { get; private set; } = 14695981039346656037;

    internal Dictionary<CommitVerdict, int> Verdicts { get; } = [];

    internal int DurableSince(TimeSpan since, int partition, JournalId journal) =>
        _durableAt.Count(durable => durable.At >= since.Ticks && durable.Key.Partition == partition && durable.Key.Journal == journal);

    private readonly List<(long At, RowKey Key)> _durableAt = [];

    internal long NextMark() => ++_marks;

    internal void Note(string what) => server.Trace(what);

    internal void Watch(Task task) => _ = WatchAsync(task);

    internal void Sent(int partition, in AppendRow row, long recordedAt) =>
        _sent.Add((partition, row.Hash), (new(partition, row.Journal, row.Number), recordedAt));

    internal void Answered(string silo, int partition, in AppendRow row, CommitVerdict verdict)
    {
        var key = new RowKey(partition, row.Journal, row.Number);
        server.Trace($"{silo} {key} {row.Hash.ToString()[..8]} is {verdict}");
        Mix((ulong)verdict);
        Mix(row.Number);
        Verdicts[verdict] = Verdicts.GetValueOrDefault(verdict) + 1;
        _answers.Add((partition, key, row.Hash, verdict));
        if (verdict != CommitVerdict.Durable) return;
        _durableAt.Add((scheduler.Now, key));
        if (!IsThere(key, row.Hash)) Fail($"{silo} was told that {key} is durable, and it is not there");
    }

    internal void Claimed(SimulatedSilo by, int partition, in ClaimOutcome outcome)
    {
        server.Trace($"{by.Name} claims {partition}: {outcome.Refusal?.ToString() ?? $"epoch {outcome.Log!.Epoch}"}");
        Mix((ulong)(outcome.Refusal ?? 0));
        if (outcome.Log is not { } log) return;

        _epochReturned[partition] = Math.Max(_epochReturned.GetValueOrDefault(partition), log.Epoch);
        foreach (var other in silos.Where(silo => silo != by && !silo.Process.IsDead))
        {
            if (other.Logs.TryGetValue(partition, out var old) && old.Epoch < log.Epoch && old.HoldsLease)
                Fail($"{by.Name} has partition {partition} while {other.Name} still answers from memory");
        }
    }

    internal ulong ClaimsReturned(int partition) => _epochReturned.GetValueOrDefault(partition);

    internal void Confirmed(string silo, PartitionLog log, bool isOurs, ulong epochReturnedBefore)
    {
        Mix(isOurs ? 1UL : 0);
        if (isOurs && epochReturnedBefore > log.Epoch) Fail($"{silo} confirmed partition {log.Partition} after another had claimed it");
    }

    /// <summary>Compares all answers with what the store holds now that nothing is under way any more.</summary>
    internal void CheckAnswers()
    {
        foreach (var (_, key, hash, verdict) in _answers)
        {
            var isThere = IsThere(key, hash);
            if (verdict == CommitVerdict.Durable && !isThere) Fail($"{key} was acknowledged and is lost");
            if (verdict is CommitVerdict.NotWritten or CommitVerdict.FenceLost or CommitVerdict.Overloaded && isThere)
                Fail($"{key} was said to be {verdict} and is there");
        }

        var durable = _answers.Where(answer => answer.Verdict == CommitVerdict.Durable).Select(answer => (answer.Partition, answer.Key)).ToList();
        if (durable.Distinct().Count() != durable.Count) Fail("two appends were told that one number is theirs");

        var times = durable.Select(answer => answer.Partition).Distinct().ToDictionary(partition => partition, _ => new HashSet<long>());
        foreach (var (partition, key, hash, verdict) in _answers)
        {
            if (verdict == CommitVerdict.Durable && !times[partition].Add(_sent[(partition, hash)].RecordedAt))
                Fail($"two durable records of partition {partition} have one recorded-at");
        }
    }

    internal void CheckRow(in Row row)
    {
        if (row.Key.Journal.Space == Space.Citizen && !_sent.ContainsKey((row.Key.Partition, RecordFrame.HashOf(row))))
            Fail($"{row.Key} is there and nobody sent it");
    }

    internal void Fail(string what)
    {
        server.Trace("VIOLATION " + what);
        Violation ??= what;
    }

    private bool IsThere(RowKey key, RecordHash hash) =>
        server.Read(key, key, ReadDirection.Ascending) is [var row] && RecordFrame.HashOf(row) == hash;

    private void Mix(ulong value) => Fingerprint = unchecked((Fingerprint ^ value ^ (ulong)scheduler.Now) * 1099511628211);

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception bug)
        {
            Fail(bug.ToString());
        }
    }
}
