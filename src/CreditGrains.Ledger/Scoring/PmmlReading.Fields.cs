namespace CreditGrains.Ledger;

/// <content>The data dictionary and the mining schema, which make one list of fields.</content>
internal sealed partial class PmmlReading
{
    private readonly Dictionary<string, bool> _isNumeric = new(StringComparer.Ordinal);

    private List<ScorecardField> Fields(PmmlElement dictionary, PmmlElement? schema)
    {
        Dictionary<string, PmmlElement> declared = new(StringComparer.Ordinal);
        foreach (var child in dictionary.Children)
        {
            if (child.Name != "DataField")
            {
                RefuseElement(child);
                continue;
            }

            var name = Require(child, "name");
            if (!declared.TryAdd(name, child)) Refuse(ScorecardRefusal.NameRepeated, child, $"The field '{name}' is declared twice.");
        }

        if (Number(dictionary, "numberOfFields") is { } count && count != declared.Count)
            Refuse(ScorecardRefusal.ValueNotHonoured, dictionary, $"numberOfFields is {count}, but there are {declared.Count}.");
        Done(dictionary, holdsText: false);

        List<ScorecardField> fields = [];
        if (schema is null) return fields;
        foreach (var child in schema.Children)
        {
            if (child.Name != "MiningField") RefuseElement(child);
            else if (Require(child, "name") is var name && !declared.Remove(name, out var data))
                Refuse(_isNumeric.ContainsKey(name) ? ScorecardRefusal.NameRepeated : ScorecardRefusal.FieldUndeclared, child, $"The field '{name}' is not in the data dictionary, or is there a second time.");
            else
                fields.Add(Field(name, data!, child));
        }

        Done(schema, holdsText: false);
        return fields;
    }

    private ScorecardField Field(string name, PmmlElement data, PmmlElement mining)
    {
        var dataType = RequireWord(data, "dataType", PmmlWords.DataTypes);
        var isNumeric = dataType is FieldDataType.Number or FieldDataType.WholeNumber;
        _isNumeric[name] = isNumeric;
        if (Word(data, "isCyclic", PmmlWords.Truths, false)) Refuse(ScorecardRefusal.ValueNotHonoured, data, $"The field '{name}' is cyclic, which is not honoured.");
        List<ValidInterval> intervals = [];
        List<ListedValue> values = [];
        foreach (var child in data.Children)
        {
            if (child.Name == "Interval") intervals.Add(Interval(child));
            else if (child.Name == "Value") values.Add(Listed(child, isNumeric));
            else RefuseElement(child);
        }

        var declaredOpType = RequireWord(data, "optype", PmmlWords.OpTypes);
        Done(data, holdsText: false, "displayName");
        ScorecardField field = new(name, dataType, Word(mining, "optype", PmmlWords.OpTypes, declaredOpType))
        {
            Usage = Word(mining, "usageType", PmmlWords.Usages, FieldUsage.Active),
            Missing = Word(mining, "missingValueTreatment", PmmlWords.MissingTreatments, MissingValueTreatment.AsIs),
            MissingReplacement = OptionalValue(mining, "missingValueReplacement", isNumeric),
            Invalid = Word(mining, "invalidValueTreatment", PmmlWords.InvalidTreatments, InvalidValueTreatment.ReturnInvalid),
            InvalidReplacement = OptionalValue(mining, "invalidValueReplacement", isNumeric),
            Outliers = Word(mining, "outliers", PmmlWords.OutlierTreatments, OutlierTreatment.AsIs),
            LowValue = Number(mining, "lowValue"),
            HighValue = Number(mining, "highValue"),
            ValidIntervals = [.. intervals],
            Values = [.. values],
        };
        NoChildren(mining);
        Done(mining, holdsText: false, "importance");
        _dictionaryLines[field] = data.Line;
        return At(mining, field);
    }

    private ValidInterval Interval(PmmlElement element)
    {
        var (holdsLeft, holdsRight) = RequireWord(element, "closure", PmmlWords.Closures);
        var left = Number(element, "leftMargin");
        var right = Number(element, "rightMargin");
        NoChildren(element);
        Done(element, holdsText: false);
        return At(element, new ValidInterval(left, right, holdsLeft, holdsRight));
    }

    private ListedValue Listed(PmmlElement element, bool isNumeric)
    {
        var value = Value(element, "value", Require(element, "value"), isNumeric);
        var property = Word(element, "property", PmmlWords.ValueProperties, ListedValueProperty.Valid);
        NoChildren(element);
        Done(element, holdsText: false, "displayValue");
        return At(element, new ListedValue(value, property));
    }
}
