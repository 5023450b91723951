namespace CreditGrains.Modelling;

/// <summary>Which rows a scorecard is made on, and which judge it.</summary>
public abstract record Split
{
    private Split()
    {
    }

    /// <summary>By the row's id: for training if <c>splitmix64(id) % 10 &lt; 7</c>, held back otherwise. Rows of one id stay together.</summary>
    /// <param name="Column">
    /// The column of ids, or null for the data row, from 1. An id that reads as a 64-bit integer counts as that (a negative one as its two's
    /// complement); any other text is first hashed by <see cref="SplitMix64.OfText"/>. A column of numbers must hold integers of less than
    /// 2⁵³ in size, for larger ones have lost digits: read those as texts.
    /// </param>
    public sealed record ById(string? Column = null) : Split;

    /// <summary>By time: for training if before the cut, held back otherwise.</summary>
    /// <param name="Column">The column of times: numbers, or texts whose ordinal order is that of time, such as ISO dates.</param>
    /// <param name="Cut">The first time held back, as its cell would be written.</param>
    public sealed record ByTime(string Column, string Cut) : Split;

    /// <summary>
    /// By folds: each fold in turn is held back from a scorecard made on the others, for each seed anew. Goods and bads are dealt out to the
    /// folds apart, so that every fold has its share of both. The scorecard that is handed out is made on all rows.
    /// </summary>
    /// <param name="Count">How many folds, 2 to 100.</param>
    /// <param name="Seeds">How many times, 1 to 1000: with the seeds <paramref name="FirstSeed"/>, the next one, and so on.</param>
    /// <param name="FirstSeed">The first seed.</param>
    public sealed record Folds(int Count, int Seeds = 1, uint FirstSeed = 1) : Split;
}
