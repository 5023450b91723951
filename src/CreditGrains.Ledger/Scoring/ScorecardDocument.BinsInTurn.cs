using System.Collections.Immutable;

namespace CreditGrains.Ledger;

/// <content>Which bin an attribute of the scorecard stands for.</content>
public sealed partial record ScorecardDocument
{
    /// <summary>Gives the bins of a characteristic in the order of the attributes that <see cref="ToScorecard"/> makes of them.</summary>
    /// <param name="characteristic">One of the document's.</param>
    public static ImmutableArray<DocumentBin> BinsInTurn(DocumentCharacteristic characteristic)
    {
        ArgumentNullException.ThrowIfNull(characteristic);
        return [.. characteristic.Bins.OrderBy(bin => Turn(bin.Range))];
    }
}
