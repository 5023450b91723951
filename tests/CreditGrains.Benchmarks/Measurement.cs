namespace CreditGrains.Benchmarks;

/// <summary>What was measured of one slice; processor times in microseconds an operation.</summary>
internal sealed record Measurement(
    double PerSecond, double? SiloMicroseconds, double? ServerMicroseconds, double ClientMicroseconds, double? RecordsPerBatch, double? RecordsPerEntry,
    double? MessagesBetweenSilos);

internal static class MeasurementExtensions
{
    /// <summary>Fills a row with the medians of all rounds.</summary>
    internal static Result Summarise(this IReadOnlyList<Measurement> rounds, Result row) => row with
    {
        PerSecond = Math.Round(rounds.Select(round => round.PerSecond).Median()),
        SiloMicroseconds = MedianOf(rounds, round => round.SiloMicroseconds),
        ServerMicroseconds = MedianOf(rounds, round => round.ServerMicroseconds),
        ClientMicroseconds = MedianOf(rounds, round => round.ClientMicroseconds),
        RecordsPerBatch = MedianOf(rounds, round => round.RecordsPerBatch),
        RecordsPerEntry = MedianOf(rounds, round => round.RecordsPerEntry, 3),
        MessagesBetweenSilos = MedianOf(rounds, round => round.MessagesBetweenSilos, 4),
    };

    /// <summary>Fills a row with how the rounds compare to a baseline's, round by round for the spread.</summary>
    internal static Result Against(
        this Result row, string name, IReadOnlyList<Measurement> rounds, IReadOnlyList<Measurement> baseline, Func<Measurement, double> value)
    {
        var ratios = rounds.Zip(baseline, (round, other) => value(round) / value(other)).ToArray();
        return row with
        {
            Baseline = name,
            BaselinePerSecond = Math.Round(baseline.Select(round => round.PerSecond).Median()),
            BaselineSiloMicroseconds = MedianOf(baseline, round => round.SiloMicroseconds),
            Ratio = Math.Round(rounds.Select(value).Median() / baseline.Select(value).Median(), 3),
            RatioLow = Math.Round(ratios.Min(), 3),
            RatioHigh = Math.Round(ratios.Max(), 3),
        };
    }

    internal static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double? MedianOf(IReadOnlyList<Measurement> rounds, Func<Measurement, double?> value, int places = 2)
    {
        var known = rounds.Select(value).OfType<double>().ToArray();
        return known.Length == 0 ? null : Math.Round(known.Median(), places);
    }
}
