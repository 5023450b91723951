namespace CreditGrains.Ledger;

/// <summary>One walk through a card that keeps the first fault it meets.</summary>
/// <param name="card">The card.</param>
/// <param name="lineOf">The line that an element was read from, which made this part of the card; 0 if it was not.</param>
/// <param name="refuseSharedReasonCodes">Whether characteristics must not share a code.</param>
internal sealed partial class ScorecardInspection(Scorecard card, Func<object, string, int> lineOf, bool refuseSharedReasonCodes)
{
    private readonly Dictionary<string, ScorecardField> _fields = new(StringComparer.Ordinal);

    /// <summary>Gets the first fault; null if there is none.</summary>
    internal ScorecardFault? Fault { get; private set; }

    internal void Inspect()
    {
        Text(card, "Scorecard", card.ModelName);
        Finite(card, "Scorecard", card.InitialScore);
        Finite(card, "Scorecard", card.BaselineScore);
        Defined(card, "Scorecard", card.BaselineMethod);
        Defined(card, "Scorecard", card.ReasonCodeAlgorithm);
        if (card.Scale is { } scale && scale.Fault() is { } meaningless) Refuse(ScorecardRefusal.ValueNotHonoured, scale, "Extension", $"On this scale, {meaningless}.");
        if (card.Fields.IsDefaultOrEmpty) Refuse(ScorecardRefusal.ElementMissing, card, "MiningSchema", "A card has at least one field.");
        else Fields();
        Outputs();
        if (card.Characteristics.IsDefaultOrEmpty) Refuse(ScorecardRefusal.ElementMissing, card, "Characteristics", "A card has at least one characteristic.");
        else Characteristics();
    }

    private void Refuse(ScorecardRefusal refusal, object part, string element, string message) =>
        Fault ??= new(refusal, element, lineOf(part, element), message);

    private void Outputs()
    {
        if (card.Outputs.IsDefault) return;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var output in card.Outputs)
        {
            Name(output, "OutputField", output.Name, names);
            Defined(output, "OutputField", output.Feature);
            if (output.Rank < 1) Refuse(ScorecardRefusal.ValueNotHonoured, output, "OutputField", $"Rank {output.Rank}: ranks begin at 1.");
            if (output.Feature == ScorecardOutputFeature.ReasonCode && !card.UseReasonCodes)
                Refuse(ScorecardRefusal.ValueNotHonoured, output, "OutputField", $"The output '{output.Name}' is a reason, but the card does not use reason codes.");
        }
    }

    private void Characteristics()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> spellings = new(StringComparer.Ordinal);
        Dictionary<string, int> holders = new(StringComparer.Ordinal);
        for (var index = 0; index < card.Characteristics.Length; index++)
        {
            var characteristic = card.Characteristics[index];
            var called = characteristic.Name is { } name ? $"'{name}'" : $"number {index + 1}";
            if (characteristic.Name is not null) Name(characteristic, "Characteristic", characteristic.Name, names);
            Finite(characteristic, "Characteristic", characteristic.BaselineScore);
            Code(characteristic, "Characteristic", characteristic.ReasonCode, spellings);
            if (card.UseReasonCodes && (characteristic.BaselineScore ?? card.BaselineScore) is null)
                Refuse(ScorecardRefusal.BaselineScoreMissing, characteristic, "Characteristic", $"Characteristic {called} has no baselineScore, nor has the card, and reasons are asked for.");
            if (characteristic.Attributes.IsDefaultOrEmpty)
            {
                Refuse(ScorecardRefusal.ElementMissing, characteristic, "Characteristic", $"Characteristic {called} has no attribute.");
                continue;
            }

            foreach (var attribute in characteristic.Attributes) OneAttribute(attribute, characteristic, called, index, spellings, holders);
        }
    }

    private void OneAttribute(ScorecardAttribute attribute, ScorecardCharacteristic characteristic, string called, int index, Dictionary<string, string> spellings, Dictionary<string, int> holders)
    {
        Code(attribute, "Attribute", attribute.ReasonCode, spellings);
        Finite(attribute, "Attribute", attribute.PartialScore);
        var code = attribute.ReasonCode ?? characteristic.ReasonCode;
        if (card.UseReasonCodes && code is null)
            Refuse(ScorecardRefusal.ReasonCodeMissing, attribute, "Attribute", $"An attribute of characteristic {called} has no reasonCode, nor has the characteristic, and reasons are asked for.");
        if (code is not null && refuseSharedReasonCodes && !holders.TryAdd(code, index) && holders[code] != index)
            Refuse(ScorecardRefusal.ReasonCodeAmbiguous, attribute, "Attribute", $"The reason code '{code}' is that of an earlier characteristic too.");
        Predicate(attribute, attribute.Predicate, 1);
        if (attribute.ComplexPartialScore is { } expression && Kind(attribute, expression, 1) is ExpressionKind.Text or ExpressionKind.Truth)
            Refuse(ScorecardRefusal.TypeMismatch, expression, "ComplexPartialScore", "A partial score is a number.");
    }

    // The same code on several characteristics is lawful: their differences are summed. But codes that a reader would take for the same and a
    // program for two would be summed apart without anybody seeing it.
    private void Code(object part, string element, string? code, Dictionary<string, string> spellings)
    {
        if (code is null) return;
        Text(part, element, code);
        if (string.IsNullOrWhiteSpace(code))
        {
            Refuse(ScorecardRefusal.ReasonCodeMissing, part, element, "A reason code is empty.");
            return;
        }

        var folded = code.Trim().ToUpperInvariant();
        if (!spellings.TryAdd(folded, code) && spellings[folded] != code)
            Refuse(ScorecardRefusal.ReasonCodeAmbiguous, part, element, $"The reason codes '{spellings[folded]}' and '{code}' differ only in case or spaces.");
    }

    private void Name(object part, string element, string name, HashSet<string> names)
    {
        Text(part, element, name);
        if (string.IsNullOrEmpty(name)) Refuse(ScorecardRefusal.AttributeMissing, part, element, "The name is empty.");
        else if (!names.Add(name)) Refuse(ScorecardRefusal.NameRepeated, part, element, $"The name '{name}' is there twice.");
    }

    private void Finite(object part, string element, double? number)
    {
        if (number is { } given && !double.IsFinite(given)) Refuse(ScorecardRefusal.NumberMalformed, part, element, "A number is not finite.");
    }

    private void Defined<T>(object part, string element, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Refuse(ScorecardRefusal.ValueNotHonoured, part, element, $"{value} is no {typeof(T).Name}.");
    }

    private void Text(object part, string element, string? text)
    {
        if (text is not null && PmmlWords.FirstUnwritable(text) is { } character)
            Refuse(ScorecardRefusal.TextNotWritable, part, element, $"The character U+{(int)character:X4} cannot stand in XML.");
    }
}
