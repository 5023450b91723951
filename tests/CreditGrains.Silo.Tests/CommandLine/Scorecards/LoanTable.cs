using System.Globalization;
using System.Text;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.Tests.CommandLine.Scorecards;

/// <summary>Made-up loans: two columns that tell something, one of texts that does, one that is noise.</summary>
internal static class LoanTable
{
    public const string Header = "id,income,utilisation,purpose,noise,outcome";

    /// <summary>Makes the rows.</summary>
    /// <param name="count">How many, with ids from 1.</param>
    /// <param name="seed">The same seed makes the same rows.</param>
    public static IEnumerable<string> Rows(int count, ulong seed = 1)
    {
        var random = new SplitMix64(seed);
        string[] purposes = ["car", "\"furniture, \"\"new\"\"\"", "holiday", "repairs"];
        for (var id = 1; id <= count; id++)
        {
            var (income, utilisation, purpose) = (random.Below(5_000) + 500, random.Below(1_000) / 1000.0, random.Below(4));
            var badness = (utilisation * 600) + (income < 1_500 ? 250 : 0) + (purpose == 2 ? 200 : 0);
            var isBad = random.Below(1_000) < badness * 0.6;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{id},{(random.Below(20) == 0 ? "NA" : income)},{utilisation:0.###},{purposes[purpose]},{id % 3},{(isBad ? 1 : 0)}");
        }
    }

    /// <summary>Makes the whole text.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">The same seed makes the same text.</param>
    public static string Text(int count = 2_000, ulong seed = 1)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var row in Rows(count, seed)) text.Append(row).Append('\n');
        return text.ToString();
    }

    /// <summary>Makes the text of those rows that a fit by id holds back.</summary>
    /// <param name="count">Of how many rows.</param>
    public static string HeldBackText(int count = 2_000) =>
        Header + "\n" + string.Concat(Rows(count).Where((_, row) => SplitMix64.Of((ulong)row + 1) % 10 >= 7).Select(row => row + "\n"));
}
