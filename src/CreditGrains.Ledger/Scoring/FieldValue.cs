namespace CreditGrains.Ledger;

/// <summary>What kind of value a field of a scorecard has.</summary>
public enum FieldValueKind
{
    /// <summary>There is none.</summary>
    Missing = 0,

    /// <summary>A finite number.</summary>
    Number = 1,

    /// <summary>A text, the empty one included.</summary>
    Text = 2,
}

/// <summary>The value of one field: missing, a number or a text.</summary>
/// <remarks>The default value is missing. A text is never taken for a number nor a number for a text: "5" is not 5.</remarks>
public readonly record struct FieldValue
{
    private readonly double _number;
    private readonly string? _text;

    private FieldValue(FieldValueKind kind, double number, string? text) => (Kind, _number, _text) = (kind, number, text);

    /// <summary>Gets the value that is not there.</summary>
    public static FieldValue Missing => default;

    /// <summary>Gets which of the three it is.</summary>
    public FieldValueKind Kind { get; }

    /// <summary>Gets whether there is no value.</summary>
    public bool IsMissing => Kind == FieldValueKind.Missing;

    /// <summary>Gets the number; of a missing value and of a text it is NaN, which no number here is.</summary>
    public double Number => Kind == FieldValueKind.Number ? _number : double.NaN;

    /// <summary>Gets the text; null if the value is missing or a number.</summary>
    public string? Text => _text;

    /// <summary>Makes a number.</summary>
    /// <param name="number">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is NaN or infinite: say <see cref="Missing"/> where there is none.</exception>
    public static FieldValue Of(double number) => double.IsFinite(number)
        ? new(FieldValueKind.Number, number, null)
        : throw new ArgumentOutOfRangeException(nameof(number), number, "A field's number is finite.");

    /// <summary>Makes a text.</summary>
    /// <param name="text">Any text; compared character by character, without regard to culture.</param>
    public static FieldValue Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(FieldValueKind.Text, 0, text);
    }

    /// <summary>Makes a number as <see cref="Of(double)"/> does, or a missing value of null.</summary>
    /// <param name="number">Finite, or null.</param>
    public static FieldValue OfOptional(double? number) => number is { } given ? Of(given) : Missing;
}
