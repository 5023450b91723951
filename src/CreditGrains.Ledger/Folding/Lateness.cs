namespace CreditGrains.Ledger;

/// <summary>How late a bill that is no credit was met. The numbers are in snapshots.</summary>
internal enum Lateness
{
    /// <summary>By its day.</summary>
    OnTime = 0,

    /// <summary>Up to 29 days late.</summary>
    UpTo29 = 1,

    /// <summary>30 to 59 days late.</summary>
    UpTo59 = 2,

    /// <summary>60 days late or more.</summary>
    From60 = 3,
}
