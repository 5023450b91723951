using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>Why a regression gives no answer.</summary>
public enum RegressionFault
{
    /// <summary>All rows have the same outcome.</summary>
    OneOutcome = 1,

    /// <summary>A column is a mixture of others, or constant: infinitely many answers fit alike.</summary>
    ColumnsDependent = 2,

    /// <summary>
    /// The columns tell some goods from all bads without fail, so coefficients grow without end: something in them knows the outcome, or there are
    /// too few rows. Told by log odds of a row beyond 18, either way, where the search ends.
    /// </summary>
    OutcomeSeparated = 3,

    /// <summary>The best answer was not reached in the steps allowed.</summary>
    NotConverged = 4,
}

/// <summary>Coefficients, or why there are none.</summary>
public abstract record RegressionOutcome
{
    private RegressionOutcome()
    {
    }

    /// <summary>The most likely coefficients of ln(odds of bad) = intercept + Σ coefficient · column.</summary>
    /// <param name="Intercept">ln(odds of bad) where all columns are 0.</param>
    /// <param name="Coefficients">One for each column.</param>
    /// <param name="StandardErrors">Of the intercept and then of each coefficient, from the inverse of the information matrix.</param>
    /// <param name="LogLikelihood">Natural logarithm, without the ridge.</param>
    /// <param name="Steps">How many Newton steps it took.</param>
    public sealed record Fitted(
        double Intercept, ImmutableArray<double> Coefficients, ImmutableArray<double> StandardErrors, double LogLikelihood, int Steps) : RegressionOutcome;

    /// <summary>There are none.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Failed(RegressionFault Fault) : RegressionOutcome;
}
