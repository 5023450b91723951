namespace CreditGrains.Chaos;

/// <summary>What happens to a cluster under load.</summary>
public enum Scenario
{
    /// <summary>A silo's process is killed, any of them at any moment, and started again; several times.</summary>
    Kill = 1,

    /// <summary>A silo is stopped in its tracks until others have its citizens, then let go on.</summary>
    Freeze = 2,

    /// <summary>A silo leaves in good order.</summary>
    Leave = 3,

    /// <summary>A silo joins.</summary>
    Join = 4,

    /// <summary>Every silo in turn leaves and comes back.</summary>
    Upgrade = 5,

    /// <summary>The store answers nothing for 30 seconds.</summary>
    StoreFreeze = 6,

    /// <summary>The store ends and comes back.</summary>
    StoreRestart = 7,

    /// <summary>All certificates and their authority are replaced, and a silo leaves and comes back with the new ones.</summary>
    CertificateChange = 8,
}

/// <summary>One run.</summary>
/// <param name="Store"><c>azurite</c> or <c>postgres</c>.</param>
/// <param name="Scenario">What happens.</param>
/// <param name="Seed">Chooses whom it happens to, when, and what is recorded.</param>
/// <param name="Entries">How many entries are acknowledged before the run ends; at least 1,000.</param>
public sealed record ChaosOptions(string Store, Scenario Scenario, int Seed, int Entries)
{
    /// <summary>Gets how many silos there are at the start.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Gets how many callers record, single entries and bursts of one citizen's, and read after every other.</summary>
    public int Callers { get; init; } = 64;

    /// <summary>Gets how many citizens each caller records of; nobody else does.</summary>
    public int CitizensEach { get; init; } = 4;

    /// <summary>
    /// Gets the largest burst; half of all calls bring one entry, the others up to so many. Larger ones on Azurite, which looks through a partition's rows
    /// for every key: what it takes for an entry grows with each record, and at a hundred thousand of small bursts it was full.
    /// </summary>
    public int MaxBurst { get; init; } = Store == "azurite" ? 96 : 32;

    /// <summary>
    /// Gets how long a caller pauses on average between two calls: so long that the store is not full. Without pauses callers wait for one another, and
    /// all that they then tell is how long the queue at a full machine is.
    /// </summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(Store == "azurite" ? 250 : 120);

    /// <summary>Gets how many times a silo is killed.</summary>
    public int Kills { get; init; } = 5;

    /// <summary>Gets how long the store is frozen.</summary>
    public TimeSpan StoreFrozenFor { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What was seen.</summary>
/// <param name="Scenario">What happened.</param>
/// <param name="Store">Over which store.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="Acknowledged">Entries that callers were told are recorded.</param>
/// <param name="Lost">Of those, how many are not in their citizen's history.</param>
/// <param name="Duplicated">References that stand more than once in a history.</param>
/// <param name="Stale">Answers that lacked what had been acknowledged before they were asked for.</param>
/// <param name="TotalsExact">Whether the ledger's totals are the sum of the histories.</param>
/// <param name="VerifyOk">Whether every record and chain in the store verifies.</param>
/// <param name="FailedCalls">Calls that ended without an answer after all the client's tries.</param>
/// <param name="LongestWaitMs">The longest that any caller waited for one answer.</param>
/// <param name="Seconds">How long the load ran.</param>
public sealed record ChaosReport(
    string Scenario, string Store, int Seed, long Acknowledged, long Lost, long Duplicated, long Stale, bool TotalsExact, bool VerifyOk, long FailedCalls, long LongestWaitMs, double Seconds)
{
    /// <summary>Gets whether nothing was lost, doubled or stale, and all that is left adds up.</summary>
    public bool IsSound => Lost == 0 && Duplicated == 0 && Stale == 0 && TotalsExact && VerifyOk;
}
