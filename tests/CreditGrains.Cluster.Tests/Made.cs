using System.Globalization;

namespace CreditGrains.Cluster.Tests;

/// <summary>Citizens and entries made for tests.</summary>
internal static class Made
{
    internal const int Partitions = 32;

    internal static readonly FurnisherId Bank = new("bank-a");
    internal static readonly Currency Czk = Currency.Of("CZK");
    internal static readonly DateOnly Day = new(2025, 3, 1);

    /// <summary>The n-th citizen of a partition.</summary>
    internal static CitizenId Citizen(int partition, int number = 1) => new(((ulong)partition << (64 - 5)) + (ulong)number, (ulong)number);

    internal static Entry Payment(CitizenId citizen, string reference, long minorUnits = 100) => new()
    {
        Citizen = citizen,
        Kind = EntryKind.PaymentMade,
        Furnisher = Bank,
        Reference = reference,
        OccurredOn = Day,
        Money = new Money(minorUnits, Czk),
    };

    internal static Entry Payment(CitizenId citizen, int number) =>
        Payment(citizen, string.Create(CultureInfo.InvariantCulture, $"p/{number}"), 100 + number) with
        {
            OccurredOn = Day.AddDays(-(number % 200)),
        };

    internal static Entry Reversal(Entry of, string reference) => new()
    {
        Citizen = of.Citizen,
        Kind = EntryKind.EntryReversed,
        Furnisher = of.Furnisher,
        Reference = reference,
        OccurredOn = of.OccurredOn,
        Corrects = new(of.Furnisher, of.Reference),
    };

    internal static Entry Correction(Entry of, string reference, long minorUnits) => new()
    {
        Citizen = of.Citizen,
        Kind = EntryKind.EntryCorrected,
        Furnisher = of.Furnisher,
        Reference = reference,
        OccurredOn = of.OccurredOn,
        Money = new Money(minorUnits, Czk),
        Corrects = new(of.Furnisher, of.Reference),
        Detail = new Correction { As = of.Kind },
    };

    internal static Entry Link(CitizenId principal, CitizenId alias, string reference, EntryKind kind = EntryKind.IdentityLinked) => new()
    {
        Citizen = principal,
        Kind = kind,
        Furnisher = Bank,
        Reference = reference,
        OccurredOn = Day,
        Detail = new IdentityLink { Other = alias },
    };

    internal static async IAsyncEnumerable<Entry> Stream(IEnumerable<Entry> entries)
    {
        await Task.CompletedTask;
        foreach (var entry in entries) yield return entry;
    }
}
