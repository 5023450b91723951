using CsCheck;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>A model that is fitted on the day before an application must not have seen the application, nor anything after it.</summary>
public sealed class LeakageTests
{
    private static readonly long Rounds = Environment.GetEnvironmentVariable("CREDITGRAINS_THOROUGH") == "1" ? 8_000 : 400;

    [Fact]
    public void No_entry_dated_on_a_day_or_later_changes_what_is_told_as_of_the_day_before() => Gen.Select(Histories.OfLength(60), Histories.OfLength(60), Gen.Int[0, int.MaxValue]).Sample(
        sample =>
        {
            var (history, another) = (Histories.Accepted(sample.Item1), Histories.Accepted(sample.Item2));
            if (history.Count == 0) return;
            Random random = new(sample.Item3);
            var day = history[random.Next(history.Count)].Entry.OccurredOn;
            var expected = VectorOf(history, day.AddDays(-1));

            Assert.Equal(expected, VectorOf(history.Where(stored => stored.Entry.OccurredOn < day), day.AddDays(-1)));
            Assert.Equal(expected, VectorOf(history.Select(stored => stored.Entry.OccurredOn < day ? stored : Changed(stored)), day.AddDays(-1)));

            // Another life from that day on, among it reversals and corrections of what was before.
            var other = Mixed(new(history.Where(stored => stored.Entry.OccurredOn < day)), new(another.Where(stored => stored.Entry.OccurredOn >= day)), random);
            Assert.Equal(expected, VectorOf(other, day.AddDays(-1)));
        },
        iter: Rounds);

    [Fact]
    public void An_entry_of_the_day_itself_is_told()
    {
        var day = Histories.FirstDay.AddDays(40);
        StoredEntry[] history = [new(Payment(1, day.AddDays(-40))), new(Payment(2, day))];

        Assert.NotEqual(VectorOf(history, day), VectorOf(history[..1], day));
    }

    private static StoredEntry Changed(StoredEntry stored) =>
        stored with { Entry = stored.Entry with { Money = stored.Entry.Money is { } money ? new Money(money.MinorUnits + 7, money.Currency) : null } };

    private static List<StoredEntry> Mixed(Queue<StoredEntry> ours, Queue<StoredEntry> others, Random random)
    {
        List<StoredEntry> mixed = [];
        while (ours.Count + others.Count > 0) mixed.Add((random.Next(ours.Count + others.Count) < ours.Count ? ours : others).Dequeue());
        return mixed;
    }

    private static Entry Payment(int number, DateOnly day) => new()
    {
        Citizen = Histories.Citizen(0),
        Kind = EntryKind.PaymentReceived,
        Furnisher = new("bank"),
        Reference = $"pay/{number}",
        OccurredOn = day,
        Money = new Money(100, Currency.Of("EUR")),
    };

    private static double[] VectorOf(IEnumerable<StoredEntry> history, DateOnly asOf)
    {
        var values = new double[Characteristics.Count];
        PastFold.Fold(history, asOf, long.MaxValue).Characterise(asOf, values);
        return values;
    }
}
