using System.Collections.Immutable;
using CreditGrains.Client;
using CreditGrains.Grains.Citizens;
using CreditGrains.Journal;
using CreditGrains.Silo.CommandLine;
using AuditProgress = CreditGrains.Silo.CommandLine.AuditProgress;

namespace CreditGrains.Silo.Hosting;

/// <summary>A ledger's store, opened to be checked: no silo is started, and nothing is written.</summary>
internal sealed class StoreAudit : OpenLedger
{
    private readonly LedgerStore _store;

    private StoreAudit(LedgerStore store) => _store = store;

    public override ILedgerClient Client => throw new System.Diagnostics.UnreachableException("A ledger that is being checked is not served.");

    public override IClusterReports Cluster => throw new System.Diagnostics.UnreachableException("A ledger that is being checked is not served.");

    public override IModelRegister Models => throw new System.Diagnostics.UnreachableException("A ledger that is being checked is not served.");

    public override SubjectPseudonymizer Pseudonymizer => _store.Pseudonymizer;

    internal static async Task<StoreAudit> OpenAsync(string? folder, SiloSettings settings, CancellationToken cancellation) =>
        new(await LedgerStore.OpenAsync(folder, settings, create: false, cancellation));

    public override Task<AuditSummary> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellation) =>
        RunAsync(_store, progress, cancellation);

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Checks every partition: rows, batches, chains and bodies by the journal's audit, entries, snapshots and folds by the citizens'.</summary>
    internal static async Task<AuditSummary> RunAsync(LedgerStore store, IProgress<AuditProgress>? progress, CancellationToken cancellation)
    {
        var count = store.Ledger.PartitionCount;
        var parts = new AuditSummary[count];
        var (done, records) = (0, 0L);
        await Parallel.ForAsync(0, count, cancellation, async (partition, stop) =>
        {
            parts[partition] = await RunAsync(store, partition, stop);
            progress?.Report(new(Interlocked.Increment(ref done), count, Interlocked.Add(ref records, parts[partition].Records)));
        });
        return new(
            parts.Sum(part => part.Citizens), parts.Sum(part => part.Records), parts.Sum(part => part.Entries), [.. parts.SelectMany(part => part.Broken)]);
    }

    private static async Task<AuditSummary> RunAsync(LedgerStore store, int partition, CancellationToken cancellation)
    {
        var citizens = new CitizenAudit(store.Ledger.ReferenceKey);
        var report = await PartitionAudit.RunAsync(store.Store, partition, store.Keys, citizens, null, cancellation);
        if (report.IsSound) citizens.Finish();
        ImmutableArray<BrokenPlace> broken =
            [.. Places(report), .. citizens.Findings.Select(finding => new BrokenPlace(partition, finding.Citizen, finding.Sequence, finding.What))];
        return new(citizens.Citizens, citizens.Records, citizens.Entries, broken);
    }

    /// <summary>Names what the journal's audit of a partition found.</summary>
    internal static IEnumerable<BrokenPlace> Places(AuditReport report)
    {
        foreach (var finding in report.Findings)
        {
            var citizen = finding.Journal.Space is Space.Citizen or Space.Partition ? CitizenId.FromValue(finding.Journal.Id) : (CitizenId?)null;
            yield return new(report.Partition, citizen, finding.Number, Describe(finding));
        }

        if (report.FindingsTotal > report.Findings.Length)
            yield return new(report.Partition, null, null, $"and {report.FindingsTotal - report.Findings.Length:N0} more places in this partition");
    }

    private static string Describe(AuditFinding finding)
    {
        var what = finding.Damage switch
        {
            JournalDamage.Undecodable => "the bytes cannot be read",
            JournalDamage.Misplaced => "the row lies under another name than its own",
            JournalDamage.BodyDigestMismatch => "an entry's bytes do not match their digest",
            JournalDamage.BodyUnreadable => "an entry does not open with its key",
            JournalDamage.SnapshotBroken => "the snapshot does not match its hash",
            JournalDamage.ChainBroken => "the record does not follow the one before it",
            JournalDamage.RecordMissing => "the record is missing",
            JournalDamage.ListedRecordMissing => "the record is missing, though a batch lists it",
            JournalDamage.RecordHashMismatch => "the record is not the one that its batch lists",
            JournalDamage.UnlistedRow => "no batch lists the row: its batch is missing, or it was slipped in",
            JournalDamage.ListedTwice => "two batches list the record",
            JournalDamage.BatchMissing => "the batch is missing",
            JournalDamage.BatchChecksumMismatch => "the batch fails its checksum",
            JournalDamage.EpochFellBack => "the batch's epoch does not follow the one before it",
            JournalDamage.RecordedAtFellBack => "the time of recording falls back",
            JournalDamage.FrontierMismatch => "the batch's tree is not that of its records",
            JournalDamage.MembershipFellBack => "the batch was claimed under an older membership than the one before it",
            JournalDamage.FormatTooNew =>
                $"it says that it is written in format {finding.Format}, newer than this program reads: check it with the program that wrote it; if there is none, its first byte is damaged",
            JournalDamage.Unread => "the store could not be read from here on",
            _ => finding.Damage.ToString(),
        };
        return finding.Journal.Space switch
        {
            Space.Batch => $"batch: {what}",
            Space.Partition => $"page of references: {what}",
            Space.System => $"system row: {what}",
            _ => what,
        };
    }
}
