using System.Collections.Immutable;

namespace CreditGrains.Journal;

/// <summary>One thing that is broken, and where.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Journal">The journal; <see cref="BatchRow.Journal"/> for a batch row. Its id may be a citizen's: keep it out of logs.</param>
/// <param name="Number">The row's place in its journal: a sequence, or a batch number.</param>
/// <param name="Damage">What is wrong with it.</param>
public readonly record struct AuditFinding(int Partition, JournalId Journal, ulong Number, JournalDamage Damage)
{
    /// <summary>Gets the format that the row says it is of, where <see cref="Damage"/> is <see cref="JournalDamage.FormatTooNew"/>; else 0.</summary>
    public int Format { get; init; }
}

/// <summary>How far an audit has come.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="BatchesRead">Batch rows read so far.</param>
/// <param name="RecordsRead">Other rows read so far.</param>
/// <param name="Findings">Things found broken so far.</param>
public readonly record struct AuditProgress(int Partition, long BatchesRead, long RecordsRead, long Findings);

/// <summary>What an audit of one partition found.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="BatchesRead">How many batch rows it has.</param>
/// <param name="RecordsRead">How many other rows it has.</param>
/// <param name="JournalsRead">How many journals those lie in.</param>
/// <param name="Root">The Merkle root over all record hashes, as the newest batch row has it; of nothing if there is none.</param>
/// <param name="Findings">What is broken, at most <see cref="PartitionAudit.MaxFindings"/>, in the order found.</param>
/// <param name="FindingsTotal">How many things are broken, those left out of <paramref name="Findings"/> included.</param>
public sealed record AuditReport(
    int Partition, long BatchesRead, long RecordsRead, long JournalsRead, RecordHash Root, ImmutableArray<AuditFinding> Findings, long FindingsTotal)
{
    /// <summary>Gets whether nothing at all is broken.</summary>
    public bool IsSound => FindingsTotal == 0;
}

/// <summary>Sees every record that an audit could open, journal after journal, each in order: to check what records mean.</summary>
public interface IAuditVisitor
{
    /// <summary>Sees one record.</summary>
    /// <param name="record">The record. It may be one of those found broken in a way that lets it open.</param>
    void Visit(OpenedRecord record);

    /// <summary>Hears that a journal's last record was seen.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="isSound">Whether nothing of it was found broken or missing so far.</param>
    void Leave(JournalId journal, bool isSound);
}
