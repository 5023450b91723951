using CreditGrains.Silo.CommandLine;

namespace CreditGrains.Silo.Tests.CommandLine;

public sealed class MonthlyFlowTests
{
    private static readonly CitizenId Citizen = CommandRun.Citizen("a:1");
    private static readonly Currency Yuan = Currency.Of("CNY");

    [Fact]
    public async Task Months_sum_what_stands_and_leave_out_what_does_not()
    {
        var ledger = new FakeLedger();
        ledger.Entries.AddRange(
        [
            Payment("a", EntryKind.PaymentReceived, 100, new(2024, 3, 1)),
            Payment("b", EntryKind.PaymentMade, 30, new(2024, 3, 31)),
            Payment("c", EntryKind.PaymentMade, 7, new(2024, 2, 29)),
            Payment("d", EntryKind.PaymentMade, 1_000, new(2024, 3, 2)),
            Payment("e", EntryKind.PaymentMade, 2_000, new(2024, 3, 2)),
            Payment("late", EntryKind.PaymentMade, 5_000, new(2024, 4, 1)),
            Payment("long ago", EntryKind.PaymentMade, 5_000, new(2022, 3, 31)),
            Payment("first month", EntryKind.PaymentMade, 3, new(2022, 4, 1)),
            Payment("f", EntryKind.EntryReversed, null, new(2024, 3, 3)) with { Corrects = new(new("f"), "d") },
            Payment("g", EntryKind.EntryCorrected, 20, new(2024, 3, 2)) with { Corrects = new(new("f"), "e"), Detail = new Correction { As = EntryKind.PaymentReceived } },
        ]);
        var file = new CreditFile
        {
            Citizen = Citizen,
            AsOf = new(2024, 3, 31),
            KnownAt = DateTimeOffset.MaxValue,
            Totals = [new(Yuan, EntryKind.PaymentMade, [.. Enumerable.Repeat(new Total(1, 1), 9)])],
        };

        var (currency, months) = await MonthlyFlow.ReadAsync(ledger, file, TestContext.Current.CancellationToken);

        Assert.Equal(Yuan, currency);
        Assert.Equal(24, months.Count);
        Assert.Equal(new(new(2022, 4, 1), 0, 3), months[0]);
        Assert.Equal(new(new(2024, 2, 1), 0, 7), months[^2]);
        Assert.Equal(new(new(2024, 3, 1), 120, 30), months[^1]);
    }

    private static Entry Payment(string reference, EntryKind kind, long? minorUnits, DateOnly day) => new()
    {
        Citizen = Citizen,
        Kind = kind,
        Furnisher = new("f"),
        Reference = reference,
        OccurredOn = day,
        Money = minorUnits is { } amount ? new Money(amount, Yuan) : null,
    };
}
