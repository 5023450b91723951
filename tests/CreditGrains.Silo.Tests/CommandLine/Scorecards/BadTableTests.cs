namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

/// <summary>What is wrong is told by file, line and column, and nothing is written.</summary>
public sealed class BadTableTests
{
    [Theory]
    [InlineData("", "in.csv is empty")]
    [InlineData("a,outcome\n", "There is no row")]
    [InlineData("id,,outcome\n1,2,0\n", "in.csv line 1: column 2 of the header has no name")]
    [InlineData("id,a,a,outcome\n1,2,3,0\n", "in.csv line 1: the header has the column a twice")]
    [InlineData("id,a\n1,2\n", "in.csv line 1: the header has no column outcome. It has id, a.")]
    [InlineData("a,outcome\n1,0\n", "in.csv line 1: the header has no column id")]
    [InlineData("id,a,outcome\n1,2,0\n2,3\n", "in.csv line 3: there are 2 cells, and the header has 3 names")]
    [InlineData("id,a,outcome\n\n\"1\",\"x\ny\",0\n2,3,1,4\n", "in.csv line 5: there are 4 cells, and the header has 3 names")]
    [InlineData("id,a,outcome\n1,2,0\n2,3,1\n3,4,2\n", "in.csv line 4: column outcome: this is a third value")]
    [InlineData("id,a,outcome\n1,2,good\n2,3,bad\n3,4,ugly\n", "in.csv line 4: column outcome: this is a third value")]
    [InlineData("id,a,outcome\n1,2,0\n2,3,\n", "in.csv line 3: column outcome: the cell is empty")]
    [InlineData("id,a,outcome\n1,2,0\n,3,1\n", "in.csv line 3: column id: the cell is empty")]
    [InlineData("id,a,outcome\n1,2,0\n2,3,0\n", "in.csv: column outcome: outcome is nowhere 1. Name the value that means bad with --bad.")]
    [InlineData("id,a,outcome\n1,\"x\"y,0\n", "in.csv line 2: column a: text follows the quote")]
    [InlineData("id,a,outcome\n1,x\"y,0\n", "in.csv line 2: column a: a quote stands inside")]
    [InlineData("id,a,outcome\n1,\"xy,0\n2,3,1\n", "column a: a quote opens a cell and none closes it")]
    public async Task A_table_that_is_wrong_ends_with_2_and_says_where(string table, string message)
    {
        using var folder = new TempFolder();
        folder.Write("in.csv", table);
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync(FitCommandTests.Fit(folder, "--json")));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.False(File.Exists(folder["m.pmml"]));
    }

    [Theory]
    [InlineData("--split week", "--split takes id, time:COLUMN")]
    [InlineData("--split folds:1", "from 2 to 100 folds")]
    [InlineData("--split folds:5x", "--split takes id")]
    [InlineData("--split time:when", "the header has no column when")]
    [InlineData("--exclude age", "the header has no column age")]
    [InlineData("--monotone income", "--monotone takes COLUMN:up or COLUMN:down")]
    [InlineData("--monotone purpose:up", "the column is of texts")]
    [InlineData("--monotone salary:up", "the header has no column salary")]
    [InlineData("--special income", "--special takes COLUMN=VALUE")]
    [InlineData("--special income=never", "income holds numbers, and its special value 'never' is none")]
    [InlineData("--bad bad", "outcome is nowhere bad")]
    [InlineData("--scale 0-100", "--scale")]
    [InlineData("--min-iv 9", "No column is left")]
    [InlineData("--max-correlation 2", "MaxCorrelation must be above 0 and at most 1")]
    [InlineData("--model My_Model", "the scorecard cannot be written")]
    [InlineData("--sign key.pem", "key.pem does not exist")]
    public async Task An_option_that_is_wrong_ends_with_2_and_is_named(string words, string message)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync(FitCommandTests.Fit(folder, words.Split(' '))));

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.pmml"]));
    }

    [Fact]
    public async Task A_file_that_would_be_written_over_what_is_read_is_refused()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync(FitCommandTests.Fit(folder, "--report", folder["in.csv"])));
        Assert.Contains("in.csv would be two of the files", run.Error, StringComparison.Ordinal);

        Assert.Equal(2, await run.RunAsync(FitCommandTests.Fit(folder, "--report", folder["nowhere/r.html"])));
        Assert.Contains("there is no folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_refused_with_its_line()
    {
        using var folder = new TempFolder();
        folder.Write("in.csv", [.. "id,a,outcome\n1,x,0\n2,"u8, 0xE9, .. ",1\n"u8]);
        var run = new CommandRun();

        Assert.Equal(2, await run.RunAsync(FitCommandTests.Fit(folder)));

        Assert.Contains("in.csv line 3: this is no text in UTF-8", run.Error, StringComparison.Ordinal);
    }
}
