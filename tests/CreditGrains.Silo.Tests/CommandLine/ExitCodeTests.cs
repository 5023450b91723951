using CreditGrains.Client;
using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.CommandLine;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("", "Required command")]
    [InlineData("tottals --data x", "tottals")]
    [InlineData("totals", "Which ledger?")]
    [InlineData("totals --data x --connect h:1", "two ledgers")]
    [InlineData("totals --data x --key k", "--key goes with --connect")]
    [InlineData("totals --connect localhost", "HOST:PORT")]
    [InlineData("totals --connect localhost:0", "HOST:PORT")]
    [InlineData("totals --connect localhost:99999", "HOST:PORT")]
    [InlineData("file --data x", "REF")]
    [InlineData("file 4711 --data x", "scheme:id")]
    [InlineData("file a:1 --as-of 2024-02-30 --data x", "--as-of needs a day")]
    [InlineData("file a:1 --known-at noon --data x", "--known-at needs an instant")]
    [InlineData("history :1 --data x", "scheme:id")]
    [InlineData("verify --connect localhost:30000", "needs --data")]
    [InlineData("backup d", "Which ledger?")]
    [InlineData("backup --data x", "DIR")]
    [InlineData("backup d --connect localhost:30000", "needs --data")]
    [InlineData("restore --data x", "DIR")]
    [InlineData("restore d --connect localhost:30000", "needs --data")]
    [InlineData("import berka --data x", "DIR")]
    [InlineData("upgrade finalize --data x --wait 0", "--wait takes 1 to 86400")]
    [InlineData("import amlsim d --start-date 1.1.2024 --data x", "--start-date needs a day")]
    [InlineData("simulate --citizens 5 --months 2 --data x", "--seed")]
    [InlineData("simulate --citizens 0 --months 2 --seed 1 --data x", "--citizens must be from 1")]
    [InlineData("simulate --citizens 5 --months 601 --seed 1 --data x", "--months must be from 1 to 600")]
    [InlineData("simulate --citizens 5 --months 2 --seed 1 --from 2024 --data x", "--from needs a month")]
    public async Task A_command_line_that_is_wrong_ends_with_2_and_says_what_to_give(string words, string message)
    {
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("totals")]
    [InlineData("file a:1")]
    [InlineData("history a:1")]
    [InlineData("verify")]
    [InlineData("backup d")]
    [InlineData("restore d")]
    [InlineData("serve")]
    [InlineData("upgrade status")]
    [InlineData("upgrade finalize")]
    [InlineData("simulate --citizens 1 --months 1 --seed 1")]
    public async Task A_ledger_that_cannot_be_opened_ends_with_5(string words)
    {
        var run = new CommandRun();
        run.Hosting.Failure = new LedgerNotOpenedException("There is no ledger in x; import or simulate makes one.");

        Assert.Equal(5, await run.RunAsync([.. words.Split(' '), "--data", "x", "--json"]));

        Assert.Equal("There is no ledger in x; import or simulate makes one.\n", run.Error);
    }

    [Fact]
    public async Task A_silo_that_cannot_be_reached_ends_with_5()
    {
        var run = new CommandRun();
        run.Hosting.Failure = new LedgerUnreachableException("No silo answered at localhost:30000; is it running?");

        Assert.Equal(5, await run.RunAsync("totals", "--connect", "localhost:30000", "--key", "k"));

        Assert.Equal(new LedgerLocation.Endpoint("localhost", 30_000, Path.GetFullPath("k")), Assert.Single(run.Hosting.Opened).Location);
    }

    [Fact]
    public async Task A_ledger_found_broken_ends_with_3()
    {
        var run = new CommandRun();
        run.Hosting.Failure = new LedgerBrokenException("Partition 3 does not verify.");

        Assert.Equal(3, await run.RunAsync("file", "a:1", "--data", "x"));
    }

    [Theory]
    [InlineData(ReadStatus.BadRequest, 2, "--as-of")]
    [InlineData(ReadStatus.Unavailable, 5, "Ask again")]
    public async Task A_read_without_an_answer_says_why(ReadStatus status, int code, string message)
    {
        var run = new CommandRun();
        run.Ledger.File = new(status, null, "asOf");

        Assert.Equal(code, await run.RunAsync("file", "a:1", "--data", "x"));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_verifies_ends_with_0()
    {
        var run = new CommandRun();
        run.Hosting.Audit = new(2, 3, 4, []);

        Assert.Equal(0, await run.RunAsync("verify", "--data", "x"));

        Assert.Contains("every record and every chain verifies", run.Out, StringComparison.Ordinal);
        Assert.Equal(LedgerUse.Verify, Assert.Single(run.Hosting.Opened).Use);
    }

    [Fact]
    public async Task A_restore_of_what_was_broken_before_ends_with_3_and_names_the_places()
    {
        var run = new CommandRun();
        run.Hosting.Restored = run.Hosting.Restored with { Broken = [new(3, null, 4, "batch: the batch is missing")] };

        Assert.Equal(3, await run.RunAsync("restore", "d", "--data", "x"));

        Assert.Contains("  partition 3 sequence 4: batch: the batch is missing", run.Out, StringComparison.Ordinal);
        Assert.Contains("earlier backup", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_and_restore_are_told_where()
    {
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("backup", "d", "--anew", "--data", "x"));
        Assert.Contains("The keys are not in it", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("restore", "d", "--config", "c"));

        Assert.Equal(
            [
                (new LedgerLocation.Folder(Path.GetFullPath("x")), Path.GetFullPath("d"), true),
                ((LedgerLocation)new LedgerLocation.Shared(Path.GetFullPath("c")), Path.GetFullPath("d"), false),
            ],
            run.Hosting.Copied);
    }

    [Fact]
    public async Task As_of_and_known_at_reach_the_ledger()
    {
        var run = new CommandRun();

        await run.RunAsync("file", "a:1", "--as-of", "2024-02-29", "--known-at", "2024-03-01T12:00:00+02:00", "--data", "x");

        Assert.Equal(new FileRequest(new(2024, 2, 29), new(2024, 3, 1, 10, 0, 0, TimeSpan.Zero)), Assert.Single(run.Ledger.FileRequests));
    }

    [Fact]
    public async Task Serve_hands_its_options_to_hosting()
    {
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("serve", "--silo-port", "11111", "--data", "x"));

        Assert.Equal(11_111, run.Hosting.Served?.Parsed.GetValue<int>("--silo-port"));
    }

    [Fact]
    public async Task Help_ends_with_0_and_shows_the_schema_of_entries()
    {
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync("import", "entries", "--help"));

        Assert.Contains("\"kind\":\"PaymentMade\"", run.Out, StringComparison.Ordinal);
    }
}
