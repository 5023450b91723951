using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <summary>What a predicate finds.</summary>
internal enum Finding
{
    No = 0,
    Yes = 1,
    Unknown = 2,
}

/// <summary>The fields of one vector after their treatment: NaN and null are missing.</summary>
internal readonly ref struct TakenFields(ReadOnlySpan<double> numbers, ReadOnlySpan<string?> texts)
{
    internal readonly ReadOnlySpan<double> Numbers = numbers;
    internal readonly ReadOnlySpan<string?> Texts = texts;
}

/// <summary>A predicate whose fields are places in the vector.</summary>
internal abstract class PredicateProgram
{
    internal abstract Finding Test(in TakenFields fields);

    internal static PredicateProgram Of(ScorePredicate predicate, Func<string, (int Index, bool IsNumeric)> placeOf)
    {
        switch (predicate)
        {
            case ConstantPredicate constant:
                return new Always(constant.IsTrue ? Finding.Yes : Finding.No);
            case SimplePredicate { Comparison: ScoreComparison.IsMissing or ScoreComparison.IsNotMissing } question:
                var asked = placeOf(question.Field);
                return new Presence(asked.Index, asked.IsNumeric, question.Comparison == ScoreComparison.IsMissing);
            case SimplePredicate simple:
                var compared = placeOf(simple.Field);
                return compared.IsNumeric
                    ? new NumberComparison(compared.Index, simple.Comparison, simple.Value.Number)
                    : new TextMembership(compared.Index, [simple.Value.Text!], simple.Comparison == ScoreComparison.Equal);
            case SimpleSetPredicate set:
                var looked = placeOf(set.Field);
                return looked.IsNumeric
                    ? new NumberMembership(looked.Index, [.. set.Values.Select(value => value.Number)], set.IsIn)
                    : new TextMembership(looked.Index, [.. set.Values.Select(value => value.Text!)], set.IsIn);
            default:
                var compound = (CompoundPredicate)predicate;
                return new Junction(compound.Junction, [.. compound.Parts.Select(part => Of(part, placeOf))]);
        }
    }

    /// <summary>The fields that a predicate refers to.</summary>
    internal static IEnumerable<string> FieldsOf(ScorePredicate predicate) => predicate switch
    {
        SimplePredicate simple => [simple.Field],
        SimpleSetPredicate set => [set.Field],
        CompoundPredicate compound => compound.Parts.SelectMany(FieldsOf),
        _ => [],
    };

    /// <summary>The values that a predicate compares with. Between two neighbours among them its finding does not change.</summary>
    internal static IEnumerable<FieldValue> ValuesOf(ScorePredicate predicate) => predicate switch
    {
        SimplePredicate { Value.IsMissing: false } simple => [simple.Value],
        SimpleSetPredicate set => set.Values,
        CompoundPredicate compound => compound.Parts.SelectMany(ValuesOf),
        _ => [],
    };

    private sealed class Always(Finding finding) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields) => finding;
    }

    private sealed class Presence(int index, bool isNumeric, bool asksMissing) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields)
        {
            var isMissing = isNumeric ? double.IsNaN(fields.Numbers[index]) : fields.Texts[index] is null;
            return isMissing == asksMissing ? Finding.Yes : Finding.No;
        }
    }

    private sealed class NumberComparison(int index, ScoreComparison comparison, double value) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields)
        {
            var number = fields.Numbers[index];
            if (double.IsNaN(number)) return Finding.Unknown;
            var holds = comparison switch
            {
                ScoreComparison.Equal => number == value,
                ScoreComparison.NotEqual => number != value,
                ScoreComparison.LessThan => number < value,
                ScoreComparison.LessOrEqual => number <= value,
                ScoreComparison.GreaterThan => number > value,
                _ => number >= value,
            };
            return holds ? Finding.Yes : Finding.No;
        }
    }

    private sealed class NumberMembership(int index, ImmutableArray<double> values, bool isIn) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields)
        {
            var number = fields.Numbers[index];
            return double.IsNaN(number) ? Finding.Unknown : values.Contains(number) == isIn ? Finding.Yes : Finding.No;
        }
    }

    private sealed class TextMembership(int index, ImmutableArray<string> values, bool isIn) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields) =>
            fields.Texts[index] is not { } text ? Finding.Unknown : values.Contains(text, StringComparer.Ordinal) == isIn ? Finding.Yes : Finding.No;
    }

    private sealed class Junction(PredicateJunction junction, PredicateProgram[] parts) : PredicateProgram
    {
        internal override Finding Test(in TakenFields fields)
        {
            var isUnknown = false;
            var isOdd = false;
            foreach (var part in parts)
            {
                var found = part.Test(fields);
                if (found == Finding.Unknown)
                {
                    isUnknown = true;
                    continue;
                }

                if (junction == PredicateJunction.Surrogate) return found;
                if (junction == PredicateJunction.And && found == Finding.No) return Finding.No;
                if (junction == PredicateJunction.Or && found == Finding.Yes) return Finding.Yes;
                isOdd ^= found == Finding.Yes;
            }

            if (isUnknown) return Finding.Unknown;
            var holds = junction == PredicateJunction.And || (junction == PredicateJunction.Xor && isOdd);
            return holds ? Finding.Yes : Finding.No;
        }
    }
}
