using Xunit;

namespace CreditGrains.Ledger.Tests;

public sealed class StateRefusalTests
{
    [Fact]
    public void A_tradeline_and_a_position_keep_their_currency()
    {
        var state = After(Samples.LoanRepaid, Samples.Bought);

        Assert.Equal((RecordRefusal.CurrencyMismatch, "money.currency"), Refusal(state, Samples.LoanRepaid with { Money = new Money(1, Currency.Of("CZK")) }));
        Assert.Equal((RecordRefusal.CurrencyMismatch, "money.currency"), Refusal(state, Samples.Valued with { Money = new Money(1, Currency.Of("CZK")) }));
        Assert.Null(state.FirstRefusal(Samples.LoanRepaid));

        // A payment's tradeline is where it was paid from, and may be in any currency.
        Assert.Null(state.FirstRefusal(Samples.PaymentMade with { Tradeline = new("loan-1"), Money = new Money(1, Currency.Of("CZK")) }));

        // A transfer has no money and leaves the currency open.
        Assert.Null(After(Samples.Transferred).FirstRefusal(Samples.LoanRepaid with { Money = new Money(1, Currency.Of("CZK")) }));
    }

    [Fact]
    public void A_tradeline_is_opened_once()
    {
        var state = After(Samples.LoanOpened);
        var correction = Samples.Corrected with { Tradeline = new("loan-1"), Money = Samples.LoanOpened.Money, Category = null, Detail = new Correction { As = EntryKind.LoanOpened, Detail = Samples.Terms } };

        Assert.Equal((RecordRefusal.TradelineAlreadyOpen, "tradeline"), Refusal(state, Samples.LoanOpened));
        Assert.Equal(RecordRefusal.TradelineAlreadyOpen, state.FirstRefusal(correction, Effect.Of(Samples.PaymentMade))?.Refusal);

        // Correcting the opening itself leaves one; and so does a second after a reversal.
        Assert.Null(state.FirstRefusal(correction, Effect.Of(Samples.LoanOpened)));
        state.Apply(new(Samples.Reversed, Effect.Of(Samples.LoanOpened)));
        Assert.Null(state.FirstRefusal(Samples.LoanOpened));
    }

    [Fact]
    public void Links_are_one_step_apart()
    {
        var link = Samples.Linked;
        var toThird = Samples.Linked with { Detail = new IdentityLink { Other = new(3, 3) } };
        var asAlias = Samples.Linked with { Detail = new IdentityLink { Other = Samples.Other, Role = IdentityRole.Alias } };

        Assert.Equal((RecordRefusal.LinkToSelf, "detail.other"), Refusal(new(), Samples.Linked with { Detail = new IdentityLink { Other = Samples.Citizen } }));
        Assert.Null(new CitizenState().FirstRefusal(link));
        Assert.Equal((RecordRefusal.AlreadyLinked, "detail.other"), Refusal(After(link), link));
        Assert.Null(After(link).FirstRefusal(toThird));

        // An alias gets no aliases, a principal becomes no alias, and an alias has one principal.
        Assert.Equal(RecordRefusal.AlreadyLinked, After(asAlias).FirstRefusal(toThird)?.Refusal);
        Assert.Equal(RecordRefusal.AlreadyLinked, After(toThird).FirstRefusal(asAlias)?.Refusal);
        Assert.Equal(RecordRefusal.AlreadyLinked, After(asAlias).FirstRefusal(asAlias)?.Refusal);

        Assert.Equal((RecordRefusal.NotLinked, "detail.other"), Refusal(new(), Samples.Unlinked));
        Assert.Null(After(link).FirstRefusal(Samples.Unlinked));
        Assert.Equal(RecordRefusal.NotLinked, After(link, Samples.Unlinked).FirstRefusal(Samples.Unlinked)?.Refusal);
        Assert.Null(After(link, Samples.Unlinked).FirstRefusal(link));

        Assert.Equal([Samples.Other], After(link).Aliases);
        Assert.Empty(After(link, Samples.Unlinked).Aliases);
        Assert.Equal(Samples.Other, After(asAlias).Principal);
        Assert.Null(After(link).Principal);
    }

    [Fact]
    public void A_file_is_full_at_its_limits()
    {
        CitizenState tradelines = new(), positions = new(), furnishers = new(), categories = new();
        for (var number = 0; number < CitizenState.MaxTradelines; number++) tradelines.Apply(new(Samples.LoanRepaid with { Tradeline = new($"t{number}") }));
        for (var number = 0; number < CitizenState.MaxPositions; number++) positions.Apply(new(Samples.Valued with { Detail = new InvestmentHolding { Position = new($"p{number}") } }));
        for (var number = 0; number < CitizenState.MaxFurnishers; number++) furnishers.Apply(new(Samples.PaymentMade with { Furnisher = new($"f{number}"), Category = null }));
        for (var number = 0; number < CitizenState.MaxCategories; number++) categories.Apply(new(Samples.PaymentMade with { Category = $"c{number}" }));

        Assert.Equal((RecordRefusal.FileFull, "tradeline"), Refusal(tradelines, Samples.LoanRepaid));
        Assert.Null(tradelines.FirstRefusal(Samples.LoanRepaid with { Tradeline = new("t255") }));
        Assert.Equal((RecordRefusal.FileFull, "detail.position"), Refusal(positions, Samples.Valued));
        Assert.Equal((RecordRefusal.FileFull, "furnisher"), Refusal(furnishers, Samples.PaymentMade));
        Assert.Null(furnishers.FirstRefusal(Samples.PaymentMade with { Furnisher = new("f63") }));
        Assert.Equal((RecordRefusal.FileFull, "category"), Refusal(categories, Samples.PaymentMade));
    }

    [Fact]
    public void What_could_be_decided_otherwise_a_moment_later_waits()
    {
        var state = After(Samples.PaymentMade, Samples.LoanRepaid, Samples.Bought, Samples.Transferred with { Tradeline = new("moved") });

        // Ordinary life on what is known.
        Assert.False(state.NeedsQuiet(Samples.PaymentMade));
        Assert.False(state.NeedsQuiet(Samples.LoanRepaid));
        Assert.False(state.NeedsQuiet(Samples.Statement));
        Assert.False(state.NeedsQuiet(Samples.Sold));
        Assert.False(state.NeedsQuiet(Samples.Income with { Money = new Money(1, Currency.Of("JPY")) }));

        // What names another entry, opens, links, or is the first of its furnisher, category, tradeline, position or its currency.
        Assert.True(state.NeedsQuiet(Samples.Reversed));
        Assert.True(state.NeedsQuiet(Samples.Corrected));
        Assert.True(state.NeedsQuiet(Samples.LoanOpened));
        Assert.True(state.NeedsQuiet(Samples.Linked));
        Assert.True(state.NeedsQuiet(Samples.Unlinked));
        Assert.True(state.NeedsQuiet(Samples.PaymentMade with { Furnisher = new("bank-z") }));
        Assert.True(state.NeedsQuiet(Samples.PaymentMade with { Category = "other" }));
        Assert.True(state.NeedsQuiet(Samples.LoanRepaid with { Tradeline = new("other") }));
        Assert.True(state.NeedsQuiet(Samples.LoanRepaid with { Tradeline = new("moved") }));
        Assert.True(state.NeedsQuiet(Samples.Sold with { Detail = new InvestmentHolding { Position = new("other"), Units = 1 } }));
    }

    private static CitizenState After(params Entry[] entries) => PastFold.Fold(entries.Select(entry => new StoredEntry(entry)));

    private static (RecordRefusal?, string?) Refusal(CitizenState state, Entry entry)
    {
        var outcome = state.FirstRefusal(entry);
        return (outcome?.Refusal, outcome?.Field);
    }
}
