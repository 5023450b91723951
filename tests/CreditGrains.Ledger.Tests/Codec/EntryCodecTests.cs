using System.Buffers;
using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class EntryCodecTests
{
    private static readonly Effect PutAside = new()
    {
        Kind = EntryKind.LoanRepaid,
        Furnisher = Samples.Bank,
        OccurredOn = new(2025, 3, 1),
        Money = new Money(9_000, Currency.Of("EUR")),
        Tradeline = new TradelineId("loan-1"),
        Category = "repayment",
    };

    private static readonly Dictionary<string, (Entry Entry, Effect? Effect)> Written = new()
    {
        ["PaymentMade"] = (Samples.PaymentMade, null),
        ["PaymentReceived"] = (Samples.PaymentReceived, null),
        ["LoanOpened"] = (Samples.LoanOpened, null),
        ["LoanOpened with all"] = (Samples.LoanOpened with { Detail = Samples.Terms with { Portfolio = PortfolioType.Mortgage, LimitMinorUnits = 500_000, CoLenders = [new(Samples.Bank, 4_000), new(new("bank-b"), 6_000)] } }, null),
        ["LoanDrawn"] = (Samples.LoanDrawn, null),
        ["LoanRepaid"] = (Samples.LoanRepaid, null),
        ["LoanStatementReported"] = (Samples.Statement, null),
        ["LimitChanged"] = (Samples.LimitChanged, null),
        ["LoanClosed"] = (Samples.LoanClosed, null),
        ["LoanChargedOff"] = (Samples.LoanChargedOff, null),
        ["TradelineTransferred"] = (Samples.Transferred, null),
        ["GuaranteeGiven"] = (Samples.Guarantee, null),
        ["InvestmentBought"] = (Samples.Bought, null),
        ["InvestmentSold"] = (Samples.Sold, null),
        ["InvestmentValued"] = (Samples.Valued, null),
        ["IncomeOnInvestment"] = (Samples.InvestmentIncome, null),
        ["IncomeReported"] = (Samples.Income, null),
        ["NonCreditObligationReported"] = (Samples.Obligation, null),
        ["PublicRecordReported"] = (Samples.PublicRecord, null),
        ["ProfileReported"] = (Samples.Profile, null),
        ["IdentityLinked"] = (Samples.Linked, null),
        ["IdentityUnlinked"] = (Samples.Unlinked, null),
        ["EntryReversed"] = (Samples.Reversed, PutAside),
        ["EntryCorrected"] = (Samples.Corrected, PutAside with { Detail = Samples.Bought.Detail }),
        ["InquiryPermitted"] = (Samples.InquiryPermitted, null),
        ["InquiryRefused"] = (Samples.InquiryRefused, null),
        ["ScoreComputed"] = (Samples.Scored, null),
        ["the whole envelope"] = (Samples.PaymentMade with { DataClass = DataClass.Income, LawfulBasis = LawfulBasis.Consent, Consent = "consent 7", RetentionClass = RetentionClass.LongAdverse, Tradeline = new("card-1") }, null),
        ["another's entry"] = (Samples.Reversed with { Corrects = new EntryReference(new("bank-b"), "p-9") }, null),
    };

    public static TheoryData<string, string> Golden
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Codec", "golden-entries.txt")))
                if (line.Split('|') is [var name, var hex]) rows.Add(name.Trim(), hex.Trim());
            return rows;
        }
    }

    [Theory, MemberData(nameof(Golden))]
    public void Bytes_that_were_once_written_are_read_and_written_alike(string name, string hex)
    {
        var (entry, effect) = Written[name];

        Assert.Equal(hex, Convert.ToHexStringLower(Encoded(entry, effect)));
        var stored = EntryCodec.Decode(entry.Citizen, Convert.FromHexString(hex), 5, 6);
        Assert.Equal(new StoredEntry(entry, effect, 5, 6), stored);
        Assert.True(EntryCodec.SameContent(stored, entry));
    }

    [Fact]
    public void Every_kind_has_golden_bytes()
    {
        Assert.Equal(Written.Keys.Order(StringComparer.Ordinal), Golden.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
        Assert.Equal(Enum.GetValues<EntryKind>(), Written.Values.Select(written => written.Entry.Kind).Distinct().Order());
    }

    [Fact]
    public void Content_is_the_same_only_if_all_that_was_sent_is()
    {
        var stored = new StoredEntry(Samples.Corrected, PutAside);

        Assert.True(EntryCodec.SameContent(stored, Samples.Corrected));
        Assert.False(EntryCodec.SameContent(stored, Samples.Corrected with { OccurredOn = new(2025, 3, 30) }));
        Assert.False(EntryCodec.SameContent(stored, Samples.Corrected with { Detail = new Correction { As = EntryKind.PaymentReceived } }));
        Assert.False(EntryCodec.SameContent(stored, Samples.Corrected with { RetentionClass = RetentionClass.Adverse }));
        Assert.False(EntryCodec.SameContent(stored with { IsOpaque = true }, Samples.Corrected));
    }

    [Fact]
    public void Any_accepted_entry_comes_back_as_it_was() => Histories.OfLength(30).Sample(
        attempts =>
        {
            foreach (var stored in Histories.Accepted(attempts))
                Assert.Equal(stored, EntryCodec.Decode(stored.Entry.Citizen, Encoded(stored.Entry, stored.Effect), stored.Sequence, stored.RecordedAt));
        },
        iter: 300);

    [Fact]
    public void A_kind_and_a_detail_of_a_later_build_leave_the_envelope_readable()
    {
        var ofLaterKind = Encoded(Samples.Guarantee, null);
        ofLaterKind[1] = 77;
        var stored = EntryCodec.Decode(Samples.Citizen, ofLaterKind);
        Assert.True(stored.IsOpaque);
        Assert.Equal(Samples.Guarantee with { Kind = (EntryKind)77 }, stored.Entry);

        // The last bytes are the detail: its code, its length 1 and the reason.
        var ofLaterDetail = Encoded(Samples.LoanClosed, null);
        Assert.Equal([3, 1, 1], ofLaterDetail[^3..]);
        ofLaterDetail[^3] = 99;
        stored = EntryCodec.Decode(Samples.Citizen, ofLaterDetail);
        Assert.True(stored.IsOpaque);
        Assert.Equal(Samples.LoanClosed with { Detail = null }, stored.Entry);

        // A known detail with a field more keeps what is known of it.
        stored = EntryCodec.Decode(Samples.Citizen, [.. Encoded(Samples.LoanClosed, null)[..^3], 3, 2, 1, 9]);
        Assert.True(stored.IsOpaque);
        Assert.Equal(Samples.LoanClosed, stored.Entry);

        // The fold passes over what it does not know, and counts it as accepted.
        var state = PastFold.Fold([EntryCodec.Decode(Samples.Citizen, ofLaterKind), EntryCodec.Decode(Samples.Citizen, ofLaterDetail)]);
        Assert.Equal(2, state.Entries);
        Assert.Equal(Coverage.NoFile, state.View(Samples.Citizen, Samples.Guarantee.OccurredOn, default).Coverage);
    }

    [Fact]
    public void Malformed_bytes_are_told_by_their_place_and_nothing_else()
    {
        foreach (var (entry, effect) in Written.Values)
        {
            var body = Encoded(entry, effect);
            for (var length = 0; length < body.Length; length++)
                Assert.Throws<EntryMalformedException>(() => EntryCodec.Decode(entry.Citizen, body.AsSpan(0, length)));
            Assert.Throws<EntryMalformedException>(() => EntryCodec.Decode(entry.Citizen, [.. body, 0]));
        }

        var otherVersion = Encoded(Samples.PaymentMade, null);
        otherVersion[0] = 2;
        var fault = Assert.Throws<EntryMalformedException>(() => EntryCodec.Decode(Samples.Citizen, otherVersion));
        Assert.Equal("version", fault.Field);
        Assert.DoesNotContain("groceries", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_throw_anything_else() => Gen.Select(Gen.Int[0, Written.Count - 1], Gen.Select(Gen.Int[0, 300], Gen.Byte).Array[1, 4]).Sample(
        (which, changes) =>
        {
            var (entry, effect) = Written.Values.ElementAt(which);
            var body = Encoded(entry, effect);
            foreach (var (at, value) in changes) body[at % body.Length] = value;
            try
            {
                var stored = EntryCodec.Decode(entry.Citizen, body);

                // What is read and wholly known has one form only.
                if (!stored.IsOpaque) Assert.Equal(body, Encoded(stored.Entry, stored.Effect));
            }
            catch (EntryMalformedException)
            {
            }
        },
        iter: 30_000);

    [Fact]
    public void What_does_not_fit_is_an_argument_at_fault()
    {
        Assert.Throws<ArgumentException>(() => EntryCodec.Encode(Samples.PaymentMade, null, new byte[20]));
        Assert.Throws<ArgumentException>(() => EntryCodec.Encode(Samples.PaymentMade with { Category = "č" }, null, new byte[EntryCodec.MaxBodyBytes]));
    }

    private static byte[] Encoded(Entry entry, Effect? effect)
    {
        ArrayBufferWriter<byte> buffer = new();
        var length = EntryCodec.Encode(entry, effect, buffer);
        Assert.Equal(length, buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }
}
