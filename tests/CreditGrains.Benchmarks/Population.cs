using System.Collections.Immutable;
using System.Globalization;
using CreditGrains.Silo.Nation;

namespace CreditGrains.Benchmarks;

/// <summary>Citizens with uniform ids, the same in every run, and plain entries for them.</summary>
internal sealed class Population
{
    private const ulong Seed = 88_172_645_463_325_252;
    private static readonly FurnisherId Furnisher = new("bench");
    private static readonly Currency Currency = Currency.Of("CNY");
    private static readonly string[] Categories = ["household", "groceries", "transport", "leisure"];

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    internal Population(int size, int partitionCount)
    {
        PartitionCount = partitionCount;
        var random = new RandomStream(Seed, 0);
        var citizens = new CitizenId[size];
        for (var place = 0; place < size; place++) citizens[place] = new(random.Next(), random.Next());
        Citizens = citizens;
        ByPartition = [.. citizens.GroupBy(citizen => citizen.PartitionOf(partitionCount)).OrderBy(group => group.Key).Select(group => group.ToImmutableArray())];
    }

    internal int PartitionCount { get; }

    internal CitizenId[] Citizens { get; }

    internal ImmutableArray<ImmutableArray<CitizenId>> ByPartition { get; }

    /// <summary>A payment as a furnisher would send it; the number makes its reference.</summary>
    internal Entry Payment(CitizenId citizen, long number) => new()
    {
        Citizen = citizen,
        Kind = number % 8 == 0 ? EntryKind.PaymentReceived : EntryKind.PaymentMade,
        Furnisher = Furnisher,
        Reference = string.Create(CultureInfo.InvariantCulture, $"{_run}/{number}"),
        OccurredOn = new DateOnly(2024, 1, 1).AddDays((int)(number / Citizens.Length % 700)),
        Money = new Money(1_000 + (number * 7919 % 100_000), Currency),
        Category = number % 8 == 0 ? null : Categories[number % 4],
    };
}
