namespace CreditGrains.Benchmarks;

/// <summary>One row of the result: a scenario against one baseline, measured in turn with it.</summary>
/// <remarks>Read again by the sizing table, so names stay. What a scenario does not measure is null.</remarks>
internal sealed record Result(string Scenario, string Store)
{
    /// <summary>Gets what is done, where one scenario does several things.</summary>
    public string? Workload { get; init; }

    /// <summary>Gets how many silos served.</summary>
    public int? Silos { get; init; }

    public double? PerSecond { get; init; }

    public string? Baseline { get; init; }

    public double? BaselinePerSecond { get; init; }

    /// <summary>Gets the ratio of the medians.</summary>
    public double? Ratio { get; init; }

    /// <summary>Gets the smallest ratio of one round.</summary>
    public double? RatioLow { get; init; }

    /// <summary>Gets the largest ratio of one round.</summary>
    public double? RatioHigh { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? Bytes { get; init; }

    public double? Seconds { get; init; }

    /// <summary>Gets the processor time of all silos an operation, in microseconds.</summary>
    public double? SiloMicroseconds { get; init; }

    public double? BaselineSiloMicroseconds { get; init; }

    /// <summary>Gets the processor time of the store's server an operation, in microseconds.</summary>
    public double? ServerMicroseconds { get; init; }

    /// <summary>Gets the processor time of the measuring client an operation, in microseconds.</summary>
    public double? ClientMicroseconds { get; init; }

    /// <summary>Gets how many records share a batch on the average.</summary>
    public double? RecordsPerBatch { get; init; }

    /// <summary>Gets how many records an entry makes on the average: fewer than 1 where entries share a record.</summary>
    public double? RecordsPerEntry { get; init; }

    /// <summary>Gets how many messages go between silos an operation.</summary>
    public double? MessagesBetweenSilos { get; init; }

    /// <summary>Gets the server's settings that decide what a commit costs.</summary>
    public string? ServerSettings { get; init; }

    public string? Note { get; init; }
}
