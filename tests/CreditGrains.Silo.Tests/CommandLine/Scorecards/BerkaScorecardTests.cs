using System.Globalization;
using System.Text.Json;
using CreditGrains.Ledger;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

/// <summary>The loans of the Czech bank whose accounts' payments are there up to the loan, each as of the day before it: 392, of which 35 went bad.</summary>
/// <remarks>
/// Bad is status B (finished, not repaid) or D (running, in arrears). The data are those of <c>../shared/data/berka</c>: all payments up to March
/// 1994, and those before the loan of the accounts with a loan of 1997 and 1998. Which co-owner or card an account has enters nowhere.
/// </remarks>
public sealed class BerkaScorecardTests
{
    private static readonly string[] Terms = ["amount", "duration", "payments"];
    private static readonly int[] DaysAfter = [0, 1, 40];

    // Many goods have no bin of bads to themselves: the shrinkage and the monotone bins hold the few bads together.
    private static FitOptions Options(params string[] excluded) => new()
    {
        Target = "bad",
        Exclude = ["citizen", "date", .. excluded],
        Split = new Split.Folds(5, 20),
        Binning = new() { Monotone = MonotoneBadRate.Either },
        Ridge = 10,
        Bootstrap = new() { Samples = 0 },
    };

    [Fact]
    public async Task A_scorecard_of_the_ledger_alone_ranks_the_loans_and_one_with_their_terms_better()
    {
        using var folder = new TempFolder();
        var table = await TableAsync(folder, await LedgerAsync());

        var alone = Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, Options(Terms), cancellation: TestContext.Current.CancellationToken)).Result;
        var withTerms = Assert.IsType<FitOutcome.Fitted>(Fit.Run(table, Options(), cancellation: TestContext.Current.CancellationToken)).Result;

        TestContext.Current.SendDiagnosticMessage($"AUC {alone.Folds!.Auc.Mean:F4} from the ledger alone, {withTerms.Folds!.Auc.Mean:F4} with the terms");
        Assert.True(alone.Folds.Auc.Mean >= 0.88, $"from the ledger alone: {alone.Folds.Auc}");
        Assert.True(withTerms.Folds.Auc.Mean >= 0.90, $"with the loan's terms: {withTerms.Folds.Auc}");
    }

    [Theory]
    [InlineData(0.88, "citizen,date,amount,duration,payments")]
    [InlineData(0.90, "citizen,date")]
    public async Task So_does_the_command_without_being_told_how(double least, string excluded)
    {
        using var folder = new TempFolder();
        await FeaturesAsync(folder, await LedgerAsync());
        var run = new CommandRun();

        Assert.Equal(0, await run.RunAsync(
            "scorecard", "fit", "--input", folder["out.csv"], "--target", "bad", "--id", "row", "--exclude", excluded, "--split", "folds:5x20", "--out", folder["m.pmml"], "--json"));

        using var json = JsonDocument.Parse(run.LastLine);
        Assert.InRange(json.RootElement.GetProperty("folds").GetProperty("auc").GetProperty("mean").GetDouble(), least, 1);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("thin-file")]
    public async Task The_shipped_models_rank_them_without_being_fitted(string model)
    {
        using var folder = new TempFolder();
        var table = await TableAsync(folder, await LedgerAsync());
        var card = CompiledScorecard.Of(ShippedModels.Find(model)!.ToScorecard());
        var buffer = card.NewBuffer();
        double[][] columns = [.. card.Inputs.Select(input => ((NumericColumn)table.Find(input)!).Values.ToArray())];
        var scores = new double[table.RowCount];
        for (var row = 0; row < scores.Length; row++)
        {
            Assert.Equal(ScoringOutcome.Scored, card.Score([.. columns.Select(column => column[row])], buffer));
            scores[row] = buffer.Score;
        }

        var auc = Ranking.Auc(scores, [.. ((NumericColumn)table.Find("bad")!).Values.ToArray().Select(bad => bad == 1)]);

        TestContext.Current.SendDiagnosticMessage($"AUC {auc:F4} of {model}");
        Assert.True(auc >= 0.75, $"{model}: {auc}");
    }

    [Fact]
    public async Task What_is_dated_on_the_loans_day_or_later_enters_no_characteristic()
    {
        using var folder = new TempFolder();
        var ledger = await LedgerAsync();
        var before = await FeaturesAsync(folder, ledger);
        var days = Applications().ToDictionary(loan => CommandRun.Citizen(loan.Citizen), loan => loan.Day);
        bool IsLater(Entry entry) => days.TryGetValue(entry.Citizen, out var day) && entry.OccurredOn >= day;
        Assert.True(ledger.Ledger.Entries.Count(IsLater) > 1_000);

        var changed = new CommandRun();
        changed.Ledger.Entries.AddRange(ledger.Ledger.Entries.Select(entry => IsLater(entry) && entry.Money is { } money ? entry with { Money = new(1 + (money.MinorUnits * 3), money.Currency) } : entry));
        var removed = new CommandRun();
        removed.Ledger.Entries.AddRange(ledger.Ledger.Entries.Where(entry => !IsLater(entry)));
        var added = new CommandRun();
        added.Ledger.Entries.AddRange(ledger.Ledger.Entries);
        added.Ledger.Entries.AddRange(days.SelectMany(loan => DaysAfter.Select(after => Penalty(loan.Key, loan.Value.AddDays(after)))));

        foreach (var other in new[] { changed, removed, added }) Assert.Equal(before, await FeaturesAsync(folder, other));

        // The same penalties a day earlier do enter: the comparison is of something.
        var early = new CommandRun();
        early.Ledger.Entries.AddRange(ledger.Ledger.Entries);
        early.Ledger.Entries.AddRange(days.Select(loan => Penalty(loan.Key, loan.Value.AddDays(-1))));
        Assert.NotEqual(before, await FeaturesAsync(folder, early));
    }

    private static Entry Penalty(CitizenId citizen, DateOnly day) => new()
    {
        Citizen = citizen,
        Kind = EntryKind.PaymentMade,
        Furnisher = new("berka"),
        Reference = string.Create(CultureInfo.InvariantCulture, $"added/{day:yyyyMMdd}"),
        OccurredOn = day,
        Money = new Money(12_345, Currency.Of("CZK")),
        Category = "penalty-interest",
    };

    private static async Task<CommandRun> LedgerAsync()
    {
        var run = new CommandRun();
        using var folder = new TempFolder();
        Assert.Equal(0, await run.RunAsync("import", "berka", SharedData.Folder("berka"), "--refused", folder["refused.jsonl"], "--data", "unused", "--json"));
        return run;
    }

    private static async Task<Table> TableAsync(TempFolder folder, CommandRun ledger)
    {
        var lines = (await FeaturesAsync(folder, ledger)).TrimEnd('\n').Split('\n');
        var table = Assert.IsType<TableOutcome.Made>(Table.FromRows(lines[0].Split(','), lines.Skip(1).Select(line => line.Split(',')))).Table;
        var bad = ((NumericColumn)table.Find("bad")!).Values.ToArray();
        Assert.Equal((392, 35), (table.RowCount, bad.Count(outcome => outcome == 1)));
        return table;
    }

    private static async Task<string> FeaturesAsync(TempFolder folder, CommandRun ledger)
    {
        var rows = Applications().Select(loan => string.Create(CultureInfo.InvariantCulture, $"{loan.Citizen},{loan.Day.AddDays(-1):yyyy-MM-dd},{loan.Terms},{(loan.IsBad ? 1 : 0)}"));
        var at = folder.Write("at.csv", $"citizen,date,{string.Join(',', Terms)},bad\n{string.Join('\n', rows)}\n");
        Assert.Equal(0, await ledger.RunAsync("scorecard", "features", "--at", at, "--out", folder["out.csv"], "--data", "unused", "--json"));
        return await File.ReadAllTextAsync(folder["out.csv"], TestContext.Current.CancellationToken);
    }

    private static IEnumerable<(string Citizen, DateOnly Day, string Terms, bool IsBad)> Applications()
    {
        var data = SharedData.Folder("berka");
        var owners = Rows(Path.Combine(data, "disp.asc")).Where(row => row[3] == "OWNER").ToDictionary(row => row[2], row => row[1]);
        HashSet<string> known = [.. Rows(Path.Combine(data, "trans_1993_1994q1.asc")).Concat(Rows(Path.Combine(data, "trans_preloan_1997_98.csv"))).Select(row => row[1])];
        foreach (var loan in Rows(Path.Combine(data, "loan.asc")))
        {
            var day = DateOnly.ParseExact("19" + loan[2], "yyyyMMdd", CultureInfo.InvariantCulture);
            var isCovered = day.Year >= 1997 || day <= new DateOnly(1994, 3, 31);
            if (isCovered && known.Contains(loan[1])) yield return ($"berka:{owners[loan[1]]}", day, $"{loan[3]},{loan[4]},{loan[5]}", loan[6] is "B" or "D");
        }
    }

    private static IEnumerable<string[]> Rows(string path) => File.ReadLines(path).Skip(1).Select(line => line.Split(';').Select(field => field.Trim('"')).ToArray());
}
