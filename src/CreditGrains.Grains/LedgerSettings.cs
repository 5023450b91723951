using CreditGrains.Journal;
using CreditGrains.Ledger;

namespace CreditGrains.Grains;

/// <summary>What a silo knows of its ledger: the manifest, and the keys that lie apart from the journals.</summary>
public sealed record LedgerSettings
{
    /// <summary>Gets the ledger's own id, 32 hexadecimal digits.</summary>
    public required string LedgerId { get; init; }

    /// <summary>Gets how many partitions there are: a power of two from 1 to 65,536.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Gets the era of the cluster's membership, from 1: claims of a later one come after all of an earlier one.</summary>
    /// <value>Default 1.</value>
    public int Era { get; init; } = 1;

    /// <summary>Gets the formats of its records: those that are read, and the one in force.</summary>
    public required LedgerFormats Formats { get; init; }

    /// <summary>Gets the zone in which the ledger's days begin and end.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Gets the check value of the key that citizens are named with.</summary>
    public required string PseudonymKeyCheck { get; init; }

    /// <summary>Gets the key of the digests under which references are remembered.</summary>
    public required ReferenceKey ReferenceKey { get; init; }
}
