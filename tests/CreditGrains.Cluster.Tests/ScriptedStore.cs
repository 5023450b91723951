using System.Runtime.CompilerServices;
using CreditGrains.Journal;

namespace CreditGrains.Cluster.Tests;

/// <summary>What a store can do to an insertion other than take it and say so.</summary>
internal enum Fault
{
    /// <summary>Refuses it: certainly not written.</summary>
    Refuse,

    /// <summary>Writes it and says nothing until the caller gives up.</summary>
    LoseReply,

    /// <summary>Loses it and says nothing until the caller gives up.</summary>
    LoseRequest,

    /// <summary>Writes it, and answers, when told to; a caller that gives up before hears nothing, and the write happens all the same.</summary>
    Hold,

    /// <summary>Throws, having written nothing.</summary>
    Throw,
}

/// <summary>One fault that is to happen, or has.</summary>
internal sealed class ScriptedFault(Fault fault, Func<IReadOnlyList<Row>, bool> where)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Fault Fault => fault;

    /// <summary>Completes when an insertion has met the fault.</summary>
    internal Task Reached => _reached.Task;

    internal Task Released => _released.Task;

    /// <summary>Lets a held insertion go on.</summary>
    internal void Release() => _released.TrySetResult();

    internal bool Meets(IReadOnlyList<Row> rows) => where(rows);

    internal void Reach() => _reached.TrySetResult();
}

/// <summary>A store as one silo sees it, before a store that all silos share: it fails as scripted, and can be cut off.</summary>
internal sealed class ScriptedStore(IJournalStore inner) : IJournalStore
{
    private readonly Lock _gate = new();
    private readonly List<ScriptedFault> _script = [];
    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _readFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _readsFail;
    private ScriptedFault? _readsHeld;

    public StoreLimits Limits => inner.Limits;

    /// <summary>Whether every read throws.</summary>
    internal bool ReadsFail
    {
        get => _readsFail;
        set => _readsFail = value;
    }

    /// <summary>Completes when a read has thrown because <see cref="ReadsFail"/> says so.</summary>
    internal Task ReadFailed => _readFailed.Task;

    /// <summary>Scripts the fault of one insertion to come: the first that carries records of citizens, or that <paramref name="where"/> says.</summary>
    internal ScriptedFault Next(Fault fault, Func<IReadOnlyList<Row>, bool>? where = null)
    {
        var scripted = new ScriptedFault(fault, where ?? HasRecords);
        lock (_gate) _script.Add(scripted);
        return scripted;
    }

    /// <summary>Scripts the faults of several insertions to come.</summary>
    internal void Next(Fault fault, int times, Func<IReadOnlyList<Row>, bool>? where = null)
    {
        for (var time = 0; time < times; time++) Next(fault, where);
    }

    /// <summary>Forgets what is scripted and has not happened.</summary>
    internal void Forget()
    {
        lock (_gate) _script.Clear();
    }

    /// <summary>Holds every read to come until it is released.</summary>
    internal ScriptedFault HoldReads() => _readsHeld = new ScriptedFault(Fault.Hold, IsAny);

    /// <summary>Cuts the silo off for good: nothing reaches the store any more and nothing comes back.</summary>
    internal void Cut() => _cut.Cancel();

    internal static bool HasRecords(IReadOnlyList<Row> rows) => rows.Any(row => row.Key.Journal.Space == Space.Citizen);

    internal static bool IsAny(IReadOnlyList<Row> rows) => rows.Count > 0;

    public async ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        if (_cut.IsCancellationRequested) return await SilenceAsync(cancellation);

        ScriptedFault? scripted;
        lock (_gate)
        {
            scripted = _script.Find(fault => fault.Meets(rows));
            if (scripted is not null) _script.Remove(scripted);
        }

        if (scripted is null) return await inner.InsertAsync(rows, cancellation);
        switch (scripted.Fault)
        {
            case Fault.Refuse:
                scripted.Reach();
                return new(InsertVerdict.NotWritten, "scripted");

            case Fault.LoseReply:
                await inner.InsertAsync(rows, CancellationToken.None);
                scripted.Reach();
                return await SilenceAsync(cancellation);

            case Fault.LoseRequest:
                scripted.Reach();
                return await SilenceAsync(cancellation);

            case Fault.Hold:
                scripted.Reach();
                var copies = rows.Select(row => new Row(row.Key, row.Value.ToArray())).ToList();
                var written = WriteWhenReleasedAsync(scripted, copies);
                await Task.WhenAny(written, Task.Delay(Timeout.Infinite, cancellation));
                return written.IsCompleted ? await written : new(InsertVerdict.Unknown, "scripted");

            default:
                scripted.Reach();
                throw new IOException("scripted");
        }
    }

    public async IAsyncEnumerable<Row> ReadAsync(
        RowKey from, RowKey to, ReadDirection direction, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_readsHeld is { } held)
        {
            // Like a store that does not heed the token once a read is on its way.
            held.Reach();
            await held.Released;
        }

        if (_readsFail) _readFailed.TrySetResult();
        if (_readsFail || _cut.IsCancellationRequested) throw new StoreUnavailableException("scripted");
        await foreach (var row in inner.ReadAsync(from, to, direction, cancellation))
        {
            yield return row;
            if (_readsFail || _cut.IsCancellationRequested) throw new StoreUnavailableException("scripted");
        }
    }

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        inner.RedactAsync(key, expected, redacted, cancellation);

    /// <summary>Leaves the shared store open: it is the test's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<InsertOutcome> WriteWhenReleasedAsync(ScriptedFault scripted, List<Row> rows)
    {
        await scripted.Released;
        return await inner.InsertAsync(rows, CancellationToken.None);
    }

    private static async ValueTask<InsertOutcome> SilenceAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(InsertVerdict.Unknown, "scripted");
    }
}
