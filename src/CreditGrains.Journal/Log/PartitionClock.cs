using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal;

/// <summary>Gives recorded-at times that rise over a partition's whole life, whatever the clocks of its owners say.</summary>
internal sealed partial class PartitionClock(int partition, TimeProvider time, long highest, ILogger logger)
{
    /// <summary>How far a silo's clock may lie behind the partition's before somebody should look at it.</summary>
    internal const long AlarmMicroseconds = 5_000_000;

    private long _last = highest;
    private int _isBehind;

    /// <summary>Gets the highest time given out so far.</summary>
    internal long Last => Volatile.Read(ref _last);

    /// <summary>Gives the clock's microsecond, or one more than the last given out if that is later.</summary>
    internal long Next()
    {
        var now = (time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) != last) continue;

            WatchClock(last - now);
            return next;
        }
    }

    private void WatchClock(long behind)
    {
        // Once when it falls behind and once when it is back: an alarm a record would drown the log.
        var isBehind = behind > AlarmMicroseconds ? 1 : 0;
        if (Volatile.Read(ref _isBehind) == isBehind || Interlocked.Exchange(ref _isBehind, isBehind) == isBehind) return;
        if (isBehind == 0)
        {
            LogClockBack(partition);
            return;
        }

        JournalMetrics.ClockAlarms.Add(1);
        LogClockBehind(partition, behind);
    }

    [LoggerMessage(LogLevel.Error, "Partition {Partition}: this silo's clock is {Microseconds} µs behind the partition's; recorded-at creeps on by 1 µs a record until it has caught up")]
    private partial void LogClockBehind(int partition, long microseconds);

    [LoggerMessage(LogLevel.Information, "Partition {Partition}: this silo's clock has caught up with the partition's")]
    private partial void LogClockBack(int partition);
}
