using CreditGrains.Journal.InMemory;

namespace CreditGrains.Journal.Tests.Manifest;

public sealed class LedgerManifestTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly LedgerManifest Wanted = new(1, 256, 1, new UInt128(0xABCD, 0x1234), "Europe/Vienna", new byte[] { 1, 2, 3 }, 1_893_456_000_000_000);

    private readonly InMemoryStore _store = new();

    [Fact]
    public async Task A_ledger_is_created_once_and_read_back()
    {
        Assert.Null(await LedgerManifest.ReadAsync(_store, None));

        Assert.Equal(Wanted, await LedgerManifest.CreateIfAbsentAsync(_store, Wanted, None));
        Assert.Equal(Wanted, await LedgerManifest.CreateIfAbsentAsync(_store, Wanted with { LedgerId = 9 }, None));
        Assert.Equal(Wanted, await LedgerManifest.ReadAsync(_store, None));
    }

    [Fact]
    public async Task The_newest_manifest_counts_and_of_two_changes_one_wins()
    {
        await LedgerManifest.CreateIfAbsentAsync(_store, Wanted, None);

        Assert.True(await LedgerManifest.ReplaceAsync(_store, Wanted, Wanted with { FormatVersion = 2 }, None));
        Assert.False(await LedgerManifest.ReplaceAsync(_store, Wanted, Wanted with { PartitionCount = 512, Generation = 2 }, None));

        Assert.Equal(Wanted with { FormatVersion = 2 }, await LedgerManifest.ReadAsync(_store, None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await LedgerManifest.ReplaceAsync(_store, Wanted, Wanted with { LedgerId = 1 }, None));
    }

    [Fact]
    public async Task The_cluster_and_its_era_are_kept_and_a_manifest_from_before_them_has_the_first_era()
    {
        var served = Wanted with { Cluster = "north", Era = 3 };
        await LedgerManifest.CreateIfAbsentAsync(_store, served, None);
        Assert.Equal(served, await LedgerManifest.ReadAsync(_store, None));

        var json = """{"formatVersion":1,"partitionCount":4,"generation":1,"ledgerId":"0b","zone":"UTC","keyCheck":"","createdAt":5}"""u8.ToArray();
        var older = new InMemoryStore();
        await older.InsertAsync([new(new(0, LedgerManifest.Journal, 1), (byte[])[.. System.Security.Cryptography.SHA256.HashData(json), .. json])], None);
        Assert.Equal(("", 1), await LedgerManifest.ReadAsync(older, None) is { } manifest ? (manifest.Cluster, manifest.Era) : default);
    }

    [Fact]
    public void A_claim_of_a_later_era_comes_after_every_claim_of_an_earlier_one()
    {
        Assert.Equal(7, LedgerManifest.ClaimVersion(1, 7));
        Assert.True(LedgerManifest.ClaimVersion(2, 0) > LedgerManifest.ClaimVersion(1, (1L << 40) - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LedgerManifest.ClaimVersion(1, 1L << 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => LedgerManifest.ClaimVersion(0, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(131_072)]
    public async Task A_partition_count_that_is_no_power_of_two_up_to_65536_is_refused(int count) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await LedgerManifest.CreateIfAbsentAsync(_store, Wanted with { PartitionCount = count }, None));

    [Fact]
    public async Task A_changed_byte_anywhere_is_noticed()
    {
        await LedgerManifest.CreateIfAbsentAsync(_store, Wanted, None);
        var key = new RowKey(0, LedgerManifest.Journal, 1);
        byte[] value = [];
        await foreach (var row in _store.ReadAsync(key, key, ReadDirection.Ascending, None)) value = row.Value.ToArray();

        for (var at = 0; at < value.Length; at++)
        {
            value[at] ^= 1;
            Assert.Equal(JournalDamage.Undecodable, LedgerManifest.TryDecode(new(key, value), out _, out var _));
            value[at] ^= 1;
        }

        _store.Damage(key, value[..^1]);
        await Assert.ThrowsAsync<JournalBrokenException>(async () => await LedgerManifest.ReadAsync(_store, None));
    }

    [Fact]
    public async Task A_manifest_of_a_newer_format_is_read_if_it_can_be_and_named_if_not()
    {
        var newer = Wanted with { FormatVersion = LedgerFormats.NewestKnown + 1 };
        await LedgerManifest.CreateIfAbsentAsync(_store, newer, None);
        Assert.Equal(newer, await LedgerManifest.ReadAsync(_store, None));
        Assert.Equal([Finding(1)], (await PartitionAudit.RunAsync(_store, 0, TestKeys.Of(CipherSuite.Plain), null, null, None)).Findings);

        var json = """{"formatVersion":3,"ledger":"said otherwise"}"""u8.ToArray();
        await _store.InsertAsync([new(new(0, LedgerManifest.Journal, 2), (byte[])[.. System.Security.Cryptography.SHA256.HashData(json), .. json])], None);
        var broken = await Assert.ThrowsAsync<JournalBrokenException>(async () => await LedgerManifest.ReadAsync(_store, None));
        Assert.Equal((JournalDamage.FormatTooNew, 3), (broken.Damage, broken.Format));
        Assert.Equal([Finding(1), Finding(2)], (await PartitionAudit.RunAsync(_store, 0, TestKeys.Of(CipherSuite.Plain), null, null, None)).Findings);

        static AuditFinding Finding(ulong number) => new(0, LedgerManifest.Journal, number, JournalDamage.FormatTooNew) { Format = LedgerFormats.NewestKnown + 1 };
    }

    [Fact]
    public async Task A_ledger_with_nothing_but_a_manifest_passes_an_audit()
    {
        await LedgerManifest.CreateIfAbsentAsync(_store, Wanted, None);

        Assert.True((await PartitionAudit.RunAsync(_store, 0, TestKeys.Of(CipherSuite.Plain), null, null, None)).IsSound);
        _store.Damage(new(0, LedgerManifest.Journal, 1), new byte[50]);
        var report = await PartitionAudit.RunAsync(_store, 0, TestKeys.Of(CipherSuite.Plain), null, null, None);
        Assert.Equal([new(0, LedgerManifest.Journal, 1, JournalDamage.Undecodable)], report.Findings);
    }
}
