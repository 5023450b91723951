using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>What an <see cref="ScoreApply"/> does with its arguments.</summary>
public enum ScoreFunction
{
    /// <summary>The sum of two numbers.</summary>
    Add = 1,

    /// <summary>The first number less the second.</summary>
    Subtract = 2,

    /// <summary>The product of two numbers.</summary>
    Multiply = 3,

    /// <summary>The first number divided by the second. By zero it is invalid.</summary>
    Divide = 4,

    /// <summary>The second argument if the first is true, else the third, or missing if there is none.</summary>
    If = 5,

    /// <summary>Whether two values are equal.</summary>
    Equal = 6,

    /// <summary>Whether they are not.</summary>
    NotEqual = 7,

    /// <summary>Whether the first number is less.</summary>
    LessThan = 8,

    /// <summary>Whether it is less or equal.</summary>
    LessOrEqual = 9,

    /// <summary>Whether it is greater.</summary>
    GreaterThan = 10,

    /// <summary>Whether it is greater or equal.</summary>
    GreaterOrEqual = 11,

    /// <summary>Whether the argument is missing.</summary>
    IsMissing = 12,

    /// <summary>Whether it is not.</summary>
    IsNotMissing = 13,
}

/// <summary>How points are computed from fields: a PMML expression of constants, fields and functions.</summary>
/// <remarks>
/// Numbers are doubles throughout. An argument that is missing makes the result missing, except where a function says otherwise. What is
/// invalid (a division by zero, a result that is not finite) makes the whole score invalid, unless the function that it arose in treats it as missing.
/// </remarks>
public abstract record ScoreExpression
{
    private protected ScoreExpression()
    {
    }
}

/// <summary>A value that is always the same.</summary>
/// <param name="Value">A number or a text.</param>
/// <param name="DataType">Its type; not <see cref="FieldDataType.Truth"/>.</param>
public sealed record ScoreConstant(FieldValue Value, FieldDataType DataType) : ScoreExpression
{
    /// <summary>Makes a number.</summary>
    /// <param name="number">Finite.</param>
    public ScoreConstant(double number)
        : this(FieldValue.Of(number), FieldDataType.Number)
    {
    }
}

/// <summary>The value of a field.</summary>
/// <param name="Field">The name of an active field.</param>
/// <param name="MapMissingTo">The value instead of a missing one; missing if it stays so.</param>
public sealed record ScoreFieldRef(string Field, FieldValue MapMissingTo = default) : ScoreExpression;

/// <summary>A function of other expressions.</summary>
/// <param name="Function">Which.</param>
/// <param name="Arguments">Two; of <see cref="ScoreFunction.If"/> two or three, of the questions for missing one.</param>
public sealed record ScoreApply(ScoreFunction Function, ImmutableArray<ScoreExpression> Arguments) : ScoreExpression
{
    /// <summary>Gets the result if an argument is missing; null for a missing result. Arithmetic only.</summary>
    public double? MapMissingTo { get; init; }

    /// <summary>Gets what a missing result becomes; null if it stays missing. Arithmetic and <see cref="ScoreFunction.If"/> only.</summary>
    public double? DefaultValue { get; init; }

    /// <summary>Gets whether what is invalid in this function is missing instead. Arithmetic only.</summary>
    public bool TreatsInvalidAsMissing { get; init; }
}
