namespace CreditGrains.Client;

/// <summary>One question to a grain, asked until it is answered: sent again after a no that may change, and sent once more beside itself when an answer is late.</summary>
/// <remarks>
/// <para>A call can be lost with the silo that it went through, and one that waits at a frozen silo looks like one that is being answered. A copy under
/// the same reference costs the ledger a look at what it knows already; so it is sent early, another way, as far as <see cref="CopyBudget"/> goes, and
/// whichever answers first is heard.</para>
/// <para>What was left under way when another answered is a straggler. It may yet be carried out, so a refusal given meanwhile is not the last word:
/// see <see cref="HadStragglersAsync"/>.</para>
/// <para>Not thread-safe; asked one thing at a time.</para>
/// </remarks>
internal sealed class HedgedCall<T>(RetryPolicy retry, AnswerTimes times)
{
    // After a silo has died its citizens answer from another within seconds; whoever waits should learn soon that they do.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly long _started = retry.Start();
    private int _sent;
    private List<Task>? _stragglers;

    /// <summary>Gets how often the question was sent.</summary>
    internal int Sent => _sent;

    /// <summary>Gets whether it was asked often or long enough: it is not sent again.</summary>
    internal bool IsOver => retry.IsLast(_sent, _started);

    /// <summary>Asks, again while the answer is late, and gives the first answer.</summary>
    /// <exception cref="Exception">What the last one under way failed with, or what any of them did that is no silence.</exception>
    internal async ValueTask<T> AskAsync(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        _sent++;
        times.Copies.Earn();
        var sentAt = times.Clock.GetTimestamp();
        var call = ask();
        if (call.IsCompleted) return await call;

        var first = call.AsTask();
        try
        {
            var answer = await first.WaitAsync(times.Late, times.Clock, cancellation);
            times.Took(sentAt);
            return answer;
        }
        catch (TimeoutException) when (!first.IsCompleted)
        {
        }
        catch (OperationCanceledException) when (!first.IsCompleted)
        {
            GrainCall.Forget(first);
            throw;
        }

        return await FirstAnswerAsync(ask, first, sentAt, cancellation);
    }

    /// <summary>Waits before it is asked again.</summary>
    internal Task BackOffAsync(CancellationToken cancellation) => retry.BackOffAsync(_sent, cancellation);

    /// <summary>Waits for those that were left under way.</summary>
    /// <returns>Whether there were any: what was refused beside them has to be asked for again, now that none can be carried out any more.</returns>
    internal async Task<bool> HadStragglersAsync(CancellationToken cancellation)
    {
        if (_stragglers is not { } left) return false;
        _stragglers = null;
        await Task.WhenAll(left).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return true;
    }

    /// <summary>Sends copies, in growing pauses while it may, until one of all that are under way answers.</summary>
    private async Task<T> FirstAnswerAsync(Func<ValueTask<T>> ask, Task<T> first, long firstSentAt, CancellationToken cancellation)
    {
        Dictionary<Task, long> underWay = new() { [first] = firstSentAt };
        var next = times.Late;
        var pause = Task.CompletedTask;
        try
        {
            while (true)
            {
                if (pause.IsCompleted)
                {
                    pause = IsOver ? Task.Delay(Timeout.InfiniteTimeSpan, cancellation) : Task.Delay(next, times.Clock, cancellation);
                    if (!IsOver && times.Copies.TrySpend()) underWay.Add(Send(ask), times.Clock.GetTimestamp());
                    next = next * 2 < LongestPause ? next * 2 : next > LongestPause ? next : LongestPause;
                }

                var done = await Task.WhenAny(underWay.Keys.Append(pause));
                cancellation.ThrowIfCancellationRequested();
                if (!underWay.Remove(done, out var sentAt)) continue;
                if (done.IsCompletedSuccessfully) times.Took(sentAt);

                // One that fell silent says nothing while another may answer.
                else if (underWay.Count > 0 && RetryPolicy.MeansSilence(done.Exception?.InnerException ?? new TaskCanceledException(done))) continue;
                return await (Task<T>)done;
            }
        }
        finally
        {
            foreach (var left in underWay.Keys)
            {
                GrainCall.Forget(left);
                (_stragglers ??= []).Add(left);
            }
        }
    }

    /// <summary>Sends without throwing: a failure at once is that of the copy, and not of the others.</summary>
    private Task<T> Send(Func<ValueTask<T>> ask)
    {
        _sent++;
        try
        {
            return ask().AsTask();
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
