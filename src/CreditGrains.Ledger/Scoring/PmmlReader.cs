namespace CreditGrains.Ledger;

/// <summary>What came of reading a scorecard: the card, or why there is none. Never both, never neither.</summary>
public sealed record ScorecardReading
{
    private ScorecardReading(Scorecard? card, ScorecardFault? fault) => (Card, Fault) = (card, fault);

    /// <summary>Gets the card; null if it was not taken.</summary>
    public Scorecard? Card { get; }

    /// <summary>Gets why not; null if it was.</summary>
    public ScorecardFault? Fault { get; }

    internal static ScorecardReading Taken(Scorecard card) => new(card, null);

    internal static ScorecardReading Refused(ScorecardFault fault) => new(null, fault);
}

/// <summary>How strictly a scorecard is read.</summary>
public sealed record PmmlReadOptions
{
    /// <summary>Gets the longest document that is read.</summary>
    /// <value>Characters; 4,194,304 by default.</value>
    public int MaxCharacters { get; init; } = 4 * 1024 * 1024;

    /// <summary>Gets whether characteristics must not share a reason code. The standard lets them, and their points are then summed.</summary>
    /// <value>False by default.</value>
    public bool RefuseSharedReasonCodes { get; init; }
}

/// <summary>Reads scorecards from PMML 4.1 to 4.4.</summary>
/// <remarks>
/// What is not honoured to the letter is refused, with the element and its line: derived fields, other models, targets, functions beyond the
/// four operations, comparisons and if. Passed over is what cannot change a score or a reason: header, statistics, explanations, display
/// names, extensions but for the scale that <see cref="PmmlWriter"/> writes, and fields of the data dictionary that the mining schema does not name. The order of unlike elements among their siblings is not looked at.
/// The same reason code on several characteristics is lawful: their differences are summed.
/// </remarks>
public static class PmmlReader
{
    private const int MaxDepth = 64;

    /// <summary>Reads a document that holds one scorecard.</summary>
    /// <param name="document">The text. It is read to its end, or to the longest that is allowed, and not disposed.</param>
    /// <param name="options">How strictly; null for the defaults.</param>
    /// <returns>A card in which <see cref="ScorecardRules.FirstFault"/> finds nothing, or the first fault.</returns>
    public static ScorecardReading Read(TextReader document, PmmlReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCharacters, 1);
        var (root, unread) = PmmlElement.Load(document, options.MaxCharacters, MaxDepth);
        if (unread is not null) return ScorecardReading.Refused(unread);
        PmmlReading reading = new();
        var card = reading.Document(root!);
        var fault = reading.Fault ?? ScorecardRules.FirstFaultIn(card, reading.LineOf, options.RefuseSharedReasonCodes);
        return fault is null ? ScorecardReading.Taken(card) : ScorecardReading.Refused(fault);
    }

    /// <summary>Reads a document that holds one scorecard.</summary>
    /// <param name="document">The text.</param>
    /// <param name="options">How strictly; null for the defaults.</param>
    /// <returns>As above.</returns>
    public static ScorecardReading Read(string document, PmmlReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        using StringReader reader = new(document);
        return Read(reader, options);
    }
}
