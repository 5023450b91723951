using Microsoft.Extensions.Logging;
using Npgsql;

namespace CreditGrains.Journal.Postgres;

/// <summary>Writes one group at a time through a connection of its own, and finds out what became of each set.</summary>
/// <remarks>
/// <para>
/// A group goes in one statement, which is its own transaction. The statement first inserts each set's lead, the row with the smallest key, unless that key
/// is taken; then all other rows of those sets whose lead went in. It gives back the partitions whose sets it inserted. So a batch that lost
/// its fence is left out, whole, and costs the others nothing: also where the other writer's transaction is still under way, which is waited for.
/// </para>
/// <para>
/// Any other row whose key is taken, or a key named twice in one set, is not foreseen by a partition's log (it means damage, or a bug), and fails the
/// statement. Then nothing of the group was written, for certain, and its halves are sent one after the other, and so on down to the sets at fault.
/// </para>
/// <para>
/// That the transaction reads committed rows is essential: under a stricter isolation a taken lead would be an error. Leads are inserted in the order
/// of partitions, so that two silos with groups for the same partitions wait for each other in one direction only.
/// </para>
/// </remarks>
internal sealed partial class GroupSession(string connectionString, PostgresStoreOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long a connection may be idle before it is asked, ahead of a group, whether it is still there. The answer costs one trip.</summary>
    private const long AskAfterMilliseconds = 1000;

    private static readonly Comparison<WriteRequest> ByPartition = static (left, right) => left.Partition.CompareTo(right.Partition);

    private GroupStatement? _statement;
    private long _usedAt;

    /// <summary>
    /// Connects, and sends the statement with nothing in it, so that the first set does not wait for what is done once a connection and once a process.
    /// A failure is left to the first set, which will meet it again: a server that takes nothing now may be asked only for what it has.
    /// </summary>
    internal async Task RehearseAsync()
    {
        if (await ConnectAsync().ConfigureAwait(false) is not null) return;
        try
        {
            await _statement!.ExecuteAsync([], 0, 0).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsOfServer(failure))
        {
            await DropAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes what callers still wait for, and sets what was found for each. Never throws.</summary>
    /// <param name="group">Sets of different partitions.</param>
    internal async Task WriteAsync(List<WriteRequest> group)
    {
        if (await ConnectAsync().ConfigureAwait(false) is { } refusal)
        {
            foreach (var request in group) request.Found = new(InsertVerdict.NotWritten, refusal);
            return;
        }

        var started = new List<WriteRequest>(group.Count);
        foreach (var request in group)
        {
            if (request.TryStart()) started.Add(request); // else its caller has gone, and was told so
        }

        started.Sort(ByPartition);
        if (started.Count > 0) await WriteAsync(started, 0, started.Count).ConfigureAwait(false);
        _usedAt = Environment.TickCount64;
    }

    public async ValueTask DisposeAsync()
    {
        if (_statement is not null) await _statement.DisposeAsync().ConfigureAwait(false);
        _statement = null;
    }

    private async Task WriteAsync(List<WriteRequest> group, int from, int count)
    {
        // The first half may have lost the connection. Nothing of this one has been sent.
        if (_statement is null && await ConnectAsync().ConfigureAwait(false) is { } refusal)
        {
            Find(group, from, count, InsertVerdict.NotWritten, refusal);
            return;
        }

        var statement = _statement!;
        try
        {
            await statement.ExecuteAsync(group, from, count).ConfigureAwait(false);
        }
        catch (PostgresException said) when (!statement.IsCarriedOut && PostgresFailures.IsCertainRefusal(said.SqlState))
        {
            if (said.SqlState is not (PostgresFailures.UniqueViolation or PostgresFailures.DeadlockDetected))
            {
                // The next session may meet the server in a better state; this one may have been ended, or keep the settings it began with.
                Find(group, from, count, InsertVerdict.NotWritten, PostgresFailures.Describe(said));
                await DropAsync().ConfigureAwait(false);
            }
            else if (count > 1)
            {
                await WriteAsync(group, from, count / 2).ConfigureAwait(false);
                await WriteAsync(group, from + count / 2, count - count / 2).ConfigureAwait(false);
            }
            else
            {
                group[from].Found = said.SqlState == PostgresFailures.UniqueViolation
                    ? new(InsertVerdict.KeyExists)
                    : new(InsertVerdict.NotWritten, PostgresFailures.Describe(said));
            }
        }
        catch (Exception doubt)
        {
            // Whatever else it is: the statement may have reached the server, and the server may have carried it out.
            Find(group, from, count, InsertVerdict.Unknown, PostgresFailures.Describe(doubt));
            LogUnknown(statement.Place, count, PostgresFailures.Describe(doubt));
            await DropAsync().ConfigureAwait(false);
        }
    }

    private static void Find(List<WriteRequest> group, int from, int count, InsertVerdict verdict, string reason)
    {
        for (var i = from; i < from + count; i++) group[i].Found = new(verdict, reason);
    }

    /// <summary>Sees to a connection that was alive a moment ago. Null: it is there. Else why it is not; then nothing was sent.</summary>
    private async Task<string?> ConnectAsync()
    {
        try
        {
            if (_statement is not null && Environment.TickCount64 - _usedAt > AskAfterMilliseconds && !await _statement.IsAliveAsync().ConfigureAwait(false))
                await DropAsync().ConfigureAwait(false);
            if (_statement is null)
            {
                _statement = await GroupStatement.PrepareAsync(connectionString, options).ConfigureAwait(false);
                _usedAt = Environment.TickCount64;
            }

            return null;
        }
        catch (Exception refused)
        {
            return $"The database gives no session: {PostgresFailures.Describe(refused)}";
        }
    }

    private async Task DropAsync()
    {
        var dropped = _statement;
        _statement = null;
        try
        {
            if (dropped is not null) await dropped.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was given up already. That its closing fails as well changes nothing for anybody, and the sets must be answered.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Place}: what became of a group of {Sets} sets is unknown: {Reason}")]
    private partial void LogUnknown(string place, int sets, string reason);
}
