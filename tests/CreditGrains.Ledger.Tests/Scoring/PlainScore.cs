namespace CreditGrains.Ledger.Tests;

/// <summary>Scores as the standard is written, slowly and with nothing worked out beforehand: what the compiled card is held against.</summary>
internal static class PlainScore
{
    internal sealed record Result(ScoringOutcome Outcome, double Score, double[] Partials, (string Code, double Points)[] Reasons, double NetPoints);

    internal static Result Of(Scorecard card, FieldValue[] vector, int maxReasons)
    {
        var active = card.Fields.Where(field => field.Usage == FieldUsage.Active).ToArray();
        Dictionary<string, FieldValue> taken = [];
        var text = PmmlWriter.Write(card);
        for (var index = 0; index < active.Length; index++)
        {
            // Only what some predicate or expression names is looked at.
            if (!text.Contains($"field=\"{active[index].Name}\"", StringComparison.Ordinal)) continue;
            if (Take(active[index], vector[index]) is not { } value) return new(ScoringOutcome.FieldInvalid, double.NaN, [], [], 0);
            taken[active[index].Name] = value;
        }

        List<double> partials = [];
        List<(string Code, double Points)> sums = [];
        var score = card.InitialScore;
        foreach (var characteristic in card.Characteristics)
        {
            var attribute = characteristic.Attributes.FirstOrDefault(attribute => Test(attribute.Predicate, taken) == true);
            if (attribute is null) return new(ScoringOutcome.NoAttributeMatches, double.NaN, [], [], 0);
            double? partial = attribute.PartialScore;
            if (attribute.ComplexPartialScore is { } expression)
            {
                try
                {
                    partial = Evaluate(expression, taken) as double?;
                }
                catch (ArithmeticException)
                {
                    partial = null;
                }
            }

            if (partial is null) return new(ScoringOutcome.PartialScoreUndefined, double.NaN, [], [], 0);
            score += partial.Value;
            partials.Add(partial.Value);
            if (!card.UseReasonCodes) continue;
            var baseline = characteristic.BaselineScore ?? card.BaselineScore!.Value;
            var code = attribute.ReasonCode ?? characteristic.ReasonCode!;
            var points = card.ReasonCodeAlgorithm == ReasonCodeAlgorithm.PointsAbove ? partial.Value - baseline : baseline - partial.Value;
            var met = sums.FindIndex(sum => sum.Code == code);
            if (met < 0) sums.Add((code, points));
            else sums[met] = (code, sums[met].Points + points);
        }

        if (!double.IsFinite(score)) return new(ScoringOutcome.ScoreNotFinite, double.NaN, [], [], 0);
        var reasons = sums.Where(sum => sum.Points >= 0).OrderByDescending(sum => sum.Points).Take(maxReasons).ToArray();
        return new(ScoringOutcome.Scored, score, [.. partials], reasons, sums.Sum(sum => sum.Points));
    }

    private static FieldValue? Take(ScorecardField field, FieldValue given)
    {
        FieldValue? missing = field.Missing == MissingValueTreatment.ReturnInvalid ? null : field.MissingReplacement;
        if (given.IsMissing) return missing;
        var isOfType = given.Kind == (field.DataType == FieldDataType.Number ? FieldValueKind.Number : FieldValueKind.Text);
        var listed = field.Values.FirstOrDefault(listed => listed.Value == given)?.Property;
        if (listed == ListedValueProperty.Missing) return missing;
        var isValid = isOfType && listed != ListedValueProperty.Invalid && (field.ValidIntervals.IsEmpty || field.ValidIntervals.Any(interval =>
            (interval.Left is null || given.Number > interval.Left || (interval.HoldsLeft && given.Number == interval.Left))
            && (interval.Right is null || given.Number < interval.Right || (interval.HoldsRight && given.Number == interval.Right))));
        if (!isValid)
        {
            return field.Invalid switch
            {
                InvalidValueTreatment.AsIs => isOfType ? given : null,
                InvalidValueTreatment.AsMissing => missing,
                InvalidValueTreatment.AsValue => field.InvalidReplacement,
                _ => null,
            };
        }

        var extreme = given.Number < field.LowValue ? field.LowValue : given.Number > field.HighValue ? field.HighValue : null;
        if (extreme is null || field.Outliers == OutlierTreatment.AsIs) return given;
        return field.Outliers == OutlierTreatment.AsMissingValues ? missing : FieldValue.Of(extreme.Value);
    }

    private static bool? Test(ScorePredicate predicate, Dictionary<string, FieldValue> taken)
    {
        switch (predicate)
        {
            case ConstantPredicate constant:
                return constant.IsTrue;
            case SimplePredicate { Comparison: ScoreComparison.IsMissing } question:
                return taken[question.Field].IsMissing;
            case SimplePredicate { Comparison: ScoreComparison.IsNotMissing } question:
                return !taken[question.Field].IsMissing;
            case SimplePredicate simple:
                var value = taken[simple.Field];
                if (value.IsMissing) return null;
                return simple.Comparison switch
                {
                    ScoreComparison.Equal => value == simple.Value,
                    ScoreComparison.NotEqual => value != simple.Value,
                    ScoreComparison.LessThan => value.Number < simple.Value.Number,
                    ScoreComparison.LessOrEqual => value.Number <= simple.Value.Number,
                    ScoreComparison.GreaterThan => value.Number > simple.Value.Number,
                    _ => value.Number >= simple.Value.Number,
                };
            case SimpleSetPredicate set:
                return taken[set.Field].IsMissing ? null : set.Values.Contains(taken[set.Field]) == set.IsIn;
            default:
                var compound = (CompoundPredicate)predicate;
                var parts = compound.Parts.Select(part => Test(part, taken)).ToArray();
                return compound.Junction switch
                {
                    PredicateJunction.And => parts.Contains(false) ? false : parts.Contains(null) ? null : true,
                    PredicateJunction.Or => parts.Contains(true) ? true : parts.Contains(null) ? null : false,
                    PredicateJunction.Xor => parts.Contains(null) ? null : parts.Count(part => part == true) % 2 == 1,
                    _ => parts.FirstOrDefault(part => part is not null),
                };
        }
    }

    // Null is missing, and an ArithmeticException makes the score invalid.
    private static object? Evaluate(ScoreExpression expression, Dictionary<string, FieldValue> taken)
    {
        switch (expression)
        {
            case ScoreConstant constant:
                return Plain(constant.Value);
            case ScoreFieldRef reference:
                return Plain(taken[reference.Field].IsMissing ? reference.MapMissingTo : taken[reference.Field]);
        }

        var apply = (ScoreApply)expression;
        var first = Evaluate(apply.Arguments[0], taken);
        switch (apply.Function)
        {
            case ScoreFunction.If:
                var chosen = first is not bool holds ? null : holds ? Evaluate(apply.Arguments[1], taken) : apply.Arguments.Length > 2 ? Evaluate(apply.Arguments[2], taken) : null;
                return chosen ?? apply.DefaultValue;
            case ScoreFunction.IsMissing:
                return first is null;
            case ScoreFunction.IsNotMissing:
                return first is not null;
        }

        var second = Evaluate(apply.Arguments[1], taken);
        if (first is null || second is null) return apply.MapMissingTo ?? apply.DefaultValue;
        if (apply.Function is ScoreFunction.Equal) return first.Equals(second);
        if (apply.Function is ScoreFunction.NotEqual) return !first.Equals(second);
        var (left, right) = ((double)first, (double)second);
        switch (apply.Function)
        {
            case ScoreFunction.LessThan: return left < right;
            case ScoreFunction.LessOrEqual: return left <= right;
            case ScoreFunction.GreaterThan: return left > right;
            case ScoreFunction.GreaterOrEqual: return left >= right;
        }

        var result = apply.Function switch
        {
            ScoreFunction.Add => left + right,
            ScoreFunction.Subtract => left - right,
            ScoreFunction.Multiply => left * right,
            _ => left / right,
        };
        if (double.IsFinite(result)) return result;
        return apply.TreatsInvalidAsMissing ? apply.DefaultValue : throw new ArithmeticException();
    }

    private static object? Plain(FieldValue value) => value.Kind switch
    {
        FieldValueKind.Number => value.Number,
        FieldValueKind.Text => value.Text,
        _ => null,
    };
}
