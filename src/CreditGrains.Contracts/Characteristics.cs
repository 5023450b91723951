using System.Collections.Immutable;

namespace CreditGrains;

/// <summary>One characteristic of a file.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Value">The value, in the catalogue's unit and range; null where it is missing.</param>
[GenerateSerializer, Immutable, Alias("cg.CharacteristicValue")]
public readonly record struct CharacteristicValue([property: Id(0)] string Name, [property: Id(1)] double? Value);

/// <summary>All characteristics of a file: what scores are made of.</summary>
/// <param name="Citizen">Who was asked for.</param>
/// <param name="AsOf">The day it speaks for.</param>
/// <param name="KnownAt">The instant at which it was known.</param>
/// <param name="Values">The characteristics, in the order of the catalogue.</param>
[GenerateSerializer, Immutable, Alias("cg.CharacteristicVector")]
public sealed record CharacteristicVector(
    [property: Id(0)] CitizenId Citizen,
    [property: Id(1)] DateOnly AsOf,
    [property: Id(2)] DateTimeOffset KnownAt,
    [property: Id(3)] ImmutableArray<CharacteristicValue> Values)
{
    /// <summary>Gives who and when alone: what a file says has no place in a log.</summary>
    public override string ToString() => $"characteristics of {Citizen} as of {AsOf:yyyy-MM-dd}";
}
