namespace CreditGrains.Grains;

/// <summary>The ledger as a whole: tells callers what they must know of it.</summary>
[GrainType(GrainTypes.Ledger)]
public sealed class LedgerGrain(LedgerSettings ledger, LedgerClock clock) : Grain, ILedgerGrain
{
    /// <inheritdoc/>
    public ValueTask<LedgerDescription> Describe() =>
        new(new LedgerDescription(ledger.LedgerId, ledger.PartitionCount, ledger.Zone.Id, ledger.PseudonymKeyCheck, clock.Today));
}
