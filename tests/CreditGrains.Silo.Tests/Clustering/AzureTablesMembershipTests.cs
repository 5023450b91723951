using System.ComponentModel.DataAnnotations;
using System.Net;
using Azure.Data.Tables;
using CreditGrains.Journal.AzureTables;
using CreditGrains.Silo.Clustering.AzureTables;
using CreditGrains.Tests;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace CreditGrains.Silo.Tests.Clustering;

/// <summary>What the runtime relies on in a table of members, each against Azurite.</summary>
public sealed class AzureTablesMembershipTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly AzureTablesMembershipOptions _options;
    private readonly AzureTablesMembership _table;

    public AzureTablesMembershipTests(AzuriteServer azurite)
    {
        _options = new() { Account = new() { ConnectionString = azurite.ConnectionString() }, Table = $"m{Guid.NewGuid():N}" };
        _table = Of("a");
    }

    public async ValueTask InitializeAsync() => await _table.InitializeMembershipTableAsync(true, None);

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task An_empty_table_has_no_members_and_version_zero()
    {
        var all = await _table.ReadAllAsync(None);

        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
        Assert.NotEmpty(all.Version.VersionEtag);
    }

    [Fact]
    public async Task Beginning_a_cluster_again_or_at_once_changes_nothing()
    {
        await Insert(Member(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Of("a").InitializeMembershipTableAsync(true, None)));

        Assert.Equal(1, (await _table.ReadAllAsync(None)).Version.Version);
    }

    [Fact]
    public async Task A_table_without_a_version_is_said_to_be_so() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Of("never-begun").ReadAllAsync(None));

    [Fact]
    public async Task A_member_is_inserted_once_and_only_on_the_newest_version()
    {
        var empty = (await _table.ReadAllAsync(None)).Version;

        Assert.True(await _table.InsertRowAsync(Member(1), empty.Next(), None));

        var one = (await _table.ReadAllAsync(None)).Version;
        Assert.Equal(1, one.Version);
        Assert.NotEqual(empty.VersionEtag, one.VersionEtag);
        Assert.False(await _table.InsertRowAsync(Member(1), one.Next(), None)); // it is there
        Assert.False(await _table.InsertRowAsync(Member(1), empty.Next(), None));
        Assert.False(await _table.InsertRowAsync(Member(2), empty.Next(), None)); // the version is another by now
        var still = await _table.ReadAllAsync(None);
        Assert.Equal(one.VersionEtag, still.Version.VersionEtag);
        Assert.Single(still.Members);
    }

    [Fact]
    public async Task A_row_comes_alone_and_with_the_version_and_an_unknown_one_with_the_version_alone()
    {
        await Insert(Member(1));
        await Insert(Member(2));

        var known = await _table.ReadRowAsync(Silo(2), None);
        var unknown = await _table.ReadRowAsync(Silo(3), None);

        Assert.Equal(Silo(2), Assert.Single(known.Members).Item1.SiloAddress);
        Assert.Equal(2, known.Version.Version);
        Assert.Empty(unknown.Members);
        Assert.Equal(2, unknown.Version.Version);
    }

    [Fact]
    public async Task A_row_is_updated_only_on_the_newest_version_and_only_if_it_is_there()
    {
        await Insert(Member(1));
        var (member, etag, version) = await ReadOne(1);
        var changed = Member(1, SiloStatus.Active);

        Assert.True(await _table.UpdateRowAsync(changed, etag, version.Next(), None));

        var (now, newEtag, newVersion) = await ReadOne(1);
        Assert.Equal(changed.ToFullString(), now.ToFullString());
        Assert.NotEqual(etag, newEtag);
        Assert.Equal(2, newVersion.Version);
        Assert.False(await _table.UpdateRowAsync(member, newEtag, version.Next(), None)); // decided on an old view
        Assert.False(await _table.UpdateRowAsync(Member(9), newEtag, newVersion.Next(), None)); // never joined
        Assert.Equal(newVersion.VersionEtag, (await ReadOne(1)).Version.VersionEtag);
    }

    [Fact]
    public async Task Of_twenty_inserts_of_one_row_on_one_version_one_is_made()
    {
        var version = (await _table.ReadAllAsync(None)).Version.Next();

        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _table.InsertRowAsync(Member(1), version, None))));

        Assert.Single(made, true);
        Assert.Equal(1, (await _table.ReadAllAsync(None)).Version.Version);
    }

    [Fact]
    public async Task Nineteen_who_update_one_row_at_once_all_succeed_in_the_end_one_after_another()
    {
        await Insert(Member(1));

        await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var (member, etag, version) = await ReadOne(1);
                member.ProxyPort++;
                if (await _table.UpdateRowAsync(member, etag, version.Next(), None)) return;
            }
        })));

        var (final, _, last) = await ReadOne(1);
        Assert.Equal(20, last.Version);
        Assert.Equal(Member(1).ProxyPort + 19, final.ProxyPort);
    }

    [Fact]
    public async Task Silos_that_join_at_once_all_get_in()
    {
        await Task.WhenAll(Enumerable.Range(1, 12).Select(number => Task.Run(async () =>
        {
            while (!await _table.InsertRowAsync(Member(number), (await _table.ReadAllAsync(None)).Version.Next(), None))
            {
            }
        })));

        var all = await _table.ReadAllAsync(None);
        Assert.Equal(12, all.Version.Version);
        Assert.Equal(12, all.Members.Select(member => member.Item1.SiloAddress).Distinct().Count());
    }

    [Fact]
    public async Task A_sign_of_life_changes_the_time_alone_and_fails_nobodys_change()
    {
        await Insert(Member(1, SiloStatus.Active));
        var (before, etag, version) = await ReadOne(1);

        await _table.UpdateIAmAliveAsync(new() { SiloAddress = Silo(1), IAmAliveTime = Noon.AddHours(1) }, None);

        var (after, _, sameVersion) = await ReadOne(1);
        Assert.Equal(Noon.AddHours(1), after.IAmAliveTime);
        Assert.Equal(version, sameVersion);
        before.IAmAliveTime = after.IAmAliveTime;
        Assert.Equal(before.ToFullString(), after.ToFullString());
        Assert.True(await _table.UpdateRowAsync(Member(1, SiloStatus.ShuttingDown), etag, version.Next(), None)); // read before the sign of life
    }

    [Fact]
    public async Task Only_the_dead_that_nobody_has_heard_of_for_long_are_cleared_away()
    {
        var old = Noon.AddDays(-10);
        await Insert(At(Member(1, SiloStatus.Dead), old, old));
        await Insert(At(Member(2, SiloStatus.Active), old, old));
        await Insert(At(Member(3, SiloStatus.Joining), old, old));
        await Insert(At(Member(4, SiloStatus.Dead), Noon, old));
        await Insert(At(Member(5, SiloStatus.Dead), old, Noon));
        var suspected = At(Member(6, SiloStatus.Dead), old, old);
        suspected.SuspectTimes = [Tuple.Create(Silo(1), Noon)];
        await Insert(suspected);
        var version = (await _table.ReadAllAsync(None)).Version;

        await _table.CleanupDefunctSiloEntriesAsync(Noon.AddDays(-1), None);

        var left = await _table.ReadAllAsync(None);
        Assert.Equal([2, 3, 4, 5, 6], left.Members.Select(member => member.Item1.SiloAddress.Endpoint.Port - 11_000).Order());
        Assert.Equal(version, left.Version);
    }

    [Fact]
    public async Task Two_clusters_in_one_table_do_not_see_each_other()
    {
        var other = Of("b");
        await other.InitializeMembershipTableAsync(true, None);
        await Insert(Member(1));
        await Insert(Member(2));
        Assert.True(await other.InsertRowAsync(Member(1), (await other.ReadAllAsync(None)).Version.Next(), None));

        Assert.Equal(2, (await _table.ReadAllAsync(None)).Members.Count);
        Assert.Single((await other.ReadAllAsync(None)).Members);

        await _table.DeleteMembershipTableEntriesAsync("a", None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _table.ReadAllAsync(None));
        Assert.Single((await other.ReadAllAsync(None)).Members);
        await _table.InitializeMembershipTableAsync(true, None);
        Assert.Equal(0, (await _table.ReadAllAsync(None)).Version.Version);
    }

    [Fact]
    public async Task All_that_is_known_of_a_member_comes_back()
    {
        var member = Member(1, SiloStatus.Stopping);
        member.SuspectTimes = [Tuple.Create(Silo(2), Noon.AddTicks(1)), Tuple.Create(Silo(3), Noon.AddSeconds(2))];
        member.UpdateZone = 3;
        member.FaultZone = 4;
        member.RoleName = "role";
        var bare = new MembershipEntry { SiloAddress = SiloAddress.New(IPAddress.IPv6Loopback, 11_002, 7), SiloName = "bare" };
        await Insert(member);
        await Insert(bare);

        Assert.Equal(member.ToFullString(), (await ReadOne(1)).Member.ToFullString());
        var read = (await _table.ReadRowAsync(bare.SiloAddress, None)).Members[0].Item1;
        Assert.Equal(bare.SiloAddress, read.SiloAddress);
        Assert.Equal(default, read.StartTime);
    }

    [Fact]
    public async Task Clients_are_sent_to_active_silos_with_a_gateway()
    {
        await Insert(Member(1, SiloStatus.Active));
        await Insert(Member(2, SiloStatus.Joining));
        await Insert(Member(3, SiloStatus.Dead));
        var without = Member(4, SiloStatus.Active);
        without.ProxyPort = 0;
        await Insert(without);
        await Insert(Member(5, SiloStatus.ShuttingDown));
        await Insert(Member(6, SiloStatus.Active));
        var gateways = new AzureTablesGateways(_table, _options);

        var found = await gateways.GetGatewaysAsync(None);

        Assert.Equal(
            [SiloAddress.New(IPAddress.Loopback, 30_001, 1).ToGatewayUri(), SiloAddress.New(IPAddress.Loopback, 30_006, 6).ToGatewayUri()],
            found.OrderBy(uri => uri.Port));
        Assert.Equal(TimeSpan.FromMinutes(1), gateways.MaxStaleness);
    }

    [Fact]
    public async Task More_members_than_a_page_holds_are_read_as_of_one_version()
    {
        var table = new TableClient(_options.Account!.ConnectionString, _options.Table);
        foreach (var some in Enumerable.Range(1, 1_100).Chunk(100))
            await table.SubmitTransactionAsync(some.Select(number => new TableTransactionAction(TableTransactionActionType.Add, MemberRows.ToEntity("a", Member(number)))), None);

        var all = await _table.ReadAllAsync(None);

        Assert.Equal(1_100, all.Members.Count);
        Assert.Equal(0, all.Version.Version);
        await _table.DeleteMembershipTableEntriesAsync("a", None);
        await _table.InitializeMembershipTableAsync(true, None);
        Assert.Empty((await _table.ReadAllAsync(None)).Members);
    }

    [Fact]
    public async Task A_table_that_is_gone_is_no_lost_race()
    {
        var version = (await _table.ReadAllAsync(None)).Version.Next();
        await new TableClient(_options.Account!.ConnectionString, _options.Table).DeleteAsync(None);

        await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(() => _table.InsertRowAsync(Member(1), version, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a#b")]
    public void A_name_that_cannot_be_a_key_is_refused(string cluster) => Assert.Throws<ValidationException>(() => Of(cluster));

    [Fact]
    public void An_account_without_a_way_in_is_refused() => Assert.Throws<ValidationException>(() =>
        new AzureTablesMembership(new() { Account = new AzureTablesAccount() }, Options.Create(new ClusterOptions { ClusterId = "a" })));

    private AzureTablesMembership Of(string cluster) => new(_options, Options.Create(new ClusterOptions { ClusterId = cluster }));

    private async Task Insert(MembershipEntry member) =>
        Assert.True(await _table.InsertRowAsync(member, (await _table.ReadAllAsync(None)).Version.Next(), None));

    private async Task<(MembershipEntry Member, string Etag, TableVersion Version)> ReadOne(int number)
    {
        var read = await _table.ReadRowAsync(Silo(number), None);
        var (member, etag) = Assert.Single(read.Members);
        return (member, etag, read.Version);
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11_000 + number, number);

    private static MembershipEntry Member(int number, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = Silo(number), Status = status, SiloName = $"silo-{number}", HostName = "host", ProxyPort = 30_000 + number, StartTime = Noon, IAmAliveTime = Noon,
    };

    private static MembershipEntry At(MembershipEntry member, DateTime started, DateTime alive)
    {
        member.StartTime = started;
        member.IAmAliveTime = alive;
        return member;
    }
}
