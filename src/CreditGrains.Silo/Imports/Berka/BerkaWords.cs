namespace CreditGrains.Silo.Imports.Berka;

/// <summary>What the words of the bank's transactions mean here: the Czech codes of the original files and the English ones of later copies.</summary>
internal static class BerkaWords
{
    /// <summary>The category of a loan's instalment.</summary>
    public const string LoanPayment = "loan-payment";

    /// <summary>Tells which way a transaction's money went.</summary>
    /// <param name="type">The column <c>type</c>.</param>
    /// <returns>The kind; null for a word that is not known.</returns>
    public static EntryKind? KindOf(ReadOnlySpan<byte> type) => type switch
    {
        _ when type.SequenceEqual("PRIJEM"u8) => EntryKind.PaymentReceived,
        _ when type.SequenceEqual("VYDAJ"u8) => EntryKind.PaymentMade,
        _ when type.SequenceEqual("VYBER"u8) => EntryKind.PaymentMade,
        _ when type.SequenceEqual("credit"u8) => EntryKind.PaymentReceived,
        _ when type.SequenceEqual("withdrawal"u8) => EntryKind.PaymentMade,
        _ when type.SequenceEqual("withdrawal in cash"u8) => EntryKind.PaymentMade,
        _ => null,
    };

    /// <summary>Tells what a transaction was for.</summary>
    /// <param name="symbol">The column <c>k_symbol</c>; empty or blank says nothing.</param>
    /// <param name="category">The category; null for a blank.</param>
    /// <returns>False for a word that is not known.</returns>
    public static bool TryCategory(ReadOnlySpan<byte> symbol, out string? category)
    {
        symbol = symbol.Trim((byte)' ');
        category = symbol switch
        {
            _ when symbol.IsEmpty => null,
            _ when symbol.SequenceEqual("UROK"u8) || symbol.SequenceEqual("interest credited"u8) => "interest",
            _ when symbol.SequenceEqual("SANKC. UROK"u8) || symbol.SequenceEqual("sanction interest if negative balance"u8) => "penalty-interest",
            _ when symbol.SequenceEqual("SIPO"u8) || symbol.SequenceEqual("household"u8) => "household",
            _ when symbol.SequenceEqual("UVER"u8) || symbol.SequenceEqual("loan payment"u8) => LoanPayment,
            _ when symbol.SequenceEqual("SLUZBY"u8) || symbol.SequenceEqual("payment for statement"u8) => "statement-fee",
            _ when symbol.SequenceEqual("DUCHOD"u8) || symbol.SequenceEqual("old-age pension"u8) => "pension",

            // The English copy spells the word with two r.
            _ when symbol.SequenceEqual("POJISTNE"u8) || symbol.SequenceEqual("insurrance payment"u8) => "insurance",
            _ => "",
        };
        return category is not "";
    }
}
