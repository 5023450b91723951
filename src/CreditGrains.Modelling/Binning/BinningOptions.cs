using System.Collections.Immutable;

namespace CreditGrains.Modelling;

/// <summary>Whether the bad rate of a numeric column may only rise or only fall from bin to bin.</summary>
public enum MonotoneBadRate
{
    /// <summary>It may do as it likes.</summary>
    NotAsked = 0,

    /// <summary>Higher values, higher bad rate.</summary>
    Rising = 1,

    /// <summary>Higher values, lower bad rate.</summary>
    Falling = 2,

    /// <summary>One or the other: whichever explains the outcome better.</summary>
    Either = 3,
}

/// <summary>How columns are cut into bins.</summary>
public sealed record BinningOptions
{
    /// <summary>Gets into how many fine bins of about equal size a numeric column is cut first, and how many frequent texts are told apart.</summary>
    /// <value>Default 50; 2 to 200. Time grows with its third power.</value>
    public int MaxFineBins { get; init; } = 50;

    /// <summary>Gets how many bins a column ends with at most, beside those for missing, special and unseen values.</summary>
    /// <value>Default 8; 2 to 50.</value>
    public int MaxBins { get; init; } = 8;

    /// <summary>Gets the least share of the training rows that a bin holds, beside those for missing, special and unseen values.</summary>
    /// <value>Default 0.05; 0 to 0.5.</value>
    public double MinShare { get; init; } = 0.05;

    /// <summary>Gets the fewest goods, and the fewest bads, that such a bin holds.</summary>
    /// <value>Default 5; 0 or more.</value>
    public int MinEachOutcome { get; init; } = 5;

    /// <summary>Gets how much a further bin must explain, in nats of log-likelihood of the training rows.</summary>
    /// <value>
    /// Default 1, which is Akaike's criterion with one parameter a bin and aims at rows not yet seen; 0 to 1000. Half the logarithm of the
    /// number of training rows is the Bayesian criterion, which gives fewer bins. At 0 bins part wherever bad rates differ at all.
    /// </value>
    public double MinGain { get; init; } = 1;

    /// <summary>Gets how many rows of the average bad rate each bin's weight of evidence is mixed with.</summary>
    /// <value>Default 1; 0 to 1000. At 0 a bin that lacks goods or bads counts as if it had half a row of it.</value>
    public double Smoothing { get; init; } = 1;

    /// <summary>Gets whether bad rates are monotone in numeric columns that have no wish of their own.</summary>
    /// <value>Default <see cref="MonotoneBadRate.NotAsked"/>.</value>
    public MonotoneBadRate Monotone { get; init; }

    internal string? Fault() =>
        MaxFineBins is < 2 or > 200 ? $"{nameof(MaxFineBins)} must be from 2 to 200"
        : MaxBins is < 2 or > 50 ? $"{nameof(MaxBins)} must be from 2 to 50"
        : MinShare is not (>= 0 and <= 0.5) ? $"{nameof(MinShare)} must be from 0 to 0.5"
        : MinEachOutcome < 0 ? $"{nameof(MinEachOutcome)} must not be negative"
        : MinGain is not (>= 0 and <= 1000) ? $"{nameof(MinGain)} must be from 0 to 1000"
        : Smoothing is not (>= 0 and <= 1000) ? $"{nameof(Smoothing)} must be from 0 to 1000"
        : !Enum.IsDefined(Monotone) ? $"{nameof(Monotone)} is {Monotone}"
        : null;
}

/// <summary>What is known of one column beforehand.</summary>
public sealed record ColumnOptions
{
    /// <summary>Gets values that mean something of their own, such as -1 for "never", as their cells would be written. Each has a bin to itself.</summary>
    /// <value>Default none; at most 100.</value>
    public ImmutableArray<string> Special { get; init; } = [];

    /// <summary>Gets whether the bad rate is monotone; null for what <see cref="BinningOptions.Monotone"/> says. Texts have no order and do not ask.</summary>
    public MonotoneBadRate? Monotone { get; init; }
}
