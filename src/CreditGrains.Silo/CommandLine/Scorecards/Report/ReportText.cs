using System.Globalization;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>Writes numbers as the report has them.</summary>
internal static class ReportText
{
    /// <summary>Writes a figure between 0 and 1.</summary>
    /// <param name="rate">The figure.</param>
    public static string Rate(double rate) => rate.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Writes a share as per cent.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Share(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Writes points or a score.</summary>
    /// <param name="points">NaN if they are computed from fields.</param>
    public static string Points(double points) => double.IsNaN(points) ? "computed" : points.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Writes a count.</summary>
    /// <param name="count">The count.</param>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes a factor, a coefficient or a weight.</summary>
    /// <param name="factor">The number.</param>
    public static string Factor(double factor) => factor.ToString("0.00", CultureInfo.InvariantCulture);
}
