using System.Collections.Immutable;
using CreditGrains.Modelling;

namespace CreditGrains.Silo.CommandLine.Scorecards.Report;

/// <summary>Chooses points of a curve: as many as an eye can tell apart, or as a table has lines.</summary>
internal static class CurveSample
{
    private const int PointsInChart = 200;
    private const int LinesInTable = 11;

    /// <summary>Gives the points for a chart, the last among them.</summary>
    /// <param name="curve">The curve.</param>
    public static IEnumerable<CurvePoint> ForChart(ImmutableArray<CurvePoint> curve) => Of(curve, PointsInChart);

    /// <summary>Gives the points for a table, the last among them.</summary>
    /// <param name="curve">The curve.</param>
    public static IEnumerable<CurvePoint> ForTable(ImmutableArray<CurvePoint> curve) => Of(curve, LinesInTable);

    // By what is turned away and not by rank: where many score alike a point stands for many.
    private static IEnumerable<CurvePoint> Of(ImmutableArray<CurvePoint> curve, int count)
    {
        var next = 0.0;
        foreach (var (place, point) in curve.Index())
        {
            var covered = (point.ShareOfGoods + point.ShareOfBads) / 2;
            if (covered < next && place < curve.Length - 1) continue;
            yield return point;
            next = (Math.Floor(covered * count) + 1) / count;
        }
    }
}
