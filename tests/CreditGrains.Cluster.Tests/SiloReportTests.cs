using CreditGrains.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CreditGrains.Cluster.Tests;

/// <summary>Each silo tells of itself what was done, and a dead one keeps nobody from answering.</summary>
public sealed class SiloReportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_silo_reports_what_it_has_done_by_the_clock_that_it_is_given()
    {
        // Each partition is claimed when it is needed, once, by the silo that has it all along: nothing waits for a clock that stands still.
        await using var ledger = await LedgerCluster.StartAsync(silos: 2, options: new() { IsStoreExclusive = true }, ownClock: true);
        var started = ledger.Clock!.GetUtcNow();
        foreach (var partition in Enumerable.Range(0, Made.Partitions))
        {
            var citizen = Made.Citizen(partition);
            Assert.Equal(RecordStatus.Recorded, (await ledger.Grain(citizen).Record(Made.Payment(citizen, "a"))).Status);
            Assert.Equal(RecordStatus.Refused, (await ledger.Grain(citizen).Record(Made.Payment(citizen, "a", 999))).Status);
        }

        var one = Made.Citizen(3, number: 2);
        await ledger.Grain(one).RecordMany([Made.Payment(one, "b"), Made.Payment(one, "c"), Made.Payment(one, "d")]);
        ledger.Clock.Advance(TimeSpan.FromSeconds(4));

        var reports = (await Reports(ledger).ReadAsync(Token)).Silos;

        Assert.Equal(ledger.Orleans.Silos.Select(silo => silo.Name).Order(StringComparer.Ordinal), reports.Select(silo => silo.Member.Name));
        foreach (var (member, report) in reports.Select(silo => (silo.Member, silo.Report!)))
        {
            var silo = ledger.Orleans.Silos.Single(silo => silo.Name == member.Name);
            var owned = Enumerable.Range(0, Made.Partitions).Count(partition => silo.SiloAddress.Equals(ledger.Map.OwnerOf(partition)));
            var isOwner = silo.SiloAddress.Equals(ledger.Map.OwnerOf(3));
            Assert.Equal((SiloState.Active, SiloState.Active), (member.State, report.State));
            Assert.Equal((member.Name, member.Address), (report.Name, report.Address));
            Assert.Equal((owned, owned), (report.PartitionsOwned, report.PartitionsAssigned));
            Assert.Equal(owned + (isOwner ? 1 : 0), report.ActiveCitizens);
            Assert.Equal((owned + (isOwner ? 3 : 0), owned), (report.Entries, report.Refusals));
            Assert.Equal(report.Entries / 4.0, report.EntriesPerSecond, 6);
            Assert.Equal(report.Commits / 4.0, report.CommitsPerSecond, 6);
            Assert.Equal(1, report.RecordsPerCommit);
            Assert.Equal(started, report.StartedAt);
            Assert.Equal((0, 0, 0), (report.QueuedRecords, report.FenceLosses, report.Overloads));
            Assert.Equal((Journal.LedgerFormats.NewestKnown, Journal.LedgerFormats.NewestKnown), (report.NewestFormat, report.WrittenFormat));

            // Not the one against the other: the system may have taken pages of the heap out of memory.
            Assert.True(report.WorkingSetBytes > 0 && report.HeapBytes > 0 && report.ProcessorTime > TimeSpan.Zero);
            Assert.NotNull(report.CommitLatencyP99);
        }

        // What lies further back than ten seconds is not lately any more.
        ledger.Clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var report in (await Reports(ledger).ReadAsync(Token)).Silos.Select(silo => silo.Report!))
        {
            Assert.True(report.Entries > 0);
            Assert.Equal((0, 0, null), (report.EntriesPerSecond, report.CommitsPerSecond, report.CommitLatencyP50));
        }
    }

    [Fact]
    public async Task A_silo_that_died_is_listed_without_a_report_and_the_others_with_theirs()
    {
        await using var ledger = await LedgerCluster.StartAsync(silos: 3, options: new());
        var dead = ledger.Orleans.Silos[2];
        await ledger.Orleans.KillSiloAsync(dead, Token);

        var silos = (await Reports(ledger).ReadAsync(Token)).Silos;

        Assert.Equal(3, silos.Length);
        Assert.Equal(dead.Name, Assert.Single(silos, silo => silo.Report is null).Member.Name);
    }

    [Fact]
    public async Task Nobody_is_asked_in_the_place_of_a_silo_that_is_not_there()
    {
        await using var ledger = await LedgerCluster.StartAsync(silos: 1, options: new());

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await ledger.Orleans.Client.GetGrain<ISiloGrain>("nobody").Report());

        Assert.True(RetryPolicy.MeansSilence(failure), failure.ToString());
    }

    [Fact]
    public async Task A_silo_that_came_back_under_its_name_is_listed_once()
    {
        await using var ledger = await LedgerCluster.StartAsync(silos: 2, options: new());
        await ledger.Orleans.RestartSiloAsync(ledger.Orleans.Silos[1]);
        await ledger.Orleans.WaitForClusterManifestToStabilizeAsync();

        var silos = (await Reports(ledger).ReadAsync(Token)).Silos;

        Assert.Equal(2, silos.Length);
        Assert.All(silos, silo => Assert.Equal(SiloState.Active, silo.Report?.State));
    }

    private static IClusterReports Reports(LedgerCluster ledger) => ledger.Orleans.Client.ServiceProvider.GetRequiredService<IClusterReports>();
}
