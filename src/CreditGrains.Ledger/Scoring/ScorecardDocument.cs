using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>A scorecard with all that its makers know of it: what PMML has no words for, and what a reviewer wants to read.</summary>
/// <remarks>
/// The ledger's own form of a model, kept as JSON. What is scored is the <see cref="Scorecard"/> that it makes: one characteristic for each of these, one attribute for each bin.
/// Lists make two documents equal only if they are the same lists; compare what is written of them.
/// </remarks>
public sealed partial record ScorecardDocument
{
    /// <summary>Gets which model it is: 1 to 32 characters of a–z, 0–9 and hyphen.</summary>
    public required string Model { get; init; }

    /// <summary>Gets its title, for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>Gets what a reviewer must know: what it was made of, where it must not be used, that it is a starting point.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Gets the points that everybody starts from.</summary>
    public double InitialPoints { get; init; }

    /// <summary>Gets what points mean.</summary>
    public required ScoreScale Scale { get; init; }

    /// <summary>Gets the characteristics, in the order in which their points are added. No two have the same name.</summary>
    public ImmutableArray<DocumentCharacteristic> Characteristics { get; init; } = [];

    /// <summary>Gets how it did on the rows that it was made of; null if it was made by judgement.</summary>
    public DocumentTraining? Training { get; init; }

    /// <summary>Gets who vouches for it; null if nobody does.</summary>
    public DocumentSignature? Signature { get; init; }
}

/// <summary>One characteristic of a model.</summary>
/// <param name="Name">The name of its input: one of the catalogue, or a field of the application.</param>
/// <param name="IsText">Whether its values are texts.</param>
/// <param name="Reason">What is told if it costs points.</param>
/// <param name="Baseline">The points to which a bin's are compared: those of its best bin, unless its makers chose otherwise.</param>
/// <param name="Bins">Intervals or sets of texts; then special values, missing and, for texts, unseen ones. A special value is taken by its own bin and not by the interval around it.</param>
public sealed record DocumentCharacteristic(string Name, bool IsText, DocumentReason Reason, double Baseline, ImmutableArray<DocumentBin> Bins)
{
    /// <summary>Gets why it is in the model; null if its makers said nothing.</summary>
    public string? Rationale { get; init; }

    /// <summary>Gets the information value of its bins; null if it was made by judgement.</summary>
    public double? InformationValue { get; init; }

    /// <summary>Gets the coefficient of its weight of evidence for ln(odds of bad); null if it was made by judgement.</summary>
    public double? Coefficient { get; init; }
}

/// <summary>A reason code and what it says.</summary>
/// <param name="Code">1 to 16 characters of A–Z, 0–9 and underscore. No two characteristics of a model share one.</param>
/// <param name="Words">One sentence for the citizen.</param>
public sealed record DocumentReason(string Code, string Words)
{
    /// <summary>The longest code, in characters.</summary>
    public const int MaxCodeLength = 16;

    /// <summary>Tells whether a text has the form of a code, which a record of a score can hold.</summary>
    /// <param name="code">The text.</param>
    public static bool IsCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length is > 0 and <= MaxCodeLength && code.All(character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character) || character == '_');
    }
}

/// <summary>One bin.</summary>
/// <param name="Range">Which values it takes.</param>
/// <param name="Points">What it is worth. Finite.</param>
public sealed record DocumentBin(DocumentRange Range, double Points)
{
    /// <summary>Gets why it is worth that; null if its makers said nothing.</summary>
    public string? Rationale { get; init; }

    /// <summary>Gets its weight of evidence; null if it was made by judgement.</summary>
    public double? Woe { get; init; }

    /// <summary>Gets how many goods were in it; null if it was made by judgement.</summary>
    public long? Goods { get; init; }

    /// <summary>Gets how many bads.</summary>
    public long? Bads { get; init; }
}

/// <summary>Which values a bin takes. The ranges of one characteristic do not overlap and leave no value out.</summary>
public abstract record DocumentRange
{
    private DocumentRange()
    {
    }

    /// <summary>Numbers from <paramref name="From"/> to below <paramref name="To"/>, special ones excepted.</summary>
    /// <param name="From">Belongs to the bin; null in the first.</param>
    /// <param name="To">Does not; null in the last.</param>
    public sealed record Interval(double? From, double? To) : DocumentRange;

    /// <summary>Any of some texts.</summary>
    /// <param name="Values">At least one.</param>
    public sealed record Texts(ImmutableArray<string> Values) : DocumentRange;

    /// <summary>One number that was named as special.</summary>
    /// <param name="Value">Compared exactly.</param>
    public sealed record SpecialNumber(double Value) : DocumentRange;

    /// <summary>One text that was named as special.</summary>
    /// <param name="Value">Compared to the letter.</param>
    public sealed record SpecialText(string Value) : DocumentRange;

    /// <summary>No value.</summary>
    public sealed record Missing : DocumentRange;

    /// <summary>A text that no other bin names.</summary>
    public sealed record Unseen : DocumentRange;
}

/// <summary>How a model did on the rows that it was made of.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bads">How many of them were bad.</param>
/// <param name="Auc">Area under the ROC curve.</param>
/// <param name="Gini">2 · AUC − 1.</param>
/// <param name="Ks">The greatest distance between the distributions of goods and bads.</param>
/// <param name="LogLikelihood">Of the regression.</param>
/// <param name="Intercept">Of the regression.</param>
public sealed record DocumentTraining(long Rows, long Bads, double Auc, double Gini, double Ks, double LogLikelihood, double Intercept);

/// <summary>Who vouches for a document: a signature over what is written of it without one.</summary>
/// <param name="Algorithm">ES256: ECDSA on P-256 over SHA-256.</param>
/// <param name="KeyId">Which key.</param>
/// <param name="Value">The signature, 64 bytes in base64url.</param>
public sealed record DocumentSignature(string Algorithm, string KeyId, string Value);
