using System.Globalization;

namespace CreditGrains.Silo.CommandLine;

/// <summary>Writes amounts for people: in major units, with thousands apart.</summary>
internal static class Amounts
{
    /// <summary>Stands where an amount is not known or there is none.</summary>
    public const string None = "–";

    /// <summary>Tells whether a kind's money can be summed to something: a balance, a value or a limit of each month cannot.</summary>
    /// <param name="kind">The kind.</param>
    public static bool CanBeSummed(EntryKind kind) =>
        kind is not (EntryKind.LoanStatementReported or EntryKind.InvestmentValued or EntryKind.LimitChanged or EntryKind.IncomeReported);

    /// <summary>Writes an amount with its currency.</summary>
    /// <param name="currency">The currency; none leaves the amount out.</param>
    /// <param name="minorUnits">The amount; null where it is not known.</param>
    public static string Of(Currency currency, Int128? minorUnits) =>
        minorUnits is { } amount && currency != default ? $"{Bare(currency, amount)} {currency}" : None;

    /// <summary>Writes an amount without its currency.</summary>
    /// <param name="currency">The currency.</param>
    /// <param name="minorUnits">The amount.</param>
    public static string Bare(Currency currency, Int128 minorUnits)
    {
        var plain = currency.FormatMajor(Int128.Abs(minorUnits));
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = Int128.Parse(point < 0 ? plain : plain[..point], CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
        return $"{(minorUnits < 0 ? "-" : "")}{whole}{(point < 0 ? "" : plain[point..])}";
    }
}
