using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CreditGrains.Journal;

/// <summary>Reads segments, and gives no row of a block before the block's checksum.</summary>
internal static class SegmentReader
{
    /// <summary>Reads head and tail. Damage in between is found by <see cref="ReadAsync"/>.</summary>
    /// <param name="files">The files.</param>
    /// <param name="named">What the file's name says; its ledger is not compared.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="BackupDamagedException">The file is missing or torn, or is another.</exception>
    internal static async ValueTask<Segment> OpenAsync(IBackupFiles files, SegmentHeader named, CancellationToken cancellation)
    {
        var stream = Open(files, named);
        await using (stream.ConfigureAwait(false))
        {
            if (stream.Length < SegmentHeader.Length + SegmentTail.Length) throw Damaged(named, BackupFault.Torn);
            var head = new byte[SegmentHeader.Length];
            await stream.ReadExactlyAsync(head, cancellation).ConfigureAwait(false);
            stream.Seek(-SegmentTail.Length, SeekOrigin.End);
            var tail = new byte[SegmentTail.Length];
            await stream.ReadExactlyAsync(tail, cancellation).ConfigureAwait(false);

            if (SegmentHeader.TryDecode(head) is not { } header) throw Damaged(named, BackupFault.Undecodable);
            var seal = RecordHash.Read(tail.AsSpan(SegmentTail.Length - RecordHash.Length));
            if (SegmentTail.SealOf(head, tail) != seal) throw Damaged(named, BackupFault.ChecksumMismatch); // or torn: what ends it cannot be told from an end
            if (header with { LedgerId = 0 } != named with { LedgerId = 0 }) throw Damaged(named, BackupFault.AnotherFile);
            return new(header, SegmentTail.Decode(tail), seal);
        }
    }

    /// <summary>Reads all rows in the order of the file.</summary>
    /// <param name="files">The files.</param>
    /// <param name="segment">The segment as the manifest has it, or as it was opened.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="BackupDamagedException">The file is not, to the last byte, what was written. It names the batches that were not read before.</exception>
    internal static async IAsyncEnumerable<Row> ReadAsync(IBackupFiles files, Segment segment, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // In a log whatever stands before a sound batch row is sound, so the damage is confined to what comes after it.
        var nextBatch = segment.Header.FirstBatch;
        BackupDamagedException Damaged(BackupFault fault) => new(segment.Damage(fault, nextBatch));

        var stream = Open(files, segment.Header);
        await using (stream.ConfigureAwait(false))
        {
            var head = new byte[SegmentHeader.Length];
            if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < head.Length) throw Damaged(BackupFault.Torn);
            if (!head.AsSpan().SequenceEqual(segment.Header.Encode())) throw Damaged(BackupFault.ChecksumMismatch);

            var chain = RecordHash.Of(head);
            var length = new byte[4];
            while (true)
            {
                if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < length.Length) throw Damaged(BackupFault.Torn);
                var rowBytes = BinaryPrimitives.ReadUInt32BigEndian(length);
                if (rowBytes == 0) break;
                if (rowBytes > SegmentHeader.MaxBlockBytes) throw Damaged(BackupFault.ChecksumMismatch);
                if (rowBytes > stream.Length - stream.Position) throw Damaged(BackupFault.Torn);

                // Rows share this memory and belong to the caller, so each block has its own.
                var block = new byte[RecordHash.Length + length.Length + (int)rowBytes + RecordHash.Length];
                chain.Write(block);
                length.CopyTo(block, RecordHash.Length);
                var read = block.AsMemory(RecordHash.Length + length.Length);
                if (await stream.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < read.Length) throw Damaged(BackupFault.Torn);
                chain = RecordHash.Of(block.AsSpan(0, block.Length - RecordHash.Length));
                if (chain != RecordHash.Read(block.AsSpan(block.Length - RecordHash.Length))) throw Damaged(BackupFault.ChecksumMismatch);

                for (ReadOnlyMemory<byte> rest = read[..(int)rowBytes]; !rest.IsEmpty;)
                {
                    if (!TryTake(ref rest, segment.Header.Partition, out var row)) throw Damaged(BackupFault.Undecodable);
                    yield return row;
                    if (segment.Header.Kind == SegmentKind.Log && row.Key.Journal == BatchRow.Journal) nextBatch = Math.Min(row.Key.Number + 1, segment.Header.LastBatch);
                }
            }

            var tail = new byte[SegmentTail.Length];
            if (await stream.ReadAtLeastAsync(tail.AsMemory(length.Length), tail.Length - length.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)
                < tail.Length - length.Length) throw Damaged(BackupFault.Torn);
            if (stream.Position != stream.Length) throw Damaged(BackupFault.Torn);
            var seal = RecordHash.Read(tail.AsSpan(SegmentTail.Length - RecordHash.Length));
            if (seal != segment.Seal || SegmentTail.SealOf(head, tail) != seal || chain != SegmentTail.Decode(tail).Blocks) throw Damaged(BackupFault.ChecksumMismatch);
        }
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, int partition, out Row row)
    {
        row = default;
        if (rest.Length < SegmentHeader.RowOverheadBytes) return false;
        var key = RowKey.Read(rest.Span);
        var valueBytes = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[RowKey.Length..]);
        if (key.Partition != partition || valueBytes > rest.Length - SegmentHeader.RowOverheadBytes) return false;
        row = new(key, rest.Slice(SegmentHeader.RowOverheadBytes, (int)valueBytes));
        rest = rest[(SegmentHeader.RowOverheadBytes + (int)valueBytes)..];
        return true;
    }

    private static Stream Open(IBackupFiles files, SegmentHeader header)
    {
        try
        {
            return files.OpenRead(header.FileName);
        }
        catch (FileNotFoundException)
        {
            throw Damaged(header, BackupFault.Missing);
        }
    }

    private static BackupDamagedException Damaged(SegmentHeader header, BackupFault fault) =>
        new(new BackupDamage(header.FileName, header.Partition, header.FirstBatch, header.LastBatch, fault));
}
