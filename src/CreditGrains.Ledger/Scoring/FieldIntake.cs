namespace CreditGrains.Ledger;

/// <summary>What a field of a card makes of a value that is given to it, by the order that <see cref="ScorecardField"/> states.</summary>
internal sealed class FieldIntake
{
    private readonly ScorecardField _field;
    private readonly bool _takesAnyNumber;

    internal FieldIntake(ScorecardField field)
    {
        _field = field;
        IsNumeric = field.IsNumeric;
        _takesAnyNumber = field.DataType == FieldDataType.Number && field.Outliers == OutlierTreatment.AsIs && field.ValidIntervals.IsDefaultOrEmpty && field.Values.IsDefaultOrEmpty;
        ReplacementNumber = field.MissingReplacement.Number;
        ReplacementText = field.MissingReplacement.Text;
    }

    internal bool IsNumeric { get; }

    private double ReplacementNumber { get; }

    private string? ReplacementText { get; }

    private bool RefusesMissing => _field.Missing == MissingValueTreatment.ReturnInvalid;

    /// <summary>Takes a value; NaN and null say that it is missing.</summary>
    /// <returns>False if there can be no score with it.</returns>
    internal bool TryTake(in FieldValue value, out double number, out string? text)
    {
        if (IsNumeric && value.Kind == FieldValueKind.Number)
        {
            text = null;
            return TryTakeNumber(value.Number, out number);
        }

        number = double.NaN;
        text = null;
        if (value.IsMissing) return TryTakeMissing(out number, out text);
        if (!_field.IsOfType(value)) return TryTakeInvalid(isOfType: false, value, out number, out text);
        switch (StatusOf(_field, value))
        {
            case ListedValueProperty.Missing:
                return TryTakeMissing(out number, out text);
            case ListedValueProperty.Invalid:
                return TryTakeInvalid(isOfType: true, value, out number, out text);
            default:
                text = value.Text;
                return true;
        }
    }

    /// <summary>Takes a number of a numeric field; NaN is missing, and an infinite one is not of the type.</summary>
    internal bool TryTakeNumber(double value, out double number)
    {
        number = value;
        if (_takesAnyNumber && double.IsFinite(value)) return true;
        if (double.IsNaN(value)) return TryTakeMissing(out number, out _);
        if (!double.IsFinite(value)) return TryTakeInvalid(isOfType: false, FieldValue.Missing, out number, out _);
        var given = FieldValue.Of(value);
        if (!_field.IsOfType(given)) return TryTakeInvalid(isOfType: false, given, out number, out _);
        switch (StatusOf(_field, given))
        {
            case ListedValueProperty.Missing:
                return TryTakeMissing(out number, out _);
            case ListedValueProperty.Invalid:
                return TryTakeInvalid(isOfType: true, given, out number, out _);
            default:
                if (!IsOutlier(_field, given) || _field.Outliers == OutlierTreatment.AsIs) return true;
                if (_field.Outliers == OutlierTreatment.AsMissingValues) return TryTakeMissing(out number, out _);
                number = value < _field.LowValue ? _field.LowValue.Value : _field.HighValue!.Value;
                return true;
        }
    }

    /// <summary>Tells whether a value of the field's type is admitted, or stands for missing.</summary>
    internal static ListedValueProperty StatusOf(ScorecardField field, FieldValue value)
    {
        var isClosed = false;
        if (!field.Values.IsDefault)
        {
            foreach (var listed in field.Values)
            {
                if (listed.Value == value) return listed.Property;
                isClosed |= listed.Property == ListedValueProperty.Valid;
            }
        }

        if (isClosed) return ListedValueProperty.Invalid;
        if (field.ValidIntervals.IsDefaultOrEmpty) return ListedValueProperty.Valid;
        foreach (var interval in field.ValidIntervals)
            if (interval.Holds(value.Number)) return ListedValueProperty.Valid;
        return ListedValueProperty.Invalid;
    }

    /// <summary>Tells whether a valid value lies outside the field's bounds, where it has some that are looked at.</summary>
    internal static bool IsOutlier(ScorecardField field, FieldValue value) =>
        field.Outliers != OutlierTreatment.AsIs && (value.Number < field.LowValue || value.Number > field.HighValue);

    // Where a missing value gives no score, one that is treated as missing gives none either: it is as if it had not been given.
    private bool TryTakeMissing(out double number, out string? text)
    {
        (number, text) = (ReplacementNumber, ReplacementText);
        return !RefusesMissing;
    }

    private bool TryTakeInvalid(bool isOfType, in FieldValue value, out double number, out string? text)
    {
        (number, text) = (value.Number, value.Text);
        switch (_field.Invalid)
        {
            case InvalidValueTreatment.AsIs:
                return isOfType;
            case InvalidValueTreatment.AsMissing:
                return TryTakeMissing(out number, out text);
            case InvalidValueTreatment.AsValue:
                (number, text) = (_field.InvalidReplacement.Number, _field.InvalidReplacement.Text);
                return true;
            default:
                return false;
        }
    }
}
