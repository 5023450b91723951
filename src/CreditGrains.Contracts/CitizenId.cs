using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditGrains;

/// <summary>Names one citizen for life: the key of the citizen's grain and of the citizen's journal.</summary>
/// <remarks>
/// A keyed 128-bit pseudonym made by <see cref="SubjectPseudonymizer"/>, uniform and without meaning; the external id behind it
/// never gets here. Its leading bits choose the partition. The default value is no citizen and every entry point refuses it.
/// </remarks>
/// <param name="High">The leading 64 bits.</param>
/// <param name="Low">The trailing 64 bits.</param>
[GenerateSerializer, Immutable, Alias("cg.CitizenId")]
public readonly record struct CitizenId([property: Id(0)] ulong High, [property: Id(1)] ulong Low) : IComparable<CitizenId>
{
    /// <summary>The length of the text form, in characters.</summary>
    public const int TextLength = 32;

    /// <summary>Gets the id as one unsigned integer.</summary>
    public UInt128 Value => new(High, Low);

    /// <summary>Makes an id of one unsigned integer.</summary>
    /// <param name="value">All 128 bits.</param>
    public static CitizenId FromValue(UInt128 value) => new((ulong)(value >> 64), unchecked((ulong)value));

    /// <summary>Tells which partition holds the citizen.</summary>
    /// <param name="partitionCount">How many partitions the ledger has: a power of two from 1 to 65,536.</param>
    /// <returns>The leading bits, from 0 to <paramref name="partitionCount"/> − 1.</returns>
    public int PartitionOf(int partitionCount) =>
        partitionCount == 1 ? 0 : (int)(High >> (64 - System.Numerics.BitOperations.Log2((uint)partitionCount)));

    /// <summary>Reads the text form: 32 hexadecimal digits.</summary>
    /// <param name="text">What to read.</param>
    /// <param name="id">The id, if the answer is true.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out CitizenId id)
    {
        id = default;
        if (text is not { Length: TextLength }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
            return false;

        id = new(high, low);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(CitizenId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Gives the text form: 32 lower-case hexadecimal digits.</summary>
    public override string ToString() => string.Create(TextLength, this, static (text, id) =>
    {
        id.High.TryFormat(text, out _, "x16", CultureInfo.InvariantCulture);
        id.Low.TryFormat(text[16..], out _, "x16", CultureInfo.InvariantCulture);
    });
}
