using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.CommandLine;

/// <summary>The JSON that programs depend on, letter by letter. A change here breaks somebody's script.</summary>
public sealed class JsonShapeTests
{
    private static readonly Currency Koruna = Currency.Of("CZK");
    private static readonly CitizenId Citizen = new(0x0123456789abcdef, 0xfedcba9876543210);

    [Fact]
    public async Task Totals()
    {
        var run = new CommandRun();
        run.Ledger.Totals = new(1_229, 49_784,
        [
            new(new("berka"), EntryKind.PaymentMade, Koruna, new(26_108, Int128.Parse("170141183460469231731687303715884105727", null))),
            new(new("registry"), EntryKind.ProfileReported, default, new(2, 0)),
        ]);

        Assert.Equal(0, await run.RunAsync("totals", "--data", "somewhere", "--json"));

        Assert.Equal(
            """
            {"citizens":1229,"entries":49784,"totals":[{"furnisher":"berka","kind":"PaymentMade","currency":"CZK","count":26108,"minorUnits":170141183460469231731687303715884105727},{"furnisher":"registry","kind":"ProfileReported","currency":"XXX","count":2,"minorUnits":0}]}

            """,
            run.Out);
    }

    [Fact]
    public async Task Backup()
    {
        var run = new CommandRun();
        run.Hosting.Backup = new(0x0123456789abcdef, 256, 700, 9_000, 1_000_000, 12);

        Assert.Equal(0, await run.RunAsync("backup", "d", "--data", "somewhere", "--json"));

        Assert.Equal("""{"ledger":"00000000000000000123456789abcdef","partitions":256,"batches":700,"rows":9000,"bytes":1000000,"rowsWritten":12}""", run.Out.TrimEnd());
    }

    [Fact]
    public async Task Restore()
    {
        var run = new CommandRun();
        run.Hosting.Restored = new(0x0123456789abcdef, 2, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 256, 700, 9_000, 8_000, [new(7, null, 4, "batch: the batch is missing")]);

        Assert.Equal(3, await run.RunAsync("restore", "d", "--data", "somewhere", "--json"));

        Assert.Equal(
            """
            {"ledger":"00000000000000000123456789abcdef","era":2,"backedUpAt":"2026-01-02T03:04:05.000000Z","partitions":256,"batches":700,"rows":9000,"rowsWritten":8000,"ok":false,
            "broken":[{"partition":7,"citizen":null,"sequence":4,"what":"batch: the batch is missing"}]}
            """.Replace("\n", "", StringComparison.Ordinal),
            run.Out.TrimEnd());
    }

    [Fact]
    public async Task File_of_a_citizen()
    {
        var run = new CommandRun();
        run.Ledger.File = new(ReadStatus.Answered, File());

        Assert.Equal(0, await run.RunAsync("file", "berka:2", "--data", "somewhere", "--json"));

        Assert.Equal(
            """
            {"citizen":"0123456789abcdeffedcba9876543210","asOf":"1994-03-31","knownAt":"2026-01-02T03:04:05.678901Z","entries":3,"coverage":"SCORABLE",
            "lifetime":{"XXX":{"ProfileReported":{"count":1,"minorUnits":0}},"CZK":{"PaymentMade":{"count":9,"minorUnits":108},"LoanRepaid":{"count":9,"minorUnits":8}}},
            "windows":{"7d":{"CZK":{"PaymentMade":{"count":1,"minorUnits":100}}},"30d":{"CZK":{"PaymentMade":{"count":2,"minorUnits":101}}},
            "90d":{"CZK":{"PaymentMade":{"count":3,"minorUnits":102}}},"3m":{"CZK":{"PaymentMade":{"count":4,"minorUnits":103}}},
            "6m":{"CZK":{"PaymentMade":{"count":5,"minorUnits":104}}},"12m":{"CZK":{"PaymentMade":{"count":6,"minorUnits":105}}},
            "24m":{"CZK":{"PaymentMade":{"count":7,"minorUnits":106}}},"60m":{"CZK":{"PaymentMade":{"count":8,"minorUnits":107}}}},
            "tradelines":[{"id":"loan/900","furnisher":"berka","opened":"1993-07-05","principal":{"currency":"CZK","minorUnits":9639600},"termMonths":12,
            "instalment":{"currency":"CZK","minorUnits":803300},"repaid":{"currency":"CZK","minorUnits":803300},"outstanding":{"currency":"CZK","minorUnits":8836300},
            "daysPastDue":14,"grid":[14,0,null],"coLenders":[{"organisation":"larkpay","basisPoints":3000},{"organisation":"berka","basisPoints":7000}],
            "portfolio":"Instalment","drawn":{"currency":"CZK","minorUnits":0},"limit":null,"status":"PastDue","closed":null,"chargedOffOn":null,"chargedOff":{"currency":"CZK","minorUnits":0}},
            {"id":"x","furnisher":"berka","opened":null,"principal":null,"termMonths":null,"instalment":null,"repaid":{"currency":"CZK","minorUnits":5},"outstanding":null,
            "daysPastDue":null,"grid":[],"coLenders":[],"portfolio":null,"drawn":{"currency":"CZK","minorUnits":0},"limit":null,"status":null,"closed":null,"chargedOffOn":null,"chargedOff":{"currency":"CZK","minorUnits":0}}],
            "investments":[{"id":"fund/1","units":"12.5","cost":{"currency":"CZK","minorUnits":100},"value":{"currency":"CZK","minorUnits":110},"netInflow":{"currency":"CZK","minorUnits":90},"valuedOn":"1994-03-30"}],
            "categories":[{"category":"household","currency":"CZK","kind":"PaymentMade","lifetime":{"count":2,"minorUnits":20},"12m":{"count":1,"minorUnits":10}}],
            "profile":{"province":"nanhu","birthYear":null},"aliases":["00000000000000010000000000000002"],"refolded":true}
            """.Replace("\n", "", StringComparison.Ordinal),
            run.Out.TrimEnd());
    }

    [Fact]
    public async Task File_of_a_citizen_of_whom_nothing_is_known()
    {
        var run = new CommandRun();
        run.Ledger.File = new(ReadStatus.Answered, new CreditFile { Citizen = Citizen, AsOf = new(2024, 1, 1), KnownAt = DateTimeOffset.UnixEpoch, Coverage = Coverage.NoFile });

        Assert.Equal(0, await run.RunAsync("file", "berka:2", "--data", "somewhere", "--json"));

        Assert.Equal(
            """
            {"citizen":"0123456789abcdeffedcba9876543210","asOf":"2024-01-01","knownAt":"1970-01-01T00:00:00.000000Z","entries":0,"coverage":"NO_FILE","lifetime":{},
            "windows":{"7d":{},"30d":{},"90d":{},"3m":{},"6m":{},"12m":{},"24m":{},"60m":{}},"tradelines":[],"investments":[],"categories":[],"profile":null,"aliases":[],"refolded":false}
            """.Replace("\n", "", StringComparison.Ordinal),
            run.Out.TrimEnd());
    }

    [Fact]
    public async Task History_is_one_entry_a_line()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        await run.RunAsync("import", "entries", folder.Write("e.jsonl",
            """
            {"citizen":"berka:2","kind":"LoanOpened","furnisher":"berka","reference":"loan/900","occurredOn":"1993-07-05","money":{"currency":"CZK","minorUnits":9639600},"tradeline":"loan/900","detail":{"termMonths":12,"instalmentMinorUnits":803300}}
            {"citizen":"berka:2","kind":"PaymentMade","furnisher":"berka","reference":"trans/1","occurredOn":"1993-07-06","money":{"currency":"CZK","minorUnits":5}}
            """), "--data", "somewhere");

        Assert.Equal(0, await run.RunAsync("history", "berka:2", "--data", "somewhere", "--json"));

        var citizen = CommandRun.Citizen("berka:2");
        Assert.Equal(
            $$$"""
            {"sequence":1,"index":0,"recordedAt":"2026-01-01T00:00:00.000000Z","citizen":"{{{citizen}}}","kind":"LoanOpened","furnisher":"berka","reference":"loan/900","occurredOn":"1993-07-05","money":{"currency":"CZK","minorUnits":9639600},"tradeline":"loan/900","detail":{"portfolio":"Instalment","termMonths":12,"instalmentMinorUnits":803300}}
            {"sequence":2,"index":0,"recordedAt":"2026-01-01T00:00:00.000000Z","citizen":"{{{citizen}}}","kind":"PaymentMade","furnisher":"berka","reference":"trans/1","occurredOn":"1993-07-06","money":{"currency":"CZK","minorUnits":5}}

            """,
            run.Out);
    }

    [Fact]
    public async Task Verify()
    {
        var run = new CommandRun();
        run.Hosting.Audit = new(2, 3, 4, [new BrokenPlace(7, Citizen, 5, "its hash is not its content's"), new BrokenPlace(8, null, null, "the head is missing")]);

        Assert.Equal(3, await run.RunAsync("verify", "--data", "somewhere", "--json"));

        Assert.Equal(
            """
            {"citizens":2,"records":3,"entries":4,"ok":false,"broken":[{"partition":7,"citizen":"0123456789abcdeffedcba9876543210","sequence":5,"what":"its hash is not its content\u0027s"},{"partition":8,"citizen":null,"sequence":null,"what":"the head is missing"}]}

            """,
            run.Out);
    }

    [Fact]
    public async Task For_people_the_file_is_drawn_with_all_that_it_holds()
    {
        var run = new CommandRun();
        run.Ledger.File = new(ReadStatus.Answered, File());

        Assert.Equal(0, await run.RunAsync("file", "berka:2", "--data", "somewhere"));

        foreach (var shown in new[] { "SCORABLE", "nanhu", "LoanRepaid", "loan/900", "96,396.00 CZK", "·01", "larkpay 30 %", "fund/1", "12.5" })
            Assert.Contains(shown, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Out, StringComparison.Ordinal); // no colours where nobody looks
    }

    private static CreditFile File() => new()
    {
        Citizen = Citizen,
        AsOf = new(1994, 3, 31),
        KnownAt = new(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero),
        Entries = 3,
        Coverage = Coverage.Scorable,
        Refolded = true,
        Totals =
        [
            new(default, EntryKind.ProfileReported, [.. new Total[8], new Total(1, 0)]),
            new(Koruna, EntryKind.PaymentMade, [.. Enumerable.Range(0, 9).Select(i => new Total(i + 1, 100 + i))]),
            new(Koruna, EntryKind.LoanRepaid, [.. new Total[8], new Total(9, 8)]),
        ],
        Categories = [new("household", Koruna, EntryKind.PaymentMade, new(2, 20), new(1, 10))],
        Tradelines =
        [
            new()
            {
                Id = new("loan/900"),
                Furnisher = new("berka"),
                Currency = Koruna,
                OpenedOn = new(1993, 7, 5),
                Terms = new() { TermMonths = 12, InstalmentMinorUnits = 803_300, CoLenders = [new(new("larkpay"), 3_000), new(new("berka"), 7_000)] },
                PrincipalMinorUnits = 9_639_600,
                RepaidMinorUnits = 803_300,
                OutstandingMinorUnits = 8_836_300,
                DaysPastDue = 14,
                Grid = [14, 0, TradelineView.Unknown],
                Status = AccountStatus.PastDue,
            },
            new() { Id = new("x"), Furnisher = new("berka"), Currency = Koruna, RepaidMinorUnits = 5 },
        ],
        Positions =
        [
            new()
            {
                Id = new("fund/1"), Currency = Koruna, Units = 1_250_000_000, CostMinorUnits = 100, ValueMinorUnits = 110,
                ValuedOn = new(1994, 3, 30), NetInflowMinorUnits = 90,
            },
        ],
        Profile = new() { Province = "nanhu" },
        Aliases = [new(1, 2)],
    };
}
