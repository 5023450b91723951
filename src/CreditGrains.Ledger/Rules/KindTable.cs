namespace CreditGrains.Ledger;

/// <summary>Whether a kind has a field.</summary>
internal enum Has : byte
{
    No,
    May,
    Must,
}

/// <summary>Which amounts a kind may have.</summary>
internal enum Amounts : byte
{
    AboveZero,
    ZeroOrMore,
    Any,
}

/// <summary>What the fold keeps a kind's entries under.</summary>
internal enum Subject : byte
{
    None,
    Tradeline,
    Position,
}

/// <summary>What entries of one kind have, and what is counted of them.</summary>
internal sealed record KindForm(
    EntryKind Kind, Has Money, Amounts Amounts, Has Tradeline, Has Category, Type? Detail, DataClass DataClass, Subject Subject = Subject.None)
{
    /// <summary>Whether furnishers send it; else the ledger alone writes it.</summary>
    internal bool IsFurnished => (byte)Kind < 100;

    /// <summary>Whether an entry of this kind can be reversed and corrected, and a corrected entry can become one.</summary>
    internal bool IsCorrectable => IsFurnished
        && Kind is not (EntryKind.IdentityLinked or EntryKind.IdentityUnlinked or EntryKind.EntryReversed or EntryKind.EntryCorrected);
}

/// <summary>The kinds that this build knows, and the form of each: the one place that says which kind has which field.</summary>
/// <remarks>A corrected entry has the form of what it becomes, and what it corrects besides.</remarks>
internal static class KindTable
{
    private static readonly KindForm?[] ByCode = Index();

    // Reversals name an entry and say no more. A correction's row says what its envelope may have; its content has the form of the kind it becomes.
    private static KindForm[] Forms =>
    [
        //   kind                                 money     amounts             tradeline category  detail                       data class              kept under
        new(EntryKind.PaymentMade,                 Has.Must, Amounts.AboveZero,  Has.May,  Has.May,  null,                        DataClass.Credit),
        new(EntryKind.PaymentReceived,             Has.Must, Amounts.AboveZero,  Has.May,  Has.May,  null,                        DataClass.Credit),
        new(EntryKind.LoanOpened,                  Has.Must, Amounts.ZeroOrMore, Has.Must, Has.May,  typeof(LoanTerms),           DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LoanDrawn,                   Has.Must, Amounts.AboveZero,  Has.Must, Has.May,  null,                        DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LoanRepaid,                  Has.Must, Amounts.AboveZero,  Has.Must, Has.May,  null,                        DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LoanStatementReported,       Has.Must, Amounts.Any,        Has.Must, Has.May,  typeof(LoanStatement),       DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LimitChanged,                Has.Must, Amounts.ZeroOrMore, Has.Must, Has.May,  null,                        DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LoanClosed,                  Has.May,  Amounts.Any,        Has.Must, Has.May,  typeof(LoanClosure),         DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.LoanChargedOff,              Has.Must, Amounts.AboveZero,  Has.Must, Has.May,  null,                        DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.TradelineTransferred,        Has.No,   Amounts.Any,        Has.Must, Has.No,   typeof(TradelineTransfer),   DataClass.Credit,       Subject.Tradeline),
        new(EntryKind.GuaranteeGiven,              Has.Must, Amounts.AboveZero,  Has.No,   Has.May,  null,                        DataClass.Credit),
        new(EntryKind.InvestmentBought,            Has.Must, Amounts.ZeroOrMore, Has.No,   Has.May,  typeof(InvestmentHolding),   DataClass.Investment,   Subject.Position),
        new(EntryKind.InvestmentSold,              Has.Must, Amounts.ZeroOrMore, Has.No,   Has.May,  typeof(InvestmentHolding),   DataClass.Investment,   Subject.Position),
        new(EntryKind.InvestmentValued,            Has.Must, Amounts.ZeroOrMore, Has.No,   Has.May,  typeof(InvestmentHolding),   DataClass.Investment,   Subject.Position),
        new(EntryKind.IncomeOnInvestment,          Has.Must, Amounts.AboveZero,  Has.No,   Has.May,  typeof(InvestmentHolding),   DataClass.Investment,   Subject.Position),
        new(EntryKind.IncomeReported,              Has.Must, Amounts.ZeroOrMore, Has.No,   Has.May,  null,                        DataClass.Income),
        new(EntryKind.NonCreditObligationReported, Has.Must, Amounts.AboveZero,  Has.No,   Has.May,  typeof(NonCreditObligation), DataClass.NonCredit),
        new(EntryKind.PublicRecordReported,        Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(PublicRecord),        DataClass.PublicRecord),
        new(EntryKind.ProfileReported,             Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(CitizenProfile),      DataClass.Identity),
        new(EntryKind.IdentityLinked,              Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(IdentityLink),        DataClass.Identity),
        new(EntryKind.IdentityUnlinked,            Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(IdentityLink),        DataClass.Identity),
        new(EntryKind.EntryReversed,               Has.No,   Amounts.Any,        Has.No,   Has.No,   null,                        DataClass.Credit),
        new(EntryKind.EntryCorrected,              Has.May,  Amounts.Any,        Has.May,  Has.May,  typeof(Correction),          DataClass.Credit),
        new(EntryKind.InquiryPermitted,            Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(InquiryDetail),       DataClass.Access),
        new(EntryKind.InquiryRefused,              Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(InquiryDetail),       DataClass.Access),
        new(EntryKind.ScoreComputed,               Has.No,   Amounts.Any,        Has.No,   Has.No,   typeof(ScoreDetail),         DataClass.Access),
    ];

    internal static bool Knows(EntryKind kind) => ByCode[(byte)kind] is not null;

    /// <summary>Gives a kind's form; null where this build does not know the kind.</summary>
    internal static KindForm? FormOf(EntryKind kind) => ByCode[(byte)kind];

    private static KindForm?[] Index()
    {
        var index = new KindForm?[byte.MaxValue + 1];
        foreach (var form in Forms) index[(byte)form.Kind] = form;
        return index;
    }
}
