namespace CreditGrains.Ledger;

/// <summary>What came of scoring one vector.</summary>
public enum ScoringOutcome
{
    /// <summary>There is a score.</summary>
    Scored = 1,

    /// <summary>There is none: a field has a value, or lacks one, with which the card gives no score.</summary>
    FieldInvalid = 2,

    /// <summary>There is none: no attribute of a characteristic applies.</summary>
    NoAttributeMatches = 3,

    /// <summary>There is none: a computed partial score is missing, or is not finite.</summary>
    PartialScoreUndefined = 4,

    /// <summary>There is none: the sum is not finite.</summary>
    ScoreNotFinite = 5,
}

/// <summary>One reason for a score.</summary>
/// <param name="Code">The reason code.</param>
/// <param name="Points">The points that it stands for: zero or more, summed over the characteristics that gave this code.</param>
public readonly record struct ScoreReason(string Code, double Points);

/// <summary>Holds the result of one scoring and is used again for the next. Made by <see cref="CompiledScorecard.NewBuffer"/>.</summary>
/// <remarks>For one card and one caller at a time. What it gives out is overwritten by the next scoring.</remarks>
public sealed class ScoreBuffer
{
    private readonly ScoreReason[] _reasons;

    internal ScoreBuffer(CompiledScorecard card, int fieldCount, int characteristicCount, int codeCount, int maxReasons)
    {
        Card = card;
        Numbers = new double[fieldCount];
        Texts = new string?[fieldCount];
        Partials = new double[characteristicCount];
        Matches = new int[characteristicCount];
        CodePoints = new double[codeCount];
        CodesMet = new int[codeCount];
        CodeMetAt = new bool[codeCount];
        _reasons = new ScoreReason[Math.Min(maxReasons, codeCount)];
    }

    /// <summary>Gets what came of it. Where there is no score nothing else but <see cref="FaultIndex"/> is to be looked at.</summary>
    public ScoringOutcome Outcome { get; internal set; }

    /// <summary>Gets the score: initial score and partial scores, added in the order of the characteristics. NaN where there is none.</summary>
    public double Score { get; internal set; } = double.NaN;

    /// <summary>Gets the place, from 0, of what gave no score: an input for <see cref="ScoringOutcome.FieldInvalid"/>, else a characteristic; -1 if there is a score or the sum is not finite.</summary>
    public int FaultIndex { get; internal set; } = -1;

    /// <summary>Gets the points of each characteristic, in the order of the card.</summary>
    public ReadOnlySpan<double> PartialScores => Partials;

    /// <summary>Gets which attribute of each characteristic applied, from 0.</summary>
    public ReadOnlySpan<int> MatchedAttributes => Matches;

    /// <summary>Gets the reasons, most points first, equal ones in the order of their first characteristic. At most as many as the buffer was made for; fewer where there are no more.</summary>
    public ReadOnlySpan<ScoreReason> Reasons => _reasons.AsSpan(0, ReasonCount);

    internal CompiledScorecard Card { get; }

    internal double[] Numbers { get; }

    internal string?[] Texts { get; }

    internal double[] Partials { get; }

    internal int[] Matches { get; }

    internal double[] CodePoints { get; }

    internal int[] CodesMet { get; }

    internal bool[] CodeMetAt { get; }

    internal int MaxReasons => _reasons.Length;

    private int ReasonCount { get; set; }

    internal void Begin()
    {
        Score = double.NaN;
        ReasonCount = 0;
        FaultIndex = -1;
    }

    internal ScoringOutcome End(ScoringOutcome outcome, int faultIndex)
    {
        FaultIndex = faultIndex;
        return Outcome = outcome;
    }

    /// <summary>Takes a reason to its place among the first ones; those of equal points keep the order in which they come.</summary>
    internal void Rank(string code, double points)
    {
        if (ReasonCount == _reasons.Length && (ReasonCount == 0 || _reasons[^1].Points >= points)) return;
        var place = ReasonCount < _reasons.Length ? ReasonCount++ : ReasonCount - 1;
        for (; place > 0 && _reasons[place - 1].Points < points; place--) _reasons[place] = _reasons[place - 1];
        _reasons[place] = new(code, points);
    }
}
