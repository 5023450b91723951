namespace CreditGrains.Silo.Imports;

/// <summary>Why a row was refused before it became an entry. Where the ledger has a refusal of the same meaning, the name is the same.</summary>
internal enum RowFaultCode
{
    /// <summary>A line is longer than <see cref="LineReader.MaxLineBytes"/>.</summary>
    LineTooLong,

    /// <summary>A line holds bytes that are not UTF-8.</summary>
    NotUtf8,

    /// <summary>A line holds a NUL byte.</summary>
    HoldsNul,

    /// <summary>A quote is opened and not closed, or text follows the closing quote.</summary>
    QuoteMisplaced,

    /// <summary>A row has fewer or more fields than the header.</summary>
    FieldCountWrong,

    /// <summary>A field that is needed is empty or absent.</summary>
    FieldMissing,

    /// <summary>A field does not have its form.</summary>
    FieldMalformed,

    /// <summary>An amount is zero, negative or beyond 10^15 minor units.</summary>
    AmountOutOfRange,

    /// <summary>A day is no day of the calendar, or before 1900 or after 9999.</summary>
    DateOutOfRange,

    /// <summary>A code of the furnisher's that this import does not know.</summary>
    UnknownWord,

    /// <summary>An account that the other files of the set do not explain.</summary>
    UnknownAccount,

    /// <summary>A currency that is not in force in ISO 4217.</summary>
    UnknownCurrency,

    /// <summary>A line that is not one JSON object.</summary>
    NotJson,

    /// <summary>A field that the schema does not have.</summary>
    UnknownField,

    /// <summary>A field that stands twice.</summary>
    FieldTwice,

    /// <summary>A second row under a key that the file may hold once.</summary>
    KeyTwice,
}

/// <summary>What is wrong with one row. It never repeats a value, which may be personal.</summary>
/// <param name="Code">Why it was refused.</param>
/// <param name="Field">The column or the JSON field at fault; null if it is the line as a whole.</param>
/// <param name="Message">What was expected, as the end of a sentence that begins with the place.</param>
internal sealed record RowFault(RowFaultCode Code, string? Field, string Message)
{
    /// <summary>Makes a fault with the code's own message.</summary>
    /// <param name="code">Why.</param>
    /// <param name="field">The field at fault.</param>
    public static RowFault Of(RowFaultCode code, string? field = null) => new(code, field, code switch
    {
        RowFaultCode.LineTooLong => $"is longer than {LineReader.MaxLineBytes:N0} bytes",
        RowFaultCode.NotUtf8 => "holds bytes that are not UTF-8; convert the file",
        RowFaultCode.HoldsNul => "holds a NUL byte",
        RowFaultCode.QuoteMisplaced => "has a quote that is not closed, or text behind a closing quote",
        RowFaultCode.FieldCountWrong => "does not have as many fields as the header; the line may be cut short",
        RowFaultCode.FieldMissing => "is missing",
        RowFaultCode.FieldMalformed => "does not have the form that it must have",
        RowFaultCode.AmountOutOfRange => "must be above zero and at most 10^15 minor units",
        RowFaultCode.DateOutOfRange => "is no day between 1900 and 9999",
        RowFaultCode.UnknownWord => "is a word that this import does not know",
        RowFaultCode.UnknownAccount => "names an account that has no owner in the disp file",
        RowFaultCode.UnknownCurrency => "is no currency in force in ISO 4217",
        RowFaultCode.NotJson => "is not one JSON object",
        RowFaultCode.UnknownField => "is no field of this schema; see 'creditgrains import entries --help'",
        RowFaultCode.FieldTwice => "stands twice",
        RowFaultCode.KeyTwice => "stands in an earlier row of the file already",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    });
}

/// <summary>Where a row stands.</summary>
/// <param name="File">The file's name, without its folder.</param>
/// <param name="Line">The line, from 1; the header counts.</param>
internal readonly record struct RowPlace(string File, long Line);
