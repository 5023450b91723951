using CreditGrains.Journal.InMemory;

namespace CreditGrains.Journal.Tests.Simulation;

/// <summary>How badly a network and a store behave. Each rate is of requests, from 0 to 1.</summary>
internal sealed record Weather(
    double RequestLost, double ReplyLost, double Duplicated, double Slow, double Refused, double SaysUnknown, double ReadFails)
{
    internal static Weather Fine { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Most seeds have a bad day of one or two kinds, some of every kind.</summary>
    internal static Weather Draw(Random random)
    {
        double Rate() => random.Next(3) switch { 0 => 0, 1 => random.NextDouble() * 0.05, _ => random.NextDouble() * 0.3 };
        return new(Rate(), Rate(), Rate(), Rate(), Rate(), Rate(), Rate());
    }
}

/// <summary>The one store of a simulated world. It does what it is asked in the order in which requests arrive, all or none.</summary>
internal sealed class SimulatedServer(Scheduler scheduler, Random random, Action<string>? trace)
{
    internal InMemoryStore Rows { get; } = new(new StoreLimits(20, 200_000));

    internal Weather Weather { get; set; } = Weather.Fine;

    /// <summary>Gets or sets whether batch rows are no fence: the mutation that the checker must notice.</summary>
    internal bool IsFenceOff { get; set; }

    internal Random Random => random;

    internal Scheduler Scheduler => scheduler;

    internal bool Happens(double rate) => rate > 0 && random.NextDouble() < rate;

    internal void Trace(string what) => trace?.Invoke(what);

    /// <summary>Draws a delay: mostly a few milliseconds, at times longer than anybody waits.</summary>
    internal TimeSpan Delay() => Happens(Weather.Slow)
        ? TimeSpan.FromMilliseconds(random.Next(1, 4000))
        : TimeSpan.FromMicroseconds(random.Next(100, 10_000));

    internal InsertOutcome Insert(IReadOnlyList<Row> rows)
    {
        if (IsFenceOff)
        {
            var batch = rows.FirstOrDefault(row => row.Key.Journal.Space == Space.Batch);
            if (batch != default && Contains(batch.Key)) rows = [.. rows.Where(row => row != batch)];
            if (rows.Count == 0) return new(InsertVerdict.Inserted);
        }

        return AtOnce(Rows.InsertAsync(rows, CancellationToken.None));
    }

    internal List<Row> Read(RowKey from, RowKey to, ReadDirection direction)
    {
        var rows = new List<Row>();
        var enumerator = Rows.ReadAsync(from, to, direction, CancellationToken.None).GetAsyncEnumerator();
        while (AtOnce(enumerator.MoveNextAsync())) rows.Add(enumerator.Current);
        return rows;
    }

    /// <summary>Memory answers at once; were it to wait, so would the only thread there is.</summary>
    internal static T AtOnce<T>(ValueTask<T> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully);
        return answer.GetAwaiter().GetResult();
    }

    internal bool Contains(RowKey key) => Read(key, key, ReadDirection.Ascending).Count == 1;
}

/// <summary>The store as one process reaches it: over a network that delays, reorders, doubles and loses.</summary>
internal sealed class SimulatedStore(SimulatedServer server, SimulatedProcess process) : IJournalStore
{
    public StoreLimits Limits => server.Rows.Limits;

    public ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        IReadOnlyList<Row> sent = [.. rows];
        var answer = new TaskCompletionSource<InsertOutcome>();
        cancellation.Register(() => answer.TrySetResult(new(InsertVerdict.Unknown, "no answer in time")));

        // A store that says "not written" is certain of it: then it refuses every copy of the request.
        var isRefused = server.Happens(server.Weather.Refused);
        var copies = server.Happens(server.Weather.Duplicated) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (server.Happens(server.Weather.RequestLost)) continue;
            server.Scheduler.After(server.Delay(), () =>
            {
                var outcome = isRefused ? new(InsertVerdict.NotWritten, "busy") : server.Insert(sent);
                server.Trace($"insert {sent[^1].Key} x{sent.Count} {outcome.Verdict}");
                if (server.Happens(server.Weather.SaysUnknown)) outcome = new(InsertVerdict.Unknown, "server error");
                if (!server.Happens(server.Weather.ReplyLost)) server.Scheduler.After(server.Delay(), () => process.Run(() => answer.TrySetResult(outcome)));
            });
        }

        return new(answer.Task);
    }

    public async IAsyncEnumerable<Row> ReadAsync(
        RowKey from, RowKey to, ReadDirection direction, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<List<Row>?>();
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        server.Scheduler.After(server.Delay(), () =>
        {
            var rows = server.Happens(server.Weather.ReadFails) ? null : server.Read(from, to, direction);
            server.Scheduler.After(server.Delay(), () => process.Run(() => answer.TrySetResult(rows)));
        });

        foreach (var row in await answer.Task.ConfigureAwait(false) ?? throw new StoreUnavailableException("no answer")) yield return row;
    }

    public ValueTask<bool> RedactAsync(RowKey key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> redacted, CancellationToken cancellation) =>
        throw new NotSupportedException("No simulated silo redacts.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
