using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>A partition's segments in order: a scan, then logs, each of which begins where the one before it ends.</summary>
/// <param name="Segments">One or more.</param>
internal sealed record SegmentChain(ImmutableArray<Segment> Segments)
{
    internal Segment Scan => Segments[0];

    internal int Set => Scan.Header.Set;

    /// <summary>Gets the last batch that is wholly in it.</summary>
    internal ulong LastBatch => Segments[^1].Header.LastBatch;

    /// <summary>Gets the hash of that batch's row; none if there is no batch.</summary>
    internal RecordHash LastBatchRow => Segments[^1].Tail.LastBatchRow;

    internal long Rows => Segments.Sum(segment => segment.Tail.Rows);

    internal long Bytes => Segments.Sum(segment => segment.Tail.Bytes);

    internal SegmentChain With(Segment log) => new(Segments.Add(log));

    /// <summary>Opens the segments that a manifest lists for a partition.</summary>
    /// <exception cref="BackupDamagedException">One is missing, torn, or another; or they do not follow each other.</exception>
    internal static async ValueTask<SegmentChain> OpenAsync(
        IBackupFiles files, UInt128 ledgerId, int partition, ImmutableArray<SegmentName> listed, CancellationToken cancellation)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>(listed.Length);
        foreach (var name in listed)
        {
            var segment = await SegmentReader.OpenAsync(files, name.Header, cancellation).ConfigureAwait(false);
            var mayFollow = segments.Count == 0 ? segment.Header.Kind == SegmentKind.Scan : Follows(segments[^1], segment.Header);
            if (segment.Seal != name.Seal || segment.Header.LedgerId != ledgerId || segment.Header.Partition != partition || !mayFollow)
                throw new BackupDamagedException(segment.Damage(BackupFault.AnotherFile));
            segments.Add(segment);
        }

        var chain = new SegmentChain(segments.MoveToImmutable());
        if (chain.LastBatch < chain.Scan.Tail.Reach) throw new BackupDamagedException(chain.Scan.Damage(BackupFault.BatchMissing, chain.LastBatch + 1));
        return chain;
    }

    /// <summary>Takes up what an interrupted run left of a partition in a set; null if there is no whole scan.</summary>
    /// <remarks>A file that does not open is passed over, and written anew: no manifest has promised anything of it.</remarks>
    internal static async ValueTask<SegmentChain?> TakeUpAsync(IBackupFiles files, IEnumerable<SegmentHeader> left, CancellationToken cancellation)
    {
        foreach (var name in left.Where(name => name.Kind == SegmentKind.Scan).OrderByDescending(name => name.LastBatch))
        {
            if (await TryOpenAsync(files, name, cancellation).ConfigureAwait(false) is { } scan)
                return await new SegmentChain([scan]).WithLeftAsync(files, left, cancellation).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Takes up the logs that an interrupted run left behind this chain.</summary>
    internal async ValueTask<SegmentChain> WithLeftAsync(IBackupFiles files, IEnumerable<SegmentHeader> left, CancellationToken cancellation)
    {
        var chain = this;
        foreach (var name in left.OrderBy(name => name.FirstBatch))
        {
            if (!Follows(chain.Segments[^1], name)) continue;
            if (await TryOpenAsync(files, name, cancellation).ConfigureAwait(false) is { } log && log.Header.LedgerId == Scan.Header.LedgerId) chain = chain.With(log);
        }

        return chain;
    }

    private static async ValueTask<Segment?> TryOpenAsync(IBackupFiles files, SegmentHeader name, CancellationToken cancellation)
    {
        try
        {
            return await SegmentReader.OpenAsync(files, name, cancellation).ConfigureAwait(false);
        }
        catch (BackupDamagedException)
        {
            return null;
        }
    }

    private static bool Follows(Segment before, SegmentHeader next) =>
        next.Kind == SegmentKind.Log && next.Set == before.Header.Set && next.FirstBatch == before.Header.LastBatch + 1 && next.LastBatch >= next.FirstBatch;
}
