using System.Globalization;

namespace CreditGrains.Silo.Tests.Imports;

/// <summary>The real files of the bank against sums worked out of them by other means (README of the data).</summary>
public sealed class BerkaTruthTests
{
    [Fact]
    public async Task The_first_quarters_sum_to_the_heller()
    {
        var data = SharedData.Folder("berka");
        var run = new CommandRun();

        Assert.Equal(0, await Import(run, data, "trans_1993_1994q1.asc"));

        Assert.StartsWith("""{"rows":49784,"recorded":49784,"alreadyRecorded":0,"refused":0,""", run.LastLine, StringComparison.Ordinal);
        var transactions = run.Ledger.Entries.Where(entry => entry.Reference.StartsWith("trans/", StringComparison.Ordinal)).ToArray();
        Assert.Equal((22_994, (Int128)17_736_629_630), Of(transactions, entry => entry.Kind == EntryKind.PaymentReceived));
        Assert.Equal((26_108, (Int128)13_812_015_350), Of(transactions, entry => entry.Kind is EntryKind.PaymentMade or EntryKind.LoanRepaid));
        Assert.Equal((123, (Int128)48_356_580), Of(transactions, entry => entry.Kind == EntryKind.LoanRepaid));
        Assert.Equal((9_463, (Int128)125_691_580), Of(transactions, entry => entry.Category == "interest"));
        Assert.Equal((64, (Int128)46_670), Of(transactions, entry => entry.Category == "penalty-interest"));
        Assert.Equal((3_719, (Int128)1_598_588_300), Of(transactions, entry => entry.Category == "household"));
        Assert.Equal(5_445, transactions.Count(entry => entry.Category == "statement-fee"));
        Assert.Equal(1_770, transactions.Count(entry => entry.Category == "pension"));
        Assert.Equal(644, transactions.Count(entry => entry.Category == "insurance"));
    }

    [Fact]
    public async Task Every_accounts_credits_and_debits_are_those_of_the_truth()
    {
        var data = SharedData.Folder("berka");
        var run = new CommandRun();
        Assert.Equal(0, await Import(run, data, "trans_1993_1994q1.asc"));
        var owners = Rows(Path.Combine(data, "disp.asc"), ';').Where(row => row["type"] == "OWNER")
            .ToDictionary(row => row["account_id"], row => CommandRun.Citizen("berka:" + row["client_id"]));
        var sums = run.Ledger.Entries.Where(entry => entry.Kind != EntryKind.LoanOpened)
            .ToLookup(entry => (entry.Citizen, IsCredit: entry.Kind == EntryKind.PaymentReceived));

        var truth = Rows(Path.Combine(data, "truth_1993_1994q1_per_account.csv"), ',').ToArray();
        Assert.Equal(1_229, truth.Length);
        foreach (var row in truth)
        {
            var owner = owners[row["account_id"]];
            Assert.Equal((row["credits_n"], row["credits_hellers"]), Text(sums[(owner, true)]));
            Assert.Equal((row["debits_n"], row["debits_hellers"]), Text(sums[(owner, false)]));
        }
    }

    [Fact]
    public async Task All_682_loans_are_opened_at_payments_times_duration()
    {
        var data = SharedData.Folder("berka");
        var run = new CommandRun();
        Assert.Equal(0, await Import(run, data, "trans_preloan_1997_98.csv"));

        var loans = run.Ledger.Entries.Where(entry => entry.Kind == EntryKind.LoanOpened).ToArray();
        Assert.Equal(682, loans.Length);
        Assert.All(loans, loan =>
        {
            var terms = Assert.IsType<LoanTerms>(loan.Detail);
            Assert.Equal(loan.Money!.Value.MinorUnits, terms.TermMonths * terms.InstalmentMinorUnits);
        });
        Assert.Equal(30_200, run.Ledger.Entries.Count - loans.Length);
    }

    private static Task<int> Import(CommandRun run, string data, string transactions) =>
        run.RunAsync("import", "berka", data, "--transactions", transactions, "--data", "unused", "--json");

    private static (int, Int128) Of(IEnumerable<Entry> entries, Func<Entry, bool> chosen)
    {
        var found = entries.Where(chosen).ToArray();
        return (found.Length, FakeLedger.Sum(found));
    }

    private static (string, string) Text(IEnumerable<Entry> entries)
    {
        var (count, sum) = Of(entries, _ => true);
        return (count.ToString(CultureInfo.InvariantCulture), sum.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<Dictionary<string, string>> Rows(string path, char separator)
    {
        var lines = File.ReadLines(path).Select(line => line.Split(separator).Select(field => field.Trim('"')).ToArray());
        var header = lines.First();
        return lines.Skip(1).Select(fields => header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
