namespace CreditGrains.Ledger;

/// <summary>Why a scorecard's document is not taken.</summary>
/// <remarks>
/// The groups come in this order: first that the text is JSON and can be looked at, then that its format is read, then that its fields are
/// known, complete and of their kind, then that what they say means something. Of one group the first in the order of the document is given. The numbers are for ever.
/// </remarks>
public enum ScorecardDocumentRefusal
{
    /// <summary>The text is longer than is read.</summary>
    TooLarge = 1,

    /// <summary>It is no JSON, or holds half a character.</summary>
    NotJson = 2,

    /// <summary>Objects and lists are nested deeper than is read.</summary>
    TooDeep = 3,

    /// <summary>It is of a format that is not read.</summary>
    FormatNotRead = 4,

    /// <summary>A field that is not known at its place.</summary>
    FieldUnknown = 5,

    /// <summary>A field that is there twice.</summary>
    FieldRepeated = 6,

    /// <summary>A field that is not there.</summary>
    FieldMissing = 7,

    /// <summary>A field's value is of another kind: a text where a number is meant.</summary>
    KindWrong = 8,

    /// <summary>A number is too great for a double, or the points of a card add up to one that is.</summary>
    NumberNotFinite = 9,

    /// <summary>A number is not whole, or is beyond 64 bits.</summary>
    NumberNotWhole = 10,

    /// <summary>A word that is not one of those that are known at its place.</summary>
    WordUnknown = 11,

    /// <summary>A text holds a character that cannot be said in PMML.</summary>
    TextNotWritable = 12,

    /// <summary>A text that must say something is empty.</summary>
    TextEmpty = 13,

    /// <summary>The model's name is not 1 to 32 characters of a–z, 0–9 and hyphen.</summary>
    ModelMalformed = 14,

    /// <summary>The scale means nothing.</summary>
    ScaleMeaningless = 15,

    /// <summary>There is no characteristic.</summary>
    NothingScored = 16,

    /// <summary>Two characteristics have the same name.</summary>
    NameRepeated = 17,

    /// <summary>A reason code is not 1 to 16 characters of A–Z, 0–9 and underscore.</summary>
    ReasonCodeMalformed = 18,

    /// <summary>Two characteristics have the same reason code, or ones that differ only in case or in spaces around them.</summary>
    ReasonCodeRepeated = 19,

    /// <summary>A bin does not say what it takes, says it twice, or takes texts where numbers are scored or numbers where texts are.</summary>
    BinKindWrong = 20,

    /// <summary>A bin can take nothing.</summary>
    BinEmpty = 21,

    /// <summary>A value is in two bins, or intervals are not in rising order.</summary>
    BinsOverlap = 22,

    /// <summary>A value, or the lack of one, is in no bin.</summary>
    BinsLeaveOut = 23,

    /// <summary>A count is below 0, or a figure lies where it cannot.</summary>
    FigureOutOfRange = 24,

    /// <summary>The signature is not 64 bytes in base64url.</summary>
    SignatureMalformed = 25,
}

/// <summary>Why a scorecard's document is not taken, and where.</summary>
/// <param name="Refusal">Why.</param>
/// <param name="Path">The place at fault, from the root: <c>$.characteristics[2].bins[0].points</c>.</param>
/// <param name="Line">Its line, from 1; 0 if the document did not come from a text.</param>
/// <param name="Message">The same in plain words.</param>
public sealed record ScorecardDocumentFault(ScorecardDocumentRefusal Refusal, string Path, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{Path}: {Message}" : $"line {Line}, {Path}: {Message}";
}

/// <summary>What came of reading a document: the document, or why there is none. Never both, never neither.</summary>
public sealed record ScorecardDocumentReading
{
    private ScorecardDocumentReading(ScorecardDocument? document, ScorecardDocumentFault? fault) => (Document, Fault) = (document, fault);

    /// <summary>Gets the document; null if it was not taken.</summary>
    public ScorecardDocument? Document { get; }

    /// <summary>Gets why not; null if it was.</summary>
    public ScorecardDocumentFault? Fault { get; }

    internal static ScorecardDocumentReading Taken(ScorecardDocument document) => new(document, null);

    internal static ScorecardDocumentReading Refused(ScorecardDocumentFault fault) => new(null, fault);
}
