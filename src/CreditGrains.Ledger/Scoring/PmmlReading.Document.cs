namespace CreditGrains.Ledger;

/// <content>From the root down to the characteristics.</content>
internal sealed partial class PmmlReading
{
    // The namespaces that have scorecards, and the version that each is of. Nothing that is honoured here changed its meaning between them.
    private static readonly (string Namespace, string Version)[] Versions =
        [("http://www.dmg.org/PMML-4_1", "4.1"), ("http://www.dmg.org/PMML-4_2", "4.2"), ("http://www.dmg.org/PMML-4_3", "4.3"), (PmmlWords.Namespace, "4.4")];

    private static readonly string[] RootElements = ["Header", "MiningBuildTask", "DataDictionary", "TransformationDictionary", "Scorecard"];

    private static readonly string[] ModelElements =
        ["MiningSchema", "Output", "ModelStats", "ModelExplanation", "LocalTransformations", "Characteristics"];

    private int _modelLine;

    internal Scorecard Document(PmmlElement root)
    {
        Scorecard nothing = new();
        var version = Versions.FirstOrDefault(known => known.Namespace == root.Namespace).Version;
        var isOther = root.Namespace.StartsWith("http://www.dmg.org/PMML-", StringComparison.Ordinal);
        if (root.Name != "PMML" || (version is null && !isOther))
        {
            Refuse(ScorecardRefusal.NotPmml, root, "The root is not the element PMML of a PMML namespace.");
            return nothing;
        }

        var said = Require(root, "version");
        if (version is null || (said != version && !said.StartsWith(version + ".", StringComparison.Ordinal)))
        {
            Refuse(ScorecardRefusal.VersionNotRead, root, $"Version '{Shortened(said)}' of namespace '{Shortened(root.Namespace)}' is not read; 4.1 to 4.4 are, each in its own namespace.");
            return nothing;
        }

        Done(root, holdsText: false);
        SameNamespace(root);
        foreach (var child in root.Children)
            if (!RootElements.Contains(child.Name)) RefuseElement(child, "Only scorecards are read.");
        Only(root, "Header", isNeeded: false);
        NoTransformations(Only(root, "TransformationDictionary", isNeeded: false));
        var dictionary = Only(root, "DataDictionary");
        var model = Only(root, "Scorecard");
        return dictionary is null || model is null ? nothing : Model(model, dictionary);
    }

    // What is passed over whole may hold what it likes.
    private void SameNamespace(PmmlElement parent)
    {
        foreach (var child in parent.Children)
        {
            if (child.Namespace != parent.Namespace) RefuseElement(child, "It is of another namespace.");
            if (child.Name is not ("Header" or "MiningBuildTask" or "ModelStats" or "ModelExplanation")) SameNamespace(child);
        }
    }

    private void NoTransformations(PmmlElement? transformations)
    {
        if (transformations is null) return;
        foreach (var child in transformations.Children) RefuseElement(child, "Fields are scored as they are given.");
        Done(transformations, holdsText: false);
    }

    private Scorecard Model(PmmlElement model, PmmlElement dictionary)
    {
        _modelLine = model.Line;
        RequireWord(model, "functionName", [("regression", true)]);
        if (!Word(model, "isScorable", PmmlWords.Truths, true))
            Refuse(ScorecardRefusal.ValueNotHonoured, model, "The model says that it is not to be scored.");
        foreach (var child in model.Children)
            if (!ModelElements.Contains(child.Name)) RefuseElement(child, "It could change the score or says something about it that is not looked at.");
        NoTransformations(Only(model, "LocalTransformations", isNeeded: false));
        var fields = Fields(dictionary, Only(model, "MiningSchema"));
        Scorecard card = new()
        {
            ModelName = model.Take("modelName"),
            InitialScore = Number(model, "initialScore") ?? 0,
            BaselineScore = Number(model, "baselineScore"),
            BaselineMethod = Word(model, "baselineMethod", PmmlWords.BaselineMethods, BaselineMethod.Other),
            ReasonCodeAlgorithm = Word(model, "reasonCodeAlgorithm", PmmlWords.ReasonCodeAlgorithms, ReasonCodeAlgorithm.PointsBelow),
            UseReasonCodes = Word(model, "useReasonCodes", PmmlWords.Truths, true),
            Scale = Scale(model),
            Fields = [.. fields],
            Outputs = [.. Outputs(Only(model, "Output", isNeeded: false), fields)],
            Characteristics = [.. Characteristics(Only(model, "Characteristics"))],
        };
        Done(model, holdsText: false, "algorithmName");
        return At(model, card);
    }

    private List<ScorecardOutput> Outputs(PmmlElement? element, List<ScorecardField> fields)
    {
        List<ScorecardOutput> outputs = [];
        if (element is null) return outputs;
        Done(element, holdsText: false);
        foreach (var child in element.Children)
        {
            if (child.Name != "OutputField")
            {
                RefuseElement(child);
                continue;
            }

            var name = Require(child, "name");
            var feature = Word(child, "feature", PmmlWords.OutputFeatures, ScorecardOutputFeature.PredictedValue);
            var rank = Number(child, "rank") ?? 1;
            var isReason = feature == ScorecardOutputFeature.ReasonCode;
            if (!ScorecardField.IsWhole(rank) || rank > int.MaxValue || (rank != 1 && !isReason)) Refuse(ScorecardRefusal.ValueNotHonoured, child, $"The rank of '{name}' is no place among reasons.");
            Word(child, "dataType", isReason ? [("string", true)] : [("double", true)], true);
            Word(child, "optype", PmmlWords.OpTypes, FieldOpType.Continuous);
            if (child.Take("targetField") is { } target && !fields.Any(field => field.Name == target && field.Usage == FieldUsage.Target))
                Refuse(ScorecardRefusal.FieldUndeclared, child, $"The output '{name}' is of a target that is not declared.");
            NoChildren(child);
            Done(child, holdsText: false, "displayName", "isFinalResult");
            outputs.Add(At(child, new ScorecardOutput(name, feature, rank is >= int.MinValue and <= int.MaxValue ? (int)rank : 0)));
        }

        return outputs;
    }

    private List<ScorecardCharacteristic> Characteristics(PmmlElement? element)
    {
        List<ScorecardCharacteristic> characteristics = [];
        if (element is null) return characteristics;
        Done(element, holdsText: false);
        foreach (var child in element.Children)
        {
            if (child.Name != "Characteristic")
            {
                RefuseElement(child);
                continue;
            }

            ScorecardCharacteristic characteristic = new()
            {
                Name = child.Take("name"),
                ReasonCode = child.Take("reasonCode"),
                BaselineScore = Number(child, "baselineScore"),
                Attributes = [.. child.Children.Select(OneAttribute)],
            };
            Done(child, holdsText: false);
            characteristics.Add(At(child, characteristic));
        }

        return characteristics;
    }

    private ScorecardAttribute OneAttribute(PmmlElement element)
    {
        if (element.Name != "Attribute") RefuseElement(element);
        var partial = Number(element, "partialScore");
        PmmlElement? predicate = null;
        foreach (var child in element.Children)
        {
            if (child.Name == "ComplexPartialScore") continue;
            if (predicate is not null) Refuse(IsPredicate(child) ? ScorecardRefusal.ElementRepeated : ScorecardRefusal.ElementNotHonoured, child, $"An attribute has one predicate, and {child.Name} is a second one or none.");
            predicate ??= child;
        }

        if (predicate is null) Refuse(ScorecardRefusal.ElementMissing, element, "An attribute has a predicate; this one has none.");
        var complex = Only(element, "ComplexPartialScore", isNeeded: false);
        if (partial is null && complex is null) Refuse(ScorecardRefusal.AttributeMissing, element, "The attribute partialScore is missing, and there is no ComplexPartialScore.");

        // Where there are both the standard lets the computed one count, and nothing reads the other.
        ScorecardAttribute attribute = new(predicate is null ? new ConstantPredicate(false) : Predicate(predicate))
        {
            PartialScore = complex is null ? partial ?? 0 : 0,
            ComplexPartialScore = complex is null ? null : ComplexPartialScore(complex),
            ReasonCode = element.Take("reasonCode"),
        };
        Done(element, holdsText: false);
        return At(element, attribute);
    }
}
