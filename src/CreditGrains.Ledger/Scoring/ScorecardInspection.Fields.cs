namespace CreditGrains.Ledger;

/// <content>Fields, and the predicates that refer to them.</content>
internal sealed partial class ScorecardInspection
{
    private void Fields()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var targetCount = 0;
        foreach (var field in card.Fields)
        {
            Name(field, "MiningField", field.Name, names);
            Defined(field, "DataField", field.DataType);
            Defined(field, "DataField", field.OpType);
            Defined(field, "MiningField", field.Usage);
            Defined(field, "MiningField", field.Missing);
            Defined(field, "MiningField", field.Invalid);
            Defined(field, "MiningField", field.Outliers);
            if (Fault is not null) return;
            if (field.OpType == FieldOpType.Continuous && !field.IsNumeric)
                Refuse(ScorecardRefusal.TypeMismatch, field, "DataField", $"The field '{field.Name}' is continuous but its values are no numbers.");
            if (field.Usage == FieldUsage.Target)
            {
                if (++targetCount > 1) Refuse(ScorecardRefusal.ElementRepeated, field, "MiningField", "A card has at most one target.");
                if (field.DataType != FieldDataType.Number) Refuse(ScorecardRefusal.ValueNotHonoured, field, "DataField", $"The target '{field.Name}' is not of type double, and scores are not rounded or cut.");
            }

            Admitted(field);
            Treatments(field);
            _fields.TryAdd(field.Name, field);
        }
    }

    private void Admitted(ScorecardField field)
    {
        if (!field.ValidIntervals.IsDefaultOrEmpty && !(field.IsNumeric && field.OpType == FieldOpType.Continuous))
            Refuse(ScorecardRefusal.TypeMismatch, field, "Interval", $"The field '{field.Name}' is not continuous and has no intervals.");
        if (!field.ValidIntervals.IsDefault)
        {
            foreach (var interval in field.ValidIntervals)
            {
                Finite(interval, "Interval", interval.Left);
                Finite(interval, "Interval", interval.Right);
                if (interval.Left > interval.Right) Refuse(ScorecardRefusal.ValueNotHonoured, interval, "Interval", "The left margin lies right of the right one.");
            }
        }

        if (field.Values.IsDefault) return;
        HashSet<FieldValue> seen = [];
        foreach (var listed in field.Values)
        {
            Defined(listed, "Value", listed.Property);
            OfType(listed, "Value", field, listed.Value);
            if (!seen.Add(listed.Value)) Refuse(ScorecardRefusal.NameRepeated, listed, "Value", $"A value of '{field.Name}' is listed twice.");
            if (listed.Property == ListedValueProperty.Valid && field.OpType == FieldOpType.Continuous)
                Refuse(ScorecardRefusal.ValueNotHonoured, listed, "Value", $"The field '{field.Name}' is continuous: what it admits is told by intervals.");
        }
    }

    private void Treatments(ScorecardField field)
    {
        var replaces = !field.MissingReplacement.IsMissing;
        if (field.Missing == MissingValueTreatment.ReturnInvalid && replaces)
            Contradiction(field, "a missing value gives no score, and has a replacement");
        if (field.Missing is MissingValueTreatment.AsMean or MissingValueTreatment.AsMode or MissingValueTreatment.AsMedian or MissingValueTreatment.AsValue && !replaces)
            Contradiction(field, "a missing value is replaced, but not told by which");
        if (replaces) Replacement(field, field.MissingReplacement, "missingValueReplacement");
        if (field.Invalid == InvalidValueTreatment.AsValue == field.InvalidReplacement.IsMissing)
            Contradiction(field, "an invalid value has a replacement if, and only if, it is treated asValue");
        if (!field.InvalidReplacement.IsMissing) Replacement(field, field.InvalidReplacement, "invalidValueReplacement");

        Finite(field, "MiningField", field.LowValue);
        Finite(field, "MiningField", field.HighValue);
        if (field.LowValue > field.HighValue) Contradiction(field, "lowValue is above highValue");
        if (field.Outliers == OutlierTreatment.AsIs) return;
        if (!field.IsNumeric || field.OpType != FieldOpType.Continuous) Contradiction(field, "only a continuous field has outliers");
        if (field.LowValue is null && field.HighValue is null) Contradiction(field, "outliers are treated, but neither lowValue nor highValue is given");
        if (field.Outliers != OutlierTreatment.AsExtremeValues) return;
        if (field.LowValue is { } low) Replacement(field, FieldValue.OfOptional(double.IsFinite(low) ? low : null), "lowValue");
        if (field.HighValue is { } high) Replacement(field, FieldValue.OfOptional(double.IsFinite(high) ? high : null), "highValue");
    }

    // Engines differ on whether a replacement is looked at in its turn. Only one that would pass anyway means the same to all of them.
    private void Replacement(ScorecardField field, FieldValue value, string what)
    {
        Text(field, "MiningField", value.Text);
        if (value.IsMissing) return;
        if (!field.IsOfType(value))
            Refuse(ScorecardRefusal.TypeMismatch, field, "MiningField", $"The {what} of '{field.Name}' is not of the field's type.");
        else if (FieldIntake.StatusOf(field, value) != ListedValueProperty.Valid || FieldIntake.IsOutlier(field, value))
            Contradiction(field, $"the {what} is itself missing, invalid or an outlier");
    }

    private void Contradiction(ScorecardField field, string what) =>
        Refuse(ScorecardRefusal.TreatmentContradictory, field, "MiningField", $"The field '{field.Name}': {what}.");

    private void OfType(object part, string element, ScorecardField field, FieldValue value)
    {
        Text(part, element, value.Text);
        if (value.IsMissing || !field.IsOfType(value))
            Refuse(ScorecardRefusal.TypeMismatch, part, element, $"A value is not of the type of the field '{field.Name}'.");
    }

    private ScorecardField? ActiveField(object part, string element, string name)
    {
        if (_fields.TryGetValue(name, out var field) && field.Usage == FieldUsage.Active) return field;
        Refuse(
            ScorecardRefusal.FieldUndeclared,
            part,
            element,
            field is null ? $"The field '{name}' is not declared in the mining schema and the data dictionary." : $"The field '{name}' is declared, but not as an active one.");
        return null;
    }

    private void Predicate(object parent, ScorePredicate? predicate, int depth)
    {
        if (depth > ScorecardRules.MaxNesting)
        {
            Refuse(ScorecardRefusal.TooDeep, parent, "CompoundPredicate", "Predicates are nested too deep.");
            return;
        }

        switch (predicate)
        {
            case SimplePredicate simple:
                Simple(simple);
                break;
            case SimpleSetPredicate set:
                if (set.Values.IsDefaultOrEmpty) Refuse(ScorecardRefusal.ElementMissing, set, "SimpleSetPredicate", "The set is empty.");
                else if (ActiveField(set, "SimpleSetPredicate", set.Field) is { } looked)
                {
                    foreach (var value in set.Values)
                    {
                        OfType(set, "SimpleSetPredicate", looked, value);

                        // In a PMML array a backslash escapes quotes, and what it does before anything else is not told.
                        if (value.Text?.Contains('\\', StringComparison.Ordinal) == true)
                            Refuse(ScorecardRefusal.TextNotWritable, set, "SimpleSetPredicate", "A value of a set cannot hold a backslash.");
                    }
                }

                break;
            case CompoundPredicate compound:
                Defined(compound, "CompoundPredicate", compound.Junction);
                if (compound.Parts.IsDefault || compound.Parts.Length < 2)
                    Refuse(ScorecardRefusal.ElementMissing, compound, "CompoundPredicate", "A compound predicate has at least two parts.");
                else
                    foreach (var part in compound.Parts) Predicate(compound, part, depth + 1);
                break;
            case ConstantPredicate:
                break;
            default:
                Refuse(ScorecardRefusal.ElementMissing, parent, "Attribute", "There is no predicate.");
                break;
        }
    }

    private void Simple(SimplePredicate simple)
    {
        const string Element = "SimplePredicate";
        Defined(simple, Element, simple.Comparison);
        if (ActiveField(simple, Element, simple.Field) is not { } field) return;
        if (simple.Comparison is ScoreComparison.IsMissing or ScoreComparison.IsNotMissing)
        {
            if (!simple.Value.IsMissing) Refuse(ScorecardRefusal.AttributeNotHonoured, simple, Element, "A question for missing compares with no value.");
            return;
        }

        OfType(simple, Element, field, simple.Value);
        if (simple.Comparison is ScoreComparison.Equal or ScoreComparison.NotEqual) return;
        if (!field.IsNumeric || field.OpType != FieldOpType.Continuous)
            Refuse(ScorecardRefusal.TypeMismatch, simple, Element, $"The field '{field.Name}' is not continuous and has no greater and less.");
    }
}
