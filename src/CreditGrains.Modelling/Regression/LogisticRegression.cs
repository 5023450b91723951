using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CreditGrains.Modelling;

/// <summary>Logistic regression by Newton's method, which for this likelihood is iteratively reweighted least squares.</summary>
/// <remarks>
/// The log-likelihood is concave, so the one optimum is found from any start; a step that would lower it is halved. Columns stay apart and
/// are passed over once a pair of them: no design matrix is made. See McCullagh and Nelder, "Generalized linear models", 2nd ed., §4.4.
/// </remarks>
public static class LogisticRegression
{
    private const int MaxSteps = 60;
    private const int MaxHalvings = 30;

    /// <summary>By how much the log-likelihood could still rise, in nats for the whole, when the search ends.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Beyond it a fitted probability is 0 or 1 to eight digits. Scores of real rows do not go there; separated ones do, one unit a step.</summary>
    private const double SeparatedLogOdds = 18;

    /// <summary>Below it a direction of the information matrix counts as none, in units of its strongest direction.</summary>
    private const double DependentShare = 1e-12;

    /// <summary>Fits.</summary>
    /// <param name="columns">One array for each column, a finite value for each row, of modest size as weights of evidence are. None is allowed: the intercept alone is fitted.</param>
    /// <param name="bad">The outcome of each row.</param>
    /// <param name="ridge">Half of it times the sum of squared coefficients is taken off the log-likelihood; the intercept is left out. 0 or more; above 0 separated outcomes have an answer too.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    public static RegressionOutcome Fit(double[][] columns, bool[] bad, double ridge = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ridge);
        if (columns.Any(column => column.Length != bad.Length)) throw new ArgumentException("A column has not one value for each row.", nameof(columns));
        if (columns.Any(column => !column.All(double.IsFinite))) throw new ArgumentException("A column has a value that is not finite.", nameof(columns));

        var bads = bad.Count(isBad => isBad);
        if (bads == 0 || bads == bad.Length) return new RegressionOutcome.Failed(RegressionFault.OneOutcome);

        var search = new Search(columns, bad, ridge);
        var start = Vector<double>.Build.Dense(columns.Length + 1);
        start[0] = Math.Log((double)bads / (bad.Length - bads));
        search.MoveTo(start);

        for (var step = 1; step <= MaxSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (gradient, information) = search.Derivatives();
            var directions = information.Evd(Symmetricity.Symmetric);
            var weakest = directions.EigenValues[0].Real;
            if (!(weakest > DependentShare * directions.EigenValues[^1].Real)) return FailedAt(search, ridge, RegressionFault.ColumnsDependent);

            var newton = directions.Solve(gradient);
            if (0.5 * gradient.DotProduct(newton) < Tolerance)
            {
                // So near, the error is squared by each step: this last one makes coefficients as exact as they get.
                search.Climb(newton, MaxHalvings);
                if (IsSeparated(search, ridge)) return new RegressionOutcome.Failed(RegressionFault.OutcomeSeparated);
                return search.Answer(directions, step);
            }

            if (!search.Climb(newton, MaxHalvings)) break;
        }

        return FailedAt(search, ridge, RegressionFault.NotConverged);
    }

    // Asked where the search ends and not on its way: a step may overshoot and come back.
    private static bool IsSeparated(Search search, double ridge) => ridge == 0 && search.MaxLogOdds > SeparatedLogOdds;

    private static RegressionOutcome.Failed FailedAt(Search search, double ridge, RegressionFault otherwise) =>
        new(IsSeparated(search, ridge) ? RegressionFault.OutcomeSeparated : otherwise);

    /// <summary>Where the search stands.</summary>
    private sealed class Search(double[][] columns, bool[] bad, double ridge)
    {
        private readonly double[] _logOdds = new double[bad.Length];
        private readonly double[] _residuals = new double[bad.Length];
        private readonly double[] _weights = new double[bad.Length];
        private Vector<double> _at = Vector<double>.Build.Dense(columns.Length + 1);
        private double _logLikelihood;

        internal double MaxLogOdds { get; private set; }

        internal void MoveTo(Vector<double> coefficients)
        {
            _at = coefficients;
            Array.Fill(_logOdds, coefficients[0]);
            for (var j = 0; j < columns.Length; j++)
            {
                var column = columns[j];
                var coefficient = coefficients[j + 1];
                for (var i = 0; i < column.Length; i++) _logOdds[i] += coefficient * column[i];
            }

            (_logLikelihood, MaxLogOdds) = (0, 0);
            for (var i = 0; i < _logOdds.Length; i++)
            {
                // ln p of what happened is −ln(1 + e^−m), m being the log odds of it. The smaller exponential never overflows.
                var margin = bad[i] ? _logOdds[i] : -_logOdds[i];
                _logLikelihood -= margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
                MaxLogOdds = Math.Max(MaxLogOdds, Math.Abs(margin));
            }
        }

        /// <summary>Goes along a step, or half of it, and so on, until the objective does not fall.</summary>
        internal bool Climb(Vector<double> step, int halvings)
        {
            var from = _at;
            var before = Objective();
            for (var i = 0; i <= halvings; i++)
            {
                MoveTo(from + step);
                if (Objective() >= before - (1e-12 * Math.Abs(before))) return true;
                step *= 0.5;
            }

            return false;
        }

        internal (Vector<double> Gradient, Matrix<double> Information) Derivatives()
        {
            for (var i = 0; i < _logOdds.Length; i++)
            {
                var probability = 1 / (1 + Math.Exp(-_logOdds[i]));
                _residuals[i] = (bad[i] ? 1 : 0) - probability;
                _weights[i] = probability * (1 - probability);
            }

            var size = columns.Length + 1;
            var gradient = Vector<double>.Build.Dense(size);
            var information = Matrix<double>.Build.Dense(size, size);
            gradient[0] = _residuals.Sum();
            information[0, 0] = _weights.Sum();
            var weighted = new double[bad.Length];
            for (var j = 1; j < size; j++)
            {
                var column = columns[j - 1];
                for (var i = 0; i < column.Length; i++) weighted[i] = _weights[i] * column[i];
                gradient[j] = Dot(_residuals, column) - (ridge * _at[j]);
                information[0, j] = information[j, 0] = weighted.Sum();
                for (var k = 1; k <= j; k++) information[k, j] = information[j, k] = Dot(weighted, columns[k - 1]) + (k == j ? ridge : 0);
            }

            return (gradient, information);
        }

        internal RegressionOutcome.Fitted Answer(Evd<double> directions, int steps)
        {
            var errors = new double[_at.Count];
            for (var j = 0; j < errors.Length; j++)
            {
                var unit = Vector<double>.Build.Dense(errors.Length);
                unit[j] = 1;
                errors[j] = Math.Sqrt(directions.Solve(unit)[j]);
            }

            return new(_at[0], [.. _at.Skip(1)], [.. errors], _logLikelihood, steps);
        }

        private static double Dot(double[] left, double[] right)
        {
            var sum = 0.0;
            for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
            return sum;
        }

        private double Objective() => _logLikelihood - (0.5 * ridge * _at.Skip(1).Sum(coefficient => coefficient * coefficient));
    }
}
