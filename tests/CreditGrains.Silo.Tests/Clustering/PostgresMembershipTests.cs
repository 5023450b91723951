using System.Globalization;
using System.Net;
using CreditGrains.Client;
using CreditGrains.Journal;
using CreditGrains.Journal.Postgres;
using CreditGrains.Journal.Tests.Stores;
using CreditGrains.Silo.Clustering.Postgres;
using CreditGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace CreditGrains.Silo.Tests.Clustering;

public sealed class PostgresMembershipTests(PostgresServer server)
{
    private const int Partitions = 16;

    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_joins_once_and_a_change_made_on_an_older_version_is_refused()
    {
        var table = await OpenTable();
        var empty = await table.ReadAllAsync(Token);
        Assert.Empty(empty.Members);
        Assert.Equal(0, empty.Version.Version);

        Assert.True(await table.InsertRowAsync(Member(1), empty.Version.Next(), Token));
        Assert.False(await table.InsertRowAsync(Member(1), (await table.ReadAllAsync(Token)).Version.Next(), Token)); // it is there
        Assert.False(await table.InsertRowAsync(Member(2), empty.Version.Next(), Token)); // another version is newer

        var joined = await table.ReadAllAsync(Token);
        Assert.Equal(1, joined.Version.Version);
        var (row, etag) = Assert.Single(joined.Members);
        row.Status = SiloStatus.Dead;
        row.AddSuspector(Address(9), Noon);
        Assert.False(await table.UpdateRowAsync(row, etag, empty.Version.Next(), Token));
        Assert.False(await table.UpdateRowAsync(Member(3), etag, joined.Version.Next(), Token)); // nobody by that address
        Assert.True(await table.UpdateRowAsync(row, etag, joined.Version.Next(), Token));

        var changed = await table.ReadRowAsync(Address(1), Token);
        Assert.Equal(2, changed.Version.Version);
        Assert.Equal(row.ToFullString(), Assert.Single(changed.Members).Item1.ToFullString());
        Assert.Empty((await table.ReadRowAsync(Address(7), Token)).Members);
    }

    [Fact]
    public async Task Of_twenty_that_write_one_version_at_once_one_succeeds()
    {
        var table = await OpenTable();
        var version = (await table.ReadAllAsync(Token)).Version.Next();

        var same = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => table.InsertRowAsync(Member(1), version, Token)));
        Assert.Single(same, made => made);

        var next = (await table.ReadAllAsync(Token)).Version.Next();
        var others = await Task.WhenAll(Enumerable.Range(2, 20).Select(number => table.InsertRowAsync(Member(number), next, Token)));
        Assert.Single(others, made => made);
        Assert.Equal(2, (await table.ReadAllAsync(Token)).Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_moves_no_version_and_only_the_dead_are_cleared_away()
    {
        var table = await OpenTable();
        await table.InsertRowAsync(Member(1), (await table.ReadAllAsync(Token)).Version.Next(), Token);
        await table.InsertRowAsync(Member(2, SiloStatus.Dead), (await table.ReadAllAsync(Token)).Version.Next(), Token);
        await table.InsertRowAsync(Member(3, SiloStatus.Joining), (await table.ReadAllAsync(Token)).Version.Next(), Token);
        var before = await table.ReadAllAsync(Token);

        await table.UpdateIAmAliveAsync(new() { SiloAddress = Address(1), IAmAliveTime = Noon.AddMinutes(5) }, Token);

        var after = await table.ReadAllAsync(Token);
        Assert.Equal(before.Version.Version, after.Version.Version);
        Assert.Equal(Noon.AddMinutes(5), after.Members.Single(member => member.Item1.SiloAddress.Equals(Address(1))).Item1.IAmAliveTime);

        await table.CleanupDefunctSiloEntriesAsync(Noon, Token);
        Assert.Equal(3, (await table.ReadAllAsync(Token)).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(Noon.AddDays(9), Token);
        Assert.Equal([1, 3], (await table.ReadAllAsync(Token)).Members.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task Two_silos_share_a_ledger_and_the_one_that_is_left_goes_on_with_all_of_it()
    {
        var options = await server.NewStoreAsync();
        var database = options.ConnectionStrings[0];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MembershipSchema.MakeAsync(database, Token)));
        await using var one = await PostgresStore.OpenAsync(options, NullLogger.Instance, Token);
        await using var two = await PostgresStore.OpenAsync(options, NullLogger.Instance, Token);
        await TestLedger.CreateAsync(one, Partitions);
        using var stays = Silo("one", database, one);
        using var dies = Silo("two", database, two);
        using var client = Client(database);
        await stays.StartAsync(Token);
        await dies.StartAsync(Token);
        await client.StartAsync(Token);
        Assert.Equal(2L, await PostgresServer.AskAsync<long>(database, "select count(*) from silo_membership where Status = 3"));
        var ledger = client.Services.GetRequiredService<ILedgerClient>();

        await RecordEverywhere(ledger, "before", RecordStatus.Recorded);
        Assert.Equal(2L, await PostgresServer.AskAsync<long>(database, "select count(distinct SiloName) from silo_membership"));
        await dies.StopAsync(new CancellationToken(canceled: true)); // it leaves without a word
        await RecordEverywhere(ledger, "before", RecordStatus.AlreadyRecorded);
        await RecordEverywhere(ledger, "after", RecordStatus.Recorded);

        await client.StopAsync(Token);
        await stays.StopAsync(Token);

        static async Task RecordEverywhere(ILedgerClient ledger, string reference, RecordStatus status)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => ledger.RecordAsync(
                new Entry
                {
                    Citizen = new(((ulong)partition << 60) + 1, 1),
                    Kind = EntryKind.PaymentMade,
                    Furnisher = new("bank-a"),
                    Reference = reference,
                    OccurredOn = new(2025, 3, 1),
                    Money = new Money(100, Currency.Of("CZK")),
                },
                Token)));
            Assert.All(outcomes, outcome => Assert.Equal(status, outcome.Status));
        }
    }

    private static IHost Silo(string name, string database, IJournalStore store)
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.UseOrleans(silo =>
        {
            silo.UsePostgresMembership(database);
            silo.Configure<ClusterOptions>(OfTest);
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), FreePort.Next());
            silo.AddUnstoppable().AddCreditGrains(
                TestLedger.Settings(Partitions),
                store,
                new PlainKeys(RandomSource.OperatingSystem),
                new() { Lease = TimeSpan.FromMilliseconds(200), ReleaseWait = TimeSpan.FromMilliseconds(200) });
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        return host.Build();
    }

    private static IHost Client(string database)
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.UseOrleansClient(client =>
        {
            client.UsePostgresMembership(database);
            client.Configure<ClusterOptions>(OfTest);

            // What was on its way to a silo that died is answered by nobody.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(3));
        });
        host.Services.AddCreditGrainsClient(sending =>
        {
            sending.MaxAttempts = 40;
            sending.MaxBackOff = TimeSpan.FromMilliseconds(200);
        });
        return host.Build();
    }

    private static void OfTest(ClusterOptions cluster) => cluster.ClusterId = cluster.ServiceId = "test";

    private static SiloAddress Address(int number) => SiloAddress.New(IPAddress.Loopback, number, 7);

    private static MembershipEntry Member(int number, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = Address(number),
        SiloName = string.Create(CultureInfo.InvariantCulture, $"silo-{number}"),
        HostName = "host",
        Status = status,
        ProxyPort = 30_000,
        StartTime = Noon,
        IAmAliveTime = Noon,
    };

    /// <summary>The table as a silo of a cluster of its own would use it.</summary>
    private async Task<IMembershipTable> OpenTable()
    {
        var database = await server.NewDatabaseAsync();
        await MembershipSchema.MakeAsync(database, Token);
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.UseOrleans(silo =>
        {
            silo.UsePostgresMembership(database);
            silo.Configure<ClusterOptions>(OfTest);
        });
        var table = host.Build().Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true, Token);
        return table;
    }
}
