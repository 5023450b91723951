using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>One number that scores are made of, as the catalogue describes it.</summary>
/// <param name="Index">Its place in a vector of characteristics, from 0.</param>
/// <param name="Name">Its name, as models name their inputs: a–z, 0–9 and underscore.</param>
/// <param name="Meaning">What it says, in plain words.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Low">The least it can be.</param>
/// <param name="High">The most it can be; what is beyond counts as this.</param>
/// <param name="Missing">When it is missing, which a vector says as not-a-number.</param>
/// <param name="Needs">The classes of data that it is computed from. One whose class may not be used is missing.</param>
public sealed record Characteristic(
    int Index, string Name, string Meaning, string Unit, double Low, double High, string Missing, ImmutableArray<DataClass> Needs)
{
    /// <summary>Compares by name, which the catalogue holds once.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(Characteristic? other) => other?.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
