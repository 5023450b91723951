namespace CreditGrains.Ledger;

/// <summary>One or several like entries of one day about one tradeline or position.</summary>
internal ref struct SubjectEvent
{
    internal int Day;
    internal EntryKind Kind;
    internal int Furnisher;

    /// <summary>The category's index plus one; 0 for none.</summary>
    internal int Category;

    internal long Count;
    internal bool HasMoney;

    /// <summary>The sum of the money, where the kind's events add up; else the money of each.</summary>
    internal Int128 MinorUnits;

    internal Int128 Units;

    /// <summary>What the kind says beyond that; see <see cref="EventExtras"/>.</summary>
    internal ReadOnlySpan<byte> Extra;

    /// <summary>What the money of all its entries sums to.</summary>
    internal readonly Int128 Sum => Count == 1 || AddsUp(Kind) ? MinorUnits : MinorUnits * Count;

    /// <summary>Whether like entries of one day become one event with the sum; of other kinds only identical ones do.</summary>
    internal static bool AddsUp(EntryKind kind) => kind is EntryKind.LoanDrawn or EntryKind.LoanRepaid or EntryKind.LoanChargedOff
        or EntryKind.InvestmentBought or EntryKind.InvestmentSold or EntryKind.IncomeOnInvestment;

    internal readonly bool IsLike(in SubjectEvent other) =>
        Kind == other.Kind && Category == other.Category && Furnisher == other.Furnisher && HasMoney == other.HasMoney
        && (AddsUp(Kind) || MinorUnits == other.MinorUnits)
        && Extra.SequenceEqual(other.Extra);
}
