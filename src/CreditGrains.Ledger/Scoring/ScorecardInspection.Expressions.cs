namespace CreditGrains.Ledger;

/// <content>Complex partial scores: that every function gets what it can work on.</content>
internal sealed partial class ScorecardInspection
{
    private enum ExpressionKind
    {
        Unknown,
        WholeNumber,
        Number,
        Text,
        Truth,
    }

    private ExpressionKind Kind(object parent, ScoreExpression? expression, int depth)
    {
        if (depth > ScorecardRules.MaxNesting)
        {
            Refuse(ScorecardRefusal.TooDeep, parent, "Apply", "Expressions are nested too deep.");
            return ExpressionKind.Unknown;
        }

        switch (expression)
        {
            case ScoreConstant constant:
                return Constant(constant);
            case ScoreFieldRef reference:
                if (ActiveField(reference, "FieldRef", reference.Field) is not { } field) return ExpressionKind.Unknown;
                if (!reference.MapMissingTo.IsMissing) OfType(reference, "FieldRef", field, reference.MapMissingTo);
                return KindOf(field.DataType);
            case ScoreApply apply:
                return Apply(apply, depth);
            default:
                Refuse(ScorecardRefusal.ElementMissing, parent, "ComplexPartialScore", "There is no expression.");
                return ExpressionKind.Unknown;
        }
    }

    private ExpressionKind Constant(ScoreConstant constant)
    {
        Text(constant, "Constant", constant.Value.Text);
        var fits = constant.DataType switch
        {
            FieldDataType.Number => constant.Value.Kind == FieldValueKind.Number,
            FieldDataType.WholeNumber => constant.Value.Kind == FieldValueKind.Number && ScorecardField.IsWhole(constant.Value.Number),
            FieldDataType.Text => constant.Value.Kind == FieldValueKind.Text,
            _ => false,
        };
        if (!fits) Refuse(ScorecardRefusal.TypeMismatch, constant, "Constant", "The constant is not of its type.");
        return KindOf(constant.DataType);
    }

    private static ExpressionKind KindOf(FieldDataType type) => type switch
    {
        FieldDataType.Number => ExpressionKind.Number,
        FieldDataType.WholeNumber => ExpressionKind.WholeNumber,
        _ => ExpressionKind.Text,
    };

    private ExpressionKind Apply(ScoreApply apply, int depth)
    {
        var count = apply.Arguments.IsDefault ? 0 : apply.Arguments.Length;
        var isArithmetic = apply.Function <= ScoreFunction.Divide;
        var (least, most) = apply.Function switch
        {
            ScoreFunction.If => (2, 3),
            ScoreFunction.IsMissing or ScoreFunction.IsNotMissing => (1, 1),
            _ => (2, 2),
        };
        Defined(apply, "Apply", apply.Function);
        if (count < least || count > most)
        {
            Refuse(ScorecardRefusal.FunctionNotHonoured, apply, "Apply", $"The function {PmmlWords.Of(PmmlWords.Functions, apply.Function)} does not take {count} arguments.");
            return ExpressionKind.Unknown;
        }

        Finite(apply, "Apply", apply.MapMissingTo);
        Finite(apply, "Apply", apply.DefaultValue);
        if (apply.MapMissingTo is not null && !isArithmetic) Refuse(ScorecardRefusal.AttributeNotHonoured, apply, "Apply", "mapMissingTo is honoured for + - * and / only.");
        if (apply.DefaultValue is not null && !isArithmetic && apply.Function != ScoreFunction.If) Refuse(ScorecardRefusal.AttributeNotHonoured, apply, "Apply", "defaultValue is honoured for + - * / and if only.");
        if (apply.TreatsInvalidAsMissing && !isArithmetic) Refuse(ScorecardRefusal.ValueNotHonoured, apply, "Apply", "invalidValueTreatment other than returnInvalid is honoured for + - * and / only.");

        var kinds = apply.Arguments.Select(argument => Kind(apply, argument, depth + 1)).ToArray();
        if (Fault is not null) return ExpressionKind.Unknown;
        switch (apply.Function)
        {
            case ScoreFunction.If:
                if (kinds[0] != ExpressionKind.Truth) Mismatch(apply, "the first argument of if is a comparison");
                if (!kinds.Skip(1).All(IsNumeric)) Mismatch(apply, "if gives numbers");
                return Sum(apply, kinds.AsSpan(1));
            case ScoreFunction.IsMissing or ScoreFunction.IsNotMissing:
                if (kinds[0] == ExpressionKind.Truth) Mismatch(apply, "a comparison is not asked whether it is missing");
                return ExpressionKind.Truth;
            case ScoreFunction.Equal or ScoreFunction.NotEqual when kinds.All(kind => kind == ExpressionKind.Text):
                return ExpressionKind.Truth;
            case > ScoreFunction.If:
                if (!kinds.All(IsNumeric)) Mismatch(apply, "a comparison takes two numbers, or for equality two texts");
                return ExpressionKind.Truth;
            default:
                if (!kinds.All(IsNumeric)) Mismatch(apply, "arithmetic takes two numbers");

                // Of two whole numbers some engines give the whole quotient and others the exact one.
                if (apply.Function == ScoreFunction.Divide && kinds.All(kind => kind == ExpressionKind.WholeNumber))
                    Mismatch(apply, "the quotient of two integers means different things to different engines; make one of them a double");
                return Sum(apply, kinds);
        }
    }

    private static ExpressionKind Sum(ScoreApply apply, ReadOnlySpan<ExpressionKind> kinds)
    {
        foreach (var kind in kinds)
            if (kind != ExpressionKind.WholeNumber) return ExpressionKind.Number;
        return ScorecardField.IsWhole(apply.MapMissingTo ?? 0) && ScorecardField.IsWhole(apply.DefaultValue ?? 0) ? ExpressionKind.WholeNumber : ExpressionKind.Number;
    }

    private static bool IsNumeric(ExpressionKind kind) => kind is ExpressionKind.WholeNumber or ExpressionKind.Number;

    private void Mismatch(ScoreApply apply, string what) => Refuse(ScorecardRefusal.TypeMismatch, apply, "Apply", $"In {PmmlWords.Of(PmmlWords.Functions, apply.Function)}, {what}.");
}
