namespace CreditGrains.Ledger.Tests;

/// <summary>One plain entry of every kind.</summary>
internal static class Samples
{
    internal static readonly CitizenId Citizen = new(0x0123_4567_89AB_CDEF, 0x1122_3344_5566_7788);

    internal static readonly CitizenId Other = new(0xFEDC_BA98_7654_3210, 0x8877_6655_4433_2211);

    internal static readonly FurnisherId Bank = new("bank-a");

    internal static readonly LoanTerms Terms = new() { TermMonths = 12, InstalmentMinorUnits = 10_000 };

    internal static Entry PaymentMade => Of(EntryKind.PaymentMade, 1_250) with { Category = "groceries" };

    internal static Entry PaymentReceived => Of(EntryKind.PaymentReceived, 250_000) with { Category = "salary" };

    internal static Entry LoanOpened => Of(EntryKind.LoanOpened, 120_000, "loan-1", Terms);

    internal static Entry LoanDrawn => Of(EntryKind.LoanDrawn, 5_000, "card-1");

    internal static Entry LoanRepaid => Of(EntryKind.LoanRepaid, 10_000, "loan-1");

    internal static Entry Statement => Of(EntryKind.LoanStatementReported, 90_000, "loan-1", new LoanStatement { PastDueMinorUnits = 10_000, DaysPastDue = 31, Status = AccountStatus.PastDue });

    internal static Entry LimitChanged => Of(EntryKind.LimitChanged, 300_000, "card-1");

    internal static Entry LoanClosed => Of(EntryKind.LoanClosed, 0, "loan-1", new LoanClosure { Reason = ClosureReason.Paid });

    internal static Entry LoanChargedOff => Of(EntryKind.LoanChargedOff, 45_000, "loan-1");

    internal static Entry Transferred => Of(EntryKind.TradelineTransferred, null, "loan-1", new TradelineTransfer { To = new("bank-b") });

    internal static Entry Guarantee => Of(EntryKind.GuaranteeGiven, 1_000_000);

    internal static Entry Bought => Of(EntryKind.InvestmentBought, 10_000, null, new InvestmentHolding { Position = new("fund-1"), Units = 123_456_789 });

    internal static Entry Sold => Of(EntryKind.InvestmentSold, 11_000, null, new InvestmentHolding { Position = new("fund-1"), Units = 100_000_000 });

    internal static Entry Valued => Of(EntryKind.InvestmentValued, 12_000, null, new InvestmentHolding { Position = new("fund-1") });

    internal static Entry InvestmentIncome => Of(EntryKind.IncomeOnInvestment, 300, null, new InvestmentHolding { Position = new("fund-1") });

    internal static Entry Income => Of(EntryKind.IncomeReported, 250_000);

    internal static Entry Obligation => Of(EntryKind.NonCreditObligationReported, 4_500, null, new NonCreditObligation { Type = ObligationType.Utility, DaysLate = 3 });

    internal static Entry PublicRecord => Of(EntryKind.PublicRecordReported, null, null, new PublicRecord { Type = PublicRecordType.TaxArrears, EndedOn = new DateOnly(2025, 6, 1) });

    internal static Entry Profile => Of(EntryKind.ProfileReported, null, null, new CitizenProfile { Province = "north", BirthYear = 1980 });

    internal static Entry Linked => Of(EntryKind.IdentityLinked, null, null, new IdentityLink { Other = Other });

    internal static Entry Unlinked => Of(EntryKind.IdentityUnlinked, null, null, new IdentityLink { Other = Other });

    internal static Entry Reversed => Of(EntryKind.EntryReversed) with { Corrects = new EntryReference(Bank, "p-1") };

    internal static Entry Corrected => Of(EntryKind.EntryCorrected, 1_300) with { Category = "dining", Corrects = new EntryReference(Bank, "p-1"), Detail = new Correction { As = EntryKind.PaymentMade } };

    internal static Entry InquiryPermitted => Of(EntryKind.InquiryPermitted, null, null, new InquiryDetail { Organisation = new("bank-b"), Purpose = "loan-approval", Product = "report", IsHard = true });

    internal static Entry InquiryRefused => Of(EntryKind.InquiryRefused, null, null, new InquiryDetail { Organisation = new("bank-b"), Purpose = "marketing", Product = "report", Refusal = "purpose-not-permitted" });

    internal static Entry Scored => Of(EntryKind.ScoreComputed, null, null, new ScoreDetail
    {
        Purpose = Purposes.LoanApproval,
        Coverage = Coverage.Scorable,
        AsOf = new(2025, 3, 30),
        KnownSequence = 41,
        KnownAt = 1_743_379_200_000_000,
        Scale = "300-850",
        Score = 612,
        Model = "standard",
        Version = 2,
        Points = 612.375,
        ChallengerVersion = 3,
        ChallengerPoints = double.NaN,
        InputsDigest = UInt128.MaxValue / 3,
        Reasons = ["R02", "R05"],
        LinkedSequences = [3, 500],
    });

    internal static Entry Of(EntryKind kind, long? minorUnits = null, string? tradeline = null, EntryDetail? detail = null) => new()
    {
        Citizen = Citizen,
        Kind = kind,
        Furnisher = Bank,
        Reference = "ref-1",
        OccurredOn = new(2025, 3, 31),
        Money = minorUnits is { } amount ? new Money(amount, Currency.Of("EUR")) : null,
        Tradeline = tradeline is null ? null : new TradelineId(tradeline),
        Detail = detail,
    };
}
