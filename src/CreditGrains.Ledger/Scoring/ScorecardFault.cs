namespace CreditGrains.Ledger;

/// <summary>Why a scorecard is not taken.</summary>
/// <remarks>
/// The groups come in this order: first that the text is XML and can be looked at, then that its elements are known, then that the card they
/// make means something. Of one group the first in the order of the document is given. The numbers are for ever.
/// </remarks>
public enum ScorecardRefusal
{
    /// <summary>The text is longer than is read.</summary>
    TooLarge = 1,

    /// <summary>It has a document type: entities could be drawn from elsewhere or swell without end.</summary>
    DoctypeForbidden = 2,

    /// <summary>It is no XML.</summary>
    NotXml = 3,

    /// <summary>Elements are nested deeper than is read.</summary>
    TooDeep = 4,

    /// <summary>The root is no PMML element of a namespace that is read.</summary>
    NotPmml = 5,

    /// <summary>It is of a version that is not read.</summary>
    VersionNotRead = 6,

    /// <summary>An element that is unknown at its place, or means something that is not honoured here.</summary>
    ElementNotHonoured = 7,

    /// <summary>An attribute that is unknown, or means something that is not honoured here.</summary>
    AttributeNotHonoured = 8,

    /// <summary>A value of an attribute that is unknown, or means something that is not honoured here.</summary>
    ValueNotHonoured = 9,

    /// <summary>There is text where there should be none.</summary>
    TextUnexpected = 10,

    /// <summary>An element is not there.</summary>
    ElementMissing = 11,

    /// <summary>There are two where one is meant.</summary>
    ElementRepeated = 12,

    /// <summary>An attribute is not there.</summary>
    AttributeMissing = 13,

    /// <summary>What should be a number is none, or is infinite.</summary>
    NumberMalformed = 14,

    /// <summary>A function that is not honoured here.</summary>
    FunctionNotHonoured = 15,

    /// <summary>Two fields, characteristics or outputs have the same name.</summary>
    NameRepeated = 16,

    /// <summary>A field is referred to that is not declared, or is not scored.</summary>
    FieldUndeclared = 17,

    /// <summary>A value is not of its field's type, or cannot be compared in this way.</summary>
    TypeMismatch = 18,

    /// <summary>What is said about missing values, invalid values or outliers contradicts itself.</summary>
    TreatmentContradictory = 19,

    /// <summary>Reasons are asked for and an attribute has no code.</summary>
    ReasonCodeMissing = 20,

    /// <summary>Reasons are asked for and a characteristic has no baseline.</summary>
    BaselineScoreMissing = 21,

    /// <summary>Two reason codes differ only in case or in spaces around them; or, where that was not allowed, characteristics share one.</summary>
    ReasonCodeAmbiguous = 22,

    /// <summary>A text cannot be said in a PMML document.</summary>
    TextNotWritable = 23,
}

/// <summary>Why a scorecard is not taken, and where.</summary>
/// <param name="Refusal">Why.</param>
/// <param name="Element">The element at fault, by its PMML name.</param>
/// <param name="Line">Its line, from 1; 0 if the card did not come from a document.</param>
/// <param name="Message">The same in plain words.</param>
public sealed record ScorecardFault(ScorecardRefusal Refusal, string Element, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{Element}: {Message}" : $"line {Line}, {Element}: {Message}";
}
