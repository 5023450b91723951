using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>The type of a field's values.</summary>
public enum FieldDataType
{
    /// <summary>A number: PMML <c>double</c>.</summary>
    Number = 1,

    /// <summary>A whole number of at most 2^53 either way: PMML <c>integer</c>.</summary>
    WholeNumber = 2,

    /// <summary>A text: PMML <c>string</c>.</summary>
    Text = 3,

    /// <summary>The text <c>true</c> or <c>false</c>: PMML <c>boolean</c>.</summary>
    Truth = 4,
}

/// <summary>What can be done with a field's values.</summary>
public enum FieldOpType
{
    /// <summary>They are equal or not.</summary>
    Categorical = 1,

    /// <summary>They have an order, which is not looked at here: a card that compares by it is refused.</summary>
    Ordinal = 2,

    /// <summary>They are numbers on a line.</summary>
    Continuous = 3,
}

/// <summary>What a field is to the card.</summary>
public enum FieldUsage
{
    /// <summary>It is scored.</summary>
    Active = 1,

    /// <summary>It is what the score predicts.</summary>
    Target = 2,

    /// <summary>It tells something about the card and is not needed to score.</summary>
    Supplementary = 3,
}

/// <summary>What becomes of a missing value. Apart from the last they all give the replacement if there is one, and say how it was found.</summary>
public enum MissingValueTreatment
{
    /// <summary>It is not told how the replacement was found, or there is none.</summary>
    AsIs = 1,

    /// <summary>The replacement is the mean.</summary>
    AsMean = 2,

    /// <summary>The replacement is the most frequent value.</summary>
    AsMode = 3,

    /// <summary>The replacement is the median.</summary>
    AsMedian = 4,

    /// <summary>The replacement was found otherwise.</summary>
    AsValue = 5,

    /// <summary>There is no score.</summary>
    ReturnInvalid = 6,
}

/// <summary>What becomes of a value that the field does not admit.</summary>
public enum InvalidValueTreatment
{
    /// <summary>There is no score.</summary>
    ReturnInvalid = 1,

    /// <summary>It is taken as it is. What is not of the field's type cannot be, and gives no score.</summary>
    AsIs = 2,

    /// <summary>It is missing.</summary>
    AsMissing = 3,

    /// <summary>It is replaced.</summary>
    AsValue = 4,
}

/// <summary>What becomes of a valid number outside the lowest and the highest value.</summary>
public enum OutlierTreatment
{
    /// <summary>It is taken as it is.</summary>
    AsIs = 1,

    /// <summary>It is missing.</summary>
    AsMissingValues = 2,

    /// <summary>It becomes the lowest or the highest value.</summary>
    AsExtremeValues = 3,
}

/// <summary>What a listed value of a field is.</summary>
public enum ListedValueProperty
{
    /// <summary>It is admitted, and with it none that is not listed.</summary>
    Valid = 1,

    /// <summary>It is not admitted.</summary>
    Invalid = 2,

    /// <summary>It stands for a missing value.</summary>
    Missing = 3,
}

/// <summary>A value listed with its field.</summary>
/// <param name="Value">Of the field's type.</param>
/// <param name="Property">What it is.</param>
public sealed record ListedValue(FieldValue Value, ListedValueProperty Property = ListedValueProperty.Valid);

/// <summary>A range of admitted numbers.</summary>
/// <param name="Left">The lower margin; null for none.</param>
/// <param name="Right">The upper margin; null for none.</param>
/// <param name="HoldsLeft">Whether the lower margin is admitted itself.</param>
/// <param name="HoldsRight">Whether the upper margin is.</param>
public sealed record ValidInterval(double? Left, double? Right, bool HoldsLeft, bool HoldsRight)
{
    /// <summary>Tells whether a number lies in it.</summary>
    /// <param name="number">Any number.</param>
    public bool Holds(double number) =>
        (Left is not { } left || (HoldsLeft ? number >= left : number > left))
        && (Right is not { } right || (HoldsRight ? number <= right : number < right));
}

/// <summary>A field of a scorecard: its entry in the data dictionary and in the mining schema, in one.</summary>
/// <param name="Name">The name; no two have the same.</param>
/// <param name="DataType">The type of its values.</param>
/// <param name="OpType">What can be done with them.</param>
/// <remarks>
/// A value given to be scored is looked at in this order: is it missing, or listed as standing for missing; is it of the type and admitted
/// (if not, <see cref="Invalid"/>); does it lie outside <see cref="LowValue"/> and <see cref="HighValue"/> (then <see cref="Outliers"/>).
/// Whatever is missing after that is replaced by <see cref="MissingReplacement"/>. Replacements are not looked at again.
/// </remarks>
public sealed record ScorecardField(string Name, FieldDataType DataType, FieldOpType OpType)
{
    /// <summary>Gets what the field is to the card.</summary>
    public FieldUsage Usage { get; init; } = FieldUsage.Active;

    /// <summary>Gets what becomes of a missing value.</summary>
    public MissingValueTreatment Missing { get; init; } = MissingValueTreatment.AsIs;

    /// <summary>Gets the value instead of a missing one; missing if it stays so.</summary>
    public FieldValue MissingReplacement { get; init; }

    /// <summary>Gets what becomes of a value that is not admitted.</summary>
    public InvalidValueTreatment Invalid { get; init; } = InvalidValueTreatment.ReturnInvalid;

    /// <summary>Gets the value instead of one that is not admitted; missing unless <see cref="InvalidValueTreatment.AsValue"/>.</summary>
    public FieldValue InvalidReplacement { get; init; }

    /// <summary>Gets what becomes of outliers; only numbers have any.</summary>
    public OutlierTreatment Outliers { get; init; } = OutlierTreatment.AsIs;

    /// <summary>Gets the lowest value that is no outlier; null for none.</summary>
    public double? LowValue { get; init; }

    /// <summary>Gets the highest value that is no outlier; null for none.</summary>
    public double? HighValue { get; init; }

    /// <summary>Gets the ranges of admitted numbers; none if every number is.</summary>
    public ImmutableArray<ValidInterval> ValidIntervals { get; init; } = [];

    /// <summary>Gets values that are admitted, not admitted, or stand for missing.</summary>
    public ImmutableArray<ListedValue> Values { get; init; } = [];

    /// <summary>Gets whether its values are numbers; else they are texts.</summary>
    public bool IsNumeric => DataType is FieldDataType.Number or FieldDataType.WholeNumber;

    /// <summary>Tells whether a value is one of the field's type, admitted or not.</summary>
    /// <param name="value">Not missing.</param>
    public bool IsOfType(FieldValue value) => DataType switch
    {
        FieldDataType.Number => value.Kind == FieldValueKind.Number,
        FieldDataType.WholeNumber => value.Kind == FieldValueKind.Number && IsWhole(value.Number),
        FieldDataType.Text => value.Kind == FieldValueKind.Text,
        _ => value.Text is "true" or "false",
    };

    /// <summary>Tells whether a number is whole and of at most 2^53 either way, beyond which a double skips some.</summary>
    internal static bool IsWhole(double number) => Math.Abs(number) <= MaxWholeNumber && Math.Floor(number) == number;

    private const double MaxWholeNumber = 1L << 53;
}
