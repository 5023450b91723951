using System.Text;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Journal;

public sealed partial class PartitionLog
{
    /// <summary>Takes a partition, by inserting the next batch row, empty, under a new epoch.</summary>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="owner">The silo's name: the same after a restart. At most 255 bytes of UTF-8.</param>
    /// <param name="membershipVersion">
    /// The version of cluster membership under which this silo owns the partition; not negative. A host without a membership table gives a
    /// number that never falls from one start to the next.
    /// </param>
    /// <param name="time">The clock, wall and monotonic.</param>
    /// <param name="options">How to claim and write.</param>
    /// <param name="logger">Where places and verdicts are logged.</param>
    /// <param name="cancellation">Stops the claim between two steps. A row that was sent may still land; it does no harm.</param>
    /// <returns>The log, or why the claim was refused.</returns>
    /// <remarks>
    /// If another owner has the partition and has not released it, the claim waits for that, then claims over it, then waits out the other's
    /// lease before it returns. Every earlier log of the partition loses its fence, this silo's own included.
    /// </remarks>
    public static ValueTask<ClaimOutcome> ClaimAsync(
        IJournalStore store,
        int partition,
        string owner,
        long membershipVersion,
        TimeProvider time,
        PartitionLogOptions options,
        ILogger logger,
        CancellationToken cancellation) =>
        ClaimAsync(store, partition, owner, membershipVersion, time, options, logger, null, cancellation);

    /// <inheritdoc cref="ClaimAsync(IJournalStore, int, string, long, TimeProvider, PartitionLogOptions, ILogger, CancellationToken)"/>
    /// <param name="store">The store.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="owner">The silo's name.</param>
    /// <param name="membershipVersion">The version of cluster membership under which this silo owns the partition.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">How to claim and write.</param>
    /// <param name="logger">Where places and verdicts are logged.</param>
    /// <param name="tally">What the log counts into; null if nobody looks.</param>
    /// <param name="cancellation">Stops the claim between two steps.</param>
    public static async ValueTask<ClaimOutcome> ClaimAsync(
        IJournalStore store,
        int partition,
        string owner,
        long membershipVersion,
        TimeProvider time,
        PartitionLogOptions options,
        ILogger logger,
        CommitTally? tally,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(membershipVersion);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        if (Encoding.UTF8.GetByteCount(owner) > BatchRowFormat.MaxOwnerBytes)
            throw new ArgumentException($"A silo's name has at most {BatchRowFormat.MaxOwnerBytes} bytes.", nameof(owner));

        var fence = new FencePost(store, partition, time, options, logger);
        var claim = new Claim(partition, owner, membershipVersion, time, options, fence);
        var (row, confirmedAt, refusal) = await claim.RunAsync(cancellation).ConfigureAwait(false);
        if (refusal is { } reason)
        {
            LogRefused(logger, partition, owner, reason);
            return ClaimOutcome.Refused(reason);
        }

        LogClaimed(logger, partition, row!.Number, row.Epoch, owner);
        return ClaimOutcome.Claimed(new(store, partition, owner, membershipVersion, time, options, logger, tally, fence, row, confirmedAt));
    }

    /// <summary>One claim, from the first look at the head to the end of the other's lease.</summary>
    private sealed class Claim(
        int partition, string owner, long membershipVersion, TimeProvider time, PartitionLogOptions options, FencePost fence)
    {
        private readonly long _started = time.GetTimestamp();

        internal async ValueTask<(BatchRow? Row, long ConfirmedAt, ClaimRefusal? Refusal)> RunAsync(CancellationToken cancellation)
        {
            var wasOutpaced = false;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var (failure, head) = await fence.ReadAsync(null, _started, options.ClaimDeadline).ConfigureAwait(false);
                if (failure is not null) return (null, 0, failure == Placing.Silent ? ClaimRefusal.StoreSilent : ClaimRefusal.HeadBroken);
                if (head is not null && head.MembershipVersion > membershipVersion) return (null, 0, ClaimRefusal.MembershipOutdated);

                var mustWait = head is not null && !head.Flags.HasFlag(BatchFlags.Released) && !options.IsStoreExclusive;
                if (mustWait && head!.Owner != owner && time.GetElapsedTime(_started) < options.ReleaseWait)
                {
                    await Task.Delay(options.ReleasePoll, time, cancellation).ConfigureAwait(false);
                    continue;
                }

                if (wasOutpaced && time.GetElapsedTime(_started) >= options.ClaimDeadline) return (null, 0, ClaimRefusal.Outpaced);

                var next = Next(head);
                var row = BatchRowFormat.Encode(
                    BatchRow.KeyOf(partition, next.Number), next.Flags, next.BatchId, Encoding.UTF8.GetBytes(owner), next.Epoch,
                    membershipVersion, next.HighestRecordedAt, [], [], next.Frontier);
                var confirmedAt = time.GetTimestamp();
                var (placing, _) = await fence.PlaceAsync(row, next.BatchId, _started, options.ClaimDeadline).ConfigureAwait(false);
                switch (placing)
                {
                    case Placing.Placed:
                        // The other can no longer commit or confirm. What it confirmed before is over when its lease is.
                        if (mustWait) await Task.Delay(options.Lease, time, cancellation).ConfigureAwait(false);
                        return (next, confirmedAt, null);

                    case Placing.Taken:
                        wasOutpaced = true;
                        continue;

                    case Placing.Silent:
                        return (null, 0, ClaimRefusal.StoreSilent);

                    default:
                        return (null, 0, ClaimRefusal.HeadBroken);
                }
            }
        }

        private BatchRow Next(BatchRow? head) => new(
            partition,
            (head?.Number ?? 0) + 1,
            options.Random.NextUInt128(),
            owner,
            (head?.Epoch ?? 0) + 1,
            membershipVersion,
            BatchFlags.Claim,
            head?.HighestRecordedAt ?? 0,
            [],
            head?.Frontier ?? new MerkleFrontier());
    }

    [LoggerMessage(LogLevel.Information, "Partition {Partition}: claimed with batch {Batch} under epoch {Epoch} by {Owner}")]
    private static partial void LogClaimed(ILogger logger, int partition, ulong batch, ulong epoch, string owner);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition}: the claim by {Owner} is refused: {Refusal}")]
    private static partial void LogRefused(ILogger logger, int partition, string owner, ClaimRefusal refusal);
}
