namespace CreditGrains.Silo.Nation;

/// <summary>A second id under which a few citizens are paid, until the registry finds that the two are one person.</summary>
/// <param name="random">The citizen's stream.</param>
/// <param name="second">The second id.</param>
/// <param name="linkedIn">The month of the nation in which the ids are linked.</param>
internal sealed class SecondId(RandomStream random, CitizenId second, int linkedIn) : ILifePart
{
    /// <summary>Gets whether the ids were linked.</summary>
    public bool WasLinked { get; private set; }

    /// <inheritdoc/>
    public void Live(MonthBook month)
    {
        if (month.Index > linkedIn) return;
        var payment = month.Add(EntryKind.PaymentReceived, Furnishers.Platform, month.Day(random.Between(1, 20)), random.Between(500, 4_000) * 100);
        month.Change(payment with { Citizen = second, Category = "gig-income" });
        if (month.Index < linkedIn) return;

        WasLinked = true;
        month.Change(month.Add(EntryKind.IdentityLinked, Furnishers.Registry, month.Last) with
        {
            LawfulBasis = LawfulBasis.LegalDuty,
            Detail = new IdentityLink { Other = second },
        });
    }
}
