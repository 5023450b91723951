using System.Diagnostics;

namespace CreditGrains.Ledger;

/// <summary>The models that the ledger comes with: starting points, made by judgement, for a bureau that has no outcomes of its own yet.</summary>
/// <remarks>
/// Their documents are part of this assembly and say why each bin is worth what it is. Who has outcomes fits a model of their own: these were
/// made before any, and their probabilities are no more than the scale's words.
/// </remarks>
public static class ShippedModels
{
    private static readonly Lazy<ScorecardDocument> TheStandard = new(() => Read("standard"));
    private static readonly Lazy<ScorecardDocument> TheThinFile = new(() => Read("thin-file"));

    /// <summary>Gets the model for files with credit in them: repayment first, then debt, then the flow of money.</summary>
    public static ScorecardDocument Standard => TheStandard.Value;

    /// <summary>Gets the model for files without credit: payments, balance, bills met on time and how long all that is known.</summary>
    public static ScorecardDocument ThinFile => TheThinFile.Value;

    /// <summary>Finds one by its name; null where none is called so.</summary>
    /// <param name="model">The name, such as <c>thin-file</c>.</param>
    public static ScorecardDocument? Find(string model) => model switch
    {
        "standard" => Standard,
        "thin-file" => ThinFile,
        _ => null,
    };

    private static ScorecardDocument Read(string model)
    {
        using var stream = typeof(ShippedModels).Assembly.GetManifestResourceStream($"CreditGrains.Ledger.Models.{model}.json")
            ?? throw new UnreachableException($"The assembly lacks the model {model}.");
        using StreamReader reader = new(stream);
        var reading = ScorecardJson.Read(reader);
        return reading.Document ?? throw new UnreachableException($"The model {model} means nothing: {reading.Fault}");
    }
}
