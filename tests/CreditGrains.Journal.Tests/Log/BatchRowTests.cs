using CsCheck;

namespace CreditGrains.Journal.Tests.Log;

public sealed class BatchRowTests
{
    private static readonly RowKey Key = BatchRow.KeyOf(3, 300);

    /// <summary>The bytes on disk, for ever. If this fails, the format has changed: give it a new version, and keep reading this one.</summary>
    [Fact]
    public void The_bytes_are_those_of_the_golden_file()
    {
        Assert.Equal(GoldenFile.Read("Log/batch-v1.hex"), Sample().Value.ToArray());

        var batch = BatchRow.Decode(new(Key, GoldenFile.Read("Log/batch-v1.hex")));
        Assert.Equal((3, 300UL, new UInt128(1, 2), "silo-7", 129UL, 70_000L), (batch.Partition, batch.Number, batch.BatchId, batch.Owner, batch.Epoch, batch.MembershipVersion));
        Assert.Equal((BatchFlags.Released, 1_893_456_000_000_001L), (batch.Flags, batch.HighestRecordedAt));
        Assert.Equal([(Space.Citizen, 5UL), (Space.System, 1UL << 40)], batch.Entries.Select(entry => (entry.Journal.Space, entry.Number)));
        Assert.Equal(3UL, batch.Frontier.LeafCount);
    }

    [Fact]
    public void A_changed_byte_anywhere_is_noticed()
    {
        var value = Sample().Value.ToArray();
        for (var at = 0; at < value.Length; at++)
        {
            value[at] ^= 0x10;
            Assert.NotNull(BatchRowFormat.TryDecode(new(Key, value), out _));
            value[at] ^= 0x10;
        }
    }

    [Fact]
    public void A_row_moved_to_another_place_is_noticed()
    {
        Assert.NotNull(BatchRowFormat.TryDecode(new(BatchRow.KeyOf(3, 301), Sample().Value), out _));
        Assert.NotNull(BatchRowFormat.TryDecode(new(BatchRow.KeyOf(4, 300), Sample().Value), out _));
        Assert.NotNull(BatchRowFormat.TryDecode(new(new(3, new(Space.Citizen, 0), 300), Sample().Value), out _));
    }

    [Fact]
    public void A_row_of_a_newer_format_is_told_from_a_damaged_one_by_its_checksum()
    {
        byte[] newer = [BatchRowFormat.FormatVersion + 1, .. Sample().Value.Span[1..^8]];
        Assert.Equal(JournalDamage.BatchChecksumMismatch, BatchRowFormat.TryDecode(new(Key, (byte[])[.. newer, .. Sample().Value.Span[^8..]]), out _));

        var summed = new byte[RowKey.Length + newer.Length];
        Key.Write(summed);
        newer.CopyTo(summed, RowKey.Length);
        var broken = Assert.Throws<JournalBrokenException>(
            () => BatchRow.Decode(new(Key, (byte[])[.. newer, .. System.Security.Cryptography.SHA256.HashData(summed).AsSpan(0, 8)])));
        Assert.Equal((JournalDamage.FormatTooNew, BatchRowFormat.FormatVersion + 1), (broken.Damage, broken.Format));
    }

    [Fact]
    public void Any_bytes_at_all_are_refused_without_an_accident() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.NotNull(BatchRowFormat.TryDecode(new(Key, bytes), out _)));

    [Fact]
    public void Bytes_with_a_right_checksum_and_no_sense_are_refused_without_an_accident() => Gen.Byte.Array[18, 300].Sample(bytes =>
    {
        bytes[0] = BatchRowFormat.FormatVersion;
        var summed = new byte[RowKey.Length + bytes.Length];
        Key.Write(summed);
        bytes.CopyTo(summed, RowKey.Length);
        byte[] value = [.. bytes, .. System.Security.Cryptography.SHA256.HashData(summed).AsSpan(0, 8)];

        _ = BatchRowFormat.TryDecode(new(Key, value), out _); // either way, it returns
    });

    [Fact]
    public void A_batch_of_one_record_costs_little_besides_its_frontier()
    {
        var frontier = new MerkleFrontier();
        frontier.Append(default);
        var row = BatchRowFormat.Encode(
            Key, BatchFlags.None, 1, "silo-7"u8, 3, 12, 1_893_456_000_000_001, [new(new(3, new(Space.Citizen, 1), 9), default)], [default], frontier);

        Assert.InRange(row.Value.Length - RecordHash.Length, 0, 100);
    }

    private static Row Sample()
    {
        var frontier = new MerkleFrontier();
        for (var i = 0; i < 3; i++) frontier.Append(RecordHash.Of([(byte)i]));
        Row[] records =
        [
            new(new(3, new(Space.Citizen, new UInt128(0x0123456789ABCDEF, 0xFEDCBA9876543210)), 5), default),
            new(new(3, new(Space.System, 1), 1UL << 40), default),
        ];
        return BatchRowFormat.Encode(
            Key, BatchFlags.Released, new(1, 2), "silo-7"u8, 129, 70_000, 1_893_456_000_000_001, records, [RecordHash.Of([1]), RecordHash.Of([2])], frontier);
    }
}
