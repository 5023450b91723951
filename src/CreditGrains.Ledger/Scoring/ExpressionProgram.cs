namespace CreditGrains.Ledger;

/// <summary>An expression whose fields are places in the vector.</summary>
/// <remarks>A number is finite; NaN is a missing one and <see cref="Invalid"/> one that makes the score invalid.</remarks>
internal abstract class ExpressionProgram
{
    internal const double Invalid = double.PositiveInfinity;

    internal abstract double Number(in TakenFields fields);

    internal static ExpressionProgram Of(ScoreExpression expression, Func<string, (int Index, bool IsNumeric)> placeOf) => expression switch
    {
        ScoreConstant constant => new Constant(constant.Value.Number),
        ScoreFieldRef reference => new Field(placeOf(reference.Field).Index, reference.MapMissingTo.Number),
        ScoreApply { Function: ScoreFunction.If } choice => new Choice(
            ConditionProgram.Of((ScoreApply)choice.Arguments[0], placeOf),
            Of(choice.Arguments[1], placeOf),
            choice.Arguments.Length > 2 ? Of(choice.Arguments[2], placeOf) : new Constant(double.NaN),
            choice.DefaultValue ?? double.NaN),
        _ => new Arithmetic((ScoreApply)expression, placeOf),
    };

    /// <summary>The fields that an expression refers to.</summary>
    internal static IEnumerable<string> FieldsOf(ScoreExpression? expression) => expression switch
    {
        ScoreFieldRef reference => [reference.Field],
        ScoreApply apply => apply.Arguments.SelectMany(FieldsOf),
        _ => [],
    };

    private sealed class Constant(double number) : ExpressionProgram
    {
        internal override double Number(in TakenFields fields) => number;
    }

    private sealed class Field(int index, double mapMissingTo) : ExpressionProgram
    {
        internal override double Number(in TakenFields fields)
        {
            var number = fields.Numbers[index];
            return double.IsNaN(number) ? mapMissingTo : number;
        }
    }

    private sealed class Choice(ConditionProgram condition, ExpressionProgram whereTrue, ExpressionProgram whereFalse, double defaultValue) : ExpressionProgram
    {
        internal override double Number(in TakenFields fields)
        {
            var found = condition.Test(fields);
            if (found is null) return Invalid;
            var number = found switch
            {
                Finding.Yes => whereTrue.Number(fields),
                Finding.No => whereFalse.Number(fields),
                _ => double.NaN,
            };
            return double.IsNaN(number) ? defaultValue : number;
        }
    }

    private sealed class Arithmetic(ScoreApply apply, Func<string, (int Index, bool IsNumeric)> placeOf) : ExpressionProgram
    {
        private readonly ScoreFunction _function = apply.Function;
        private readonly ExpressionProgram _first = Of(apply.Arguments[0], placeOf);
        private readonly ExpressionProgram _second = Of(apply.Arguments[1], placeOf);
        private readonly double _mapMissingTo = apply.MapMissingTo ?? double.NaN;
        private readonly double _defaultValue = apply.DefaultValue ?? double.NaN;
        private readonly bool _treatsInvalidAsMissing = apply.TreatsInvalidAsMissing;

        internal override double Number(in TakenFields fields)
        {
            var first = _first.Number(fields);
            var second = _second.Number(fields);

            // What was invalid in an argument has had its treatment there.
            if (first == Invalid || second == Invalid) return Invalid;
            if ((double.IsNaN(first) || double.IsNaN(second)) && !double.IsNaN(_mapMissingTo)) return _mapMissingTo;
            var result = double.IsNaN(first) || double.IsNaN(second) ? double.NaN : Compute(first, second);
            if (result == Invalid && _treatsInvalidAsMissing) result = double.NaN;
            return double.IsNaN(result) ? _defaultValue : result;
        }

        private double Compute(double first, double second)
        {
            var result = _function switch
            {
                ScoreFunction.Add => first + second,
                ScoreFunction.Subtract => first - second,
                ScoreFunction.Multiply => first * second,
                _ => first / second,
            };
            return double.IsFinite(result) ? result : Invalid;
        }
    }
}

/// <summary>A comparison inside an expression. It finds null where an argument is invalid.</summary>
internal abstract class ConditionProgram
{
    internal abstract Finding? Test(in TakenFields fields);

    internal static ConditionProgram Of(ScoreApply apply, Func<string, (int Index, bool IsNumeric)> placeOf)
    {
        if (apply.Arguments.All(argument => IsText(argument, placeOf))) return new TextCondition(apply, placeOf);
        return new NumberCondition(apply.Function, [.. apply.Arguments.Select(argument => ExpressionProgram.Of(argument, placeOf))]);
    }

    private static bool IsText(ScoreExpression expression, Func<string, (int Index, bool IsNumeric)> placeOf) => expression switch
    {
        ScoreConstant constant => constant.DataType == FieldDataType.Text,
        ScoreFieldRef reference => !placeOf(reference.Field).IsNumeric,
        _ => false,
    };

    private sealed class NumberCondition(ScoreFunction function, ExpressionProgram[] arguments) : ConditionProgram
    {
        internal override Finding? Test(in TakenFields fields)
        {
            var first = arguments[0].Number(fields);
            if (first == ExpressionProgram.Invalid) return null;
            if (function is ScoreFunction.IsMissing or ScoreFunction.IsNotMissing)
                return double.IsNaN(first) == (function == ScoreFunction.IsMissing) ? Finding.Yes : Finding.No;
            var second = arguments[1].Number(fields);
            if (second == ExpressionProgram.Invalid) return null;
            if (double.IsNaN(first) || double.IsNaN(second)) return Finding.Unknown;
            var holds = function switch
            {
                ScoreFunction.Equal => first == second,
                ScoreFunction.NotEqual => first != second,
                ScoreFunction.LessThan => first < second,
                ScoreFunction.LessOrEqual => first <= second,
                ScoreFunction.GreaterThan => first > second,
                _ => first >= second,
            };
            return holds ? Finding.Yes : Finding.No;
        }
    }

    private sealed class TextCondition(ScoreApply apply, Func<string, (int Index, bool IsNumeric)> placeOf) : ConditionProgram
    {
        private readonly ScoreFunction _function = apply.Function;
        private readonly (int Index, string? Text)[] _arguments = [.. apply.Arguments.Select(argument => Place(argument, placeOf))];

        internal override Finding? Test(in TakenFields fields)
        {
            var first = Text(_arguments[0], fields);
            if (_function is ScoreFunction.IsMissing or ScoreFunction.IsNotMissing)
                return first is null == (_function == ScoreFunction.IsMissing) ? Finding.Yes : Finding.No;
            var second = Text(_arguments[1], fields);
            if (first is null || second is null) return Finding.Unknown;
            return string.Equals(first, second, StringComparison.Ordinal) == (_function == ScoreFunction.Equal) ? Finding.Yes : Finding.No;
        }

        // A constant has no place; the text beside a place is what a missing value becomes.
        private static (int Index, string? Text) Place(ScoreExpression argument, Func<string, (int Index, bool IsNumeric)> placeOf) => argument switch
        {
            ScoreFieldRef reference => (placeOf(reference.Field).Index, reference.MapMissingTo.Text),
            _ => (-1, ((ScoreConstant)argument).Value.Text),
        };

        private static string? Text((int Index, string? Text) argument, in TakenFields fields) =>
            argument.Index < 0 ? argument.Text : fields.Texts[argument.Index] ?? argument.Text;
    }
}
