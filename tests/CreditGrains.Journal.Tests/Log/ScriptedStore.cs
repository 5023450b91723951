using CreditGrains.Journal.InMemory;

namespace CreditGrains.Journal.Tests.Log;

/// <summary>A store whose insertions do what the test says, one after the other; unscripted ones go straight to memory.</summary>
internal sealed class ScriptedStore(StoreLimits? limits = null) : IJournalStore
{
    private readonly Queue<Func<IReadOnlyList<Row>, CancellationToken, Task<InsertOutcome>>> _script = new();
    private readonly Queue<Action> _readScript = new();

    internal InMemoryStore Rows { get; } = new(limits);

    /// <summary>Gets every set that was handed over, in order.</summary>
    internal List<IReadOnlyList<Row>> Sets { get; } = [];

    public StoreLimits Limits => Rows.Limits;

    /// <summary>The next insertion is refused before anything is written.</summary>
    internal void Refuse() => _script.Enqueue((_, _) => Task.FromResult(new InsertOutcome(InsertVerdict.NotWritten, "disk full")));

    /// <summary>The next insertion is lost on its way.</summary>
    internal void LoseRequest() => _script.Enqueue((_, _) => Task.FromResult(new InsertOutcome(InsertVerdict.Unknown, "connection reset")));

    /// <summary>The next insertion is written, and the answer lost.</summary>
    internal void LoseReply() => _script.Enqueue(async (rows, cancellation) =>
    {
        await Rows.InsertAsync(rows, cancellation);
        return new(InsertVerdict.Unknown, "connection reset");
    });

    /// <summary>The next insertion arrives twice; the second answer is the one that is heard.</summary>
    internal void Double() => _script.Enqueue(async (rows, cancellation) =>
    {
        await Rows.InsertAsync(rows, cancellation);
        return await Rows.InsertAsync(rows, cancellation);
    });

    /// <summary>The next insertion says it is lost; it lands when the returned action is called.</summary>
    internal Func<InsertVerdict> LoseAndLandLater()
    {
        IReadOnlyList<Row>? late = null;
        _script.Enqueue((rows, _) =>
        {
            late = rows;
            return Task.FromResult(new InsertOutcome(InsertVerdict.Unknown, "timeout"));
        });
        return () => Rows.InsertAsync(late!, CancellationToken.None).AsTask().GetAwaiter().GetResult().Verdict;
    }

    /// <summary>The next insertion throws, which the contract forbids.</summary>
    internal void Throw() => _script.Enqueue((_, _) => throw new InvalidOperationException("a bug in the store"));

    /// <summary>The next insertion never answers; it ends when its caller gives up.</summary>
    internal void Hang() => _script.Enqueue(async (_, cancellation) =>
    {
        var end = new TaskCompletionSource<InsertOutcome>();
        await using var registration = cancellation.Register(() => end.TrySetResult(new(InsertVerdict.Unknown, "gave up")));
        return await end.Task;
    });

    /// <summary>The next insertion waits until the returned action is called, then is written.</summary>
    internal Action Hold()
    {
        var go = new TaskCompletionSource();
        _script.Enqueue(async (rows, cancellation) =>
        {
            await go.Task;
            return await Rows.InsertAsync(rows, cancellation);
        });
        return go.SetResult;
    }

    /// <summary>Just before the next insertion, something else happens to the store.</summary>
    internal void Before(Action<InMemoryStore> meanwhile) => _script.Enqueue(async (rows, cancellation) =>
    {
        meanwhile(Rows);
        return await Rows.InsertAsync(rows, cancellation);
    });

    /// <summary>The next read fails.</summary>
    internal void FailRead() => _readScript.Enqueue(() => throw new StoreUnavailableException("no answer"));

    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        Sets.Add([.. rows]);
        return _script.TryDequeue(out var next) ? new(next([.. rows], cancellation)) : Rows.InsertAsync(rows, cancellation);
    }

    public IAsyncEnumerable<Row> ReadAsync(RowKey from, RowKey to, ReadDirection direction, CancellationToken cancellation)
    {
        if (_readScript.TryDequeue(out var fail)) fail();
        return Rows.ReadAsync(from, to, direction, cancellation);
    }

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        Rows.RedactAsync(key, expected, redacted, cancellation);

    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
