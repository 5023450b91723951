using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>Which values a bin takes. The ranges of one characteristic do not overlap and leave no value out.</summary>
public abstract record BinRange
{
    private BinRange()
    {
    }

    /// <summary>Numbers from <paramref name="Low"/> to below <paramref name="High"/>, special ones excepted.</summary>
    /// <param name="Low">Belongs to the bin; negative infinity in the first.</param>
    /// <param name="High">Does not; positive infinity in the last.</param>
    public sealed record Interval(double Low, double High) : BinRange;

    /// <summary>Any of some texts.</summary>
    /// <param name="Values">In ordinal order.</param>
    public sealed record Texts(ImmutableArray<string> Values) : BinRange;

    /// <summary>One number that was named as special.</summary>
    /// <param name="Value">Compared exactly.</param>
    public sealed record SpecialNumber(double Value) : BinRange;

    /// <summary>One text that was named as special.</summary>
    /// <param name="Value">Compared to the letter.</param>
    public sealed record SpecialText(string Value) : BinRange;

    /// <summary>No value. If none was missing in training its weight of evidence is 0, as for what was unseen.</summary>
    public sealed record Missing : BinRange;

    /// <summary>A text that was not there in training. It says nothing about its row: its weight of evidence is 0, that of the average row.</summary>
    public sealed record Unseen : BinRange;
}
