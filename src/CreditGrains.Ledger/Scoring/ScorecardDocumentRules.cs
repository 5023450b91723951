namespace CreditGrains.Ledger;

/// <summary>Whether a scorecard's document means something: what its fields cannot get wrong one by one.</summary>
public static class ScorecardDocumentRules
{
    /// <summary>Finds the first fault of a document.</summary>
    /// <param name="document">Any document.</param>
    /// <returns>Null if it can be written and scored with; else what is wrong, with its path and without a line. A signature is looked at by its form alone.</returns>
    public static ScorecardDocumentFault? FirstFault(ScorecardDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        ScorecardDocumentInspection inspection = new(document);
        inspection.Inspect();
        return inspection.Fault;
    }
}
