using System.Text;

namespace CreditGrains.Silo.Tests.Imports;

/// <summary>Bad files and bad rows: which are refused, what is said, and that the rest is in.</summary>
public sealed class BadInputTests
{
    private const string Good = "5;1;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;";
    private const string AlsoGood = "6;2;930102;\"VYDAJ\";\"VYBER\";100.00;600.00;\" \";;";

    [Theory]
    [InlineData("x;1;930101;\"PRIJEM\";\"\";7.00;7.00;\"\";;", "trans_id", "FieldMalformed")]
    [InlineData(";1;930101;\"PRIJEM\";\"\";7.00;7.00;\"\";;", "trans_id", "FieldMissing")]
    [InlineData("7;99;930101;\"PRIJEM\";\"\";7.00;7.00;\"\";;", "account_id", "UnknownAccount")]
    [InlineData("7;1;931301;\"PRIJEM\";\"\";7.00;7.00;\"\";;", "date", "DateOutOfRange")]
    [InlineData("7;1;1993-01-01;\"PRIJEM\";\"\";7.00;7.00;\"\";;", "date", "FieldMalformed")]
    [InlineData("7;1;930101;\"GESCHENK\";\"\";7.00;7.00;\"\";;", "type", "UnknownWord")]
    [InlineData("7;1;930101;\"\";\"\";7.00;7.00;\"\";;", "type", "FieldMissing")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";7,00;7.00;\"\";;", "amount", "FieldMalformed")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";0.00;7.00;\"\";;", "amount", "AmountOutOfRange")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";-7.00;7.00;\"\";;", "amount", "AmountOutOfRange")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";99999999999999.00;7.00;\"\";;", "amount", "AmountOutOfRange")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";7.00;7.00;\"GESCHENK\";;", "k_symbol", "UnknownWord")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";7.00", null, "FieldCountWrong")]
    [InlineData("7;1;930101;\"PRIJEM\";\"\";7.00;7.00;\"\";;;", null, "FieldCountWrong")]
    [InlineData("7;1;930101;\"PRIJEM;\"\";7.00;7.00;\"\";;", null, "QuoteMisplaced")]
    [InlineData("7;1;930101;PRI\"JEM;\"\";7.00;7.00;\"\";;", null, "QuoteMisplaced")]
    [InlineData("7;1;930101;\"PRIJEM\";\"a\0b\";7.00;7.00;\"\";;", null, "HoldsNul")]
    public async Task A_bad_row_is_refused_by_line_and_field_and_the_others_are_in(string bad, string? field, string code)
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good, bad, AlsoGood);
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json"));

        Assert.StartsWith("""{"rows":4,"recorded":3,"alreadyRecorded":0,"refused":1,""", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(["loan/900", "trans/5", "trans/6"], run.Ledger.Entries.Select(entry => entry.Reference));
        var refused = Assert.Single(File.ReadAllLines(folder["ledger.berka.refused.jsonl"]));
        var fieldText = field is null ? "null" : $"\"{field}\"";
        Assert.StartsWith($"{{\"file\":\"trans.asc\",\"line\":3,\"field\":{fieldText},\"code\":\"{code}\",\"message\":\"", refused, StringComparison.Ordinal);
        Assert.Contains("trans.asc line 3", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("GESCHENK", run.Error + refused, StringComparison.Ordinal); // values stay where they are
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_refuse_their_line_alone()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        folder.Write("trans.asc", [.. Encoding.UTF8.GetBytes($"{BerkaFixture.Header}\n{Good}\n7;1;930101;\"P"), 0xF8, 0xED, .. Encoding.UTF8.GetBytes($"JEM\";\"\";7.00;7.00;\"\";;\n{AlsoGood}\n")]);
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains("\"line\":3,\"field\":null,\"code\":\"NotUtf8\"", File.ReadAllText(folder["ledger.berka.refused.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(3, run.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_refused_and_the_others_are_in()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good, new string('9', 10_000_000), AlsoGood);
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains("\"line\":3,\"field\":null,\"code\":\"LineTooLong\"", File.ReadAllText(folder["ledger.berka.refused.jsonl"]), StringComparison.Ordinal);
        Assert.Equal(3, run.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_byte_order_mark_unix_lines_and_a_last_line_without_an_end_are_fine()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        folder.Write("trans.asc", "\uFEFF" + string.Join('\n', BerkaFixture.Header, "", Good, AlsoGood));
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Equal(3, run.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_last_line_that_is_cut_short_is_refused()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        folder.Write("trans.asc", string.Join('\n', BerkaFixture.Header, Good, AlsoGood[..30]));
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains("\"line\":3,\"field\":null,\"code\":\"FieldCountWrong\"", File.ReadAllText(folder["ledger.berka.refused.jsonl"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("trans_id;account_id;date;type;amount\n", "has no column k_symbol")]
    [InlineData("trans_id;account_id;day;type;amount;k_symbol\n", "has no column date")]
    [InlineData("trans_id;trans_id;account_id;date;type;amount;k_symbol\n", "has the column trans_id twice")]
    [InlineData("\"trans_id;account_id\n", "this is no header")]
    [InlineData("\0\0\0", "is not a text file in UTF-8")]
    public async Task A_file_without_the_right_header_stops_the_import_before_anything_is_recorded(string text, string message)
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        var path = folder.Write("trans.asc", text);
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains(path, run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Hosting.Opened);
    }

    [Theory]
    [InlineData("disp.asc")]
    [InlineData("loan.asc")]
    [InlineData("trans.asc")]
    public async Task A_missing_file_of_the_set_stops_the_import_before_anything_is_recorded(string name)
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good);
        File.Delete(folder[name]);
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains(name[..4], run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Hosting.Opened);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_stops_the_import()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync("import", "amlsim", folder["nowhere"], "--data", folder["ledger"]));

        Assert.Contains("is not a folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_may_stand_in_another_order_with_others_between()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        folder.Write("trans.asc", "note;k_symbol;amount;type;date;account_id;trans_id\nhello;;7.00;credit;930101;1;8\n");
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.Contains(run.Ledger.Entries, entry => entry is { Reference: "trans/8", Money.MinorUnits: 700 });
    }

    [Fact]
    public async Task A_second_loan_or_owner_of_an_account_is_refused_and_the_first_stands()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder);
        folder.Write("disp.asc", BerkaFixture.Disp + "4;44;1;\"OWNER\"\r\n");
        folder.Write("loan.asc", BerkaFixture.Loan + "901;2;930706;1000;10;100.00;\"A\"\r\n902;1;930706;1000;601;100.00;\"A\"\r\n");
        var run = new CommandRun();

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json"));

        var refused = File.ReadAllText(folder["ledger.berka.refused.jsonl"]);
        Assert.Contains("\"file\":\"disp.asc\",\"line\":5,\"field\":\"account_id\",\"code\":\"KeyTwice\"", refused, StringComparison.Ordinal);
        Assert.Contains("\"file\":\"loan.asc\",\"line\":3,\"field\":\"account_id\",\"code\":\"KeyTwice\"", refused, StringComparison.Ordinal);
        Assert.Contains("\"file\":\"loan.asc\",\"line\":4,\"field\":\"duration\",\"code\":\"FieldMalformed\"", refused, StringComparison.Ordinal);
        Assert.Equal(["loan/900"], run.Ledger.Entries.Select(entry => entry.Reference));
    }

    [Fact]
    public async Task What_the_ledger_refuses_goes_to_the_same_file_with_its_line()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good, "bad", AlsoGood);
        var run = new CommandRun();
        run.Ledger.Answer = entry => entry.Reference == "trans/6" ? RecordOutcome.Refused(RecordRefusal.FutureDated, "occurredOn") : null;

        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--refused", folder["mine.jsonl"], "--json"));

        Assert.StartsWith("""{"rows":4,"recorded":2,"alreadyRecorded":0,"refused":2,""", run.LastLine, StringComparison.Ordinal);
        Assert.Contains("\"line\":4,\"field\":\"occurredOn\",\"code\":\"FutureDated\"", File.ReadAllText(folder["mine.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrected_and_imported_again_the_file_of_refusals_is_gone()
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good, "bad");
        var run = new CommandRun();
        Assert.Equal(4, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));
        Assert.True(File.Exists(folder["ledger.berka.refused.jsonl"]));

        BerkaFixture.Write(folder, Good, AlsoGood);
        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"]));

        Assert.False(File.Exists(folder["ledger.berka.refused.jsonl"]));
    }

    [Theory]
    [InlineData(RecordStatus.Overloaded)]
    [InlineData(RecordStatus.NotWritten)]
    [InlineData(RecordStatus.Unknown)]
    public async Task When_the_ledger_stops_taking_entries_the_same_command_resumes(RecordStatus status)
    {
        using var folder = new TempFolder();
        BerkaFixture.Write(folder, Good, AlsoGood);
        var run = new CommandRun();
        run.Ledger.Answer = entry => entry.Reference == "trans/6" ? new(status) : null;

        Assert.Equal(5, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json"));
        Assert.Contains("Run the same command again", run.Error, StringComparison.Ordinal);

        run.Ledger.Answer = _ => null;
        Assert.Equal(0, await run.RunAsync("import", "berka", folder.Root, "--data", folder["ledger"], "--json"));
        Assert.StartsWith("""{"rows":3,"recorded":1,"alreadyRecorded":2,"refused":0,""", run.LastLine, StringComparison.Ordinal);
    }
}
