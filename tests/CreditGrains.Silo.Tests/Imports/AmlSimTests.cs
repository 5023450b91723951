namespace CreditGrains.Silo.Tests.Imports;

public sealed class AmlSimTests
{
    private const string Header = "sourceNodeId,targetNodeId,value,time\r\n";

    // printf 'sourceNodeId,targetNodeId,value,time\r\n280,15349,147.8,1\r\n7,7,0.05,32\r\n7,7,0.05,32\r\n' | sha256sum | cut -c1-16
    private const string Hash = "a4e6c48f68ddb7bf";

    [Fact]
    public async Task A_row_is_a_payment_out_and_a_payment_in()
    {
        using var folder = new TempFolder();
        folder.Write("transactions.csv", Header + "280,15349,147.8,1\r\n7,7,0.05,32\r\n7,7,0.05,32\r\n");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "amlsim", folder.Root, "--data", folder["ledger"], "--json"));

        Assert.StartsWith("""{"rows":3,"recorded":6,"alreadyRecorded":0,"refused":0,""", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(
            [
                Payment(EntryKind.PaymentMade, "amlsim:280", "1/out", 14_780, new(2024, 1, 1)),
                Payment(EntryKind.PaymentReceived, "amlsim:15349", "1/in", 14_780, new(2024, 1, 1)),
                Payment(EntryKind.PaymentMade, "amlsim:7", "2/out", 5, new(2024, 2, 1)),
                Payment(EntryKind.PaymentReceived, "amlsim:7", "2/in", 5, new(2024, 2, 1)), // a node may pay itself
                Payment(EntryKind.PaymentMade, "amlsim:7", "3/out", 5, new(2024, 2, 1)), // an equal row is another payment
                Payment(EntryKind.PaymentReceived, "amlsim:7", "3/in", 5, new(2024, 2, 1)),
            ],
            run.Ledger.Entries);
    }

    [Fact]
    public async Task The_start_date_is_the_day_that_the_file_calls_1()
    {
        using var folder = new TempFolder();
        folder.Write("transactions.csv", Header + "1,2,3.00,2\n");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "amlsim", folder.Root, "--start-date", "2020-02-28", "--data", folder["ledger"]));

        Assert.All(run.Ledger.Entries, entry => Assert.Equal(new(2020, 2, 29), entry.OccurredOn));
    }

    [Theory]
    [InlineData("0", "DateOutOfRange")]
    [InlineData("99999999999", "DateOutOfRange")]
    [InlineData("-1", "FieldMalformed")]
    [InlineData("1.5", "FieldMalformed")]
    [InlineData("", "FieldMissing")]
    public async Task A_day_before_the_first_or_beyond_the_calendar_is_refused(string time, string code)
    {
        using var folder = new TempFolder();
        folder.Write("transactions.csv", $"{Header}1,2,3.00,{time}\n1,2,3.00,1\n");
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "amlsim", folder.Root, "--data", folder["ledger"]));

        Assert.Contains($"\"line\":2,\"field\":\"time\",\"code\":\"{code}\"", File.ReadAllText(folder["ledger.amlsim.refused.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(2, run.Ledger.Entries.Count);
    }

    [Fact]
    public async Task The_real_sample_gives_235_610_entries_to_the_cent()
    {
        var data = Path.Combine(SharedData.Folder("amlsim"), "20K_cycle200");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "amlsim", data, "--data", "unused", "--json"));

        Assert.StartsWith("""{"rows":117805,"recorded":235610,"alreadyRecorded":0,"refused":0,""", run.LastLine, StringComparison.Ordinal);
        foreach (var kind in new[] { EntryKind.PaymentMade, EntryKind.PaymentReceived })
        {
            var entries = run.Ledger.Entries.Where(entry => entry.Kind == kind).ToArray();
            Assert.Equal((117_805, (Int128)3_300_340_768), (entries.Length, FakeLedger.Sum(entries)));
        }
    }

    private static Entry Payment(EntryKind kind, string citizen, string reference, long cents, DateOnly day) => new()
    {
        Citizen = CommandRun.Citizen(citizen),
        Kind = kind,
        Furnisher = new("amlsim"),
        Reference = $"{Hash}/{reference}",
        OccurredOn = day,
        Money = new(cents, Currency.Of("USD")),
    };
}
