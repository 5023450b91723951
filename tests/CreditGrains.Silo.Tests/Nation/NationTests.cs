using System.Security.Cryptography;
using System.Text.Json;
using CreditGrains.Silo.Imports;
using CreditGrains.Silo.Imports.Entries;
using CreditGrains.Silo.Nation;

namespace CreditGrains.Silo.Tests.Nation;

public sealed class NationTests
{
    private static readonly NationPlan Plan = new(600, 24, 7, new(2024, 1, 1));
    private static readonly Lazy<(IReadOnlyList<Entry> Entries, IReadOnlyList<(string What, string Reference)> Examples)> Made = new(() => Make(Plan));

    [Fact]
    public void The_same_plan_makes_the_same_nation_on_every_machine()
    {
        var small = Plan with { Citizens = 40, Months = 6 };

        Assert.Equal(Digest(Make(small).Entries), Digest(Make(small).Entries));
        Assert.NotEqual(Digest(Make(small).Entries), Digest(Make(small with { Seed = 8 }).Entries));

        // Written down when it was first made: a nation of one version is the nation of the next.
        Assert.Equal("c8f90b258c762a9a", Digest(Make(small).Entries)[..16]);
    }

    [Fact]
    public void A_citizen_lives_the_same_life_alone_and_among_others()
    {
        var among = Make(Plan with { Citizens = 40 }).Entries.Where(entry => entry.Citizen == CommandRun.Citizen("sim:17"));
        using var pseudonymizer = new SubjectPseudonymizer(FakeHosting.Key);
        var life = new CitizenLife(Plan, new Market(Plan.Seed, Plan.Months), 17, pseudonymizer);
        var alone = Enumerable.Range(0, Plan.Months).SelectMany(_ => life.NextMonth()).Where(entry => entry.Citizen == CommandRun.Citizen("sim:17"));

        Assert.Equal(among, alone);
    }

    [Fact]
    public void Months_pass_for_all_in_turn_and_days_in_order()
    {
        var months = Made.Value.Entries.Select(entry => (entry.OccurredOn.Year * 12) + entry.OccurredOn.Month).ToArray();
        Assert.Equal(months.Order(), months);
        Assert.All(
            Made.Value.Entries.GroupBy(entry => entry.Citizen),
            own => Assert.Equal(own.Select(entry => entry.OccurredOn).Order(), own.Select(entry => entry.OccurredOn)));
        Assert.Equal((new(2024, 1, 1), new(2025, 12, 31)), (Made.Value.Entries.Min(entry => entry.OccurredOn), Made.Value.Entries.Max(entry => entry.OccurredOn)));
    }

    [Fact]
    public void References_are_unique_within_a_citizen_and_furnisher() =>
        Assert.Equal(
            Made.Value.Entries.Count,
            Made.Value.Entries.DistinctBy(entry => (entry.Citizen, entry.Furnisher, entry.Reference)).Count());

    [Fact]
    public void Every_entry_has_the_fields_of_its_kind_in_their_form() => Assert.All(Made.Value.Entries, MustBeWellFormed);

    [Fact]
    public void Every_kind_that_is_furnished_occurs_but_for_unlinking() =>
        Assert.Equal(
            Enum.GetValues<EntryKind>().Where(kind => (byte)kind < 100 && kind != EntryKind.IdentityUnlinked),
            Made.Value.Entries.Select(entry => entry.Kind).Distinct().Order());

    [Fact]
    public void The_nation_is_believable()
    {
        var byCitizen = Made.Value.Entries.GroupBy(entry => entry.Citizen).Select(own => own.ToArray()).ToArray();
        var perMonth = byCitizen.Select(own => own.Length / (double)Plan.Months).Order().ToArray();
        var borrowers = byCitizen.Where(own => own.Any(entry => entry.Kind == EntryKind.LoanOpened)).ToArray();
        var late = borrowers.Count(own => own.Any(entry => entry.Detail is LoanStatement { DaysPastDue: > 0 }));
        var lost = borrowers.Count(own => own.Any(entry => entry.Kind == EntryKind.LoanChargedOff));
        var inYuan = Made.Value.Entries.Count(entry => entry.Money is { } money && money.Currency == Currency.Of("CNY"));
        var withMoney = Made.Value.Entries.Count(entry => entry.Money is not null);

        Assert.InRange(perMonth[perMonth.Length / 2], 16, 24);
        Assert.InRange(perMonth.Count(entries => entries < 4) / (double)Plan.Citizens, 0.04, 0.14); // thin
        Assert.InRange(borrowers.Length / (double)Plan.Citizens, 0.6, 0.95);
        Assert.InRange(late / (double)borrowers.Length, 0.04, 0.2);
        Assert.InRange(lost / (double)borrowers.Length, 0.001, 0.05);
        Assert.InRange(inYuan / (double)withMoney, 0.95, 0.9999);
    }

    [Fact]
    public void What_is_reversed_corrected_sold_or_repaid_was_there_before()
    {
        var names = new HashSet<(CitizenId, EntryReference)>();
        var units = new Dictionary<(CitizenId, PositionId), Int128>();
        var opened = new HashSet<(CitizenId, TradelineId)>();
        foreach (var entry in Made.Value.Entries)
        {
            if (entry.Corrects is { } corrects) Assert.Contains((entry.Citizen, corrects), names);
            names.Add((entry.Citizen, new(entry.Furnisher, entry.Reference)));
            if (entry.Tradeline is { } tradeline) Assert.Equal(entry.Kind == EntryKind.LoanOpened, opened.Add((entry.Citizen, tradeline)));
            if (entry.Detail is not InvestmentHolding holding) continue;
            var held = units.GetValueOrDefault((entry.Citizen, holding.Position));
            units[(entry.Citizen, holding.Position)] = held += entry.Kind == EntryKind.InvestmentSold ? -holding.Units : holding.Units;
            Assert.True(held >= 0);
        }
    }

    [Fact]
    public void A_statement_says_what_the_schedule_and_the_repayments_say()
    {
        foreach (var loan in Made.Value.Entries.Where(entry => entry.Tradeline?.Value.StartsWith("loan/", StringComparison.Ordinal) == true).GroupBy(entry => (entry.Citizen, entry.Tradeline)))
        {
            var opened = loan.First();
            var terms = Assert.IsType<LoanTerms>(opened.Detail);
            var repaid = 0L;
            foreach (var entry in loan)
            {
                if (entry.Kind == EntryKind.LoanRepaid) repaid += entry.Money!.Value.MinorUnits;
                if (entry.Detail is not LoanStatement statement) continue;
                var oldestDue = opened.OccurredOn.AddMonths((int)(repaid / terms.InstalmentMinorUnits) + 1);
                Assert.Equal(Math.Max(0, entry.OccurredOn.DayNumber - oldestDue.DayNumber), statement.DaysPastDue);
                Assert.Equal((terms.TermMonths * terms.InstalmentMinorUnits) - repaid, entry.Money!.Value.MinorUnits);
            }
        }
    }

    [Fact]
    public async Task Simulate_records_it_and_names_citizens_worth_a_look()
    {
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("simulate", "--citizens", "600", "--months", "24", "--seed", "7", "--data", "unused", "--json"));

        Assert.Equal(Made.Value.Entries, run.Ledger.Entries);
        using var json = JsonDocument.Parse(run.LastLine);
        Assert.Equal(Made.Value.Entries.Count, json.RootElement.GetProperty("recorded").GetInt32());
        Assert.Equal(Made.Value.Entries.Count, json.RootElement.GetProperty("rows").GetInt32());
        var examples = json.RootElement.GetProperty("examples");
        Assert.Equal(
            ["ordinary", "thin", "arrears", "chargedOff", "coLent", "moved", "linked"],
            examples.EnumerateObject().Select(example => example.Name));
        var thin = CommandRun.Citizen(examples.GetProperty("thin").GetString()!);
        Assert.InRange(run.Ledger.Entries.Count(entry => entry.Citizen == thin), 1, 100);
    }

    [Fact]
    public void The_citizen_for_measurements_has_500_entries_in_24_months_and_two_tradelines()
    {
        for (var number = 1UL; number <= 200; number++)
        {
            var entries = OrdinaryCitizen.Entries(1, number, new(1, number), new(2024, 1, 1)).ToArray();

            Assert.Equal(OrdinaryCitizen.EntryCount, entries.Length);
            Assert.Equal(2, entries.Select(entry => entry.Tradeline).OfType<TradelineId>().Distinct().Count());
            Assert.Equal(OrdinaryCitizen.Months, entries.Select(entry => entry.OccurredOn.AddDays(1 - entry.OccurredOn.Day)).Distinct().Count());
            Assert.All(entries, MustBeWellFormed);
        }
    }

    [Fact]
    public void Numbers_are_drawn_evenly_within_both_ends()
    {
        var random = new RandomStream(1, 1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.Between(-3, 3) + 3]++;

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    // What the contracts say of each field; the ledger's own rules are tested where they are.
    private static void MustBeWellFormed(Entry entry)
    {
        Assert.NotEqual(default, entry.Citizen);
        Assert.Matches("^[a-z0-9-]{1,32}$", entry.Furnisher.Value);
        Assert.Matches("^[!-~]{1,128}$", entry.Reference);
        if (entry.Category is { } category) Assert.Matches("^[a-z0-9-]{1,32}$", category);
        Assert.Equal(entry.Kind is >= EntryKind.LoanOpened and <= EntryKind.TradelineTransferred, entry.Tradeline is not null);
        Assert.Equal(entry.Kind is EntryKind.EntryReversed or EntryKind.EntryCorrected, entry.Corrects is not null);
        var hasNone = entry.Kind is EntryKind.TradelineTransferred or EntryKind.LoanClosed or EntryKind.PublicRecordReported or EntryKind.ProfileReported
            or EntryKind.IdentityLinked or EntryKind.EntryReversed;
        Assert.Equal(!hasNone, entry.Money is not null);
        var mayBeZero = entry.Kind is EntryKind.LoanOpened or EntryKind.LoanStatementReported;
        if (entry.Money is { } money) Assert.InRange(money.MinorUnits, mayBeZero ? 0 : 1, FieldText.MaxMinorUnits);
        switch (entry.Detail)
        {
            case LoanTerms terms:
                Assert.InRange(terms.TermMonths, 0, 600);
                Assert.Equal(terms.TermMonths == 0, terms.InstalmentMinorUnits == 0);
                Assert.True(terms.CoLenders.IsEmpty || terms.CoLenders.Sum(lender => lender.BasisPoints) == 10_000);
                Assert.Equal(terms.CoLenders.Length, terms.CoLenders.DistinctBy(lender => lender.Organisation).Count());
                break;
            case LoanStatement statement:
                Assert.InRange(statement.DaysPastDue, 0, 9_999);
                Assert.Equal(statement.DaysPastDue > 0, statement.PastDueMinorUnits > 0);
                break;
            case InvestmentHolding holding:
                Assert.Equal(entry.Kind is EntryKind.InvestmentBought or EntryKind.InvestmentSold, holding.Units > 0);
                break;
            case CitizenProfile profile:
                Assert.InRange(profile.BirthYear!.Value, 1900, 2024);
                break;
        }
    }

    private static (IReadOnlyList<Entry> Entries, IReadOnlyList<(string What, string Reference)> Examples) Make(NationPlan plan)
    {
        using var pseudonymizer = new SubjectPseudonymizer(FakeHosting.Key);
        var nation = new Population(plan);
        nation.Prepare();
        var entries = nation.Read(pseudonymizer, new NoRefusals()).Select(placed => placed.Entry).ToArray();
        return (entries, nation.Examples);
    }

    private static string Digest(IReadOnlyList<Entry> entries)
    {
        using var stream = new MemoryStream();
        foreach (var entry in entries)
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            EntryJsonWriter.WriteFields(json, entry);
            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    private sealed class NoRefusals : IRowObserver
    {
        public void RowRead()
        {
        }

        public void RowRefused(RowPlace place, RowFault fault) => Assert.Fail(fault.Message);
    }
}
