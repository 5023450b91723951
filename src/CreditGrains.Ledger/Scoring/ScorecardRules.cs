namespace CreditGrains.Ledger;

/// <summary>Whether a scorecard means something: what a document cannot get wrong by its form alone.</summary>
public static class ScorecardRules
{
    /// <summary>The deepest that predicates or expressions of one attribute may be nested.</summary>
    public const int MaxNesting = 48;

    /// <summary>Finds the first fault of a card.</summary>
    /// <param name="card">Any card.</param>
    /// <returns>Null if it can be compiled and written; else what is wrong, without a line. Fields are looked at before characteristics.</returns>
    public static ScorecardFault? FirstFault(Scorecard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return FirstFaultIn(card, static (_, _) => 0, refuseSharedReasonCodes: false);
    }

    internal static ScorecardFault? FirstFaultIn(Scorecard card, Func<object, string, int> lineOf, bool refuseSharedReasonCodes)
    {
        ScorecardInspection inspection = new(card, lineOf, refuseSharedReasonCodes);
        inspection.Inspect();
        return inspection.Fault;
    }
}
