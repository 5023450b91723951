namespace CreditGrains;

/// <summary>What an entry says happened. The numbers are on the wire and on disk and are never reused.</summary>
/// <remarks>
/// 1–99 are furnished, 100–149 are written by the ledger about access, 150–199 about oversight. A code that this build does not
/// know is kept, hashed and passed over by the fold.
/// </remarks>
public enum EntryKind : byte
{
    /// <summary>The citizen paid. Money: what was paid, above zero.</summary>
    PaymentMade = 1,

    /// <summary>The citizen was paid. Money: what was received, above zero.</summary>
    PaymentReceived = 2,

    /// <summary>A tradeline was opened. Money: the principal, or zero for a revolving line. Detail: <see cref="LoanTerms"/>.</summary>
    LoanOpened = 10,

    /// <summary>More was drawn on a tradeline. Money: what was drawn.</summary>
    LoanDrawn = 11,

    /// <summary>A repayment settled instalments, the oldest due first. Money: what was repaid.</summary>
    LoanRepaid = 12,

    /// <summary>The furnisher's statement of a tradeline for a month. Money: the balance owed. Detail: <see cref="LoanStatement"/>.</summary>
    LoanStatementReported = 13,

    /// <summary>A credit limit changed. Money: the new limit.</summary>
    LimitChanged = 14,

    /// <summary>A tradeline ended. Money: the final balance, if any. Detail: <see cref="LoanClosure"/>.</summary>
    LoanClosed = 15,

    /// <summary>The furnisher wrote a tradeline off to loss; the debt remains. Money: the amount written off.</summary>
    LoanChargedOff = 16,

    /// <summary>A tradeline passed to another furnisher. Detail: <see cref="TradelineTransfer"/>.</summary>
    TradelineTransferred = 17,

    /// <summary>The citizen stood surety for somebody else's debt. Money: the sum guaranteed.</summary>
    GuaranteeGiven = 18,

    /// <summary>Units were bought. Money: the cost. Detail: <see cref="InvestmentHolding"/>.</summary>
    InvestmentBought = 30,

    /// <summary>Units were sold. Money: the proceeds. Detail: <see cref="InvestmentHolding"/>.</summary>
    InvestmentSold = 31,

    /// <summary>A position was valued. Money: its value. Detail: <see cref="InvestmentHolding"/>, units zero.</summary>
    InvestmentValued = 32,

    /// <summary>An investment paid income. Money: what was paid. Detail: <see cref="InvestmentHolding"/>, units zero.</summary>
    IncomeOnInvestment = 33,

    /// <summary>Income for a month was reported. Money: the income.</summary>
    IncomeReported = 40,

    /// <summary>A bill that is no credit, such as telephone, power or rent. Money: the bill. Detail: <see cref="NonCreditObligation"/>.</summary>
    NonCreditObligationReported = 41,

    /// <summary>A judgment, an enforcement, a bankruptcy. Detail: <see cref="PublicRecord"/>.</summary>
    PublicRecordReported = 42,

    /// <summary>Where the citizen lives and when they were born. Detail: <see cref="CitizenProfile"/>.</summary>
    ProfileReported = 43,

    /// <summary>Two ids are one person from this day on. Detail: <see cref="IdentityLink"/>.</summary>
    IdentityLinked = 50,

    /// <summary>Two ids are two persons again from this day on. Detail: <see cref="IdentityLink"/>.</summary>
    IdentityUnlinked = 51,

    /// <summary>An earlier entry of the same furnisher does not stand. <see cref="Entry.Corrects"/> names it.</summary>
    EntryReversed = 60,

    /// <summary>An earlier entry of the same furnisher is replaced by the content of this one. Detail: <see cref="Correction"/>.</summary>
    EntryCorrected = 61,

    /// <summary>Somebody was shown something of the file. Written by the ledger only.</summary>
    InquiryPermitted = 100,

    /// <summary>Somebody asked and was refused. Written by the ledger only.</summary>
    InquiryRefused = 101,

    /// <summary>The file was scored. Detail: <see cref="ScoreDetail"/>. Written by the ledger only.</summary>
    ScoreComputed = 102,
}
