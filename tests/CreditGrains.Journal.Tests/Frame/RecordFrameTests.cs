using CsCheck;

namespace CreditGrains.Journal.Tests.Frame;

/// <summary>What a frame promises about its bytes.</summary>
public sealed class RecordFrameTests
{
    private static readonly JournalId Ada = new(Space.Citizen, new UInt128(0x0123456789ABCDEF, 0xFEDCBA9876543210));

    private static readonly RowKey[] Elsewhere = [new(3, Ada, 42), new(3, new(Space.Citizen, 1), 41), new(3, new(Space.Partition, Ada.Id), 41)];

    public static TheoryData<int> Formats => [1, 2];

    public static MatrixTheoryData<CipherSuite, int> SuitesAndFormats => new([CipherSuite.Plain, CipherSuite.AesGcm], [1, 2]);

    [Theory]
    [MemberData(nameof(SuitesAndFormats))]
    public void What_was_sealed_is_opened_again(CipherSuite suite, int format)
    {
        var keys = TestKeys.Of(suite);
        var bodies = Gen.Byte.Array[0, 300].Array[0, 12];
        var fields = Gen.Select(Gen.ULong[0, ulong.MaxValue - 1], Gen.Long, Gen.UShort, Gen.UShort, Gen.ULong);

        Gen.Select(bodies, fields, Gen.Byte.Array[0, 2000].Null()).Sample((payloads, of, snapshot) =>
        {
            var (after, recordedAt, kind, retention, id) = of;
            var previous = RecordHash.Of(BitConverter.GetBytes(id));
            var journal = new JournalId(Space.System, id);
            var sealedRecord = RecordFrame.Seal(
                new()
                {
                    Format = format,
                    Journal = journal,
                    After = new(after, previous),
                    RecordedAt = recordedAt,
                    Kind = kind,
                    RetentionClass = retention,
                    Bodies = [.. payloads.Select(payload => new ReadOnlyMemory<byte>(payload))],
                    Snapshot = snapshot is null ? null : new(3, after, snapshot),
                },
                keys.Current(journal));

            var row = new Row(new(9, journal, after + 1), sealedRecord.Value);
            var opened = RecordFrame.Open(row, keys);
            Assert.Equal(new(format, suite, suite == CipherSuite.Plain ? 0u : 7u, kind, retention, payloads.Length, journal, after + 1, recordedAt, previous), opened.Header);
            Assert.Equal(sealedRecord.Hash, opened.Hash);
            Assert.Equal(payloads, opened.Bodies.Select(body => body!.Value.ToArray()));
            Assert.Equal(snapshot, opened.Snapshot?.Bytes.ToArray());
            Assert.Equal(snapshot is null ? null : after, opened.Snapshot?.Sequence);
            Assert.False(opened.IsSnapshotBroken || opened.IsKeyGone);
            Assert.Equal(opened.Header, RecordFrame.Glance(row, keys).Header);
            Assert.Equal(snapshot, RecordFrame.Glance(row, keys).Snapshot?.Bytes.ToArray());
            Assert.Equal(opened.Hash, RecordFrame.HashOf(row));
        });
    }

    /// <summary>The bytes on disk, for ever. If this fails, the format has changed: give it a new version, and keep reading this one.</summary>
    [Theory]
    [MemberData(nameof(SuitesAndFormats))]
    public void The_bytes_are_those_of_the_golden_file(CipherSuite suite, int format)
    {
        var file = $"Frame/record-v{format}-suite{(int)suite}.hex";
        var keys = TestKeys.Of(suite, new CountingSource());
        var record = RecordFrame.Seal(Sample(format), keys.Current(Ada));

        Assert.Equal(GoldenFile.Read(file), record.Value.ToArray());

        var opened = RecordFrame.Open(new(new(3, Ada, 41), GoldenFile.Read(file)), keys);
        Assert.Equal(record.Hash, opened.Hash);
        Assert.Equal(["first", "second"], opened.Bodies.Select(body => System.Text.Encoding.UTF8.GetString(body!.Value.Span)));
        Assert.Equal("fold"u8.ToArray(), opened.Snapshot!.Value.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(SuitesAndFormats))]
    public void A_changed_byte_anywhere_is_noticed(CipherSuite suite, int format)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(format), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);
        for (var at = 0; at < record.Value.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = record.Value.ToArray();
                damaged[at] ^= (byte)(1 << bit);

                var damage = RecordFrame.TryOpen(new(key, damaged), keys, LedgerFormats.NewestKnown, out var opened);

                Assert.True(damage is not null || opened!.Hash != record.Hash || opened.IsSnapshotBroken || opened.IsKeyGone, $"byte {at}, bit {bit}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(SuitesAndFormats))]
    public void A_frame_cut_short_or_run_long_is_noticed(CipherSuite suite, int format)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(format), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);
        var withoutSnapshot = RecordFrame.DropSnapshot(new(key, record.Value)).Length;
        for (var length = 0; length < record.Value.Length; length++)
        {
            if (length == withoutSnapshot) continue; // a snapshot may be dropped
            var damage = RecordFrame.TryOpen(new(key, record.Value[..length]), keys, LedgerFormats.NewestKnown, out var opened);
            Assert.True(damage is not null || opened!.IsSnapshotBroken, $"length {length}");
        }

        var longer = RecordFrame.TryOpen(new(key, (byte[])[.. record.Value.Span, 0]), keys, LedgerFormats.NewestKnown, out var tooLong);
        Assert.True(longer is not null || tooLong!.IsSnapshotBroken);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_bytes_at_all_are_refused_without_an_accident(int format)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            if (bytes.Length > 0) bytes[0] = (byte)format;
            var damage = RecordFrame.TryOpen(new(new(3, Ada, 41), bytes), keys, LedgerFormats.NewestKnown, out var opened);
            Assert.True(damage is not null || opened!.Bodies.IsEmpty); // without bodies it is a record like any other, of another hash
        });
    }

    [Theory]
    [MemberData(nameof(SuitesAndFormats))]
    public void A_redacted_body_is_gone_and_the_record_still_verifies(CipherSuite suite, int format)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(format), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);

        var redacted = RecordFrame.Redact(new(key, record.Value), 0);
        var opened = RecordFrame.Open(new(key, redacted), keys);

        Assert.Equal(record.Hash, opened.Hash);
        Assert.Null(opened.Bodies[0]);
        Assert.Equal("second"u8.ToArray(), opened.Bodies[1]!.Value.ToArray());
        Assert.NotNull(opened.Snapshot);
        Assert.Equal(-1, redacted.Span.IndexOf("first"u8));
        Assert.Equal(redacted.ToArray(), RecordFrame.Redact(new(key, redacted), 0).ToArray()); // again changes nothing
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordFrame.Redact(new(key, redacted), 2));

        var bare = RecordFrame.Open(new(key, RecordFrame.DropSnapshot(new(key, redacted))), keys);
        Assert.Equal(record.Hash, bare.Hash);
        Assert.Null(bare.Snapshot);
        Assert.False(bare.IsSnapshotBroken);
    }

    [Theory]
    [InlineData(1, JournalDamage.Misplaced)]
    [InlineData(2, JournalDamage.BodyDigestMismatch)]
    public void A_record_under_another_key_of_the_store_does_not_open(int format, JournalDamage damage)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var record = RecordFrame.Seal(Sample(format), keys.Current(Ada));

        foreach (var elsewhere in Elsewhere)
        {
            var broken = Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(new(elsewhere, record.Value), keys));
            Assert.Equal((damage, elsewhere), (broken.Damage, broken.At));
            Assert.DoesNotContain($"{Ada.Id:x}", broken.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_record_of_redacted_bodies_has_another_hash_under_another_key_and_no_snapshot()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var record = RecordFrame.Seal(Sample(format: 2), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);
        var redacted = RecordFrame.Redact(new(key, RecordFrame.Redact(new(key, record.Value), 0)), 1);

        foreach (var elsewhere in Elsewhere)
        {
            var opened = RecordFrame.Open(new(elsewhere, redacted), keys);
            Assert.NotEqual(record.Hash, opened.Hash);
            Assert.True(opened.IsSnapshotBroken);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(255)]
    public void A_newer_format_is_named_and_not_called_damaged(byte format)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        byte[] newer = [format, .. RecordFrame.Seal(Sample(format: 2), keys.Current(Ada)).Value.Span[1..]];

        var broken = Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(new(new(3, Ada, 41), newer), keys));

        Assert.Equal((JournalDamage.FormatTooNew, format), (broken.Damage, broken.Format));
        Assert.Contains($"format {format} by a newer program", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_reads_format_1_alone_opens_no_record_of_format_2()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        Row RowOf(int format) => new(new(3, Ada, 41), RecordFrame.Seal(Sample(format), keys.Current(Ada)).Value);

        Assert.Equal(1, RecordFrame.Open(RowOf(1), keys, newest: 1).Header.Format);
        Assert.Equal(2, Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(RowOf(2), keys, newest: 1)).Format);
    }

    /// <summary>What a payment takes: one body of 55 bytes.</summary>
    [Theory]
    [InlineData(1, 183)]
    [InlineData(2, 158)]
    public void A_record_of_one_payment_takes_so_many_bytes(int format, int bytes)
    {
        var draft = new RecordDraft { Format = format, Journal = Ada, After = default, RecordedAt = 1, Kind = 1, Bodies = new ReadOnlyMemory<byte>[] { new byte[55] } };

        Assert.Equal(bytes, RecordFrame.Seal(draft, TestKeys.Of(CipherSuite.Plain).Current(Ada)).Value.Length);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_snapshot_moved_to_another_record_is_broken(int format)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var key = new RowKey(3, Ada, 41);
        var one = RecordFrame.Seal(Sample(format), keys.Current(Ada)).Value;
        var two = RecordFrame.Seal(Sample(format), keys.Current(Ada)).Value; // other salts, so another record
        var snapshotAt = RecordFrame.DropSnapshot(new(key, one)).Length;

        byte[] mixed = [.. one.Span[..snapshotAt], .. two.Span[snapshotAt..]];

        Assert.True(RecordFrame.Open(new(key, mixed), keys).IsSnapshotBroken);
        Assert.Null(RecordFrame.Glance(new(key, mixed), keys).Snapshot);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_record_whose_key_is_gone_still_verifies_and_tells_nothing(int format)
    {
        var record = RecordFrame.Seal(Sample(format), TestKeys.Of(CipherSuite.AesGcm).Current(Ada));

        var opened = RecordFrame.Open(new(new(3, Ada, 41), record.Value), new PlainKeys(RandomSource.OperatingSystem));

        Assert.True(opened.IsKeyGone);
        Assert.Equal(record.Hash, opened.Hash);
        Assert.All(opened.Bodies, body => Assert.Null(body));
        Assert.Null(opened.Snapshot);
        Assert.False(opened.IsSnapshotBroken);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_wrong_key_does_not_open_a_body(int format)
    {
        var record = RecordFrame.Seal(Sample(format), TestKeys.Of(CipherSuite.AesGcm).Current(Ada));
        using var wrong = new SingleKey(7, new byte[AesGcmCipher.KeyBytes], RandomSource.OperatingSystem);

        var broken = Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(new(new(3, Ada, 41), record.Value), wrong));

        Assert.Equal(JournalDamage.BodyUnreadable, broken.Damage);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_same_body_twice_leaves_two_digests(int format)
    {
        var keys = TestKeys.Of(CipherSuite.Plain);

        Assert.NotEqual(RecordFrame.Seal(Sample(format), keys.Current(Ada)).Hash, RecordFrame.Seal(Sample(format), keys.Current(Ada)).Hash);
    }

    [Fact]
    public void What_is_too_large_is_refused_and_what_just_fits_is_not()
    {
        var cipher = TestKeys.Of(CipherSuite.Plain).Current(Ada);
        var largest = new byte[RecordFrame.MaxBodyBytes];
        var rest = new byte[RecordFrame.MaxBodiesBytes - RecordFrame.MaxBodyBytes];

        RecordFrame.Seal(With([largest, rest]), cipher);
        Assert.Throws<ArgumentException>(() => RecordFrame.Seal(With([new byte[RecordFrame.MaxBodyBytes + 1]]), cipher));
        Assert.Throws<ArgumentException>(() => RecordFrame.Seal(With([largest, rest, new byte[1]]), cipher));
        RecordFrame.Seal(With([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[1], RecordFrame.MaxBodies)]), cipher);
        Assert.Throws<ArgumentException>(() => RecordFrame.Seal(With([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[1], RecordFrame.MaxBodies + 1)]), cipher));
        Assert.Throws<ArgumentException>(() => RecordFrame.Seal(
            new() { Format = LedgerFormats.NewestKnown, Journal = Ada, After = default, RecordedAt = 1, Kind = 1, Bodies = [], Snapshot = new(1, 1, new byte[RecordFrame.MaxSnapshotBytes + 1]) }, cipher));
    }

    [Fact]
    public void Sealing_allocates_the_frame_and_nothing_else()
    {
        var cipher = TestKeys.Of(CipherSuite.Plain).Current(Ada);
        var draft = new ReadOnlyMemory<byte>[] { new byte[100], new byte[40] };
        for (var i = 0; i < 100; i++) RecordFrame.Seal(With(draft), cipher);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var record = RecordFrame.Seal(With(draft), cipher);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, record.Value.Length, record.Value.Length + 32); // an array's own header and rounding
    }

    private static RecordDraft Sample(int format) => new()
    {
        Format = format,
        Journal = Ada,
        After = new(40, RecordHash.Of("the record before"u8)),
        RecordedAt = 1_893_456_000_000_001, // 2030-01-01 and a microsecond
        Kind = 0x0102,
        RetentionClass = 0x0304,
        Bodies = new ReadOnlyMemory<byte>[] { "first"u8.ToArray(), "second"u8.ToArray() },
        Snapshot = new(5, 40, "fold"u8.ToArray()),
    };

    private static RecordDraft With(ReadOnlySpan<ReadOnlyMemory<byte>> bodies) =>
        new() { Format = LedgerFormats.NewestKnown, Journal = Ada, After = default, RecordedAt = 1, Kind = 1, Bodies = bodies };
}
