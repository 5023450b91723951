using CsCheck;

namespace CreditGrains.Journal.Tests.Frame;

/// <summary>What a frame promises about its bytes.</summary>
public sealed class RecordFrameTests
{
    private static readonly JournalId Ada = new(Space.Citizen, new UInt128(0x0123456789ABCDEF, 0xFEDCBA9876543210));

    public static TheoryData<CipherSuite> Suites => [CipherSuite.Plain, CipherSuite.AesGcm];

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_was_sealed_is_opened_again(CipherSuite suite)
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
            Assert.Equal(new(suite, suite == CipherSuite.Plain ? 0u : 7u, kind, retention, payloads.Length, journal, after + 1, recordedAt, previous), opened.Header);
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
    [MemberData(nameof(Suites))]
    public void The_bytes_are_those_of_the_golden_file(CipherSuite suite)
    {
        var file = $"Frame/record-v1-suite{(int)suite}.hex";
        var keys = TestKeys.Of(suite, new CountingSource());
        var record = RecordFrame.Seal(Sample(), keys.Current(Ada));

        Assert.Equal(GoldenFile.Read(file), record.Value.ToArray());

        var opened = RecordFrame.Open(new(new(3, Ada, 41), GoldenFile.Read(file)), keys);
        Assert.Equal(record.Hash, opened.Hash);
        Assert.Equal(["first", "second"], opened.Bodies.Select(body => System.Text.Encoding.UTF8.GetString(body!.Value.Span)));
        Assert.Equal("fold"u8.ToArray(), opened.Snapshot!.Value.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_changed_byte_anywhere_is_noticed(CipherSuite suite)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);
        for (var at = 0; at < record.Value.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = record.Value.ToArray();
                damaged[at] ^= (byte)(1 << bit);

                var damage = RecordFrame.TryOpen(new(key, damaged), keys, out var opened);

                Assert.True(damage is not null || opened!.Hash != record.Hash || opened.IsSnapshotBroken || opened.IsKeyGone, $"byte {at}, bit {bit}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_frame_cut_short_or_run_long_is_noticed(CipherSuite suite)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(), keys.Current(Ada));
        var key = new RowKey(3, Ada, 41);
        var withoutSnapshot = RecordFrame.DropSnapshot(new(key, record.Value)).Length;
        for (var length = 0; length < record.Value.Length; length++)
        {
            if (length == withoutSnapshot) continue; // a snapshot may be dropped
            var damage = RecordFrame.TryOpen(new(key, record.Value[..length]), keys, out var opened);
            Assert.True(damage is not null || opened!.IsSnapshotBroken, $"length {length}");
        }

        var longer = RecordFrame.TryOpen(new(key, (byte[])[.. record.Value.Span, 0]), keys, out var tooLong);
        Assert.True(longer is not null || tooLong!.IsSnapshotBroken);
    }

    [Fact]
    public void Any_bytes_at_all_are_refused_without_an_accident()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            if (bytes.Length > 0) bytes[0] = RecordFrame.FormatVersion;
            var damage = RecordFrame.TryOpen(new(new(3, Ada, 41), bytes), keys, out _);
            Assert.NotNull(damage);
        });
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_redacted_body_is_gone_and_the_record_still_verifies(CipherSuite suite)
    {
        var keys = TestKeys.Of(suite);
        var record = RecordFrame.Seal(Sample(), keys.Current(Ada));
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

    [Fact]
    public void A_record_under_another_key_of_the_store_is_misplaced()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var record = RecordFrame.Seal(Sample(), keys.Current(Ada));

        foreach (var elsewhere in new RowKey[] { new(3, Ada, 42), new(3, new(Space.Citizen, 1), 41), new(3, new(Space.Partition, Ada.Id), 41) })
        {
            var broken = Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(new(elsewhere, record.Value), keys));
            Assert.Equal((JournalDamage.Misplaced, elsewhere), (broken.Damage, broken.At));
            Assert.DoesNotContain($"{Ada.Id:x}", broken.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_snapshot_moved_to_another_record_is_broken()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);
        var key = new RowKey(3, Ada, 41);
        var one = RecordFrame.Seal(Sample(), keys.Current(Ada)).Value;
        var two = RecordFrame.Seal(Sample(), keys.Current(Ada)).Value; // other salts, so another record
        var snapshotAt = RecordFrame.DropSnapshot(new(key, one)).Length;

        byte[] mixed = [.. one.Span[..snapshotAt], .. two.Span[snapshotAt..]];

        Assert.True(RecordFrame.Open(new(key, mixed), keys).IsSnapshotBroken);
        Assert.Null(RecordFrame.Glance(new(key, mixed), keys).Snapshot);
    }

    [Fact]
    public void A_record_whose_key_is_gone_still_verifies_and_tells_nothing()
    {
        var record = RecordFrame.Seal(Sample(), TestKeys.Of(CipherSuite.AesGcm).Current(Ada));

        var opened = RecordFrame.Open(new(new(3, Ada, 41), record.Value), new PlainKeys(RandomSource.OperatingSystem));

        Assert.True(opened.IsKeyGone);
        Assert.Equal(record.Hash, opened.Hash);
        Assert.All(opened.Bodies, body => Assert.Null(body));
        Assert.Null(opened.Snapshot);
        Assert.False(opened.IsSnapshotBroken);
    }

    [Fact]
    public void The_wrong_key_does_not_open_a_body()
    {
        var record = RecordFrame.Seal(Sample(), TestKeys.Of(CipherSuite.AesGcm).Current(Ada));
        using var wrong = new SingleKey(7, new byte[AesGcmCipher.KeyBytes], RandomSource.OperatingSystem);

        var broken = Assert.Throws<JournalBrokenException>(() => RecordFrame.Open(new(new(3, Ada, 41), record.Value), wrong));

        Assert.Equal(JournalDamage.BodyUnreadable, broken.Damage);
    }

    [Fact]
    public void The_same_body_twice_leaves_two_digests()
    {
        var keys = TestKeys.Of(CipherSuite.Plain);

        Assert.NotEqual(RecordFrame.Seal(Sample(), keys.Current(Ada)).Hash, RecordFrame.Seal(Sample(), keys.Current(Ada)).Hash);
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
            new() { Journal = Ada, After = default, RecordedAt = 1, Kind = 1, Bodies = [], Snapshot = new(1, 1, new byte[RecordFrame.MaxSnapshotBytes + 1]) }, cipher));
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

    private static RecordDraft Sample() => new()
    {
        Journal = Ada,
        After = new(40, RecordHash.Of("the record before"u8)),
        RecordedAt = 1_893_456_000_000_001, // 2030-01-01 and a microsecond
        Kind = 0x0102,
        RetentionClass = 0x0304,
        Bodies = new ReadOnlyMemory<byte>[] { "first"u8.ToArray(), "second"u8.ToArray() },
        Snapshot = new(5, 40, "fold"u8.ToArray()),
    };

    private static RecordDraft With(ReadOnlySpan<ReadOnlyMemory<byte>> bodies) =>
        new() { Journal = Ada, After = default, RecordedAt = 1, Kind = 1, Bodies = bodies };
}
