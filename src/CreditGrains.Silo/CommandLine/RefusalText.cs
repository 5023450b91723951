namespace CreditGrains.Silo.CommandLine;

/// <summary>Says in words why the ledger refused an entry, and so what to change.</summary>
internal static class RefusalText
{
    /// <summary>Says it.</summary>
    /// <param name="refusal">Why.</param>
    public static string Of(RecordRefusal refusal) => refusal switch
    {
        RecordRefusal.UnknownKind => "is a kind that this ledger does not know",
        RecordRefusal.KindNotFurnishable => "is a kind that the ledger writes itself",
        RecordRefusal.FieldMissing => "is missing, and this kind needs it",
        RecordRefusal.FieldNotAllowed => "does not go with this kind",
        RecordRefusal.FieldMalformed => "does not have the form that it must have",
        RecordRefusal.UnknownCurrency => "is no currency in force in ISO 4217",
        RecordRefusal.AmountOutOfRange => "is zero or negative where it may not be, or beyond 10^15 minor units",
        RecordRefusal.DateOutOfRange => "is before 1900-01-01",
        RecordRefusal.FutureDated => "is later than today in the ledger's zone",
        RecordRefusal.CoLenderSharesWrong => "the co-lenders' shares do not sum to 10,000 basis points, or one stands twice",
        RecordRefusal.ReferenceReused => "the citizen has an entry of this furnisher and reference with other content",
        RecordRefusal.NotFurnishersEntry => "names an entry of another furnisher",
        RecordRefusal.UnknownEntry => "names an entry that the citizen does not have",
        RecordRefusal.NotReversible => "names an entry that can be neither reversed nor corrected",
        RecordRefusal.AlreadyReversed => "names an entry that has been reversed; a reversal is final",
        RecordRefusal.CurrencyMismatch => "the tradeline or position is kept in another currency",
        RecordRefusal.TradelineAlreadyOpen => "the tradeline has been opened by another entry",
        RecordRefusal.LinkToSelf => "a citizen is not linked to itself",
        RecordRefusal.AlreadyLinked => "one of the two ids is linked already in another way",
        RecordRefusal.NotLinked => "the two ids are not linked",
        RecordRefusal.FileFull => "the citizen's file holds as many tradelines, positions, furnishers or categories as it can",
        _ => "was refused for a reason that this program is too old to name",
    };
}
