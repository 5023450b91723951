namespace CreditGrains.Silo.Nation;

/// <summary>Who reports in the made-up nation. All names are invented.</summary>
internal static class Furnishers
{
    /// <summary>The payment platform, which also brings loans together with banks.</summary>
    public static readonly FurnisherId Platform = new("larkpay");

    /// <summary>The banks.</summary>
    public static readonly FurnisherId[] Banks = [new("harbour-bank"), new("north-river-bank"), new("meadow-bank"), new("stone-gate-bank")];

    /// <summary>Telephone and data.</summary>
    public static readonly FurnisherId[] Telecoms = [new("clearwave-mobile"), new("farbell")];

    /// <summary>Power, water, heating.</summary>
    public static readonly FurnisherId Utility = new("city-utilities");

    /// <summary>Rents.</summary>
    public static readonly FurnisherId Landlord = new("homestead-lettings");

    /// <summary>Funds.</summary>
    public static readonly FurnisherId Broker = new("willow-funds");

    /// <summary>Buys debts that others have written off.</summary>
    public static readonly FurnisherId Collector = new("second-mile-recovery");

    /// <summary>Births, addresses and who is who.</summary>
    public static readonly FurnisherId Registry = new("civil-registry");

    /// <summary>Taxes.</summary>
    public static readonly FurnisherId TaxOffice = new("tax-office");

    /// <summary>Judgments and bankruptcies.</summary>
    public static readonly FurnisherId Court = new("court-register");
}
