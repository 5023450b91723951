using System.Collections.Immutable;
using System.Globalization;

namespace CreditGrains.Benchmarks;

/// <summary>Citizens with uniform ids, the same in every run, and plain entries for them.</summary>
internal sealed class Population
{
    private static readonly FurnisherId Furnisher = new("bench");
    private static readonly Currency Currency = Currency.Of("CNY");
    private static readonly string[] Categories = ["household", "groceries", "transport", "leisure"];

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    internal Population(int size, int partitionCount)
    {
        PartitionCount = partitionCount;
        var state = 88172645463325252ul;
        var citizens = new CitizenId[size];
        for (var place = 0; place < size; place++) citizens[place] = new(Next(ref state), Next(ref state));
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

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
