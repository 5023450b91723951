using System.Text;
using System.Text.Json;
using CreditGrains.Silo.Imports.Entries;

namespace CreditGrains.Silo.Tests.Imports;

public sealed class EntriesTests
{
    private static readonly CitizenId Ada = CommandRun.Citizen("national:4711");
    private static readonly Currency Yuan = Currency.Of("CNY");

    /// <summary>One entry of each kind with all that it can have.</summary>
    public static TheoryData<EntryKind> Kinds => [.. Enum.GetValues<EntryKind>()];

    [Fact]
    public void An_entry_reads_as_the_schema_says()
    {
        var entry = Read("""
            {"citizen":"national:4711","kind":"PaymentMade","furnisher":"harbour-bank","reference":"2024-03/17",
             "occurredOn":"2024-03-09","money":{"currency":"CNY","minorUnits":12050},"category":"groceries"}
            """);

        Assert.Equal(
            new Entry
            {
                Citizen = Ada,
                Kind = EntryKind.PaymentMade,
                Furnisher = new("harbour-bank"),
                Reference = "2024-03/17",
                OccurredOn = new(2024, 3, 9),
                Money = new(12_050, Yuan),
                Category = "groceries",
            },
            entry);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read_to_the_same_entry(EntryKind kind)
    {
        var entry = OneOf(kind);

        Assert.Equal(entry, Read(Write(entry)));
    }

    [Fact]
    public void The_example_of_the_help_is_an_entry()
    {
        var start = EntrySchema.Text.IndexOf('{', StringComparison.Ordinal);
        var end = EntrySchema.Text.IndexOf("}\n\nFields", start, StringComparison.Ordinal);

        Assert.Equal("2024-03/17", Read(EntrySchema.Text[start..(end + 1)]).Reference);
    }

    [Fact]
    public void The_help_names_every_furnished_kind() =>
        Assert.All(
            Enum.GetValues<EntryKind>().Where(kind => (byte)kind < 100),
            kind => Assert.Contains(kind.ToString(), EntrySchema.Text, StringComparison.Ordinal));

    [Theory]
    //          what replaces the good fields                                             field                  code
    [InlineData("\"kind\":\"PaymentMad\"", "kind", "FieldMalformed")]
    [InlineData("\"kind\":1", "kind", "FieldMalformed")]
    [InlineData("\"kind\":null", "kind", "FieldMissing")]
    [InlineData("\"furnisher\":null", "furnisher", "FieldMissing")]
    [InlineData("\"reference\":null", "reference", "FieldMissing")]
    [InlineData("\"citizen\":null", "citizen", "FieldMissing")]
    [InlineData("\"citizen\":\"4711\"", "citizen", "FieldMalformed")]
    [InlineData("\"citizen\":\"a\\u0000b:1\"", "citizen", "FieldMalformed")]
    [InlineData("\"occurredOn\":null", "occurredOn", "FieldMissing")]
    [InlineData("\"occurredOn\":\"2024-02-30\"", "occurredOn", "FieldMalformed")]
    [InlineData("\"occurredOn\":\"09.03.2024\"", "occurredOn", "FieldMalformed")]
    [InlineData("\"money\":12", "money", "FieldMalformed")]
    [InlineData("\"money\":{\"currency\":\"CNY\",\"minorUnits\":1.5}", "money.minorUnits", "FieldMalformed")]
    [InlineData("\"money\":{\"currency\":\"CNY\",\"minorUnits\":\"1\"}", "money.minorUnits", "FieldMalformed")]
    [InlineData("\"money\":{\"currency\":\"CNY\",\"minorUnits\":99999999999999999999}", "money.minorUnits", "FieldMalformed")]
    [InlineData("\"money\":{\"currency\":\"CNY\"}", "money.minorUnits", "FieldMissing")]
    [InlineData("\"money\":{\"currency\":\"RMB\",\"minorUnits\":1}", "money.currency", "UnknownCurrency")]
    [InlineData("\"money\":{\"currency\":\"cny\",\"minorUnits\":1}", "money.currency", "UnknownCurrency")]
    [InlineData("\"money\":{\"currency\":\"CNY\",\"minorUnits\":1,\"cents\":5}", "money.cents", "UnknownField")]
    [InlineData("\"catgory\":\"groceries\"", "catgory", "UnknownField")]
    [InlineData("\"4711 Ada\":\"groceries\"", null, "UnknownField")] // may be a value in the wrong place
    [InlineData("\"category\":\"\\ud800\"", "category", "FieldMalformed")]
    [InlineData("\"category\":\"a\",\"category\":\"b\"", null, "FieldTwice")]
    [InlineData("\"detail\":{\"to\":\"b\"}", "detail", "FieldMalformed")] // a payment has no detail
    [InlineData("\"kind\":\"LoanOpened\",\"detail\":{\"termMonths\":\"12\"}", "detail.termMonths", "FieldMalformed")]
    [InlineData("\"kind\":\"LoanOpened\",\"detail\":{\"termMonths\":99999999999}", "detail.termMonths", "FieldMalformed")]
    [InlineData("\"kind\":\"LoanOpened\",\"detail\":{\"coLenders\":[1]}", "detail.coLenders", "FieldMalformed")]
    [InlineData("\"kind\":\"LoanOpened\",\"detail\":{\"coLenders\":[{\"organisation\":\"b\"}]}", "detail.coLenders.basisPoints", "FieldMissing")]
    [InlineData("\"kind\":\"InvestmentBought\",\"detail\":{\"position\":\"p\",\"units\":\"1.123456789\"}", "detail.units", "FieldMalformed")]
    [InlineData("\"kind\":\"InvestmentBought\",\"detail\":{\"position\":\"p\",\"units\":\"1.2.3\"}", "detail.units", "FieldMalformed")]
    [InlineData("\"kind\":\"EntryCorrected\",\"detail\":{\"as\":\"EntryCorrected\"}", "detail.as", "FieldMalformed")]
    public async Task A_bad_line_is_refused_by_field_and_the_others_are_in(string change, string? field, string code)
    {
        using var folder = new TempFolder();
        var path = folder.Write("entries.jsonl", string.Join('\n', Line("a"), Line("b", change), Line("c"), ""));
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "entries", path, "--data", folder["ledger"], "--json"));

        Assert.StartsWith("""{"rows":3,"recorded":2,"alreadyRecorded":0,"refused":1,""", run.LastLine, StringComparison.Ordinal);
        using var refused = JsonDocument.Parse(Assert.Single(File.ReadAllLines(folder["entries.refused.jsonl"])));
        Assert.Equal(("entries.jsonl", 2), (refused.RootElement.GetProperty("file").GetString(), refused.RootElement.GetProperty("line").GetInt32()));
        Assert.Equal((field, code), (refused.RootElement.GetProperty("field").GetString(), refused.RootElement.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("not json", "NotJson")]
    [InlineData("[]", "NotJson")]
    [InlineData("{\"citizen\":\"nat", "NotJson")] // cut short
    [InlineData("{} {}", "NotJson")]
    [InlineData("{}", "FieldMissing")]
    [InlineData("{\"citizen\":\"\0\"}", "HoldsNul")]
    public async Task A_line_that_is_no_object_is_refused(string bad, string code)
    {
        using var folder = new TempFolder();
        var path = folder.Write("entries.jsonl", $"{Line("a")}\r\n\r\n{bad}");
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "entries", path, "--data", folder["ledger"]));

        Assert.Contains($"\"line\":3,", File.ReadAllText(folder["entries.refused.jsonl"]), StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", File.ReadAllText(folder["entries.refused.jsonl"]), StringComparison.Ordinal);
        Assert.Single(run.Ledger.Entries);
    }

    [Fact]
    public async Task A_line_beyond_the_limit_and_one_with_other_bytes_are_refused_and_the_rest_is_in()
    {
        using var folder = new TempFolder();
        var path = folder.Write("entries.jsonl", [.. Encoding.UTF8.GetBytes(Line("a") + "\n{\"citizen\":\"" + new string('x', 10_000_000) + "\n{\""), 0xFF, .. Encoding.UTF8.GetBytes("\":1}\n" + Line("b"))]);
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "entries", path, "--data", folder["ledger"]));

        var refused = File.ReadAllLines(folder["entries.refused.jsonl"]);
        Assert.Contains("\"line\":2,\"field\":null,\"code\":\"LineTooLong\"", refused[0], StringComparison.Ordinal);
        Assert.Contains("\"line\":3,\"field\":null,\"code\":\"NotUtf8\"", refused[1], StringComparison.Ordinal);
        Assert.Equal(2, run.Ledger.Entries.Count);
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("", "is empty")]
    public async Task A_file_that_is_missing_or_empty_stops_the_import(string? text, string message)
    {
        using var folder = new TempFolder();
        if (text is not null) folder.Write("entries.jsonl", text);
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("import", "entries", folder["entries.jsonl"], "--data", folder["ledger"]));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Hosting.Opened);
    }

    [Fact]
    public async Task A_history_can_be_imported_as_it_was_printed()
    {
        using var folder = new TempFolder();
        var first = new CommandRun();
        await first.RunAsync("import", "entries", folder.Write("entries.jsonl", $"{Line("a")}\n{Line("b")}\n"), "--data", folder["ledger"]);
        await first.RunAsync("history", "national:4711", "--data", folder["ledger"], "--json");
        var second = new CommandRun();

        Assert.Equal(0, await second.RunAsync("import", "entries", folder.Write("history.jsonl", first.Out), "--data", folder["ledger"]));

        Assert.Equal(first.Ledger.Entries, second.Ledger.Entries);
    }

    [Theory]
    [InlineData("12.5", 1_250_000_000)]
    [InlineData("-0.00000001", -1)]
    [InlineData("405", 40_500_000_000)]
    public void Units_are_written_and_read_exactly(string text, long steps)
    {
        Assert.Equal(text, EntryJsonWriter.UnitsText(steps));
        var holding = Assert.IsType<InvestmentHolding>(Read($$$"""
            {"citizen":"national:4711","kind":"InvestmentBought","furnisher":"f","reference":"r","occurredOn":"2024-01-01","detail":{"position":"p","units":"{{{text}}}"}}
            """).Detail);
        Assert.Equal(steps, holding.Units);
    }

    private static string Line(string reference, string change = "")
    {
        var fields = new Dictionary<string, string>
        {
            ["citizen"] = "\"national:4711\"",
            ["kind"] = "\"PaymentMade\"",
            ["furnisher"] = "\"harbour-bank\"",
            ["reference"] = $"\"{reference}\"",
            ["occurredOn"] = "\"2024-03-09\"",
            ["money"] = "{\"currency\":\"CNY\",\"minorUnits\":5}",
        };
        foreach (var name in fields.Keys.Where(name => change.Contains($"\"{name}\":", StringComparison.Ordinal)).ToArray()) fields.Remove(name);
        var kept = fields.Select(field => $"\"{field.Key}\":{field.Value}");
        return $"{{{string.Join(',', change.Length > 0 ? kept.Append(change) : kept)}}}";
    }

    private static Entry Read(string json)
    {
        using var pseudonymizer = new SubjectPseudonymizer(FakeHosting.Key);
        Assert.Null(new EntryJsonReader(pseudonymizer).Read(Encoding.UTF8.GetBytes(json), out var entry));
        return entry!;
    }

    private static string Write(Entry entry)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            EntryJsonWriter.WriteFields(json, entry);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Entry OneOf(EntryKind kind) => new()
    {
        Citizen = Ada,
        Kind = kind,
        Furnisher = new("harbour-bank"),
        Reference = "r/1",
        OccurredOn = new(2024, 2, 29),
        Money = new(-5, Yuan),
        Tradeline = new("loan/1"),
        Category = "groceries",
        DataClass = DataClass.Income,
        LawfulBasis = LawfulBasis.Consent,
        Consent = "c-1",
        Corrects = new(new("harbour-bank"), "r/0"),
        RetentionClass = RetentionClass.Adverse,
        Detail = DetailOf(kind),
    };

    private static EntryDetail? DetailOf(EntryKind kind) => kind switch
    {
        EntryKind.LoanOpened => new LoanTerms
        {
            Portfolio = PortfolioType.LineOfCredit,
            TermMonths = 12,
            InstalmentMinorUnits = 100,
            LimitMinorUnits = 5_000,
            CoLenders = [new(new("larkpay"), 3_000), new(new("harbour-bank"), 7_000)],
        },
        EntryKind.LoanStatementReported => new LoanStatement { PastDueMinorUnits = 7, DaysPastDue = 31, Status = AccountStatus.Collection },
        EntryKind.LoanClosed => new LoanClosure { Reason = ClosureReason.Settled },
        EntryKind.TradelineTransferred => new TradelineTransfer { To = new("second-mile") },
        EntryKind.InvestmentBought or EntryKind.InvestmentSold or EntryKind.InvestmentValued or EntryKind.IncomeOnInvestment =>
            new InvestmentHolding { Position = new("fund/a"), Units = 123_456_789 },
        EntryKind.NonCreditObligationReported => new NonCreditObligation { Type = ObligationType.Rent, DaysLate = 4 },
        EntryKind.PublicRecordReported => new PublicRecord { Type = PublicRecordType.Bankruptcy, EndedOn = new(2025, 1, 1) },
        EntryKind.ProfileReported => new CitizenProfile { Province = "nanhu", BirthYear = 1990 },
        EntryKind.IdentityLinked or EntryKind.IdentityUnlinked => new IdentityLink { Other = CommandRun.Citizen("passport:1"), Role = IdentityRole.Alias },
        EntryKind.EntryCorrected => new Correction { As = EntryKind.LoanClosed, Detail = new LoanClosure { Reason = ClosureReason.ByCitizen } },
        EntryKind.ScoreComputed => new ScoreDetail
        {
            Purpose = Purposes.LoanApproval, Coverage = Coverage.Thin, AsOf = new(2024, 2, 28), KnownSequence = 7, KnownAt = 1_700_000_000_000_000, Scale = "300-850", Score = 640,
            Model = "thin-file", Version = 2, Points = 640.25, ChallengerVersion = 3, ChallengerPoints = double.NaN, InputsDigest = UInt128.MaxValue / 3, Reasons = ["R05", "R09"], LinkedSequences = [3, 500],
        },
        EntryKind.InquiryPermitted or EntryKind.InquiryRefused => new InquiryDetail { Organisation = new("b"), Purpose = "P", Product = "Q", IsHard = true, Refusal = "R" },
        _ => null,
    };
}
