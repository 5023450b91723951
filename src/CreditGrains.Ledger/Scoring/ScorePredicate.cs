using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>How a field is compared with a value.</summary>
public enum ScoreComparison
{
    /// <summary>The field is equal to the value.</summary>
    Equal = 1,

    /// <summary>It is not.</summary>
    NotEqual = 2,

    /// <summary>It is less.</summary>
    LessThan = 3,

    /// <summary>It is less or equal.</summary>
    LessOrEqual = 4,

    /// <summary>It is greater.</summary>
    GreaterThan = 5,

    /// <summary>It is greater or equal.</summary>
    GreaterOrEqual = 6,

    /// <summary>It is missing. Never unknown.</summary>
    IsMissing = 7,

    /// <summary>It is not missing. Never unknown.</summary>
    IsNotMissing = 8,
}

/// <summary>How several predicates make one.</summary>
public enum PredicateJunction
{
    /// <summary>All are true; false if one is false, even if others are unknown.</summary>
    And = 1,

    /// <summary>One is true; true even if others are unknown.</summary>
    Or = 2,

    /// <summary>An odd number are true; unknown if one is unknown.</summary>
    Xor = 3,

    /// <summary>The first that is not unknown decides.</summary>
    Surrogate = 4,
}

/// <summary>A condition on fields: true, false or, where a field is missing, unknown. The logic is PMML 4.4's.</summary>
public abstract record ScorePredicate
{
    private protected ScorePredicate()
    {
    }
}

/// <summary>Always true, or never: PMML <c>True</c> and <c>False</c>.</summary>
/// <param name="IsTrue">Which.</param>
public sealed record ConstantPredicate(bool IsTrue) : ScorePredicate;

/// <summary>One field compared with one value.</summary>
/// <param name="Field">The name of an active field.</param>
/// <param name="Comparison">How.</param>
/// <param name="Value">Of the field's type; missing, and only then, for <see cref="ScoreComparison.IsMissing"/> and its opposite.</param>
public sealed record SimplePredicate(string Field, ScoreComparison Comparison, FieldValue Value = default) : ScorePredicate;

/// <summary>One field looked up in a set.</summary>
/// <param name="Field">The name of an active field.</param>
/// <param name="IsIn">True where the value is in the set; false where it is not.</param>
/// <param name="Values">Of the field's type; at least one.</param>
public sealed record SimpleSetPredicate(string Field, bool IsIn, ImmutableArray<FieldValue> Values) : ScorePredicate;

/// <summary>Several predicates in one.</summary>
/// <param name="Junction">How.</param>
/// <param name="Parts">At least two; they may be compound themselves.</param>
public sealed record CompoundPredicate(PredicateJunction Junction, ImmutableArray<ScorePredicate> Parts) : ScorePredicate;
