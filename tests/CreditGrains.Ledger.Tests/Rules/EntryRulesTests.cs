using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class EntryRulesTests
{
    private static readonly DateOnly Today = new(2025, 6, 15);

    private static readonly Currency Euro = Currency.Of("EUR");

    /// <summary>One good entry of every furnished kind.</summary>
    internal static readonly Entry[] Good =
    [
        Samples.PaymentMade, Samples.PaymentReceived, Samples.LoanOpened, Samples.LoanDrawn, Samples.LoanRepaid, Samples.Statement, Samples.LimitChanged, Samples.LoanClosed,
        Samples.LoanChargedOff, Samples.Transferred, Samples.Guarantee, Samples.Bought, Samples.Sold, Samples.Valued, Samples.InvestmentIncome, Samples.Income,
        Samples.Obligation, Samples.PublicRecord, Samples.Profile, Samples.Linked, Samples.Unlinked, Samples.Reversed, Samples.Corrected,
    ];

    public static TheoryData<string, Entry?, RecordRefusal, string> Refusals => new()
    {
        { "no entry at all", null, RecordRefusal.FieldMissing, "entry" },
        { "a kind of a later build", Samples.PaymentMade with { Kind = (EntryKind)77 }, RecordRefusal.UnknownKind, "kind" },
        { "no kind", Samples.PaymentMade with { Kind = 0 }, RecordRefusal.UnknownKind, "kind" },
        { "a trace of access", Samples.PaymentMade with { Kind = EntryKind.InquiryPermitted }, RecordRefusal.KindNotFurnishable, "kind" },
        { "the alias's side of a link", Samples.Linked with { Detail = new IdentityLink { Other = Samples.Other, Role = IdentityRole.Alias } }, RecordRefusal.KindNotFurnishable, "detail.role" },

        { "no citizen", Samples.PaymentMade with { Citizen = default }, RecordRefusal.FieldMissing, "citizen" },
        { "a furnisher without a name", Samples.PaymentMade with { Furnisher = default }, RecordRefusal.FieldMissing, "furnisher" },
        { "no reference", Samples.PaymentMade with { Reference = null! }, RecordRefusal.FieldMissing, "reference" },
        { "a payment without money", Samples.PaymentMade with { Money = null }, RecordRefusal.FieldMissing, "money" },
        { "a repayment without a tradeline", Samples.LoanRepaid with { Tradeline = null }, RecordRefusal.FieldMissing, "tradeline" },
        { "a tradeline without a name", Samples.LoanRepaid with { Tradeline = default(TradelineId) }, RecordRefusal.FieldMissing, "tradeline" },
        { "consent not named", Samples.PaymentMade with { LawfulBasis = LawfulBasis.Consent }, RecordRefusal.FieldMissing, "consent" },
        { "a reversal of nothing", Samples.Reversed with { Corrects = null }, RecordRefusal.FieldMissing, "corrects" },
        { "a reversal of nobody's", Samples.Reversed with { Corrects = new EntryReference(default, "p-1") }, RecordRefusal.FieldMissing, "corrects.furnisher" },
        { "a reversal of a nameless", Samples.Reversed with { Corrects = new EntryReference(Samples.Bank, null!) }, RecordRefusal.FieldMissing, "corrects.reference" },
        { "an opening without terms", Samples.LoanOpened with { Detail = null }, RecordRefusal.FieldMissing, "detail" },
        { "a transfer to nobody", Samples.Transferred with { Detail = new TradelineTransfer() }, RecordRefusal.FieldMissing, "detail.to" },
        { "a purchase of nothing named", Samples.Bought with { Detail = new InvestmentHolding { Units = 1 } }, RecordRefusal.FieldMissing, "detail.position" },
        { "a profile that says nothing", Samples.Profile with { Detail = new CitizenProfile() }, RecordRefusal.FieldMissing, "detail.province" },
        { "a link with nobody", Samples.Linked with { Detail = new IdentityLink() }, RecordRefusal.FieldMissing, "detail.other" },
        { "a correction into nothing", Samples.Corrected with { Detail = null }, RecordRefusal.FieldMissing, "detail" },
        { "a correction into a loan without terms", Samples.Corrected with { Tradeline = new("loan"), Detail = new Correction { As = EntryKind.LoanOpened } }, RecordRefusal.FieldMissing, "detail.detail" },
        { "a correction into a payment without money", Samples.Corrected with { Money = null }, RecordRefusal.FieldMissing, "money" },

        { "a transfer with money", Samples.Transferred with { Money = new Money(1, Euro) }, RecordRefusal.FieldNotAllowed, "money" },
        { "income on a tradeline", Samples.Income with { Tradeline = new("loan") }, RecordRefusal.FieldNotAllowed, "tradeline" },
        { "a public record with a category", Samples.PublicRecord with { Category = "court" }, RecordRefusal.FieldNotAllowed, "category" },
        { "a consent without that basis", Samples.PaymentMade with { Consent = "c-1" }, RecordRefusal.FieldNotAllowed, "consent" },
        { "a payment that corrects", Samples.PaymentMade with { Corrects = new EntryReference(Samples.Bank, "p-0") }, RecordRefusal.FieldNotAllowed, "corrects" },
        { "a payment with a detail", Samples.PaymentMade with { Detail = new LoanClosure() }, RecordRefusal.FieldNotAllowed, "detail" },
        { "a reversal with a detail", Samples.Reversed with { Detail = new LoanClosure() }, RecordRefusal.FieldNotAllowed, "detail" },
        { "a correction into a payment with a detail", Samples.Corrected with { Detail = new Correction { As = EntryKind.PaymentMade, Detail = new LoanClosure() } }, RecordRefusal.FieldNotAllowed, "detail.detail" },

        { "a furnisher in capitals", Samples.PaymentMade with { Furnisher = new("Bank") }, RecordRefusal.FieldMalformed, "furnisher" },
        { "a furnisher of 33 characters", Samples.PaymentMade with { Furnisher = new(new('b', 33)) }, RecordRefusal.FieldMalformed, "furnisher" },
        { "an empty reference", Samples.PaymentMade with { Reference = "" }, RecordRefusal.FieldMalformed, "reference" },
        { "a reference of 129 characters", Samples.PaymentMade with { Reference = new('r', 129) }, RecordRefusal.FieldMalformed, "reference" },
        { "a reference with a space", Samples.PaymentMade with { Reference = "r 1" }, RecordRefusal.FieldMalformed, "reference" },
        { "a reference beyond ASCII", Samples.PaymentMade with { Reference = "č" }, RecordRefusal.FieldMalformed, "reference" },
        { "a tradeline of 65 characters", Samples.LoanRepaid with { Tradeline = new(new('t', 65)) }, RecordRefusal.FieldMalformed, "tradeline" },
        { "an empty category", Samples.PaymentMade with { Category = "" }, RecordRefusal.FieldMalformed, "category" },
        { "a category with a line break", Samples.PaymentMade with { Category = "a\nb" }, RecordRefusal.FieldMalformed, "category" },
        { "a class of data that is none", Samples.PaymentMade with { DataClass = (DataClass)9 }, RecordRefusal.FieldMalformed, "dataClass" },
        { "a payment called access", Samples.PaymentMade with { DataClass = DataClass.Access }, RecordRefusal.FieldMalformed, "dataClass" },
        { "income called credit", Samples.Income with { DataClass = DataClass.Credit }, RecordRefusal.FieldMalformed, "dataClass" },
        { "no lawful basis", Samples.PaymentMade with { LawfulBasis = 0 }, RecordRefusal.FieldMalformed, "lawfulBasis" },
        { "a retention that is the ledger's own", Samples.PaymentMade with { RetentionClass = RetentionClass.AccessTrace }, RecordRefusal.FieldMalformed, "retentionClass" },
        { "a reversal of somebody malformed", Samples.Reversed with { Corrects = new EntryReference(new("B"), "p-1") }, RecordRefusal.FieldMalformed, "corrects.furnisher" },
        { "an opening with a statement's detail", Samples.LoanOpened with { Detail = new LoanStatement() }, RecordRefusal.FieldMalformed, "detail" },
        { "a correction with another detail", Samples.Corrected with { Detail = new LoanClosure() }, RecordRefusal.FieldMalformed, "detail" },
        { "a correction into a link", Samples.Corrected with { Detail = new Correction { As = EntryKind.IdentityLinked } }, RecordRefusal.FieldMalformed, "detail.as" },
        { "a correction into a correction", Samples.Corrected with { Detail = new Correction { As = EntryKind.EntryCorrected } }, RecordRefusal.FieldMalformed, "detail.as" },
        { "a correction into an unknown kind", Samples.Corrected with { Detail = new Correction { As = (EntryKind)77 } }, RecordRefusal.FieldMalformed, "detail.as" },
        { "601 instalments", Samples.LoanOpened with { Detail = Samples.Terms with { TermMonths = 601 } }, RecordRefusal.FieldMalformed, "detail.termMonths" },
        { "instalments of nothing", Samples.LoanOpened with { Detail = Samples.Terms with { InstalmentMinorUnits = 0 } }, RecordRefusal.FieldMalformed, "detail.instalmentMinorUnits" },
        { "a share of nothing", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [new(Samples.Bank, 0)] } }, RecordRefusal.FieldMalformed, "detail.coLenders" },
        { "a nameless co-lender", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [new(default, 10_000)] } }, RecordRefusal.FieldMalformed, "detail.coLenders" },
        { "17 co-lenders", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [.. Enumerable.Range(0, 17).Select(number => new CoLender(new($"b{number}"), 1))] } }, RecordRefusal.FieldMalformed, "detail.coLenders" },
        { "10,000 days past due", Samples.Statement with { Detail = new LoanStatement { DaysPastDue = 10_000 } }, RecordRefusal.FieldMalformed, "detail.daysPastDue" },
        { "a purchase of no units", Samples.Bought with { Detail = new InvestmentHolding { Position = new("fund") } }, RecordRefusal.FieldMalformed, "detail.units" },
        { "a purchase of more than can be", Samples.Bought with { Detail = new InvestmentHolding { Position = new("fund"), Units = Int128.MaxValue } }, RecordRefusal.FieldMalformed, "detail.units" },
        { "a valuation of units", Samples.Valued with { Detail = new InvestmentHolding { Position = new("fund"), Units = 1 } }, RecordRefusal.FieldMalformed, "detail.units" },
        { "a bill for nothing known", Samples.Obligation with { Detail = new NonCreditObligation() }, RecordRefusal.FieldMalformed, "detail.type" },
        { "born next year", Samples.Profile with { Detail = new CitizenProfile { BirthYear = 2026 } }, RecordRefusal.FieldMalformed, "detail.birthYear" },

        { "money of no currency", Samples.PaymentMade with { Money = default(Money) }, RecordRefusal.UnknownCurrency, "money.currency" },
        { "money of a currency out of force", Samples.PaymentMade with { Money = new Money(1, new Currency(1)) }, RecordRefusal.UnknownCurrency, "money.currency" },

        { "a payment of nothing", Samples.PaymentMade with { Money = new Money(0, Euro) }, RecordRefusal.AmountOutOfRange, "money.minorUnits" },
        { "a payment beyond 10^15", Samples.PaymentMade with { Money = new Money(1_000_000_000_000_001, Euro) }, RecordRefusal.AmountOutOfRange, "money.minorUnits" },
        { "a balance beyond -10^15", Samples.Statement with { Money = new Money(long.MinValue, Euro) }, RecordRefusal.AmountOutOfRange, "money.minorUnits" },
        { "an instalment loan of nothing", Samples.LoanOpened with { Money = new Money(0, Euro) }, RecordRefusal.AmountOutOfRange, "money.minorUnits" },
        { "a negative instalment", Samples.LoanOpened with { Detail = Samples.Terms with { InstalmentMinorUnits = -1 } }, RecordRefusal.AmountOutOfRange, "detail.instalmentMinorUnits" },
        { "a negative limit", Samples.LoanOpened with { Detail = Samples.Terms with { LimitMinorUnits = -1 } }, RecordRefusal.AmountOutOfRange, "detail.limitMinorUnits" },
        { "less than nothing past due", Samples.Statement with { Detail = new LoanStatement { PastDueMinorUnits = -1 } }, RecordRefusal.AmountOutOfRange, "detail.pastDueMinorUnits" },

        { "a day before 1900", Samples.PaymentMade with { OccurredOn = new(1899, 12, 31) }, RecordRefusal.DateOutOfRange, "occurredOn" },
        { "an end before 1900", Samples.PublicRecord with { Detail = new PublicRecord { Type = PublicRecordType.Judgment, EndedOn = default(DateOnly) } }, RecordRefusal.DateOutOfRange, "detail.endedOn" },
        { "tomorrow", Samples.PaymentMade with { OccurredOn = Today.AddDays(1) }, RecordRefusal.FutureDated, "occurredOn" },
        { "an end tomorrow", Samples.PublicRecord with { Detail = new PublicRecord { Type = PublicRecordType.Judgment, EndedOn = Today.AddDays(1) } }, RecordRefusal.FutureDated, "detail.endedOn" },
        { "shares of 9,999", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [new(Samples.Bank, 9_999)] } }, RecordRefusal.CoLenderSharesWrong, "detail.coLenders" },
        { "a co-lender twice", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [new(Samples.Bank, 5_000), new(Samples.Bank, 5_000)] } }, RecordRefusal.CoLenderSharesWrong, "detail.coLenders" },

        // Of several faults the first in the list of refusals is told, wherever in the entry it is.
        { "missing before not allowed", Samples.LoanRepaid with { Money = null, Detail = new LoanClosure() }, RecordRefusal.FieldMissing, "money" },
        { "not allowed before malformed", Samples.PaymentMade with { Furnisher = new("B"), Detail = new LoanClosure() }, RecordRefusal.FieldNotAllowed, "detail" },
        { "malformed before unknown currency", Samples.Statement with { Money = default(Money), Detail = new LoanStatement { DaysPastDue = -1 } }, RecordRefusal.FieldMalformed, "detail.daysPastDue" },
        { "unknown currency before amount", Samples.PaymentMade with { Money = new Money(-1, default) }, RecordRefusal.UnknownCurrency, "money.currency" },
        { "amount before date", Samples.PaymentMade with { Money = new Money(0, Euro), OccurredOn = default }, RecordRefusal.AmountOutOfRange, "money.minorUnits" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void The_first_refusal_that_applies_is_given(string what, Entry? entry, RecordRefusal refusal, string field)
    {
        Assert.NotEmpty(what);
        Assert.Equal(RecordOutcome.Refused(refusal, field), EntryRules.FirstRefusal(entry, Today));
    }

    [Fact]
    public void A_good_entry_of_every_furnished_kind_passes()
    {
        foreach (var entry in Good) Assert.Null(EntryRules.FirstRefusal(entry, Today));

        Assert.Equal(Enum.GetValues<EntryKind>().Where(kind => (byte)kind < 100), Good.Select(entry => entry.Kind).Order());
    }

    public static TheoryData<string, Entry> AtTheEdge => new()
    {
        { "today", Samples.PaymentMade with { OccurredOn = Today } },
        { "the first day", Samples.PaymentMade with { OccurredOn = new(1900, 1, 1) } },
        { "10^15", Samples.PaymentMade with { Money = new Money(1_000_000_000_000_000, Euro) } },
        { "a balance in the citizen's favour", Samples.Statement with { Money = new Money(-1, Euro) } },
        { "a revolving line of nothing drawn", Samples.LoanOpened with { Money = new Money(0, Euro), Detail = new LoanTerms { Portfolio = PortfolioType.Revolving, LimitMinorUnits = 0 } } },
        { "a closure without a balance", Samples.LoanClosed with { Money = null } },
        { "co-lenders that were never said", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = default } } },
        { "shares of 10,000", Samples.LoanOpened with { Detail = Samples.Terms with { CoLenders = [new(Samples.Bank, 1), new(new("bank-b"), 9_999)] } } },
        { "a consent with a space", Samples.PaymentMade with { LawfulBasis = LawfulBasis.Consent, Consent = "consent 1" } },
        { "credit called income", Samples.PaymentMade with { DataClass = DataClass.Income } },
        { "another's entry, which is for later", Samples.Reversed with { Corrects = new EntryReference(new("bank-b"), "p-1") } },
        { "a link to oneself, which is for later", Samples.Linked with { Detail = new IdentityLink { Other = Samples.Citizen } } },
        { "a payment on a tradeline", Samples.PaymentMade with { Tradeline = new("card") } },
    };

    [Theory, MemberData(nameof(AtTheEdge))]
    public void What_is_just_allowed_passes(string what, Entry entry)
    {
        Assert.NotEmpty(what);
        Assert.Null(EntryRules.FirstRefusal(entry, Today));
    }

    [Fact]
    public void No_garbage_throws()
    {
        string?[] texts = [null, "", "a", " ", "ž", "\0", new('x', 5_000), "bank-a", "\ud800"];
        EntryDetail?[] details =
        [
            null, new LoanTerms { CoLenders = default, TermMonths = int.MinValue, InstalmentMinorUnits = long.MinValue, LimitMinorUnits = long.MaxValue }, new LoanTerms { CoLenders = [default, default] },
            new LoanStatement { PastDueMinorUnits = long.MinValue, DaysPastDue = int.MinValue, Status = (AccountStatus)255 }, new LoanClosure { Reason = 0 }, new TradelineTransfer(),
            new InvestmentHolding { Units = Int128.MinValue }, new InvestmentHolding { Position = new("p"), Units = Int128.MaxValue }, new NonCreditObligation { DaysLate = int.MaxValue },
            new PublicRecord { EndedOn = DateOnly.MaxValue }, new CitizenProfile { Province = "", BirthYear = int.MinValue }, new IdentityLink(), new InquiryDetail { Purpose = null! },
            new Correction(), new Correction { As = EntryKind.EntryCorrected, Detail = new Correction { As = EntryKind.EntryCorrected } }, new Correction { As = EntryKind.LoanOpened, Detail = new Correction() },
        ];
        CitizenState state = new();
        (from kind in Gen.Byte
         from text in Gen.Int[0, texts.Length - 1].Array[6]
         from detail in Gen.Int[0, details.Length - 1]
         from money in Gen.Select(Gen.Long, Gen.UShort)
         from flags in Gen.Int[0, 255]
         from day in Gen.Int[0, DateOnly.MaxValue.DayNumber]
         select new Entry
         {
             Citizen = new(1, 1),
             Kind = (EntryKind)(flags % 2 == 0 ? kind % 64 : kind),
             Furnisher = new(texts[text[0]]!),
             Reference = texts[text[1]]!,
             OccurredOn = DateOnly.FromDayNumber(day),
             Money = (flags & 2) == 0 ? null : new Money(money.Item1, new(money.Item2)),
             Tradeline = (flags & 4) == 0 ? null : new TradelineId(texts[text[2]]!),
             Category = texts[text[3]],
             DataClass = (flags & 8) == 0 ? null : (DataClass)kind,
             LawfulBasis = (LawfulBasis)(flags & 7),
             Consent = texts[text[4]],
             Corrects = (flags & 16) == 0 ? null : new EntryReference(new(texts[text[0]]!), texts[text[5]]!),
             RetentionClass = (RetentionClass)(flags & 3),
             Detail = details[detail],
         }).Sample(
            entry =>
            {
                // What passes must also be fit for all that follows.
                if (EntryRules.FirstRefusal(entry, Today) is not null) return;
                EntryCodec.Encode(entry, null, new byte[EntryCodec.MaxBodyBytes]);
                state.FirstRefusal(entry);
                state.NeedsQuiet(entry);
            },
            iter: 20_000);
    }

    [Fact]
    public void A_class_of_data_is_the_entrys_own_word_or_its_kinds()
    {
        Assert.Equal(DataClass.Credit, EntryRules.DataClassOf(Samples.PaymentMade));
        Assert.Equal(DataClass.Income, EntryRules.DataClassOf(Samples.Income));
        Assert.Equal(DataClass.Income, EntryRules.DataClassOf(Samples.PaymentMade with { DataClass = DataClass.Income }));
        Assert.Equal(DataClass.Investment, EntryRules.DataClassOf(Samples.Corrected with { Detail = new Correction { As = EntryKind.InvestmentValued } }));
        Assert.Equal(DataClass.Access, EntryRules.DataClassOf(Samples.PaymentMade with { Kind = EntryKind.InquiryRefused }));
    }

    [Fact]
    public void Co_lenders_are_compared_in_their_order() =>
        Assert.NotEqual(
            Samples.Terms with { CoLenders = ImmutableArray.Create(new CoLender(new("a"), 5_000), new CoLender(new("b"), 5_000)) },
            Samples.Terms with { CoLenders = ImmutableArray.Create(new CoLender(new("b"), 5_000), new CoLender(new("a"), 5_000)) });
}
