namespace CreditGrains.Ledger;

/// <summary>An input that no model may ask for.</summary>
/// <param name="Input">The name of the input.</param>
/// <param name="Word">The word in it that is banned.</param>
public sealed record BannedInput(string Input, string Word);

/// <summary>What a model asks for.</summary>
public static class ScorecardInputs
{
    /// <summary>Finds the first input whose name <see cref="BannedInputs"/> bans.</summary>
    /// <param name="document">The model. One that is refused for this is otherwise in order, so this is no part of <see cref="ScorecardDocumentRules"/>.</param>
    /// <returns>Null if none is banned.</returns>
    public static BannedInput? FirstBanned(ScorecardDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return FirstBanned(document.Characteristics.Select(characteristic => characteristic.Name));
    }

    /// <summary>Finds the first name that <see cref="BannedInputs"/> bans.</summary>
    /// <param name="inputs">The names of a model's inputs.</param>
    /// <returns>Null if none is banned.</returns>
    public static BannedInput? FirstBanned(IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in inputs)
            if (BannedInputs.FirstIn(input) is { } word) return new(input, word);
        return null;
    }
}
