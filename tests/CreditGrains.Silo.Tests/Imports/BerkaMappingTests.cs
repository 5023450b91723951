namespace CreditGrains.Silo.Tests.Imports;

public sealed class BerkaMappingTests
{
    [Theory]
    //          the row's own words                                   account kind                       category
    [InlineData("\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\"", 1, EntryKind.PaymentReceived, null)]
    [InlineData("\"PRIJEM\";\"\";700.00;700.00;\"UROK\"", 1, EntryKind.PaymentReceived, "interest")]
    [InlineData("\"PRIJEM\";\"PREVOD Z UCTU\";700.00;700.00;\"DUCHOD\"", 1, EntryKind.PaymentReceived, "pension")]
    [InlineData("\"VYDAJ\";\"VYBER\";700.00;700.00;\" \"", 1, EntryKind.PaymentMade, null)]
    [InlineData("\"VYDAJ\";\"VYBER\";700.00;700.00;\"SANKC. UROK\"", 1, EntryKind.PaymentMade, "penalty-interest")]
    [InlineData("\"VYDAJ\";\"VYBER\";700.00;700.00;\"SLUZBY\"", 1, EntryKind.PaymentMade, "statement-fee")]
    [InlineData("\"VYDAJ\";\"PREVOD NA UCET\";700.00;700.00;\"SIPO\"", 1, EntryKind.PaymentMade, "household")]
    [InlineData("\"VYDAJ\";\"PREVOD NA UCET\";700.00;700.00;\"POJISTNE\"", 1, EntryKind.PaymentMade, "insurance")]
    [InlineData("\"VYBER\";\"VYBER\";700.00;700.00;\"\"", 1, EntryKind.PaymentMade, null)]
    [InlineData("\"VYDAJ\";\"PREVOD NA UCET\";700.00;700.00;\"UVER\"", 2, EntryKind.LoanRepaid, "loan-payment")]
    [InlineData("\"VYDAJ\";\"PREVOD NA UCET\";700.00;700.00;\"UVER\"", 1, EntryKind.PaymentMade, "loan-payment")] // no loan on this account
    [InlineData("credit;credit in cash;700.00;700.00;", 1, EntryKind.PaymentReceived, null)]
    [InlineData("credit;;700.00;700.00;interest credited", 1, EntryKind.PaymentReceived, "interest")]
    [InlineData("withdrawal;remittance to another bank;700.00;700.00; ", 1, EntryKind.PaymentMade, null)]
    [InlineData("withdrawal;remittance to another bank;700.00;700.00;household", 1, EntryKind.PaymentMade, "household")]
    [InlineData("withdrawal;remittance to another bank;700.00;700.00;insurrance payment", 1, EntryKind.PaymentMade, "insurance")]
    [InlineData("withdrawal;withdrawal in cash;700.00;700.00;payment for statement", 1, EntryKind.PaymentMade, "statement-fee")]
    [InlineData("withdrawal;withdrawal in cash;700.00;700.00;sanction interest if negative balance", 1, EntryKind.PaymentMade, "penalty-interest")]
    [InlineData("withdrawal in cash;withdrawal in cash;700.00;700.00;", 1, EntryKind.PaymentMade, null)]
    public async Task Words_of_both_languages_mean_the_same(string words, int account, EntryKind kind, string? category)
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, $"5;{account};930101;{words};;");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        var entry = Assert.Single(run.Ledger.Entries, entry => entry.Kind != EntryKind.LoanOpened);
        Assert.Equal((kind, category), (entry.Kind, entry.Category));
        Assert.Equal(kind == EntryKind.LoanRepaid ? new TradelineId("loan/900") : null, entry.Tradeline);
        Assert.Equal(new Money(70_000, Currency.Of("CZK")), entry.Money);
        Assert.Equal(("berka", "trans/5", new DateOnly(1993, 1, 1)), (entry.Furnisher.Value, entry.Reference, entry.OccurredOn));
        Assert.Equal(CommandRun.Citizen(account == 1 ? "berka:11" : "berka:22"), entry.Citizen);
    }

    [Fact]
    public async Task A_loan_is_opened_on_its_day_and_its_later_status_is_not_recorded()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Equal(
            new Entry
            {
                Citizen = CommandRun.Citizen("berka:22"),
                Kind = EntryKind.LoanOpened,
                Furnisher = new("berka"),
                Reference = "loan/900",
                OccurredOn = new(1993, 7, 5),
                Money = new(9_639_600, Currency.Of("CZK")),
                Tradeline = new("loan/900"),
                Detail = new LoanTerms { TermMonths = 12, InstalmentMinorUnits = 803_300 },
            },
            Assert.Single(run.Ledger.Entries));
    }

    [Fact]
    public async Task Every_file_that_begins_with_trans_is_read_by_name_unless_some_are_named()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, "5;1;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;");
        folder.Write("trans_later.csv", "trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account\n6;1;930102;credit;;1.00;1.00;;;");
        var (all, one) = (new CommandRun(), new CommandRun());

        Assert.Equal(0, await all.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));
        Assert.Equal(0, await one.RunAsync("import", "berka", folder.Root, "--transactions", "trans_later.csv", "--data", folder["ledger"]));

        Assert.Equal(["loan/900", "trans/5", "trans/6"], all.Ledger.Entries.Select(entry => entry.Reference));
        Assert.Equal(["loan/900", "trans/6"], one.Ledger.Entries.Select(entry => entry.Reference));
    }

    [Fact]
    public async Task Imported_again_everything_is_recorded_already()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, "5;1;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;");
        var run = new CommandRun();

        await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json");
        Assert.StartsWith("""{"rows":2,"recorded":2,"alreadyRecorded":0,"refused":0,"seconds":""", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json"));
        Assert.StartsWith("""{"rows":2,"recorded":0,"alreadyRecorded":2,"refused":0,"seconds":""", run.LastLine, StringComparison.Ordinal);
    }
}
