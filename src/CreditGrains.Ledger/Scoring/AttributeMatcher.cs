using System.Collections.Frozen;

namespace CreditGrains.Ledger;

/// <summary>Finds which attribute of one characteristic applies.</summary>
/// <remarks>
/// A characteristic of one field is worked out beforehand. Its predicates compare the field with a few values only, so between two neighbours of
/// those nothing changes: what holds at one number there holds at all of them, whatever the predicates look like. What is left to do for a
/// vector is to find the range that its number lies in, or to look its text up.
/// </remarks>
internal abstract class AttributeMatcher
{
    internal const int None = -1;

    // Every value is tried with every attribute: a card with tens of thousands of both is scored the slow way rather than keep its reader waiting.
    private const long MaxWorkedOut = 4_000_000;

    /// <summary>Gives the index of the first attribute whose predicate is true, or <see cref="None"/>.</summary>
    internal abstract int Match(in TakenFields fields);

    internal static AttributeMatcher Of(ScorecardCharacteristic characteristic, int fieldCount, Func<string, (int Index, bool IsNumeric)> placeOf)
    {
        var predicates = characteristic.Attributes.Select(attribute => attribute.Predicate).ToArray();
        InTurn inTurn = new([.. predicates.Select(predicate => PredicateProgram.Of(predicate, placeOf))]);
        var names = predicates.SelectMany(PredicateProgram.FieldsOf).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length != 1) return inTurn;
        var (index, isNumeric) = placeOf(names[0]);
        var values = predicates.SelectMany(PredicateProgram.ValuesOf).Distinct().ToArray();
        if ((long)values.Length * predicates.Length > MaxWorkedOut) return inTurn;
        var (numbers, texts) = (new double[fieldCount], new string?[fieldCount]);
        return isNumeric ? Ranges.Of(index, [.. values.Select(value => value.Number).Order()], MatchNumber) : Lookup.Of(index, [.. values.Select(value => value.Text!)], MatchText);

        int MatchNumber(double number)
        {
            numbers[index] = number;
            return inTurn.Match(new(numbers, texts));
        }

        int MatchText(string? text)
        {
            texts[index] = text;
            return inTurn.Match(new(numbers, texts));
        }
    }

    private sealed class InTurn(PredicateProgram[] predicates) : AttributeMatcher
    {
        internal override int Match(in TakenFields fields)
        {
            for (var index = 0; index < predicates.Length; index++)
                if (predicates[index].Test(fields) == Finding.Yes) return index;
            return None;
        }
    }

    /// <summary>Ranges of one number: range i ends with, and holds, end i; the last has no end.</summary>
    private sealed class Ranges(int field, double[] ends, int[] attributes, int whereMissing) : AttributeMatcher
    {
        // Up to so many, comparing with all is faster than halving: it has no branches that a processor could guess wrongly.
        private const int MaxCompared = 16;

        internal override int Match(in TakenFields fields)
        {
            var number = fields.Numbers[field];
            if (double.IsNaN(number)) return whereMissing;
            var range = 0;
            if (ends.Length <= MaxCompared)
            {
                foreach (var end in ends) range += number > end ? 1 : 0;
            }
            else
            {
                var after = ends.Length;
                while (range < after)
                {
                    var middle = (range + after) >>> 1;
                    if (number > ends[middle]) range = middle + 1;
                    else after = middle;
                }
            }

            return attributes[range];
        }

        internal static Ranges Of(int field, double[] values, Func<double, int> match)
        {
            List<double> ends = [];
            List<int> attributes = [];
            var below = double.NegativeInfinity;
            foreach (var value in values)
            {
                // No number may lie between two neighbours; then there is no range between them either.
                var last = double.BitDecrement(value);
                if (last > below && double.IsFinite(last)) Add(last, match(last));
                Add(value, match(value));
                below = value;
            }

            // A card whose predicates all ask for missing, or that ends with the greatest double, still needs a last range.
            var next = values.Length == 0 ? 0 : double.BitIncrement(below);
            attributes.Add(double.IsFinite(next) ? match(next) : None);
            Trim(ends, attributes);
            return new(field, [.. ends], [.. attributes], match(double.NaN));

            void Add(double end, int attribute)
            {
                ends.Add(end);
                attributes.Add(attribute);
            }
        }

        // Neighbouring ranges of the same attribute are one.
        private static void Trim(List<double> ends, List<int> attributes)
        {
            for (var range = ends.Count - 1; range >= 0; range--)
            {
                if (attributes[range] != attributes[range + 1]) continue;
                ends.RemoveAt(range);
                attributes.RemoveAt(range + 1);
            }
        }
    }

    /// <summary>Texts that predicates name, and one answer for all others.</summary>
    private sealed class Lookup(int field, FrozenDictionary<string, int> attributes, int otherwise, int whereMissing) : AttributeMatcher
    {
        internal override int Match(in TakenFields fields)
        {
            if (fields.Texts[field] is not { } text) return whereMissing;
            return attributes.TryGetValue(text, out var attribute) ? attribute : otherwise;
        }

        internal static Lookup Of(int field, string[] values, Func<string?, int> match)
        {
            // Longer than all of them together, so equal to none.
            var stranger = string.Concat(values) + "?";
            return new(field, values.ToFrozenDictionary(value => value, value => match(value), StringComparer.Ordinal), match(stranger), match(null));
        }
    }
}
