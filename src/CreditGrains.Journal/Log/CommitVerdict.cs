namespace CreditGrains.Journal;

/// <summary>What became of an append.</summary>
public enum CommitVerdict
{
    /// <summary>Every row is durable, and listed in a batch of this owner.</summary>
    Durable = 1,

    /// <summary>No row was written and none ever will be. The log goes on; the same numbers are free.</summary>
    NotWritten = 2,

    /// <summary>
    /// No row was written and none ever will be, and this log never writes again: another owner has the partition, or it was released.
    /// Drop what is held in memory; the new owner's journal says what is true.
    /// </summary>
    FenceLost = 3,

    /// <summary>
    /// The store stayed silent past the deadline. The rows may be there or may still arrive. This log never writes again; whoever claims
    /// the partition next finds out.
    /// </summary>
    Unknown = 4,

    /// <summary>More was waiting than the log may hold. Nothing was queued; try later.</summary>
    Overloaded = 5,
}

/// <summary>Why a log has closed. A closed log never writes again.</summary>
public enum LogClosing
{
    /// <summary>The owner released it in good order.</summary>
    Released = 1,

    /// <summary>Another owner's batch row was found where this log's should have been.</summary>
    FenceLost = 2,

    /// <summary>The store stayed silent past the deadline while a commit was unsettled.</summary>
    Unsettled = 3,

    /// <summary>A record's key was taken although its batch number was free, or the store contradicted itself. Damage, or a bug: run an audit.</summary>
    Contradiction = 4,

    /// <summary>A bug in this build stopped the log. The log says which; what was in flight is unknown.</summary>
    Fault = 5,
}

/// <summary>Why a claim was refused. In order of precedence: the first that applies is the one given.</summary>
public enum ClaimRefusal
{
    /// <summary>The newest batch row cannot be read as one. Run an audit; nothing is claimed over damage.</summary>
    HeadBroken = 1,

    /// <summary>The newest batch row was written under a newer membership version: this silo's view of the cluster is old.</summary>
    MembershipOutdated = 2,

    /// <summary>Others kept inserting the next batch row first until the deadline.</summary>
    Outpaced = 3,

    /// <summary>The store did not answer until the deadline. The claim may still land; it does no harm.</summary>
    StoreSilent = 4,
}

/// <summary>What a claim came to: a log, or a refusal.</summary>
public readonly record struct ClaimOutcome
{
    private ClaimOutcome(PartitionLog? log, ClaimRefusal? refusal)
    {
        Log = log;
        Refusal = refusal;
    }

    /// <summary>Gets the claimed partition; null if refused.</summary>
    public PartitionLog? Log { get; }

    /// <summary>Gets the reason of the refusal; null if claimed.</summary>
    public ClaimRefusal? Refusal { get; }

    internal static ClaimOutcome Claimed(PartitionLog log) => new(log, null);

    internal static ClaimOutcome Refused(ClaimRefusal refusal) => new(null, refusal);
}

/// <summary>One sealed record to append.</summary>
/// <param name="Journal">The journal.</param>
/// <param name="Number">Its place there: the sequence it was sealed with.</param>
/// <param name="Value">The frame.</param>
/// <param name="Hash">Its record hash.</param>
public readonly record struct AppendRow(JournalId Journal, ulong Number, ReadOnlyMemory<byte> Value, RecordHash Hash);
