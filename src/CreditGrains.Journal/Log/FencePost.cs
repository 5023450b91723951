using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal;

/// <summary>How an attempt to get one particular batch row into its place ended.</summary>
internal enum Placing
{
    /// <summary>The row is there, and it is ours.</summary>
    Placed = 1,

    /// <summary>Another row is there.</summary>
    Taken = 2,

    /// <summary>The store said too little until the deadline.</summary>
    Silent = 3,

    /// <summary>The store says that a key is taken, and has no batch row there.</summary>
    Contradiction = 4,

    /// <summary>What is there cannot be read as a batch row.</summary>
    Broken = 5,
}

/// <summary>Places batch rows without records: claims, settlements, releases. Such a row may be tried again and again under one batch id.</summary>
/// <remarks>
/// That is what makes an unknown outcome harmless here: if an attempt that was given up for lost lands after all, a later attempt collides
/// with it, reads it, and knows it by its batch id. Nothing is told to anybody before the store has said which row is in the place.
/// </remarks>
internal sealed partial class FencePost(
    IJournalStore store, int partition, TimeProvider time, PartitionLogOptions options, ILogger logger)
{
    private CancellationTokenSource? _timeout; // disarmed, between two insertions

    internal async ValueTask<(Placing Placing, BatchRow? Found)> PlaceAsync(Row row, UInt128 batchId, long started, TimeSpan deadline)
    {
        var number = row.Key.Number;
        var pause = options.MinBackOff;
        IReadOnlyList<Row> rows = [row];
        while (true)
        {
            var outcome = await InsertAsync(rows, number).ConfigureAwait(false);
            if (outcome.Verdict == InsertVerdict.Inserted) return (Placing.Placed, null);
            if (outcome.Verdict == InsertVerdict.KeyExists)
            {
                var (placing, found) = await LookAsync(number, started, deadline).ConfigureAwait(false);
                return placing == Placing.Taken && found!.BatchId == batchId ? (Placing.Placed, found) : (placing, found);
            }

            if (time.GetElapsedTime(started) + pause > deadline) return (Placing.Silent, null);
            await PauseAsync(pause).ConfigureAwait(false);
            pause = Longer(pause);
        }
    }

    /// <summary>Reads the row that must be there because its key exists. Answers Taken with the row, or Contradiction, Broken or Silent.</summary>
    internal async ValueTask<(Placing Placing, BatchRow? Found)> LookAsync(ulong number, long started, TimeSpan deadline)
    {
        var (placing, found) = await ReadAsync(number, started, deadline).ConfigureAwait(false);
        return placing is null ? (found is null ? Placing.Contradiction : Placing.Taken, found) : (placing.Value, null);
    }

    /// <summary>Reads one batch row, or the newest if no number is given. Answers no placing with the row or null, or Broken or Silent.</summary>
    internal async ValueTask<(Placing? Placing, BatchRow? Found)> ReadAsync(ulong? number, long started, TimeSpan deadline)
    {
        var pause = options.MinBackOff;
        while (true)
        {
            try
            {
                using var timeout = new CancellationTokenSource(options.InsertTimeout, time);
                return (null, number is { } one
                    ? await store.ReadBatchAsync(partition, one, timeout.Token).ConfigureAwait(false)
                    : await store.ReadHeadAsync(partition, timeout.Token).ConfigureAwait(false));
            }
            catch (JournalBrokenException broken)
            {
                LogBroken(broken.Message);
                return (Placing.Broken, null);
            }
            catch (Exception silence) when (silence is StoreUnavailableException or OperationCanceledException)
            {
                LogReadSilent(partition, silence.Message);
            }

            if (time.GetElapsedTime(started) + pause > deadline) return (Placing.Silent, null);
            await PauseAsync(pause).ConfigureAwait(false);
            pause = Longer(pause);
        }
    }

    /// <summary>Inserts, and doubts the store: what it throws, or does not answer in time, counts as unknown. One at a time.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<InsertOutcome> InsertAsync(IReadOnlyList<Row> rows, ulong number)
    {
        var outcome = new InsertOutcome(InsertVerdict.Unknown);
        var timeout = TakeTimeout();
        try
        {
            outcome = await store.InsertAsync(rows, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not ArgumentException)
        {
            outcome = new(InsertVerdict.Unknown, fault.Message);
        }
        finally
        {
            // One that the store may still look at, or that has fired, is not used again. With few callers a commit is small, and a timer
            // of its own is a part of it.
            if (outcome.Verdict != InsertVerdict.Unknown && timeout.TryReset()) _timeout = timeout;
            else timeout.Dispose();
        }

        if (outcome.Verdict is InsertVerdict.NotWritten or InsertVerdict.Unknown)
            LogInsertFailed(partition, number, outcome.Verdict, outcome.Reason ?? "no reason given");
        return outcome;
    }

    private CancellationTokenSource TakeTimeout()
    {
        if (_timeout is not { } timeout) return new(options.InsertTimeout, time);
        _timeout = null;
        timeout.CancelAfter(options.InsertTimeout);
        return timeout;
    }

    private Task PauseAsync(TimeSpan pause) => Task.Delay(pause, time, CancellationToken.None);

    private TimeSpan Longer(TimeSpan pause) => pause * 2 < options.MaxBackOff ? pause * 2 : options.MaxBackOff;

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}, batch {Batch}: insertion is {Verdict}: {Reason}")]
    private partial void LogInsertFailed(int partition, ulong batch, InsertVerdict verdict, string reason);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: batch rows cannot be read: {Reason}")]
    private partial void LogReadSilent(int partition, string reason);

    [LoggerMessage(LogLevel.Critical, "{Message}")]
    private partial void LogBroken(string message);
}
