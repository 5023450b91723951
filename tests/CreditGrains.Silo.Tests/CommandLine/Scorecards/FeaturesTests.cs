using System.Globalization;
using System.Text.Json;
using CreditGrains.Ledger;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

public sealed class FeaturesTests
{
    private static readonly Currency Koruna = Currency.Of("CZK");

    [Fact]
    public async Task Each_row_keeps_its_cells_and_gets_the_characteristics_of_its_own_day()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        Record(run, 1, new(2024, 1, 10), 100);
        Record(run, 2, new(2024, 2, 10), 100);
        Record(run, 3, new(2024, 3, 10), 100);

        Assert.Equal(0, await Features(run, folder, "outcome;citizen;date\n\"good; so far, \"\"she\"\" says\";a:1;2024-03-09\nbad;a:1;2024-03-10\nnone;b:1;2024-03-10\n"));

        var rows = Rows(folder["out.csv"]);
        Assert.Equal(["outcome", "citizen", "date", .. Characteristics.All.Select(one => one.Name)], rows[0]);
        Assert.Equal(["\"good; so far, \"\"she\"\" says\"", "a:1", "2024-03-09"], [string.Join(',', rows[1][..2]), .. rows[1][2..4]]);
        Assert.Equal(["bad", "a:1", "2024-03-10"], rows[2][..3]);

        // The quoted cell has a comma, so the first row's cells are one further on.
        var history = 3 + Characteristics.Find("balance_in_inflows")!.Index;
        Assert.Equal(("2", "3"), (rows[1][history + 1], rows[2][history]));
        Assert.Equal("", rows[3][history]); // of whom nothing is known
        Assert.Equal("0", rows[3][3 + Characteristics.Find("open_tradelines")!.Index]);
    }

    [Fact]
    public async Task Many_more_rows_than_are_asked_at_once_keep_their_order()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        var lines = Enumerable.Range(0, 1_000).Select(number => $"a:{number},2024-01-01,{number}");

        Assert.Equal(0, await Features(run, folder, $"citizen,date,number\n{string.Join('\n', lines)}\n", "--json"));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(number => number.ToString(CultureInfo.InvariantCulture)), Rows(folder["out.csv"]).Skip(1).Select(cells => cells[2]));
        using var json = JsonDocument.Parse(run.LastLine);
        Assert.Equal((1_000, Characteristics.Count), (json.RootElement.GetProperty("rows").GetInt32(), json.RootElement.GetProperty("characteristics").GetInt32()));
        Assert.Equal(1_000, json.RootElement.GetProperty("missing").GetProperty("history_months").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("missing").GetProperty("open_tradelines").GetInt32());
        Assert.Equal(folder["out.csv"], json.RootElement.GetProperty("out").GetString());
    }

    [Fact]
    public async Task What_was_known_then_can_be_asked_for()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();

        Assert.Equal(0, await Features(run, folder, "citizen,date\na:1,2024-03-09\n", "--as-known-at", "2024-05-01T12:00:00Z"));

        Assert.Equal(new FileRequest(new(2024, 3, 9), new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero)), Assert.Single(run.Ledger.FileRequests));
    }

    [Theory]
    [InlineData("date\n2024-03-09\n", "line 1", "no column citizen")]
    [InlineData("citizen\na:1\n", "line 1", "no column date")]
    [InlineData("citizen,date,utilisation\na:1,2024-03-09,1\n", "line 1", "utilisation")]
    [InlineData("citizen,date\na:1,2024-03-09\na:1,2024-02-30\n", "line 3", "column date")]
    [InlineData("citizen,date\na:1,2024-03-09\n4711,2024-02-28\n", "line 3", "column citizen")]
    [InlineData("citizen,date\na:1,2999-01-01\n", "line 2", "column date")]
    [InlineData("citizen,date\na:1,2024-03-09,x\n", "line 2", "3 cells")]
    [InlineData("", "is empty", "header")]
    public async Task What_is_wrong_is_named_by_file_line_and_column_and_nothing_is_left_behind(string text, string line, string what)
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        folder.Write("out.csv", "old");

        Assert.Equal(2, await Features(run, folder, text));

        Assert.Contains("at.csv", run.Error, StringComparison.Ordinal);
        Assert.Contains(line, run.Error, StringComparison.Ordinal);
        Assert.Contains(what, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", run.Error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["out.csv"]));
        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public async Task The_input_is_not_written_over()
    {
        using var folder = new TempFolder();
        var run = new CommandRun();
        var path = folder.Write("at.csv", "citizen,date\n");

        Assert.Equal(2, await run.RunAsync("scorecard", "features", "--at", path, "--out", path, "--data", "unused"));

        Assert.Contains("same file", run.Error, StringComparison.Ordinal);
    }

    private static Task<int> Features(CommandRun run, TempFolder folder, string text, params string[] more) =>
        run.RunAsync(["scorecard", "features", "--at", folder.Write("at.csv", text), "--out", folder["out.csv"], "--data", "unused", .. more]);

    private static void Record(CommandRun run, int number, DateOnly day, long minorUnits) => run.Ledger.Entries.Add(new()
    {
        Citizen = CommandRun.Citizen("a:1"),
        Kind = EntryKind.PaymentReceived,
        Furnisher = new("bank"),
        Reference = $"pay/{number}",
        OccurredOn = day,
        Money = new Money(minorUnits, Koruna),
    });

    private static string[][] Rows(string path) => [.. File.ReadAllText(path).TrimEnd('\n').Split('\n').Select(line => line.Split(','))];
}
