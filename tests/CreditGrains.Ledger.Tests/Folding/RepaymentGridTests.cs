using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>Grids and amounts owed, worked by hand.</summary>
public sealed class RepaymentGridTests
{
    // Twelve instalments of 100.00, opened on the last of January: due on 29 February, 31 March, 30 April, 31 May …
    private static readonly Entry Opened = Loan(new(2024, 1, 31), 10_000);

    [Fact]
    public void An_instalment_is_due_on_the_last_day_where_the_month_is_shorter()
    {
        Assert.Equal([0, 0], GridOf(new(2024, 2, 29), Opened)); // due today is not late
        Assert.Equal([1, 0, 0], GridOf(new(2024, 3, 1), Opened));
        Assert.Equal([1, 0, 0], GridOf(new(2024, 4, 30), Loan(new(2024, 2, 29), 10_000), Repaid(new(2024, 3, 29), 10_000), Repaid(new(2024, 4, 1), 9_899))[..3].Select((days, at) => at == 0 ? days : 0));
        Assert.Equal([28, 0, 0], GridOf(new(2023, 3, 28), Loan(new(2023, 1, 28), 10_000)));
    }

    [Fact]
    public void Payments_settle_the_oldest_instalment_first()
    {
        var paid = new[] { Opened, Repaid(new(2024, 2, 29), 10_000), Repaid(new(2024, 4, 10), 10_000) };

        // On 15 May two are settled and the third was due on 30 April.
        Assert.Equal([15, 0, 0, 0, 0], GridOf(new(2024, 5, 15), paid));

        // On 30 June still the third: 61 days. At the end of May: 31.
        Assert.Equal([61, 31, 0, 0, 0, 0], GridOf(new(2024, 6, 30), paid));

        // One payment of all that is due.
        Assert.Equal([0, 31, 0, 0, 0, 0], GridOf(new(2024, 6, 30), [.. paid, Repaid(new(2024, 6, 30), 30_000)]));
    }

    [Theory]
    // An instalment of 100.00 may lack 1.00, the major unit; one of 5,000.00 may lack 5.00, a thousandth; one of 3,000 yen 3.
    [InlineData("EUR", 10_000, 9_900, 0)]
    [InlineData("EUR", 10_000, 9_899, 10)]
    [InlineData("EUR", 500_000, 499_500, 0)]
    [InlineData("EUR", 500_000, 499_499, 10)]
    [InlineData("JPY", 3_000, 2_997, 0)]
    [InlineData("JPY", 3_000, 2_996, 10)]
    [InlineData("EUR", 100, 0, 0)] // all of it is within the tolerance
    public void A_small_shortfall_counts_as_paid(string currency, long instalment, long repaid, int daysPastDue)
    {
        var opened = Loan(new(2024, 1, 31), instalment, currency);
        Entry[] entries = repaid == 0 ? [opened] : [opened, Repaid(new(2024, 2, 20), repaid, currency)];

        Assert.Equal(daysPastDue, View(new(2024, 3, 10), entries).DaysPastDue);
    }

    [Fact]
    public void Small_shortfalls_add_up_until_they_are_too_much()
    {
        // 0.50 is lacking in February, 1.00 with March's, 1.50 with April's.
        var paid = new[] { Opened, Repaid(new(2024, 2, 29), 9_950), Repaid(new(2024, 3, 31), 9_950), Repaid(new(2024, 4, 30), 9_950) };

        Assert.Equal([9, 0, 0, 0, 0], GridOf(new(2024, 5, 9), paid));
    }

    [Fact]
    public void A_statement_speaks_for_its_month()
    {
        var paid = new[] { Opened, Statement(new(2024, 3, 5), 7), Statement(new(2024, 3, 25), 3), Repaid(new(2024, 2, 29), 10_000), Repaid(new(2024, 3, 31), 10_000) };

        Assert.Equal([0, 3, 0, 0], GridOf(new(2024, 4, 15), paid)); // the later of March's
        Assert.Equal([7, 0, 0], GridOf(new(2024, 3, 6), paid.Where(entry => entry.OccurredOn <= new DateOnly(2024, 3, 6)).ToArray()));

        // Of one day's statements the one with the most days past due, in whichever order they came.
        Assert.Equal([0, 9, 0, 0], GridOf(new(2024, 4, 15), [.. paid, Statement(new(2024, 3, 25), 9), Statement(new(2024, 3, 25), 1)]));
    }

    [Fact]
    public void Without_a_schedule_or_a_statement_nothing_tells()
    {
        var view = View(new(2024, 5, 1), Repaid(new(2024, 3, 3), 500), Statement(new(2024, 4, 30), 12));

        Assert.Equal([TradelineView.Unknown, 12, TradelineView.Unknown], view.Grid.ToArray());
        Assert.Null(view.DaysPastDue);
        Assert.Null(view.Terms);
        Assert.Null(view.OpenedOn);
        Assert.Equal("bank-a", view.Furnisher.Value);

        // The terms arrive late and fill what is missing; the grid begins with the opening.
        view = View(new(2024, 5, 1), Repaid(new(2024, 3, 3), 500), Statement(new(2024, 4, 30), 12), Opened);
        Assert.Equal([62, 12, 31, 0, 0], view.Grid.ToArray()); // the first instalment: 1 May less 29 February is 62 days
        Assert.Equal(62, view.DaysPastDue);
    }

    [Fact]
    public void A_closed_tradelines_grid_ends_with_the_month_of_closure()
    {
        var closed = new[] { Opened, Repaid(new(2024, 3, 20), 120_000), Closed(new(2024, 4, 5)) };
        var view = View(new(2024, 9, 1), closed);

        Assert.Equal([0, 0, 0, 0], view.Grid.ToArray()); // April, March, February, January: on 29 February itself it is not yet late
        Assert.Equal((0, new DateOnly(2024, 4, 5)), (view.DaysPastDue, view.ClosedOn));
        Assert.Equal(0, view.OutstandingMinorUnits);

        // Closed with an instalment open: the closing month's cell is the value on the day of closure, 5 April less 29 February.
        view = View(new(2024, 9, 1), Opened, Closed(new(2024, 4, 5)));
        Assert.Equal([36, 31, 0, 0], view.Grid.ToArray());
        Assert.Equal(0, view.DaysPastDue);

        // Sixty months after, no cell is left.
        Assert.Empty(View(new(2029, 4, 1), closed).Grid);
        Assert.Single(View(new(2029, 3, 31), closed).Grid);
    }

    [Fact]
    public void A_grid_has_sixty_cells_at_most()
    {
        var view = View(new(2024, 1, 31), Loan(new(2010, 5, 5), 10_000));

        Assert.Equal(60, view.Grid.Length);
        Assert.Equal(new DateOnly(2024, 1, 31).DayNumber - new DateOnly(2010, 6, 5).DayNumber, view.Grid[0]);
        Assert.Equal(new DateOnly(2019, 2, 28).DayNumber - new DateOnly(2010, 6, 5).DayNumber, view.Grid[^1]);
    }

    [Fact]
    public void What_is_owed_is_the_latest_statement_and_what_moved_after_it()
    {
        Assert.Equal(120_000, View(new(2024, 6, 1), Opened).OutstandingMinorUnits); // the instalments of the schedule
        Assert.Equal(105_000, View(new(2024, 6, 1), Opened, Drawn(new(2024, 2, 1), 5_000), Repaid(new(2024, 2, 29), 20_000)).OutstandingMinorUnits);
        Assert.Equal(0, View(new(2024, 6, 1), Opened, Repaid(new(2024, 2, 29), 200_000)).OutstandingMinorUnits);

        var stated = new[] { Opened, Statement(new(2024, 3, 15), 0, 77_000), Repaid(new(2024, 3, 15), 1_000), Repaid(new(2024, 3, 16), 2_000), Drawn(new(2024, 3, 17), 500) };
        Assert.Equal(75_500, View(new(2024, 6, 1), stated).OutstandingMinorUnits);
        Assert.Null(View(new(2024, 6, 1), Repaid(new(2024, 3, 15), 1_000)).OutstandingMinorUnits);
    }

    [Fact]
    public void A_charge_off_ends_nothing()
    {
        var view = View(new(2024, 6, 30), Opened, Samples.LoanChargedOff with { Reference = "off", OccurredOn = new(2024, 5, 31) });

        Assert.Equal((new DateOnly(2024, 5, 31), 45_000), (view.ChargedOffOn, view.ChargedOffMinorUnits));
        Assert.Equal(122, view.DaysPastDue); // 30 June less 29 February
        Assert.Equal(120_000, view.OutstandingMinorUnits);
    }

    [Fact]
    public void A_limit_is_the_agreed_one_until_it_is_changed_and_a_transfer_names_the_holder()
    {
        var card = Loan(new(2024, 1, 31), 0) with { Detail = new LoanTerms { Portfolio = PortfolioType.Revolving, LimitMinorUnits = 100_000 } };
        Assert.Equal(100_000, View(new(2024, 6, 1), card).LimitMinorUnits);
        Assert.Equal(300_000, View(new(2024, 6, 1), card, Samples.LimitChanged with { Tradeline = new("loan-1"), Reference = "limit", OccurredOn = new(2024, 5, 1) }).LimitMinorUnits);
        Assert.Equal("bank-b", View(new(2024, 6, 1), card, Samples.Transferred with { Reference = "transfer", OccurredOn = new(2024, 5, 1) }).Furnisher.Value);
    }

    private static short[] GridOf(DateOnly asOf, params Entry[] entries) => [.. View(asOf, entries).Grid];

    private static TradelineView View(DateOnly asOf, params Entry[] entries)
    {
        var tradeline = Assert.Single(PastFold.Fold(entries.Select(entry => new StoredEntry(entry)), asOf, 0).View(Samples.Citizen, asOf, default).Tradelines);

        // The order of arrival never matters.
        var turned = Assert.Single(PastFold.Fold(entries.Reverse().Select(entry => new StoredEntry(entry)), asOf, 0).View(Samples.Citizen, asOf, default).Tradelines);
        Assert.Equal(tradeline with { Grid = [] }, turned with { Grid = [] });
        Assert.Equal(tradeline.Grid.ToArray(), turned.Grid.ToArray());
        return tradeline;
    }

    private static Entry Loan(DateOnly on, long instalment, string currency = "EUR") => Samples.LoanOpened with
    {
        Reference = "opened",
        OccurredOn = on,
        Money = new Money(12 * instalment, Currency.Of(currency)),
        Detail = new LoanTerms { TermMonths = 12, InstalmentMinorUnits = instalment },
    };

    private static Entry Repaid(DateOnly on, long minorUnits, string currency = "EUR") =>
        Samples.LoanRepaid with { Reference = $"repaid-{on:O}", OccurredOn = on, Money = new Money(minorUnits, Currency.Of(currency)) };

    private static Entry Drawn(DateOnly on, long minorUnits) =>
        Samples.LoanDrawn with { Reference = $"drawn-{on:O}", Tradeline = new("loan-1"), OccurredOn = on, Money = new Money(minorUnits, Currency.Of("EUR")) };

    private static Entry Statement(DateOnly on, int daysPastDue, long balance = 100_000) =>
        Samples.Statement with { Reference = $"stated-{on:O}-{daysPastDue}", OccurredOn = on, Money = new Money(balance, Currency.Of("EUR")), Detail = new LoanStatement { DaysPastDue = daysPastDue } };

    private static Entry Closed(DateOnly on) => Samples.LoanClosed with { Reference = $"closed-{on:O}", OccurredOn = on };
}
