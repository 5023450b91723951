using System.Collections.Concurrent;

namespace CreditGrains.Cluster.Tests;

/// <summary>Callers that record and read without end while a test does things to the silos, and note what was acknowledged.</summary>
internal sealed class Callers : IDisposable
{
    internal const int Count = 12;

    private readonly CancellationTokenSource _stop = new();
    private readonly Caller[] _callers;
    private readonly Task[] _calling;

    internal Callers(LedgerCluster ledger)
    {
        _callers = [.. Enumerable.Range(0, Count).Select(number => new Caller(ledger, number))];
        _calling = [.. _callers.Select(caller => Task.Run(() => caller.CallAsync(_stop.Token)))];
    }

    /// <summary>Waits until every caller has had so many more acknowledgements.</summary>
    internal async Task AdvanceAsync(int entries)
    {
        var all = Task.WhenAll(_callers.Select(caller => caller.HasAcknowledgedMore(entries)));
        var first = await Task.WhenAny([all, .. _calling]);
        await first;
        Assert.Same(all, first);
    }

    /// <summary>Ends the calling and counts what was acknowledged.</summary>
    internal async Task<Tally> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_calling);
        var tally = new Tally();
        foreach (var caller in _callers) tally.Count(caller.Acknowledged);
        return tally;
    }

    public void Dispose() => _stop.Dispose();
}

/// <summary>Records and reads without end, and notes what was acknowledged. Knows its citizens alone.</summary>
internal sealed class Caller(LedgerCluster ledger, int number)
{
    private readonly ConcurrentQueue<(int Count, TaskCompletionSource Reached)> _milestones = new();
    private readonly List<Entry> _acknowledged = [];

    internal IReadOnlyList<Entry> Acknowledged => _acknowledged;

    internal Task HasAcknowledgedMore(int entries)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _milestones.Enqueue((_acknowledged.Count + entries, reached));
        return reached.Task;
    }

    internal async Task CallAsync(CancellationToken stop)
    {
        // Calls are never cancelled, so that each one's end is known.
        for (var place = 0; !stop.IsCancellationRequested; place++)
        {
            var citizen = Made.Citizen((number + (place * Callers.Count)) % Made.Partitions, number + 1);
            var entry = Made.Payment(citizen, place);
            var outcome = await ledger.Client.RecordAsync(entry, CancellationToken.None);
            while (outcome.MayRetry) outcome = await ledger.Client.RecordAsync(entry, CancellationToken.None);
            Assert.True(outcome.Status is RecordStatus.Recorded or RecordStatus.AlreadyRecorded, $"{outcome}");
            _acknowledged.Add(entry);

            var file = await ledger.Client.ReadFileAsync(citizen, cancellation: CancellationToken.None);
            Assert.True(file.Status is ReadStatus.Answered or ReadStatus.Unavailable);
            if (file.Value is { } known) Assert.Equal(_acknowledged.Count(mine => mine.Citizen == citizen), known.Entries);

            if (_milestones.TryPeek(out var next) && _acknowledged.Count >= next.Count && _milestones.TryDequeue(out next)) next.Reached.SetResult();
        }
    }
}
