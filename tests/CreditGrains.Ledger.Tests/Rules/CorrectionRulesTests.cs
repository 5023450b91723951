using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class CorrectionRulesTests
{
    private static readonly StoredEntry Original = new(Samples.PaymentMade with { Reference = "p-1" }, null, 1, 1);

    private static readonly StoredEntry First = new(Samples.Corrected with { Reference = "c-1" }, Effect.Of(Original.Entry), 2, 2);

    private static readonly StoredEntry Second = new(
        Samples.Corrected with { Reference = "c-2", OccurredOn = new(2025, 3, 1), Tradeline = new("loan-1"), Category = null, Detail = new Correction { As = EntryKind.LoanRepaid } }, Effect.Of(First.Entry), 3, 3);

    [Fact]
    public void What_stands_is_the_original_and_then_each_correction_in_turn()
    {
        Assert.Equal(Effect.Of(Original.Entry), CorrectionRules.Find(Samples.Reversed, Original, []).Effect);
        Assert.Equal(Effect.Of(Original.Entry), CorrectionRules.Find(Samples.Reversed, Original, [Original]).Effect);

        var effect = CorrectionRules.Find(Samples.Reversed, Original, [Original, First, Second]).Effect;
        Assert.Equal((EntryKind.LoanRepaid, new DateOnly(2025, 3, 1), "loan-1"), (effect!.Kind, effect.OccurredOn, effect.Tradeline?.Value));
        Assert.Null(effect.Detail);
    }

    [Fact]
    public void Refusals_come_in_order_of_precedence()
    {
        var others = Samples.Reversed with { Corrects = new EntryReference(new("bank-b"), "p-1") };
        Assert.Equal(RecordRefusal.NotFurnishersEntry, CorrectionRules.Find(others, null, []).Refusal?.Refusal);
        Assert.Equal(RecordRefusal.NotFurnishersEntry, CorrectionRules.FirstRefusal(others)?.Refusal);
        Assert.Null(CorrectionRules.FirstRefusal(Samples.Reversed));
        Assert.Equal(RecordRefusal.UnknownEntry, CorrectionRules.Find(Samples.Reversed, null, []).Refusal?.Refusal);
        foreach (var entry in new[] { Samples.Reversed, Samples.Corrected, Samples.Linked, Samples.Unlinked, Samples.InquiryPermitted, Samples.PaymentMade with { Kind = (EntryKind)77 } })
            Assert.Equal(RecordRefusal.NotReversible, CorrectionRules.Find(Samples.Reversed, new StoredEntry(entry), []).Refusal?.Refusal);

        var reversal = new StoredEntry(Samples.Reversed with { Reference = "r-1" }, Second.Effect, 4, 4);
        Assert.Equal(RecordRefusal.AlreadyReversed, CorrectionRules.Find(Samples.Corrected, Original, [First, Second, reversal]).Refusal?.Refusal);
    }

    [Fact]
    public void Corrections_of_other_entries_are_passed_over()
    {
        var ofAnother = First with { Entry = First.Entry with { Corrects = new EntryReference(Samples.Bank, "p-2") } };
        Assert.Equal(Effect.Of(Original.Entry), CorrectionRules.Find(Samples.Reversed, Original, [ofAnother]).Effect);
    }
}
